"""Specs of what happens in time → generators: what they read of other columns, rows and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log1p
from typing import Any

from dataforge.engine.cells import Generator, Site
from dataforge.engine.generators import offsets, temporal_bounds, tracks
from dataforge.engine.generators.as_of import AsOf
from dataforge.engine.generators.drifts import Drift
from dataforge.engine.generators.entries import DoubleEntry
from dataforge.engine.generators.events import EventStates, EventTimes
from dataforge.engine.generators.extents import Measure, measure
from dataforge.engine.generators.intervals import IntervalEnd, Intervals, IntervalStart, Window
from dataforge.engine.generators.machines import dwells_of, steps_of
from dataforge.engine.generators.moments import Moments, moments_of
from dataforge.engine.generators.movements import Balance, Balances, Movement
from dataforge.engine.generators.opening import open_time
from dataforge.engine.generators.statuses import Chains, Status, StatusTime
from dataforge.engine.generators.temporal_bounds import Known
from dataforge.engine.generators.trees import Depth, Path
from dataforge.engine.wiring import Wiring
from dataforge.schema import (
    AsOfSpec,
    BalanceSpec,
    Bound,
    Column,
    DatetimeSpec,
    DecimalType,
    DepthSpec,
    DoubleEntrySpec,
    DriftSpec,
    EventStateSpec,
    EventTimeSpec,
    Extent,
    IntervalEndSpec,
    IntervalStartSpec,
    MovementSpec,
    OffsetSpec,
    PathSpec,
    Spec,
    StatusSpec,
    StatusTimeSpec,
    TrackSpec,
)
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.machines import states_of

_WINDOW_DAYS = 1826


@dataclass(frozen=True, slots=True)
class Situation:
    """A column of a table, and how the table's foreign keys are wired."""

    site: Site
    wiring: Wiring

    def reference(self, label: str) -> int:
        """Return the place of the foreign key of this name."""
        return next(
            index
            for index, key in enumerate(self.wiring.table.foreign_keys)
            if label in {key.name, key.label}
        )

    @property
    def owner(self) -> int:
        """The place of the owning foreign key."""
        keys = self.wiring.table.foreign_keys
        return next(index for index, key in enumerate(keys) if key.owning)

    def beside(self, name: str) -> Site:
        """Return the site of another column of the table, as the schema has it."""
        return Site(self.site.schema, self.site.table, self.wiring.table.column(name))

    def known(self, bound: Bound) -> Known:
        """Return where a bound's moment is found."""
        reference = None if bound.foreign_key is None else self.reference(bound.foreign_key)
        return Known(reference, bound.column)


def build_process(spec: Spec, site: Site, wiring: Wiring) -> Generator | None:
    """Return the generator of a spec of this family; None for other specs."""
    build = _BUILDERS.get(type(spec))
    return None if build is None else build(spec, Situation(site, wiring))


def _datetime(spec: DatetimeSpec, at: Situation) -> Generator | None:
    if not spec.after and spec.before is None:
        return None
    before = None if spec.before is None else at.known(spec.before)
    return temporal_bounds.build(spec, at.site, tuple(map(at.known, spec.after)), before)


def _offset(spec: OffsetSpec, at: Situation) -> Generator:
    reference = None if spec.foreign_key is None else at.reference(spec.foreign_key)
    return offsets.build(spec, at.site, reference)


def _event_state(spec: EventStateSpec, at: Situation) -> EventStates:
    return EventStates(at.site.column.name, steps_of(spec))


def _event_time(spec: EventTimeSpec, at: Situation) -> EventTimes:
    states = at.beside(spec.state_column)
    machine = states.column.spec
    assert isinstance(machine, EventStateSpec)  # noqa: S101 - validated with the schema
    return EventTimes(
        at.site.column.name,
        EventStates(states.column.name, steps_of(machine)),
        dwells_of(machine, at.site.column),
        moments_of(at.site),
        at.owner,
        spec.after,
        (spec.state_column,),
    )


def _chains(name: str, spec: StatusSpec, at: Situation) -> Chains:
    base = at.beside(spec.after)
    return Chains(name, steps_of(spec), dwells_of(spec, base.column), moments_of(base), spec.after)


def _status(spec: StatusSpec, at: Situation) -> Status:
    return Status(_chains(at.site.column.name, spec, at), (spec.after,))


def _status_time(spec: StatusTimeSpec, at: Situation) -> StatusTime:
    machine = at.beside(spec.status_column).column.spec
    assert isinstance(machine, StatusSpec)  # noqa: S101 - validated with the schema
    chains = _chains(spec.status_column, machine, at)
    state = states_of(machine).index(spec.state)
    return StatusTime(chains, state, chains.moments, (machine.after,))


