"""Series, sensors, candles and their companions: what they name, their order, shares and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.autoregression import forgets, is_stationary
from dataforge.schema.labels import series_labels
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.references import nested
from dataforge.schema.specs import (
    Anomaly,
    CandleFieldSpec,
    CandleSpec,
    ChoiceSpec,
    ConditionalSpec,
    Failure,
    ListSpec,
    ObjectSpec,
    PiecewiseTrend,
    Season,
    SegmentSpec,
    SensorSpec,
    SeriesLabelSpec,
    SeriesSpec,
    Signal,
    Spec,
    TimestepSpec,
)
from dataforge.schema.types import BooleanType, ColumnType, DateType, TimestampType
from dataforge.schema.validation.fitting import misfit, number_range
from dataforge.schema.validation.keys import unknown_column

_ALONG = (SeriesSpec, SensorSpec, SeriesLabelSpec, TimestepSpec, CandleSpec, CandleFieldSpec)
_NULLS = {"gap", "dropout"}
_LAST_DAY = date(9999, 12, 31).toordinal()
_UNIT_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2.63e6}


def check_series(schema: Schema) -> Iterator[Problem]:
    """Check every spec of values along time."""
    for table in schema.tables:
        for column in table.columns:
            if column.spec is None:
                continue
            path = f"tables.{table.name}.columns.{column.name}.spec"
            yield from _check_place(column.spec, path)
            for spec in _own(column.spec):
                yield from _check(spec, column, table, schema, path)


def _own(spec: Spec) -> Iterator[Spec]:
    """Return the specs along time that make the column's own values."""
    if isinstance(spec, ConditionalSpec):
        for part in (*(branch.then for branch in spec.branches), spec.otherwise):
            yield from _own(part)
    elif isinstance(spec, SegmentSpec):
        for part in spec.parts:
            yield from _own(part)
    elif isinstance(spec, _ALONG):
        yield spec


def _check_place(spec: Spec, path: str) -> Iterator[Problem]:
    for each in nested(spec):
        if isinstance(each, ListSpec | ObjectSpec | ChoiceSpec):
            inner = [part for part in nested(each) if isinstance(part, _ALONG)]
            if inner:
                found = f"{inner[0].kind!r} inside a {each.kind}, where rows have no order"
                yield Problem(path, found, "give it a column of its own")


def _check(spec: Any, column: Column, table: Table, schema: Schema, path: str) -> Iterator[Problem]:
    if getattr(spec, "per", None) == "owner" and table.owner is None:
        found = f"a series for each owner, and {table.name!r} has no owning parent"
        yield Problem(f"{path}.per", found, "set owning: true on a foreign key, or per: table")
    match spec:
        case SeriesSpec():
            yield from _check_signal(spec, column, path)
            yield from _check_events(spec.anomalies, column, f"{path}.anomalies")
            yield from _check_factors(spec, path)
            yield from _check_holidays(spec, table, path)
        case SensorSpec():
            yield from _check_signal(spec, column, path)
            yield from _check_events(spec.failures, column, f"{path}.failures")
        case SeriesLabelSpec():
            yield from _check_label(spec, column, table, path)
        case TimestepSpec():
            yield from _check_timestep(spec, column, table, schema, path)
        case CandleSpec():
            yield from _check_room(spec.price, column.type, f"{path}.price")
        case _:
            yield from _check_candle_field(spec, column, table, path)


def _check_signal(spec: Signal, column: Column, path: str) -> Iterator[Problem]:
    yield from _check_room(spec.level, column.type, f"{path}.level")
    if isinstance(spec.trend, PiecewiseTrend):
        places = [bend.at for bend in spec.trend.changes]
        if places != sorted(set(places)):
            found = f"changes at {places} do not ascend"
            yield Problem(f"{path}.trend.changes", found, "sort them by 'at', each step once")
    coefficients = spec.noise.ar if spec.noise is not None else ()
    if not is_stationary(coefficients):
        found = f"noise with the coefficients {list(coefficients)} runs away: it is not stationary"
        remedy = "make them smaller (a single one lies in -1 to 1), or use trend: {kind: walk}"
        yield Problem(f"{path}.noise.ar", found, remedy)
    elif not forgets(coefficients):
        found = f"noise with the coefficients {list(coefficients)} remembers over 16384 steps"
        yield Problem(f"{path}.noise.ar", found, "make them smaller, or use trend: {kind: walk}")


def _check_room(value: float, kind: ColumnType, path: str) -> Iterator[Problem]:
    bounds = number_range(kind)
    if bounds is not None and not bounds[0] <= Decimal(str(value)) <= bounds[1]:
        found = f"{value} is outside what the type holds ({bounds[0]} to {bounds[1]})"
        yield Problem(path, found, "start within it or widen the column's type")


def _check_events(
    events: tuple[Anomaly, ...] | tuple[Failure, ...], column: Column, path: str
) -> Iterator[Problem]:
    total = sum(event.rate for event in events)
    if total >= 1:
        found = f"the rates add up to {total:g}: no step is left without one"
        yield Problem(path, found, "lower them until they add up to less than 1")
        return
    free = 1.0
    for event in events:
        shortest, longest = event.length
        if not 1 <= shortest <= longest:
            found = f"a length from {shortest} to {longest} steps"
            yield Problem(f"{path}.length", found, "give two numbers from 1 on, the smaller first")
        elif event.rate / free * longest > (shortest + longest) / 2:
            most = free * (shortest + longest) / 2 / longest
            found = f"{event.kind!r} cannot cover {event.rate:g} of the steps with such lengths"
            yield Problem(f"{path}.rate", found, f"at most {most:.3g}, or bring lengths together")
        if event.kind in _NULLS and not column.nullable:
            found = f"{event.kind!r} makes nulls, and the column is not nullable"
            yield Problem(path, found, "make the column nullable or drop it")
        free -= event.rate


