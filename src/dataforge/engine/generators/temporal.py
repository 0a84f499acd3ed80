"""Dates, times of day and timestamps: even, or shaped by season, weekday, hour and growth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.generators.temporal_forms import DAY_US, SECOND_US, Form, form_of
from dataforge.engine.search import Ladder
from dataforge.errors import Problem, RuleConflictError
from dataforge.holidays import holidays_of
from dataforge.schema.specs import DatetimeSpec
from dataforge.schema.types import TimeType
from dataforge.streams import FloatArray, IntArray

_DEFAULT_SPAN_US = 1826 * DAY_US  # five years
_HOUR_US = 3600 * SECOND_US
_MOMENT_0 = datetime(1970, 1, 1)  # noqa: DTZ001  - wall-clock arithmetic
_EVEN_HOURS = np.linspace(0.0, 1.0, 25)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole units from ``low`` up to but not including ``high``, of ``unit_us`` microseconds."""

    low: int
    high: int
    unit_us: int


@dataclass(frozen=True, slots=True)
class EvenGenerator:
    """Every unit of the span is equally likely; values never descend in the uniform."""

    span: Span
    form: Form
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one value a row within the span."""
        width = self.span.high - self.span.low
        ranks = np.minimum((cells.uniform() * width).astype(np.int64), width - 1)
        return self.form.write((ranks + self.span.low) * self.span.unit_us)


@dataclass(frozen=True, slots=True)
class ProfiledGenerator:
    """A day by its weight, then a time within the day by the profile of the hours.

    ``days`` has the cumulative weights of the days from ``first_day`` on, ``hours`` those of the
    hours of a day (25 values, 0 to 1).
    """

    span: Span
    form: Form
    first_day: int
    days: Ladder
    hours: FloatArray
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one value a row within the span."""
        days = self.days.place(cells.uniform()) + self.first_day
        if self.span.unit_us >= DAY_US:
            return self.form.write(days * DAY_US)
        moments = days * DAY_US + self._time_of_day(days, cells.uniform("time"))
        units = np.clip(moments // self.span.unit_us, self.span.low, self.span.high - 1)
        return self.form.write(units * self.span.unit_us)

    def _time_of_day(self, days: IntArray, u: FloatArray) -> IntArray:
        """Invert the hour profile, cut to the span on its first and last day."""
        unit_us = self.span.unit_us
        return self.within_days(days, self.span.low * unit_us, self.span.high * unit_us, u)

    def within_days(
        self, days: IntArray, low_us: int | IntArray, high_us: int | IntArray, u: FloatArray
    ) -> IntArray:
        """Return microseconds since midnight by the hour profile, inside [low_us, high_us)."""
        begins, ends = parts_of_days(low_us, high_us, days)
        low, high = by_hour(self.hours, begins), by_hour(self.hours, ends)
        hours = np.interp(low + u * (high - low), self.hours, np.arange(25.0))
        moments: IntArray = (hours * _HOUR_US).astype(np.int64)
        return moments

    def share_before(self, moments_us: IntArray) -> FloatArray:
        """Return the weight of what lies before each moment of the span, in [0, 1]."""
        days = np.clip(moments_us // DAY_US - self.first_day, 0, self.days.cumulative.size - 1)
        cumulative = self.days.cumulative
        above = cumulative[days]
        below = np.where(days > 0, cumulative[np.maximum(days - 1, 0)], 0.0)
        unit_us = self.span.unit_us
        midnight = (days + self.first_day) * DAY_US
        begins, ends = parts_of_days(
            self.span.low * unit_us, self.span.high * unit_us, days + self.first_day
        )
        low, high = by_hour(self.hours, begins), by_hour(self.hours, ends)
        here = by_hour(self.hours, np.clip(moments_us - midnight, begins, ends))
        part = np.where(high > low, (here - low) / np.where(high > low, high - low, 1.0), 0.0)
        share: FloatArray = (below + part * (above - below)) / cumulative[-1]
        return share


@dataclass(frozen=True, slots=True)
class SpanDomain:
    """Every unit of a span by rank, in ascending order."""

    span: Span
    form: Form
    fold_safe: bool = True

    @property
    def size(self) -> int:
        """How many units the span has."""
        return self.span.high - self.span.low

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the moments at ``ranks``."""
        return self.form.write((ranks + self.span.low) * self.span.unit_us)


def build(spec: DatetimeSpec, site: Site) -> Generator:
    """Return the generator.

    ``SchemaError`` when the column cannot hold a moment, ``RuleConflictError`` when start, end
    and the rules leave no moment.
    """
    form = form_of(site)
    span = span_of(spec, site, form)
    return profiled(spec, span, form) if is_shaped(spec, site) else EvenGenerator(span, form)


def is_shaped(spec: DatetimeSpec, site: Site) -> bool:
    """Tell whether some moments of the span are likelier than others."""
    by_day = spec.months or spec.weekdays or spec.growth != 1.0 or spec.holidays
    return bool(spec.hours or (by_day and not isinstance(site.column.type, TimeType)))


def domain(spec: DatetimeSpec, site: Site) -> Domain | None:
    """Return the moments of the range by rank, or None where the text form is coarser."""
    form = form_of(site)
    return SpanDomain(span_of(spec, site, form), form) if form.exact else None


def profiled(spec: DatetimeSpec, span: Span, form: Form) -> ProfiledGenerator:
    """Return the generator of a shaped spec over its span."""
    first = span.low * span.unit_us // DAY_US
    last = (span.high * span.unit_us - 1) // DAY_US
    days = np.arange(first, last + 1)
    hours = _EVEN_HOURS
    if spec.hours and sum(spec.hours):
        hours = np.concatenate([[0.0], np.cumsum(spec.hours) / sum(spec.hours)])
    begins, ends = parts_of_days(span.low * span.unit_us, span.high * span.unit_us, days)
    weights = (by_hour(hours, ends) - by_hour(hours, begins)) * _day_weights(spec, days)
    if not weights.sum():
        weights = by_hour(_EVEN_HOURS, ends) - by_hour(_EVEN_HOURS, begins)
    return ProfiledGenerator(span, form, int(first), Ladder(np.cumsum(weights)), hours)


def _day_weights(spec: DatetimeSpec, days: IntArray) -> FloatArray:
    weights = spec.growth ** np.linspace(0.0, 1.0, len(days))
    if spec.months:
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
        weights = weights * np.array(spec.months)[months]
    if spec.weekdays:
        weights = weights * np.array(spec.weekdays)[(days + 3) % 7]  # 1970-01-01: a Thursday
    if spec.holidays:
        years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        free = holidays_of(spec.holidays.country, range(int(years[0]), int(years[-1]) + 1))
        weights = np.where(np.isin(days, free), weights * spec.holidays.factor, weights)
    return weights


def parts_of_days(
    low_us: int | IntArray, high_us: int | IntArray, days: IntArray
) -> tuple[IntArray, IntArray]:
    """Return where within each day [low_us, high_us) begins and ends, in microseconds."""
    begins = np.clip(low_us - days * DAY_US, 0, DAY_US)
    ends = np.clip(high_us - days * DAY_US, 0, DAY_US)
    return begins, ends


def by_hour(hours: FloatArray, moments_us: IntArray) -> FloatArray:
    """Return the share of a day's weight before microseconds since midnight."""
    share: FloatArray = np.interp(moments_us / _HOUR_US, np.arange(25.0), hours)
    return share


def span_of(spec: DatetimeSpec, site: Site, form: Form) -> Span:
    """Return the units that start, end and the limits leave."""
    limits, unit = site.limits, form.unit_us
    lows, highs = [], []
    if limits.minimum is not None:
        least = _limit_us(limits.minimum, site)
        lows.append(least // unit + 1 if limits.minimum_open else -(-least // unit))
    if limits.maximum is not None:
        most = _limit_us(limits.maximum, site)
        highs.append(-(-most // unit) if limits.maximum_open else most // unit + 1)
    start, end = _wanted(spec, site, lows and lows[0] * unit, highs and highs[0] * unit)
    low, high = max([-(-start // unit), *lows]), min([-(-end // unit), *highs])
    if low < high:
        return Span(low, high, unit)
    path = f"tables.{site.table.name}.columns.{site.column.name}"
    found = f"no moment lies in [{spec.start or 'default'}, {spec.end or 'default'}) and the rules"
    problem = Problem(path, found, "widen start and end, or the CHECK on this column")
    raise RuleConflictError(f"{path}: start, end and rules exclude each other", [problem])


def _wanted(
    spec: DatetimeSpec, site: Site, least: int | list[int], most: int | list[int]
) -> tuple[int, int]:
    """Return the range asked for; a default range moves to where the limits are."""
    if isinstance(site.column.type, TimeType):
        start = _time_us(spec.start) if spec.start else 0
        return start, (_time_us(spec.end) if spec.end else 0) or DAY_US
    end = moment_us(spec.end) if spec.end else moment_us(site.schema.now)
    if not spec.end and spec.start:
        end = max(end, moment_us(spec.start) + DAY_US)
    if not spec.end and isinstance(most, int) and most <= (end - _DEFAULT_SPAN_US):
        end = most
    if not spec.end and isinstance(least, int) and least >= end:
        end = least + _DEFAULT_SPAN_US
    start = moment_us(spec.start) if spec.start else end - _DEFAULT_SPAN_US
    return start, end


def _limit_us(value: float | str | date, site: Site) -> int:
    try:
        return moment_us(value)
    except ValueError as error:
        path = f"tables.{site.table.name}.columns.{site.column.name}"
        problem = Problem(path, f"its rule compares it with {value!r}", "write YYYY-MM-DD hh:mm:ss")
        raise RuleConflictError(f"{path}: a rule holds no date or time", [problem]) from error


def moment_us(value: float | str | date) -> int:
    """Return a moment as microseconds since 1970, or since midnight for a time of day.

    Numbers are seconds since 1970; zoned moments are taken in UTC.
    """
    if isinstance(value, int | float):
        return round(value * SECOND_US)
    if isinstance(value, str):
        text = value.strip()
        value = _time_moment(text) if ":" in text[:3] else datetime.fromisoformat(text)
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return (value - _MOMENT_0) // timedelta(microseconds=1)


def _time_moment(text: str) -> datetime:
    return datetime.combine(_MOMENT_0.date(), time.fromisoformat(text))


def _time_us(value: datetime) -> int:
    return moment_us(value) % DAY_US
