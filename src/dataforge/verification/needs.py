"""Which columns the checks between rows and tables read; no others are kept in memory."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    AggregateSpec,
    AsOfSpec,
    DatetimeSpec,
    LookupSpec,
    OffsetSpec,
    OrdinalSpec,
    RunningTotalSpec,
    Schema,
    Spec,
    Table,
    UnionKeySpec,
)
from dataforge.schema.references import bounds_of, parent_reads, row_columns
from dataforge.verification.conditions import expression_columns
from dataforge.verification.families import aggregate_columns
from dataforge.verification.references import union_key

_PROVEN = frozenset(
    {
        "datetime",
        "offset",
        "event_state",
        "event_time",
        "status",
        "status_time",
        "interval_start",
        "interval_end",
        "movement",
        "drift",
        "balance",
        "double_entry",
        "track",
        "depth",
        "path",
        "as_of",
    }
)


def needed_columns(schema: Schema) -> dict[str, set[str]]:
    """Return for each table the columns that keys, relations and sequences are proven with."""
    needed: dict[str, set[str]] = {table.name: set() for table in schema.tables}
    for table in schema.tables:
        for owner, column in _reads(schema, table):
            if owner in needed:
                needed[owner].add(column)
        for wish in table.expectations:
            for text in filter(None, (wish.expression, wish.where)):
                needed[table.name].update(expression_columns(text))
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
            case None:
                pass
            case _ as spec:
                yield from _process_reads(table, column.name, spec)


def _process_reads(table: Table, name: str, spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield what specs of processes are proven with, in their row, parents and versions."""
    plain = (isinstance(spec, DatetimeSpec) and not bounds_of(spec)) or (
        isinstance(spec, OffsetSpec) and spec.foreign_key is None
    )
    if plain or spec.kind not in _PROVEN:
        return
    yield table.name, name
    yield from ((table.name, each) for each in row_columns(spec))
    parents = {key.label: key.parent for key in table.foreign_keys}
    owner = None if table.owner is None else table.owner.label
    for _, label, column in parent_reads(spec, owner):
        if label in parents:
            yield parents[label], column
    if isinstance(spec, AsOfSpec):
        yield from ((spec.table, each) for each in (spec.column, spec.valid_from))