def _check_factors(spec: SeriesSpec, path: str) -> Iterator[Problem]:
    if spec.mode == "additive":
        return
    if spec.level <= 0:
        found = f"a multiplicative series at the level {spec.level:g} has nothing to multiply"
        yield Problem(f"{path}.level", found, "give a level above 0")
    largest = sum(map(_largest, spec.seasons))
    if largest >= 1:
        found = f"seasons that take away up to {largest:.0%} of the value"
        remedy = "amplitudes are shares here: keep their sum below 1, or use mode: additive"
        yield Problem(f"{path}.seasons", found, remedy)


def _largest(season: Season) -> float:
    shape = season.profile or (1.0, *season.harmonics)
    size = max(map(abs, shape)) if season.profile else sum(map(abs, shape))
    return size * abs(season.amplitude)


def _check_holidays(spec: SeriesSpec, table: Table, path: str) -> Iterator[Problem]:
    if spec.time is not None and spec.time not in table.columns_by_name:
        yield unknown_column(table, spec.time, f"{path}.time")
    elif spec.time is not None:
        kind = table.column(spec.time).type
        if not isinstance(kind, DateType | TimestampType):
            found = f"{spec.time!r} is a {kind.kind} and has no dates"
            yield Problem(f"{path}.time", found, "name a column of dates or timestamps")
    elif spec.holidays:
        found = "holidays, and no column that tells the date"
        yield Problem(f"{path}.holidays", found, "add time: the column with the dates")
    for text in (text for holiday in spec.holidays for text in holiday.dates):
        if not _is_day(text):
            found = f"{text!r} is no date"
            yield Problem(f"{path}.holidays", found, "write 2026-12-25, or 12-25 for every year")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text if len(text) > len("12-25") else f"2000-{text}")
    except ValueError:
        return False
    return True


def _named(
    name: str, kinds: Any, wanted: str, table: Table, path: str
) -> tuple[Any, list[Problem]]:
    """Return the spec of the column ``name`` where it is of ``kinds``, else what is wrong."""
    if name not in table.columns_by_name:
        return None, [unknown_column(table, name, path)]
    spec = table.column(name).spec
    if isinstance(spec, kinds):
        return spec, []
    known = [column.name for column in table.columns if isinstance(column.spec, kinds)]
    hint = did_you_mean(name, known) or (f"; there is {', '.join(known)}" if known else "")
    return None, [Problem(path, f"{name!r} is no {wanted}{hint}", f"name a {wanted} of the table")]


def _check_label(
    spec: SeriesLabelSpec, column: Column, table: Table, path: str
) -> Iterator[Problem]:
    kinds = SeriesSpec | SensorSpec
    told, problems = _named(spec.column, kinds, "series or sensor", table, f"{path}.column")
    yield from problems
    if told is None or isinstance(column.type, BooleanType):
        return
    for label in series_labels(told):
        reason = misfit(label, column.type)
        if reason is not None:
            yield Problem(path, f"the label {label!r} {reason}", "widen the column's type")


def _check_timestep(
    spec: TimestepSpec, column: Column, table: Table, schema: Schema, path: str
) -> Iterator[Problem]:
    if spec.calendar == "business_days" and spec.unit != "day":
        found = f"business days in steps of a {spec.unit}"
        yield Problem(f"{path}.unit", found, "use unit: day, or calendar: business_hours")
    if spec.calendar == "business_hours":
        open_s = (spec.closes - spec.opens) * 3600
        if open_s <= 0:
            found = f"it opens at {spec.opens} and closes at {spec.closes}"
            yield Problem(f"{path}.opens", found, "let it close after it opens")
        elif spec.every * _UNIT_S[spec.unit] > open_s:
            found = f"a step of {spec.every} {spec.unit}s is longer than it is open"
            yield Problem(f"{path}.every", found, "use shorter steps, or calendar: business_days")
    if isinstance(column.type, DateType) and _UNIT_S[spec.unit] < _UNIT_S["day"]:
        found = f"steps of a {spec.unit} in a column of dates repeat each date"
        yield Problem(path, found, "use a timestamp or unit: day", "warning")
    rows = 0 if table.owner is not None and spec.per != "table" else table.rows
    count = schema.default_rows if rows is None else rows
    first = spec.start.date().toordinal() if spec.start else schema.now.date().toordinal()
    if first + count * spec.every * _UNIT_S[spec.unit] / _UNIT_S["day"] > _LAST_DAY:
        yield Problem(path, f"{count} steps lead beyond the year 9999", "use shorter steps")


def _check_candle_field(
    spec: CandleFieldSpec, column: Column, table: Table, path: str
) -> Iterator[Problem]:
    candle, problems = _named(spec.column, CandleSpec, "candle", table, f"{path}.column")
    yield from problems
    is_moment = isinstance(column.type, DateType | TimestampType)
    if (spec.field == "date") != is_moment:
        found = f"the field {spec.field!r} in a column of type {column.type.kind}"
        yield Problem(f"{path}.field", found, "use date for the date, a number for all others")
    elif candle is not None and spec.field in {"open", "high", "low"}:
        close = table.column(spec.column).type
        if close != column.type:
            found = f"{spec.field} and {spec.column} are of different types and would round apart"
            yield Problem(path, found, f"give it the type of {spec.column!r}")
