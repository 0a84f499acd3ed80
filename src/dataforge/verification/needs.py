"""Which columns the checks between rows and tables read; no others are kept in memory."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    AggregateSpec,
    LookupSpec,
    OrdinalSpec,
    RunningTotalSpec,
    Schema,
    Table,
    UnionKeySpec,
)
from dataforge.verification.families import aggregate_columns
from dataforge.verification.references import union_key


def needed_columns(schema: Schema) -> dict[str, set[str]]:
    """Return for each table the columns that keys, relations and sequences are proven with."""
    needed: dict[str, set[str]] = {table.name: set() for table in schema.tables}
    for table in schema.tables:
        for owner, column in _reads(schema, table):
            if owner in needed:
                needed[owner].add(column)
    return needed


def _reads(schema: Schema, table: Table) -> Iterator[tuple[str, str]]:
    for key in table.keys:
        yield from ((table.name, name) for name in key)
    for foreign in table.foreign_keys:
        yield from ((table.name, name) for name in foreign.columns)
        yield from ((foreign.parent, name) for name in foreign.parent_columns)
    for column in table.columns:
        match column.spec:
            case AggregateSpec() as spec:
                yield table.name, column.name
                yield from ((spec.table, name) for name in aggregate_columns(spec))
            case LookupSpec() as spec:
                yield table.name, column.name
                parents = (k.parent for k in table.foreign_keys if k.label == spec.foreign_key)
                yield from ((parent, spec.column) for parent in parents)
            case OrdinalSpec():
                yield table.name, column.name
            case RunningTotalSpec() as spec:
                yield from ((table.name, column.name), (table.name, spec.column))
            case UnionKeySpec() as spec:
                yield from ((table.name, column.name), (table.name, spec.label_column))
                targets = (schema.tables_by_name.get(each.table) for each in spec.targets)
                yield from ((t.name, name) for t in targets if t for name in union_key(t))
            case _:
                pass
