"""What can be proven of dirty rows without their truth table: the promises that dirt leaves.

A database has no truth table. Its rows still keep the types, keys, references and rules that dirt
does not touch; what specs promise holds where no dirt lies between.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    AggregateSpec,
    AsOfSpec,
    Column,
    ForeignKey,
    Schema,
    Spec,
    Table,
    UnionKeySpec,
    dirtied,
    normalize,
)
from dataforge.schema.dirtied import kinds_by_column
from dataforge.schema.references import parent_reads, row_columns
from dataforge.verification.certificate import Check

# Kinds that are proven in each row alone, from columns whose dirt takes their spec away.
_IN_ROW = frozenset(
    {
        "expression",
        "timestep",
        "series",
        "sensor",
        "series_label",
        "candle",
        "candle_field",
        "status",
        "status_time",
    }
)
_NO_TRUTH = "a database holds no truth table → verify the directory that it was loaded from"


def left_by_dirt(schema: Schema) -> Schema:
    """Return the schema of dirty rows, with those specs alone that dirt cannot break."""
    # What has no table is read through a key that dirt took away.
    dirty = frozenset({"", *(table.name for table in schema.tables if table.dirt)})
    hits = {table.name: frozenset(kinds_by_column(table)) for table in schema.tables}
    tables = tuple(
        _left(table, dirty, hits[table.name]) for table in dirtied(normalize(schema)).tables
    )
    return schema.model_copy(update={"tables": tables})


def dirt_checks(schema: Schema) -> Iterator[Check]:
    """Yield a skipped check for each dirty table: its truth is elsewhere."""
    for table in schema.tables:
        if table.dirt:
            yield Check(
                kind="dirt",
                table=table.name,
                constraint="dirty rows are as their truth says",
                verdict="skipped",
                reason=_NO_TRUTH,
            )


def _left(table: Table, dirty: frozenset[str], hit: frozenset[str]) -> Table:
    columns = tuple(_column(table, column, dirty, hit) for column in table.columns)
    keys = tuple(_key(key, dirty, own=table.name in dirty) for key in table.foreign_keys)
    return table.model_copy(update={"columns": columns, "foreign_keys": keys})


def _key(key: ForeignKey, dirty: frozenset[str], *, own: bool) -> ForeignKey:
    """Take away how many rows a parent has where rows may be there twice."""
    if not own and key.parent not in dirty:
        return key
    return key.model_copy(update={"owning": False, "law": None})


def _column(table: Table, column: Column, dirty: frozenset[str], hit: frozenset[str]) -> Column:
    spec = column.spec
    if spec is None or _stands(table, spec, dirty, hit):
        return column
    return column.model_copy(update={"spec": None})


def _stands(table: Table, spec: Spec, dirty: frozenset[str], hit: frozenset[str]) -> bool:
    """Tell whether dirt leaves what a spec promises."""
    if table.name in dirty:
        return spec.kind in _IN_ROW and hit.isdisjoint(row_columns(spec))
    return dirty.isdisjoint(_tables_of(table, spec))


def _tables_of(table: Table, spec: Spec) -> set[str]:
    """Return the other tables that a spec reads, ``""`` for one whose key dirt took away."""
    parents = {key.label: key.parent for key in table.foreign_keys}
    owner = None if table.owner is None else table.owner.label
    read = {parents.get(label, "") for _, label, _ in parent_reads(spec, owner)}
    match spec:
        case AggregateSpec() | AsOfSpec():
            return read | {spec.table}
        case UnionKeySpec():
            return read | {target.table for target in spec.targets}
        case _:
            return read
