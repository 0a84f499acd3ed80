"""Which parent owns a table's rows, where the schema does not say."""

from __future__ import annotations

from collections.abc import Callable

from dataforge.schema.model import Schema, Table
from dataforge.schema.references import nested
from dataforge.schema.relations import ForeignKey
from dataforge.schema.specs import (
    AggregateSpec,
    AsOfSpec,
    DoubleEntrySpec,
    DriftSpec,
    EventStateSpec,
    IntervalStartSpec,
    MovementSpec,
    OrdinalSpec,
    RunningTotalSpec,
    TrackSpec,
)

# Specs that count, add up or follow each other within an owning parent.
IN_FAMILIES = (
    OrdinalSpec,
    RunningTotalSpec,
    EventStateSpec,
    IntervalStartSpec,
    MovementSpec,
    DoubleEntrySpec,
    DriftSpec,
    TrackSpec,
)
Owners = dict[str, ForeignKey]
_Finder = Callable[[Table, Schema], ForeignKey | None]


def with_owners(schema: Schema) -> Schema:
    """Mark an owning key in tables that need or suggest one; never a circle of owners.

    Deterministic: needs (aggregates, versions, ordinals and other sequences) go before
    suggestions (keys that contain the parent's), tables in the order of the schema.
    """
    owners = {table.name: table.owner for table in schema.tables if table.owner is not None}
    for finder in _FINDERS:
        for table in schema.tables:
            found = finder(table, schema) if table.name not in owners else None
            if found is not None and not _closes_circle(table.name, found.parent, owners):
                owners[table.name] = found
    tables = tuple(_marked(table, owners.get(table.name)) for table in schema.tables)
    return schema.model_copy(update={"tables": tables})


def _marked(table: Table, owner: ForeignKey | None) -> Table:
    if owner is None or owner.owning:
        return table
    keys = tuple(
        key.model_copy(update={"owning": True}) if key is owner else key
        for key in table.foreign_keys
    )
    return table.model_copy(update={"foreign_keys": keys})


def _closes_circle(child: str, parent: str, owners: Owners) -> bool:
    seen = {child}
    here: str | None = parent
    while here is not None and here not in seen:
        seen.add(here)
        owner = owners.get(here)
        here = None if owner is None else owner.parent
    return here is not None


def is_required(table: Table, key: ForeignKey) -> bool:
    """Tell whether no column of the key may be null."""
    known = table.columns_by_name
    return all(name in known and not known[name].nullable for name in key.columns)


def _candidates(table: Table, schema: Schema) -> list[ForeignKey]:
    return [
        key
        for key in table.foreign_keys
        if key.parent != table.name and key.parent in schema.tables_by_name
    ]


def _aggregated(table: Table, schema: Schema) -> ForeignKey | None:
    """Return the key to the first table that sums or counts the rows of this one."""
    for parent in schema.tables:
        specs = (spec for column in parent.columns if column.spec for spec in nested(column.spec))
        if any(isinstance(spec, AggregateSpec) and spec.table == table.name for spec in specs):
            keys = [key for key in _candidates(table, schema) if key.parent == parent.name]
            keys.sort(key=lambda key: not is_required(table, key))
            if keys:
                return keys[0]
    return None


def _versioned(table: Table, schema: Schema) -> ForeignKey | None:
    """Return the key to the parent whose versions, rows of this table, are looked up by moment."""
    for other in schema.tables:
        parents = {key.label: key.parent for key in other.foreign_keys}
        for spec in (column.spec for column in other.columns):
            if isinstance(spec, AsOfSpec) and spec.table == table.name:
                keys = _candidates(table, schema)
                found = [key for key in keys if key.parent == parents.get(spec.foreign_key)]
                if found:
                    return found[0]
    return None


def _ordered(table: Table, schema: Schema) -> ForeignKey | None:
    """Return the only key of a table whose columns count or add up within a parent."""
    specs = (spec for column in table.columns if column.spec for spec in nested(column.spec))
    if not any(isinstance(spec, IN_FAMILIES) for spec in specs):
        return None
    keys = _candidates(table, schema)
    return keys[0] if len(keys) == 1 else None


def _identifying(table: Table, schema: Schema) -> ForeignKey | None:
    """Return the key that the primary key extends: an order's lines, an account's entries."""
    primary = set(table.primary_key)
    inside = _inside_primary(table, schema)
    widest = [key for key in inside if not any(_extends(other, key) for other in inside)]
    if len(widest) != 1:
        return None
    referring = {name for key in table.foreign_keys for name in key.columns}
    return widest[0] if primary - set(widest[0].columns) - referring else None


def _junction(table: Table, schema: Schema) -> ForeignKey | None:
    """Return the first key of a table whose primary key is made of two or more of them."""
    inside = _inside_primary(table, schema)
    covered = {name for key in inside for name in key.columns}
    if len(inside) < 2 or covered != set(table.primary_key):
        return None
    return inside[0]


def _inside_primary(table: Table, schema: Schema) -> list[ForeignKey]:
    primary = set(table.primary_key)
    return [
        key
        for key in _candidates(table, schema)
        if set(key.columns) < primary and is_required(table, key)
    ]


def _extends(wide: ForeignKey, narrow: ForeignKey) -> bool:
    return set(narrow.columns) < set(wide.columns)


_FINDERS: tuple[_Finder, ...] = (_aggregated, _versioned, _ordered, _identifying, _junction)
