"""Specs of what happens in time: what they name exists, fits together and can happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dataforge.errors import Problem, did_you_mean
from dataforge.holidays import COUNTRIES
from dataforge.schema.machines import states_of
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.owning import IN_FAMILIES
from dataforge.schema.references import bounds_of, nested, own_fields, parent_reads
from dataforge.schema.relations import FixedLaw, LearnedLaw, RangeLaw
from dataforge.schema.specs import (
    AsOfSpec,
    BalanceSpec,
    DatetimeSpec,
    DepthSpec,
    DoubleEntrySpec,
    DriftSpec,
    EventStateSpec,
    EventTimeSpec,
    Extent,
    IntervalEndSpec,
    IntervalStartSpec,
    Machine,
    MovementSpec,
    OffsetSpec,
    Opening,
    PathSpec,
    Spec,
    StatusSpec,
    StatusTimeSpec,
)
from dataforge.schema.types import ColumnType, DateType, DecimalType, IntegerType, TimestampType
from dataforge.schema.validation.keys import unknown_column
from dataforge.schema.validation.machines import check_counts, check_machine

_MOMENTS = (DateType, TimestampType)
_HOURS = 24
_EXACT = (IntegerType, DecimalType)
# Kinds whose values hang together over rows or columns: a branch of a conditional cannot have one.
_WHOLE_COLUMNS = (
    EventStateSpec,
    EventTimeSpec,
    StatusSpec,
    StatusTimeSpec,
    IntervalStartSpec,
    IntervalEndSpec,
    MovementSpec,
    BalanceSpec,
    DoubleEntrySpec,
    DriftSpec,
)
_FAMILIES = (*IN_FAMILIES, EventTimeSpec, IntervalEndSpec, BalanceSpec)
# What the column that a spec is paired with must make.
_PARTNERS: Mapping[type, tuple[str, type]] = {
    EventTimeSpec: ("state_column", EventStateSpec),
    StatusTimeSpec: ("status_column", StatusSpec),
    IntervalEndSpec: ("start_column", IntervalStartSpec),
    BalanceSpec: ("movement_column", MovementSpec),
}
_SAME_TYPE = (IntervalEndSpec, BalanceSpec)
_NEW = (*_WHOLE_COLUMNS, PathSpec, AsOfSpec)


@dataclass(frozen=True, slots=True)
class Place:
    """A spec at its column."""

    schema: Schema
    table: Table
    column: Column
    path: str


def check_processes(schema: Schema) -> Iterator[Problem]:
    """Check chains, intervals, balances, entries, trees and the moments that bound others."""
    for table in schema.tables:
        for column in table.columns:
            if column.spec is None:
                continue
            place = Place(schema, table, column, f"tables.{table.name}.columns.{column.name}.spec")
            for spec in nested(column.spec):
                yield from _check(spec, place)


def _check(spec: Spec, place: Place) -> Iterator[Problem]:
    if isinstance(spec, _WHOLE_COLUMNS) and spec is not place.column.spec:
        message = f"{spec.kind!r} makes a whole column and cannot stand inside another spec"
        yield Problem(place.path, message, "give it a column of its own")
        return
    if isinstance(spec, _FAMILIES) and place.table.owner is None:
        yield Problem(
            place.path,
            f"{spec.kind!r} follows its siblings, and {place.table.name!r} has no owning parent",
            "set owning: true on one of its foreign keys",
        )
        return
    if isinstance(spec, _NEW):
        for field in own_fields(spec):
            name = getattr(spec, field)
            if name not in place.table.columns_by_name:
                yield unknown_column(place.table, name, f"{place.path}.{field}")
                return
    yield from _check_parents(spec, place)
    yield from _check_partner(spec, place)
    check = _CHECKS.get(type(spec))
    if check is not None:
        yield from check(spec, place)


def _check_parents(spec: Spec, place: Place) -> Iterator[Problem]:
    """What is read of a parent must be there."""
    keys = {key.label: key for key in place.table.foreign_keys}
    owner = None if place.table.owner is None else place.table.owner.label
    if spec.kind == "lookup":
        return  # checked with the other references
    for field, label, name in parent_reads(spec, owner):
        key = keys.get(label)
        if key is None:
            yield _no_key(place, label)
        elif key.parent in place.schema.tables_by_name:
            parent = place.schema.table(key.parent)
            if name not in parent.columns_by_name:
                yield unknown_column(parent, name, f"{place.path}.{field}")
            elif field in {"after", "before"}:
                yield from _moment(parent.column(name).type, parent.name, name, place)


def _no_key(place: Place, label: str) -> Problem:
    keys = [key.label for key in place.table.foreign_keys]
    message = f"table {place.table.name!r} has no foreign key {label!r}{did_you_mean(label, keys)}"
    return Problem(f"{place.path}.foreign_key", message, "name one of the table's foreign keys")


def _moment(kind: ColumnType, table: str, name: str, place: Place) -> Iterator[Problem]:
    if not isinstance(kind, _MOMENTS):
        yield Problem(
            place.path,
            f"{table}.{name} is a column of type {kind.kind}, no moment",
            "name a column of dates or timestamps",
        )


def _check_partner(spec: Spec, place: Place) -> Iterator[Problem]:
    if type(spec) not in _PARTNERS:
        return
    field, wanted = _PARTNERS[type(spec)]
    partner = place.table.column(getattr(spec, field))
    if not isinstance(partner.spec, wanted):
        kind = wanted.model_fields["kind"].default  # type: ignore[attr-defined]  # a spec
        yield Problem(
            f"{place.path}.{field}",
            f"{partner.name!r} makes something else than {kind!r}",
            f"give {partner.name!r} a spec of kind {kind}, or name the column that has it",
        )
    elif isinstance(spec, _SAME_TYPE) and type(partner.type) is not type(place.column.type):
        yield Problem(
            f"{place.path}.{field}",
            f"{partner.name!r} is a {partner.type.kind}, this column a {place.column.type.kind}",
            "give both the same type",
        )


def _event_state(spec: EventStateSpec, place: Place) -> Iterator[Problem]:
    problems = list(check_machine(spec, place.path))
    yield from problems
    owner = place.table.owner
    if owner is not None and not problems:
        path = f"tables.{place.table.name}.foreign_keys.{owner.label}"
        yield from check_counts(spec, owner, path)


def _status(spec: StatusSpec, place: Place) -> Iterator[Problem]:
    yield from check_machine(spec, place.path)
    base = place.table.column(spec.after)
    yield from _moment(base.type, place.table.name, base.name, place)


def _status_time(spec: StatusTimeSpec, place: Place) -> Iterator[Problem]:
    machine = place.table.column(spec.status_column).spec
    if not isinstance(machine, StatusSpec):
        return
    states = states_of(machine)
    if spec.state not in states:
        hint = did_you_mean(spec.state, states)
        message = f"{spec.status_column!r} has no state {spec.state!r}{hint}"
        yield Problem(f"{place.path}.state", message, f"name one of {', '.join(states)}")
    elif not place.column.nullable and spec.state != machine.initial:
        yield Problem(
            place.path,
            f"not every row has reached {spec.state!r}, and the column is not nullable",
            "make the column nullable",
        )
    base = place.table.columns_by_name.get(machine.after)
    kind = type(place.column.type)
    if base is not None and isinstance(base.type, _MOMENTS) and type(base.type) is not kind:
        message = f"{base.name!r} is a {base.type.kind}, this column a {place.column.type.kind}"
        yield Problem(place.path, message, "give both the same type")


def _interval_start(spec: IntervalStartSpec, place: Place) -> Iterator[Problem]:
    if spec.gap is not None and spec.length is None and not spec.tiling:
        message = "intervals that follow each other at a gap need a length"
        yield Problem(f"{place.path}.length", message, "add length: {minimum: …, maximum: …}")
    if spec.tiling and spec.gap is not None:
        message = "intervals that tile their window have no gap"
        yield Problem(f"{place.path}.gap", message, "drop gap or tiling")
    if spec.start and spec.end and spec.start.replace(tzinfo=None) >= spec.end.replace(tzinfo=None):
        yield Problem(f"{place.path}.end", "the window ends before it begins", "swap start and end")

    if spec.opening is not None:
        yield from _opening(spec, spec.opening, place)


def _opening(spec: IntervalStartSpec, opening: Opening, place: Place) -> Iterator[Problem]:
    first, last = opening.hours
    path = f"{place.path}.opening"
    if not 0 <= first < last <= _HOURS:
        message = f"{first:g} to {last:g} are no hours of a day"
        yield Problem(f"{path}.hours", message, "give two from 0 to 24, the earlier first: [9, 17]")
    if not any(opening.weekdays):
        yield Problem(f"{path}.weekdays", "it is never open", "open a day: [1, 1, 1, 1, 1, 0, 0]")
    longest = (last - first) * 3600
    shortest = 0 if spec.length is None else spec.length.minimum
    by_second = isinstance(place.column.type, TimestampType)
    if by_second and spec.gap is None and not spec.tiling and shortest > longest > 0:
        message = f"intervals of {shortest:g} s at the least are longer than a day is open"
        yield Problem(f"{place.path}.length", message, "shorten them, or give a gap between them")


def _interval_end(spec: IntervalEndSpec, place: Place) -> Iterator[Problem]:
    if spec.open_ended and not place.column.nullable:
        message = "the last interval has no end, and the column is not nullable"
        yield Problem(f"{place.path}.open_ended", message, "make the column nullable")


def _double_entry(spec: DoubleEntrySpec, place: Place) -> Iterator[Problem]:
    owner = place.table.owner
    assert owner is not None  # noqa: S101 - checked before
    parent = place.schema.tables_by_name.get(owner.parent)
    total = None if parent is None else parent.columns_by_name.get(spec.total)
    if total is not None and not isinstance(total.type, _EXACT):
        message = f"{owner.parent}.{spec.total} is of type {total.type.kind}"
        yield Problem(f"{place.path}.total", message, "name a column of decimals or integers")
    match owner.law:
        case FixedLaw(count=least) | RangeLaw(minimum=least):
            pass
        case LearnedLaw(weights=weights):
            least = next((count for count, weight in enumerate(weights) if weight), 0)
        case _:
            least = 0
    if least < 2:
        yield Problem(
            f"tables.{place.table.name}.foreign_keys.{owner.label}.law",
            "a transaction of fewer than two lines cannot balance",
            "set law: {kind: range, minimum: 2, maximum: 4}",
        )


def _tree(spec: DepthSpec | PathSpec, place: Place) -> Iterator[Problem]:
    table = place.table
    key = next((key for key in table.foreign_keys if key.label == spec.foreign_key), None)
    if key is None:
        yield _no_key(place, spec.foreign_key)
    elif key.parent != table.name:
        loops = [each.label for each in table.foreign_keys if each.parent == table.name]
        yield Problem(
            f"{place.path}.foreign_key",
            f"{spec.foreign_key!r} points to {key.parent!r}, not to rows of {table.name!r}",
            f"name {' or '.join(map(repr, loops))}" if loops else "add a key to the table itself",
        )
    elif any(set(unique) == set(key.columns) for unique in table.keys):
        message = f"{spec.foreign_key!r} is unique: its rows are one chain as long as the table"
        yield Problem(f"{place.path}.foreign_key", message, "drop the unique key or this spec")


def _as_of(spec: AsOfSpec, place: Place) -> Iterator[Problem]:
    key = next((k for k in place.table.foreign_keys if k.label == spec.foreign_key), None)
    versions = place.schema.tables_by_name.get(spec.table)
    if key is None:
        yield _no_key(place, spec.foreign_key)
    if versions is None:
        hint = did_you_mean(spec.table, place.schema.tables_by_name)
        yield Problem(
            f"{place.path}.table", f"there is no table {spec.table!r}{hint}", "correct it"
        )
        return
    if key is not None and (versions.owner is None or versions.owner.parent != key.parent):
        yield Problem(
            f"{place.path}.table",
            f"{key.parent!r}, which {spec.foreign_key!r} points to, does not own {spec.table!r}",
            f"set owning: true on the foreign key of {spec.table!r} to {key.parent!r}",
        )
    for field in ("column", "valid_from"):
        if getattr(spec, field) not in versions.columns_by_name:
            yield unknown_column(versions, getattr(spec, field), f"{place.path}.{field}")
    begins = versions.columns_by_name.get(spec.valid_from)
    if begins is not None:
        yield from _moment(begins.type, versions.name, begins.name, place)
    yield from _moment(place.table.column(spec.at).type, place.table.name, spec.at, place)


def _datetime(spec: DatetimeSpec, place: Place) -> Iterator[Problem]:
    if spec.holidays is not None and spec.holidays.country not in COUNTRIES:
        hint = did_you_mean(spec.holidays.country, COUNTRIES)
        message = f"no holidays are known of {spec.holidays.country!r}{hint}"
        remedy = f"name one of {', '.join(sorted(COUNTRIES))}"
        yield Problem(f"{place.path}.holidays.country", message, remedy)
    for bound in bounds_of(spec):
        if bound.foreign_key is None:
            base = place.table.columns_by_name.get(bound.column)
            if base is None:
                yield unknown_column(place.table, bound.column, f"{place.path}.after")
            else:
                yield from _moment(base.type, place.table.name, base.name, place)
    if bounds_of(spec) and not isinstance(place.column.type, _MOMENTS):
        message = f"a column of type {place.column.type.kind} has no moments to bound"
        yield Problem(f"{place.path}.after", message, "drop after and before, or use a timestamp")
    if bounds_of(spec) and any(key == (place.column.name,) for key in place.table.keys):
        message = "the moments of a unique column are a permutation and keep no bounds"
        yield Problem(f"{place.path}.after", message, "drop after and before, or the unique key")


def _extents(spec: Any) -> Iterator[tuple[str, Extent]]:
    for name in type(spec).model_fields:
        if isinstance(value := getattr(spec, name), Extent):
            yield name, value
    if isinstance(spec, Machine):
        yield from (("transitions", each.dwell) for each in spec.transitions if each.dwell)


def check_extents(schema: Schema) -> Iterator[Problem]:
    """The least of an extent must not be above its most."""
    for table in schema.tables:
        for column in table.columns:
            if column.spec is None:
                continue
            for field, extent in _extents(column.spec):
                if extent.maximum is not None and extent.minimum > extent.maximum:
                    path = f"tables.{table.name}.columns.{column.name}.spec.{field}"
                    message = f"minimum {extent.minimum} is above maximum {extent.maximum}"
                    yield Problem(path, message, "swap the two")


def _offset(spec: OffsetSpec, place: Place) -> Iterator[Problem]:
    if spec.past and not isinstance(place.column.type, _MOMENTS):
        message = f"a column of type {place.column.type.kind} has no past"
        yield Problem(f"{place.path}.past", message, "drop past")


_CHECKS: Mapping[type, Callable[[Any, Place], Iterator[Problem]]] = {
    DatetimeSpec: _datetime,
    OffsetSpec: _offset,
    EventStateSpec: _event_state,
    StatusSpec: _status,
    StatusTimeSpec: _status_time,
    IntervalStartSpec: _interval_start,
    IntervalEndSpec: _interval_end,
    DoubleEntrySpec: _double_entry,
    DepthSpec: _tree,
    PathSpec: _tree,
    AsOfSpec: _as_of,
}
