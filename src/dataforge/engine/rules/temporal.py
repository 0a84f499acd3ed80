"""Dates and timestamps: moving by spans, differences, calendar parts.

Everything is computed on naive values; zoned ones are read in UTC first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.rules.cast import cast_to
from dataforge.engine.rules.values import TIMESTAMP, Value, is_array, naive

_US = 1_000_000
_DURATION = pa.duration("us")
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_MICROSECONDS = {
    "week": 7 * 86_400 * _US,
    "day": 86_400 * _US,
    "hour": 3_600 * _US,
    "minute": 60 * _US,
    "second": _US,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time: whole months, or a fixed number of microseconds (duration values)."""

    months: Value | None = None
    elapsed: Value | None = None


def span(amount: Value, unit: str) -> Span:
    """Return ``amount`` units as a span; fractions are rounded to whole units first."""
    count = _whole(amount)
    if unit in _MONTHS:
        months = pc.multiply(count, pa.scalar(_MONTHS[unit], pa.int64()))
        # A month counts 30 days where a span stands alone, as in a comparison.
        days = pc.multiply(months, pa.scalar(30 * _MICROSECONDS["day"], pa.int64()))
        return Span(months, days.cast(_DURATION))
    return Span(
        None, pc.multiply(count, pa.scalar(_MICROSECONDS[unit], pa.int64())).cast(_DURATION)
    )


def moved(operator: str, left: Any, right: Any) -> Value:
    """Return a date or timestamp plus or minus a span, as a timestamp."""
    if not isinstance(right, Span):
        left, right = right, left
    if isinstance(left, Span):
        return _applied(operator, left.elapsed, right.elapsed)
    start = _moment(left)
    if right.months is None:
        return _applied(operator, start, right.elapsed)
    months = pc.negate(right.months) if operator == "-" else right.months
    return _add_months(start, months)


def temporal(operator: str, left: Value, right: Value) -> Value:
    """Return date ± days, date - date (days) or timestamp - timestamp (a duration)."""
    first, second = naive(left), naive(right)
    if pa.types.is_date(first.type) and pa.types.is_date(second.type):
        return pc.subtract(_days(first), _days(second))
    if pa.types.is_date(first.type) and pa.types.is_integer(second.type):
        return _dated(_applied(operator, _days(first), _whole(second)))
    if pa.types.is_integer(first.type) and pa.types.is_date(second.type):
        return _dated(_applied(operator, _whole(first), _days(second)))
    if pa.types.is_duration(first.type) or pa.types.is_duration(second.type):
        return _applied(operator, _lifted(first), _lifted(second))
    return _applied(operator, _moment(first), _moment(second))


def _lifted(value: Value) -> Value:
    return value if pa.types.is_duration(value.type) else _moment(value)


def _applied(operator: str, left: Value, right: Value) -> Value:
    if operator not in "+-":
        msg = f"dates know no {operator}"
        raise pa.ArrowInvalid(msg)
    return pc.add(left, right) if operator == "+" else pc.subtract(left, right)


def _moment(value: Value) -> Value:
    return _cast(naive(value), TIMESTAMP)


def _whole(value: Value) -> Value:
    return _cast(value, pa.int64())


def _days(value: Value) -> Value:
    return value.cast(pa.int32()).cast(pa.int64())


def _dated(days: Value) -> Value:
    return days.cast(pa.int32()).cast(pa.date32())


def _cast(value: Value, target: pa.DataType) -> Value:
    return cast_to(value, target) if is_array(value) else cast_to(pa.repeat(value, 1), target)[0]


def _add_months(start: Value, months: Value) -> Value:
    """Keep the day of the month, or take the month's last day where it has no such day."""
    count = len(start) if is_array(start) else len(months) if is_array(months) else 1
    moments, steps = (
        value if is_array(value) else pa.repeat(value, count) for value in (start, months)
    )
    unknown = np.asarray(pc.or_(moments.is_null(), steps.is_null()))
    micros = np.asarray(moments.cast(pa.int64()).fill_null(0))
    day_numbers = micros // _MICROSECONDS["day"]
    days = day_numbers.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    target = month + np.asarray(steps.fill_null(0)).astype("timedelta64[M]")
    length = (target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")
    offset = np.minimum(days - month.astype("datetime64[D]"), length - np.timedelta64(1, "D"))
    landed = (target.astype("datetime64[D]") + offset).astype(np.int64)
    result = landed * _MICROSECONDS["day"] + micros % _MICROSECONDS["day"]
    array = pa.array(result, pa.int64(), mask=unknown).cast(TIMESTAMP)
    return array if is_array(start) or is_array(months) else array[0]


_PARTS: dict[str, Callable[[Value], Value]] = {
    "year": pc.year,
    "quarter": pc.quarter,
    "month": pc.month,
    "week": pc.iso_week,
    "day": pc.day,
    "hour": pc.hour,
    "minute": pc.minute,
    "second": pc.second,
    "dayofweek": lambda value: pc.day_of_week(value, count_from_zero=True, week_start=7),
    "isodow": lambda value: pc.day_of_week(value, count_from_zero=False, week_start=1),
    "dayofyear": pc.day_of_year,
}
_BETWEEN: dict[str, Callable[..., Value]] = {
    "year": pc.years_between,
    "quarter": pc.quarters_between,
    "day": pc.days_between,
    "hour": pc.hours_between,
    "minute": pc.minutes_between,
    "second": pc.seconds_between,
}
PART_NAMES = frozenset(_PARTS)


def date_part(name: str, value: Value) -> Value:
    """Return a calendar part as int64."""
    ready = value if pa.types.is_time(value.type) else _moment(value)
    return _PARTS[name](ready)


def date_trunc(unit: str, value: Value) -> Value:
    """Return the start of the unit that the value lies in; weeks start on Monday."""
    return pc.floor_temporal(_moment(value), unit=unit, week_starts_monday=True)


def date_diff(unit: str, start: Value, end: Value) -> Value:
    """Return how many borders of ``unit`` lie between start and end, negative if end is first."""
    first, last = _moment(start), _moment(end)
    if unit == "month":
        return pc.subtract(_month_number(last), _month_number(first))
    return _BETWEEN[unit](first, last)


def last_day(value: Value) -> Value:
    """Return the last date of the value's month."""
    first = pc.floor_temporal(_moment(value), unit="month")
    following = _add_months(first, pa.scalar(1, pa.int64()))
    return pc.subtract(following, pa.scalar(_MICROSECONDS["day"], _DURATION)).cast(pa.date32())


def _month_number(value: Value) -> Value:
    years = pc.multiply(pc.year(value), pa.scalar(12, pa.int64()))
    return pc.add(years, pc.month(value))
