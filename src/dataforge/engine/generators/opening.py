"""Time that only passes while something is open: ticks of opening hours, one after the other.

In open time the last moment of a day and the first of the next are one, so that intervals are laid
out as if there were no nights, and then moved off the border between two days where they fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dataforge.engine.generators.moments import Moments
from dataforge.engine.generators.temporal_forms import DAY_US
from dataforge.schema import Opening
from dataforge.streams import IntArray

_WEEK = 7
_THURSDAY = 3  # 1970 began with one
_HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Days of ``day`` ticks, open from tick ``opens`` for ``span`` ticks on some weekdays.

    ``before[d]`` counts the open weekdays before weekday d, ``open_days`` lists them. With
    ``seamless`` what ends with a day ends when the next one opens.
    """

    day: int
    opens: int
    span: int
    before: IntArray
    open_days: IntArray
    seamless: bool

    def passed(self, ticks: IntArray) -> IntArray:
        """Return how much open time has passed since 1970 at moments, int64 (n,)."""
        days, tick = np.divmod(ticks, self.day)
        week, weekday = np.divmod(days + _THURSDAY, _WEEK)
        is_open = self.before[weekday + 1] > self.before[weekday]
        full = week * self.open_days.size + self.before[weekday]
        today = np.where(is_open, np.clip(tick - self.opens, 0, self.span), 0)
        return full * self.span + today

    def moment(self, passed: IntArray) -> IntArray:
        """Return the first moment at which so much open time has passed, an opening at borders."""
        day, tick = np.divmod(passed, self.span)
        week, number = np.divmod(day, self.open_days.size)
        days = week * _WEEK + self.open_days[number] - _THURSDAY
        return days * self.day + self.opens + tick

    def closing(self, passed: IntArray) -> IntArray:
        """Return the last such moment but for a night: a closing at borders; a day for dates."""
        if self.seamless or self.day == self.span:
            return self.moment(passed)
        return self.moment(passed - 1) + 1

    def within_a_day(
        self, start: IntArray, length: IntArray, left: IntArray, right: IntArray, least: int
    ) -> tuple[IntArray, IntArray]:
        """Move intervals off the border of two days, within [left, right); shorten where they must.

        All in open time. What does not fit on either side at its ``least`` length stays over it.
        """
        if self.day == self.span:
            return start, length
        length = np.minimum(length, self.span)
        border = (start // self.span + 1) * self.span
        crosses = start + length > border
        room_after, room_before = right - border, border - left
        later = room_after >= np.minimum(length, room_before)
        room = np.where(later, room_after, room_before)
        fits = crosses & (room >= least)
        kept = np.where(fits, np.minimum(length, room), length)
        moved = np.where(later, border, border - kept)
        return np.where(fits, moved, start), kept


def open_time(opening: Opening, moments: Moments, *, seamless: bool) -> OpenTime:
    """Compile opening hours for a column; dates are open whole days."""
    flags = np.array(opening.weekdays, dtype=np.int64)
    day = DAY_US // moments.tick_us
    first, last = (round(hour * _HOUR_US) // moments.tick_us for hour in opening.hours)
    whole = day == 1
    return OpenTime(
        day=day,
        opens=0 if whole else first,
        span=1 if whole else max((last - first) // moments.step * moments.step, moments.step),
        before=np.concatenate([[0], np.cumsum(flags)]),
        open_days=np.flatnonzero(flags),
        seamless=seamless,
    )
