"""Intervals of one owner that do not overlap: bookings, shifts, leases, prices and their validity.

Everything is counted in steps of the column (a day, a second) from the beginning of the owner's
window. Spread intervals stand in cells whose borders are an even grid with jitter, so that a row
needs no other; intervals that follow each other add up what came before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.extents import Measure
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.kin import FamilyScan, Kin, compressed, uniform
from dataforge.engine.generators.moments import Moments
from dataforge.engine.generators.opening import OpenTime
from dataforge.engine.nulls import BoolArray, with_nulls
from dataforge.streams import FloatArray, IntArray

_JITTER = 0.9


@dataclass(frozen=True, slots=True)
class Window:
    """Where an owner's intervals may lie: a column of the owner, or else a fixed tick."""

    after: str | None
    start: int
    before: str | None
    end: int

    def of(self, frame: Frame, owner: int, moments: Moments) -> tuple[IntArray, IntArray]:
        """Return the window of each row's owner in ticks."""
        low = np.full(frame.rows.size, self.start)
        high = np.full(frame.rows.size, self.end)
        if self.after is not None:
            low = moments.of_owner(frame, owner, self.after)
        if self.before is not None:
            ticks, absent = moments.ticks(frame.parent_column(owner, self.before))
            high = np.where(absent, high, ticks)
        return low, high


@dataclass(frozen=True, slots=True)
class Bounds:
    """Begin and end of each row's interval in ticks, and whether it is its owner's last."""

    start: IntArray
    end: IntArray
    last: BoolArray


@dataclass(frozen=True)
class Intervals:
    """The intervals of a table; ``length`` of None fills the cells, ``gap`` of None spreads."""

    name: str
    moments: Moments
    window: Window
    owner: int
    length: Measure | None
    gap: Measure | None
    apart: int
    opening: OpenTime | None = None

    def bounds(self, frame: Frame) -> Bounds:
        """Return the intervals of a frame's rows."""
        return frame.shared(f"{self.name}/intervals", self._bounds)

    def _bounds(self, frame: Frame) -> Bounds:
        position = frame.position()
        count = frame.table.owner_layout.children(position.parent).count
        low, high = self._window(frame)
        slack = np.maximum(high - low - count * self._least, 0)
        if self.gap is None:
            start, end = self._spread(frame, position.ordinal, count, slack, low)
        else:
            start, end = self._in_turn(frame, position.ordinal, count, slack)
        start, end = low + start, low + end
        if self.opening is not None:
            start, end = self.opening.moment(start), self.opening.closing(end)
        return Bounds(start, end, position.ordinal == count - 1)

    def _window(self, frame: Frame) -> tuple[IntArray, IntArray]:
        """Return each row's window, in open time where there is an opening."""
        low, high = self.window.of(frame, self.owner, self.moments)
        if self.opening is None:
            return low, high
        step = self.moments.step
        return -(-self.opening.passed(low) // step) * step, self.opening.passed(high)

    @property
    def _least(self) -> int:
        """The ticks that every interval takes up at the least, with its gap."""
        length = self.moments.step if self.length is None else self.length.least
        gap = 0 if self.gap is None else self.gap.least
        return max(length, self.moments.step) + max(gap, self.apart)

    def _spread(
        self, frame: Frame, ordinal: IntArray, count: IntArray, slack: IntArray, low: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Put each interval at random into a cell of its own, counted from ``low``."""
        step = self.moments.step
        near = uniform(frame, f"{self.name}/cell")
        far = uniform(frame, f"{self.name}/cell", ahead=1)
        left = ordinal * self._least + self._border(ordinal, count, near, slack)
        right = (ordinal + 1) * self._least + self._border(ordinal + 1, count, far, slack)
        if self.length is None:
            return left, right - self.apart
        usable = right - left - self.apart
        length = np.minimum(self.length.draw(uniform(frame, f"{self.name}/length")), usable)
        length = np.maximum(length // step * step, step)
        room = (usable - length) // step + 1
        start = left + (uniform(frame, f"{self.name}/place") * room).astype(np.int64) * step
        if self.opening is not None:
            start, length = self.opening.within_a_day(
                low + start, length, low + left, low + right - self.apart, self._length_least
            )
            start = start - low
        return start, start + length

    def _border(
        self, number: IntArray, count: IntArray, unit: FloatArray, slack: IntArray
    ) -> IntArray:
        """Return how much of the slack lies before a cell: the grid's share, but for its ends."""
        inner = (number > 0) & (number < count)
        share = (number + np.where(inner, (unit - 0.5) * _JITTER, 0.0)) / count
        return (slack * share).astype(np.int64) // self.moments.step * self.moments.step

    def _in_turn(
        self, frame: Frame, ordinal: IntArray, count: IntArray, slack: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Let each interval follow the one before; what is above the least is compressed."""
        step = self.moments.step
        ends = self._scan.values(frame)
        lengths = self._extra(frame)[1]
        begin = compressed(ends - lengths, slack) // step * step
        end = compressed(ends, slack) // step * step
        least = ordinal * self._least
        gap = self._least - self._length_least
        start = least + gap + begin
        return start, least + gap + self._length_least + end

    @property
    def _length_least(self) -> int:
        assert self.length is not None  # noqa: S101 - validated with the schema
        return max(self.length.least, self.moments.step)

    def _extra(self, frame: Frame) -> tuple[IntArray, IntArray]:
        """Return by how much each gap and each length is above its least."""
        assert self.length is not None  # noqa: S101 - validated with the schema
        assert self.gap is not None  # noqa: S101 - only asked for intervals in turn
        gaps = self.gap.draw(uniform(frame, f"{self.name}/gap"))
        lengths = self.length.draw(uniform(frame, f"{self.name}/length"))
        gap_least = self._least - self._length_least
        return np.maximum(gaps - gap_least, 0), np.maximum(lengths - self._length_least, 0)

    @cached_property
    def _scan(self) -> FamilyScan:
        return FamilyScan(self._follow)

    def _follow(self, kin: Kin) -> IntArray:
        gaps, lengths = self._extra(kin.frame)
        ticks = gaps + lengths
        ticks[kin.resumes] = kin.known[kin.resumes]
        return kin.totals(ticks)


@dataclass(frozen=True)
class IntervalStart:
    """Where a row's interval begins."""

    intervals: Intervals
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Write the beginnings."""
        bounds = self.intervals.bounds(frame_of(cells))
        return self.intervals.moments.write(bounds.start)


@dataclass(frozen=True)
class IntervalEnd:
    """Where a row's interval ends."""

    intervals: Intervals
    moments: Moments
    open_ended: bool
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Write the ends; an open one is null."""
        bounds = self.intervals.bounds(frame_of(cells))
        ends = self.moments.write(bounds.end)
        return with_nulls(ends, bounds.last) if self.open_ended else ends
