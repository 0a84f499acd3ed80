"""Row counts: those stated, and the others in proportion to them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from dataforge.parsers.prompt.keys import is_holder
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import with_table
from dataforge.parsers.prompt.request import Request
from dataforge.schema import PoissonLaw, Schema, Table

_MOST = 50_000_000
_NARROW = frozenset({"fixed", "range", "learned"})


def counted(schema: Schema, request: Request, ledger: Ledger, catalogue: dict[str, int]) -> Schema:
    """Return the schema with the counts of the request; ``catalogue`` has the usual ones by table.

    Tables that hang on a counted one, and that nothing counts, grow or shrink with it.
    """
    each = next((trait for trait in request.traits if trait.kind == "rows_each"), None)
    if each is not None and each.number is not None:
        tables = tuple(table.model_copy(update={"rows": each.number}) for table in schema.tables)
        ledger.met(each.words, "tables", f"every table has {each.number:,} rows")
        return schema.model_copy(update={"tables": tables})
    stated: dict[str, int] = {}
    for entity in request.entities:
        if entity.count is not None and entity.name in schema.tables_by_name:
            stated[entity.name] = entity.count.value
            table = schema.table(entity.name)
            if table.rows == entity.count.value:
                ledger.met(
                    entity.count.words,
                    f"tables.{table.name}.rows",
                    f"{table.name} has {table.rows:,} rows",
                )
    schema = _whole(schema, request, ledger, stated)
    schema = _in_proportion(schema, stated, catalogue)
    told = {relation.child for relation in request.relations if relation.minimum is not None}
    return _few_parents(_fitting(schema, stated.keys() - told), request)


def _few_parents(schema: Schema, request: Request) -> Schema:
    """Give parents without a count fewer rows than their children: 30 departments for 1,000."""
    names = {e.name for e in request.entities if e.count is None}
    tables = []
    for table in schema.tables:
        children = [
            t.rows or schema.default_rows
            for t in schema.tables
            for key in t.foreign_keys
            if key.parent == table.name and t.name != table.name and not key.owning
        ]
        open_count = table.rows is None and table.owner is None and table.name in names
        if not children or not open_count:
            tables.append(table)
            continue
        most = max(children)
        rows = round(most**0.5) if is_holder(table.name, request) else round(most / 4)
        tables.append(table.model_copy(update={"rows": max(rows, 3)}))
    return schema.model_copy(update={"tables": tuple(tables)})


def _fitting(schema: Schema, stated: AbstractSet[str]) -> Schema:
    """Let owning parents share out a stated count as it comes, where their law is too narrow."""
    tables = []
    for table in schema.tables:
        owner = table.owner
        narrow = owner is not None and owner.law is not None and owner.law.kind in _NARROW
        if table.name not in stated or not narrow:
            tables.append(table)
            continue
        keys = tuple(
            key.model_copy(update={"law": PoissonLaw()}) if key is owner else key
            for key in table.foreign_keys
        )
        tables.append(table.model_copy(update={"foreign_keys": keys}))
    return schema.model_copy(update={"tables": tuple(tables)})


def _whole(schema: Schema, request: Request, ledger: Ledger, stated: dict[str, int]) -> Schema:
    """Give the count that belongs to no table to the table that the request is about."""
    if request.rows is None or not schema.tables:
        return schema
    first = next(
        (e.name for e in request.entities if e.count is None and e.name in schema.tables_by_name),
        None,
    )
    name = first or (schema.tables[0].name if not stated else None)
    if name is None:
        return schema
    stated[name] = request.rows.value
    ledger.met(request.rows.words, f"tables.{name}.rows", f"{name} has {request.rows.value:,} rows")
    return with_table(schema, schema.table(name).model_copy(update={"rows": request.rows.value}))


def _in_proportion(schema: Schema, stated: dict[str, int], catalogue: dict[str, int]) -> Schema:
    factors = {name: rows / catalogue[name] for name, rows in stated.items() if catalogue.get(name)}
    for _ in schema.tables:
        for table in schema.tables:
            factor = _factor(table, factors)
            if factor is not None and table.name not in factors:
                factors[table.name] = factor
    tables = []
    for table in schema.tables:
        factor = factors.get(table.name)
        if table.name in stated or table.rows is None or factor is None:
            tables.append(table)
            continue
        rows = max(1, min(round(table.rows * factor), _MOST))
        tables.append(table.model_copy(update={"rows": rows}))
    return schema.model_copy(update={"tables": tuple(tables)})


def _factor(table: Table, factors: dict[str, float]) -> float | None:
    keys = sorted(table.foreign_keys, key=lambda key: not key.owning)
    return next(
        (factors[key.parent] for key in keys if key.parent in factors and key.parent != table.name),
        None,
    )
