"""The moments of a series: a regular grid, over all days, business days or business hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.series.draws import address, draws_of, steps_of
from dataforge.engine.generators.temporal_forms import DAY_US, SECOND_US, Form, form_of
from dataforge.schema import TimestepSpec
from dataforge.schema.specs.series import Per
from dataforge.streams import IntArray

Moments = Callable[[IntArray], IntArray]
UNIT_US = {
    "second": SECOND_US,
    "minute": 60 * SECOND_US,
    "hour": 3600 * SECOND_US,
    "day": DAY_US,
    "week": 7 * DAY_US,
    "month": 28 * DAY_US,  # the shortest, so that jitter never disorders
}


@dataclass(frozen=True, slots=True)
class Timesteps:
    """``moments`` of the steps, in microseconds, each late by less than ``late_us``."""

    moments: Moments
    late_us: int
    form: Form
    per: Per | None
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one moment a row."""
        draws = draws_of(cells)
        steps = steps_of(draws.frame, cells.rows, self.per)
        moments = self.moments(steps.index)
        if self.late_us:
            late = draws.uniform("jitter", address(steps.series, steps.index)) * self.late_us
            moments = moments + late.astype(np.int64)
        unit = self.form.unit_us
        return self.form.write(moments - moments % unit)


def build(spec: TimestepSpec, site: Site) -> Generator:
    """Build the generator of a series' moments."""
    late = int(spec.jitter * spec.every * UNIT_US[spec.unit])
    return Timesteps(moments_of(spec, site.schema.now), late, form_of(site), spec.per)


def moments_of(spec: TimestepSpec, now: datetime) -> Moments:
    """Return the moments, in microseconds since 1970, as a function of the step."""
    start = spec.start or datetime(now.year - 2, 1, 1)  # noqa: DTZ001  - wall-clock time
    origin = int(np.datetime64(start.replace(tzinfo=None), "us").astype(np.int64))
    step = spec.every * UNIT_US[spec.unit]
    if spec.calendar == "business_days":
        return _business(spec, origin, spec.every)
    if spec.calendar == "business_hours":
        return _hours(spec, origin, step)
    if spec.unit == "month":
        return _monthly(origin, spec.every)
    return lambda index: origin + index * step


def business_days(origin: int, holidays: tuple[object, ...]) -> Moments:
    """Return the business days from the day of ``origin`` (microseconds) on."""
    first = np.datetime64(origin // DAY_US, "D")
    free = np.array([str(day) for day in holidays], dtype="datetime64[D]")

    def days(index: IntArray) -> IntArray:
        found = np.busday_offset(first, index, roll="forward", holidays=free)
        moments: IntArray = found.astype(np.int64) * DAY_US
        return moments

    return days


def _business(spec: TimestepSpec, origin: int, every: int) -> Moments:
    days, within = business_days(origin, spec.holidays), origin % DAY_US
    return lambda index: days(index * every) + within


def _hours(spec: TimestepSpec, origin: int, step: int) -> Moments:
    """Fill each business day from opening on with as many steps as end before it closes."""
    day = business_days(origin, spec.holidays)
    hour = 3600 * SECOND_US
    count = max((spec.closes - spec.opens) * hour // step, 1)

    def open_at(index: IntArray) -> IntArray:
        days, place = np.divmod(index, count)
        moments: IntArray = day(days) + (spec.opens * hour + place * step)
        return moments

    return open_at


def _monthly(origin: int, every: int) -> Moments:
    """Return the same day of each month, the last where a month is shorter."""
    first_day, within = divmod(origin, DAY_US)
    first = np.datetime64(first_day, "D")
    month = first.astype("datetime64[M]")
    day = (first - month).astype(np.int64)

    def moments(index: IntArray) -> IntArray:
        months = month + index * every
        starts = months.astype("datetime64[D]").astype(np.int64)
        last = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
        days: IntArray = np.minimum(starts + day, last)
        return days * DAY_US + within

    return moments
