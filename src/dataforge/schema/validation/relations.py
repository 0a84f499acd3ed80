"""Foreign keys: what they point to, that both sides fit, who owns whom."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.model import Schema, Table
from dataforge.schema.relations import FixedLaw, ForeignKey, RangeLaw, RecencyLaw
from dataforge.schema.taxonomies import is_taxonomy
from dataforge.schema.types import ColumnType
from dataforge.schema.validation.keys import unknown_column

_FAMILIES = {
    "integer": "number",
    "decimal": "number",
    "float": "number",
    "string": "text",
    "text": "text",
    "enum": "text",
    "date": "moment",
    "timestamp": "moment",
}

_TAXONOMY_DEPTH = 3


def check_relations(schema: Schema) -> Iterator[Problem]:
    """Parents and columns must exist, in equal numbers and of types that hold the same values."""
    for table in schema.tables:
        for key in table.foreign_keys:
            path = f"tables.{table.name}.foreign_keys.{key.label}"
            yield from _check_columns(table, key, path)
            parent = schema.tables_by_name.get(key.parent)
            if parent is None:
                yield _missing_parent(schema, key, path)
            else:
                yield from _check_parent(table, parent, key, path)


def check_owners(schema: Schema) -> Iterator[Problem]:
    """A table has one owner at most, which is another table, and owners form no circle."""
    for table in schema.tables:
        path = f"tables.{table.name}.foreign_keys"
        owning = [key for key in table.foreign_keys if key.owning]
        if len(owning) > 1:
            labels = ", ".join(key.label for key in owning)
            remedy = "keep owning: true on one of them"
            yield Problem(path, f"more than one owning key: {labels}", remedy)
        if any(key.parent == table.name for key in owning):
            message = "a table cannot own itself"
            yield Problem(path, message, "drop owning: true; use root_share and max_depth")
        yield from _fading(table, path)
        if is_taxonomy(table):
            yield from _taxonomy(table, path)
    yield from _owner_circles(schema)


def _taxonomy(table: Table, path: str) -> Iterator[Problem]:
    """A table of categories has the tree of its names, whose rows are up to three steps deep."""
    for key in table.foreign_keys:
        if key.parent != table.name:
            continue
        if key.max_depth < _TAXONOMY_DEPTH:
            message = f"the record taxonomy is {_TAXONOMY_DEPTH} steps deep"
            remedy = f"set it to {_TAXONOMY_DEPTH} or more"
            yield Problem(f"{path}.{key.label}.max_depth", message, remedy)
        if isinstance(key.law, FixedLaw | RangeLaw):
            message = "the record taxonomy says who is below whom"
            yield Problem(f"{path}.{key.label}.law", message, "drop the law")


def _fading(table: Table, path: str) -> Iterator[Problem]:
    """Recency is a law of who is drawn: not of rows that lie by parent, nor of trees."""
    for key in table.foreign_keys:
        if isinstance(key.law, RecencyLaw) and (key.owning or key.parent == table.name):
            what = "rows are laid out parent by parent" if key.owning else "the rows make a tree"
            message = f"recency shapes which parents are drawn; here {what}"
            remedy = "drop the law, or take one of the children's count: {kind: zipf}"
            yield Problem(f"{path}.{key.label}.law", message, remedy)


def _check_columns(table: Table, key: ForeignKey, path: str) -> Iterator[Problem]:
    for name in key.columns:
        if name not in table.columns_by_name:
            yield unknown_column(table, name, f"{path}.columns")
    if len(set(key.columns)) < len(key.columns):
        yield Problem(f"{path}.columns", "a column stands in the key twice", "name it once")


def _missing_parent(schema: Schema, key: ForeignKey, path: str) -> Problem:
    hint = did_you_mean(key.parent, schema.tables_by_name)
    remedy = "correct the name, add the table, or drop the foreign key"
    return Problem(f"{path}.parent", f"there is no table {key.parent!r}{hint}", remedy)


def _check_parent(table: Table, parent: Table, key: ForeignKey, path: str) -> Iterator[Problem]:
    unknown = [name for name in key.parent_columns if name not in parent.columns_by_name]
    for name in unknown:
        yield unknown_column(parent, name, f"{path}.parent_columns")
    if len(key.columns) != len(key.parent_columns):
        counts = f"{len(key.columns)} columns refer to {len(key.parent_columns)}"
        yield Problem(path, counts, "name as many parent_columns as columns")
    if unknown:
        return
    if set(key.parent_columns) not in [set(columns) for columns in parent.keys]:
        yield Problem(
            f"{path}.parent_columns",
            f"({', '.join(key.parent_columns)}) is neither primary nor unique key of "
            f"{parent.name!r}; databases other than MySQL and SQLite refuse such a reference",
            f"add a unique key over it to {parent.name!r}",
            "warning",
        )
    for name, other in zip(key.columns, key.parent_columns, strict=False):
        if name in table.columns_by_name:
            yield from _check_types(table, parent, (name, other), path)


def _check_types(
    table: Table, parent: Table, names: tuple[str, str], path: str
) -> Iterator[Problem]:
    kind, other = table.column(names[0]).type, parent.column(names[1]).type
    families = {_family(kind), _family(other)}
    if len(families) == 1:
        return
    yield Problem(
        f"{path}.columns",
        f"{names[0]} is {kind.kind} but {parent.name}.{names[1]} is {other.kind}",
        "give both columns the same type",
        "warning" if "text" in families else "error",
    )


def _family(kind: ColumnType) -> str:
    return _FAMILIES.get(kind.kind, kind.kind)


def _owner_circles(schema: Schema) -> Iterator[Problem]:
    owners = {
        table.name: table.owner.parent
        for table in schema.tables
        if table.owner is not None and table.owner.parent != table.name
    }
    reported: set[str] = set()
    for start in owners:
        chain = _chain(start, owners)
        if chain and not reported & set(chain):
            reported.update(chain)
            yield Problem(
                f"tables.{start}.foreign_keys",
                f"tables own each other in a circle: {' → '.join([*chain, chain[0]])}",
                "drop owning: true from one of the keys",
            )


def _chain(start: str, owners: dict[str, str]) -> list[str]:
    """Return the circle of owners that ``start`` lies on, or nothing."""
    chain = [start]
    while (following := owners.get(chain[-1])) is not None:
        if following == start:
            return chain
        if following in chain:
            break
        chain.append(following)
    return []
