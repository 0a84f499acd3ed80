"""The schema that dirty rows keep: the clean one without the promises that its dirt may break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from dataforge.schema.dirt import DuplicateDirt, MissingDirt, SwapDirt
from dataforge.schema.dirt_targets import TEXT_DIRT, dirty_columns
from dataforge.schema.model import Column, Rule, Schema, Table
from dataforge.schema.references import sql_columns
from dataforge.schema.relations import ForeignKey
from dataforge.schema.types import BooleanType, EnumType, StringType, TextType

Hits = dict[str, frozenset[str]]


def has_dirt(schema: Schema) -> bool:
    """Tell whether a table is to be made dirty."""
    return any(table.dirt for table in schema.tables)


def without_dirt(schema: Schema) -> Schema:
    """Return the schema of the clean twin."""
    tables = tuple(
        table.model_copy(update={"dirt": (), "dirt_label": None}) for table in schema.tables
    )
    return schema.model_copy(update={"tables": tables})


def dirtied(schema: Schema) -> Schema:
    """Return what the dirty rows of a normalized ``schema`` keep, for DDL and databases.

    Keys that dirt hits or duplicates break are dropped, and foreign keys that hold or point to
    such; columns that may lose their value are nullable; text that dirt rewrites is unbounded;
    rules over dirty columns stay as unenforced ones with their reason. Row counts are left open.
    Without dirt the schema itself is returned.
    """
    if not has_dirt(schema):
        return schema
    hits = {table.name: kinds_by_column(table) for table in schema.tables}
    kept = {table.name: _kept_keys(table, hits[table.name]) for table in schema.tables}
    tables = tuple(_relaxed(table, hits[table.name], kept) for table in schema.tables)
    return schema.model_copy(update={"tables": tables})


def kinds_by_column(table: Table) -> Hits:
    """Return the kinds of dirt that act on each column; near duplicates may have any text."""
    found: dict[str, set[str]] = defaultdict(set)
    for spec in table.dirt:
        for name in dirty_columns(table, spec):
            found[name].add(spec.kind)
        if isinstance(spec, DuplicateDirt) and spec.near_share:
            for name in near_columns(table):
                found[name].add("typo")
    return {name: frozenset(kinds) for name, kinds in found.items()}


def near_columns(table: Table) -> tuple[str, ...]:
    """Return the columns in which near duplicates may differ from their originals."""
    from dataforge.schema.dirt import TypoDirt  # noqa: PLC0415 - names only here

    return dirty_columns(table, TypoDirt(rate=1))


def _kept_keys(table: Table, hits: Hits) -> tuple[tuple[str, ...], ...]:
    if any(isinstance(spec, DuplicateDirt) and spec.rate for spec in table.dirt):
        return ()
    return tuple(key for key in table.keys if not hits.keys() & set(key))


def _relaxed(table: Table, hits: Hits, kept: dict[str, tuple[tuple[str, ...], ...]]) -> Table:
    own = kept[table.name]

    def stands(key: ForeignKey) -> bool:
        parents = kept.get(key.parent, ())
        return not hits.keys() & set(key.columns) and key.parent_columns in parents

    columns = tuple(_relaxed_column(table, column, hits) for column in table.columns)
    if table.dirt_label is not None:
        label = Column(name=table.dirt_label, type=BooleanType(), nullable=False)
        columns = (*columns, label)
    return table.model_copy(
        update={
            "columns": columns,
            "rows": None if table.dirt else table.rows,
            "primary_key": table.primary_key if table.primary_key in own else (),
            "unique_keys": tuple(key for key in table.unique_keys if key.columns in own),
            "foreign_keys": tuple(key for key in table.foreign_keys if stands(key)),
            "rules": (
                *(_relaxed_rule(rule, hits) for rule in table.rules),
                *_dropped(table, columns, own, stands),
            ),
            "expectations": (),
            "correlations": (),
            "dirt": (),
            "dirt_label": None,
        }
    )


def _dropped(
    table: Table,
    columns: tuple[Column, ...],
    kept: tuple[tuple[str, ...], ...],
    stands: Callable[[ForeignKey], bool],
) -> Iterator[Rule]:
    """Tell of every promise that the dirty table does not make."""
    keys = [(table.primary_key, "PRIMARY KEY")] if table.primary_key else []
    keys += [(key.columns, "UNIQUE") for key in table.unique_keys]
    for key, noun in keys:
        if key not in kept:
            yield _unkept(f"{noun} ({', '.join(key)})")
    for reference in table.foreign_keys:
        if not stands(reference):
            told = f"({', '.join(reference.columns)}) REFERENCES {reference.parent}"
            yield _unkept(f"FOREIGN KEY {told}")
    for before, after in zip(table.columns, columns, strict=False):
        if after.nullable and not before.nullable:
            yield _unkept(f"{before.name} NOT NULL")


def _unkept(text: str) -> Rule:
    return Rule(expression=text, enforced=False, reason="dirt may break it")


def _relaxed_column(table: Table, column: Column, hits: Hits) -> Column:
    kinds = hits.get(column.name, frozenset())
    if not kinds:
        return column
    changes: dict[str, object] = {"spec": None}
    if any(_empties(spec, table, column.name) for spec in table.dirt):
        changes["nullable"] = True
    rewritten = kinds & (TEXT_DIRT | {"swap", "orphan", "missing", "date_swap"})
    if rewritten and isinstance(column.type, StringType | EnumType):
        changes["type"] = TextType()
    return column.model_copy(update=changes)


def _empties(spec: object, table: Table, name: str) -> bool:
    """Tell whether a kind of dirt may leave null in a column."""
    if isinstance(spec, MissingDirt):
        return not spec.markers and name in dirty_columns(table, spec)
    if not isinstance(spec, SwapDirt) or name not in spec.columns:
        return False
    others = [other for other in table.dirt if isinstance(other, MissingDirt)]
    return any(
        table.column(each).nullable or any(_empties(other, table, each) for other in others)
        for each in spec.columns
    )


def _relaxed_rule(rule: Rule, hits: Hits) -> Rule:
    dirty = sorted(hits.keys() & set(sql_columns(rule.expression)))
    if not rule.enforced or not dirty:
        return rule
    reason = f"dirt in {', '.join(dirty)}"
    return rule.model_copy(update={"enforced": False, "reason": reason})