def _intervals(name: str, spec: IntervalStartSpec, at: Situation) -> Intervals:
    site = at.beside(name)
    moments = moments_of(site)
    if spec.step is not None:
        step = round(spec.step * moments.scale / moments.step) * moments.step
        moments = replace(moments, step=max(step, moments.step))

    def compiled(extent: Extent | None) -> Measure | None:
        return None if extent is None else measure(extent, moments.scale, moments.step)

    day = 86_400_000_000 // moments.tick_us
    end = moments.now if spec.end is None else moments.tick(spec.end)
    start = end - _WINDOW_DAYS * day if spec.start is None else moments.tick(spec.start)
    tiled = Extent() if spec.tiling and spec.length is not None else spec.gap
    return Intervals(
        name,
        moments,
        Window(spec.after, start, spec.before, end),
        at.owner,
        compiled(spec.length),
        compiled(tiled),
        0 if spec.touching or spec.tiling else moments.step,
        None if spec.opening is None else open_time(spec.opening, moments, seamless=spec.tiling),
    )


def _interval_start(spec: IntervalStartSpec, at: Situation) -> IntervalStart:
    return IntervalStart(_intervals(at.site.column.name, spec, at))


def _interval_end(spec: IntervalEndSpec, at: Situation) -> IntervalEnd:
    start = at.beside(spec.start_column).column.spec
    assert isinstance(start, IntervalStartSpec)  # noqa: S101 - validated with the schema
    intervals = _intervals(spec.start_column, start, at)
    return IntervalEnd(intervals, intervals.moments, spec.open_ended, (spec.start_column,))


def _balances(name: str, spec: MovementSpec, at: Situation) -> Balances:
    digits = _digits(at.beside(name).column)
    unit = 10**digits

    def amount(value: float | str) -> int | str:
        return value if isinstance(value, str) else round(value * unit)

    return Balances(
        name,
        at.owner,
        amount(spec.opening),
        amount(spec.floor),
        measure(spec.incoming, unit),
        measure(spec.outgoing, unit),
        spec.incoming_share,
        digits,
    )


def _drift(spec: DriftSpec, at: Situation) -> Drift:
    return Drift(
        at.site.column.name,
        at.owner,
        spec.base,
        log1p(spec.change),
        spec.spread,
        spec.ending,
        arrow_type(at.site.column.type),
    )


def _movement(spec: MovementSpec, at: Situation) -> Movement:
    return Movement(_balances(at.site.column.name, spec, at))


def _balance(spec: BalanceSpec, at: Situation) -> Balance:
    movement = at.beside(spec.movement_column).column.spec
    assert isinstance(movement, MovementSpec)  # noqa: S101 - validated with the schema
    balances = _balances(spec.movement_column, movement, at)
    return Balance(balances, (spec.movement_column,))


def _double_entry(spec: DoubleEntrySpec, at: Situation) -> DoubleEntry:
    column = at.site.column
    owner = at.owner
    parent = at.wiring.schema.table(at.wiring.table.foreign_keys[owner].parent)
    digits = _digits(parent.column(spec.total))
    return DoubleEntry(owner, spec.total, spec.side, digits, column.nullable)


def _digits(column: Column) -> int:
    return column.type.scale if isinstance(column.type, DecimalType) else 0


def _depth(spec: DepthSpec, at: Situation) -> Depth:
    reference = at.reference(spec.foreign_key)
    return Depth(reference, spec.start, at.wiring.table.foreign_keys[reference].columns)


def _path(spec: PathSpec, at: Situation) -> Path:
    reference = at.reference(spec.foreign_key)
    columns = at.wiring.table.foreign_keys[reference].columns
    return Path(reference, spec.column, spec.separator, (spec.column, *columns))


def _as_of(spec: AsOfSpec, at: Situation) -> AsOf:
    moments: Moments = moments_of(at.beside(spec.at))
    reference = at.reference(spec.foreign_key)
    return AsOf(reference, spec.table, spec.column, spec.valid_from, spec.at, moments, (spec.at,))


_BUILDERS: Mapping[type, Callable[[Any, Situation], Generator | None]] = {
    DatetimeSpec: _datetime,
    OffsetSpec: _offset,
    EventStateSpec: _event_state,
    EventTimeSpec: _event_time,
    StatusSpec: _status,
    StatusTimeSpec: _status_time,
    IntervalStartSpec: _interval_start,
    IntervalEndSpec: _interval_end,
    DriftSpec: _drift,
    MovementSpec: _movement,
    BalanceSpec: _balance,
    DoubleEntrySpec: _double_entry,
    DepthSpec: _depth,
    PathSpec: _path,
    TrackSpec: lambda spec, at: tracks.build(spec, at.site),
    AsOfSpec: _as_of,
}
