"""Trees with a span of control: level by level, each row with about as many rows below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataforge import streams
from dataforge.schema import FixedLaw, ForeignKey, RangeLaw
from dataforge.streams import IntArray, below

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame

_MOST_ROWS = 1 << 62


@dataclass(frozen=True, slots=True)
class Span:
    """``roots`` rows without a parent, then ``mean`` children a row, give or take ``spread``.

    The tree is filled level by level, at most ``levels`` of them: rows that have children have
    ``mean - spread`` to ``mean + spread``, but for the one that the table's last row falls to.
    """

    roots: int
    mean: int
    spread: int
    levels: int

    @property
    def capacity(self) -> int:
        """How many rows the tree can have."""
        return sum(self.sizes())

    def sizes(self) -> Iterator[int]:
        """Yield the size of each level, until they hold more than any table."""
        size, total = self.roots, 0
        for _ in range(self.levels):
            yield min(size, _MOST_ROWS - total)
            total += size
            if total >= _MOST_ROWS:
                return
            size *= self.mean


def span_of(key: ForeignKey) -> Span | None:
    """Return the span that the law of a self-reference asks for; None for other laws."""
    match key.law:
        case FixedLaw(count=low) | RangeLaw(minimum=low):
            high = key.law.maximum if isinstance(key.law, RangeLaw) else low
        case _:
            return None
    mean = max((low + high) // 2, 1)
    return Span(key.roots, mean, max(min(high - mean, mean - low), 0), key.max_depth)


@dataclass(frozen=True, slots=True)
class SpanPicker:
    """The row's parent, from its number alone.

    The children of row k of a level begin at k times the mean plus a draw from 0 to the spread,
    but for the first, whose begin at 0, and where the next level ends.
    """

    key: int
    span: Span
    roots_self: bool

    def pick(self, frame: Frame) -> IntArray:
        """Return the parent above, -1 or the row itself for roots."""
        rows = frame.rows
        starts = np.cumsum([0, *self.span.sizes()])
        level = np.searchsorted(starts, rows, side="right") - 1
        above = np.maximum(level - 1, 0)
        place = rows - starts[level]
        width = starts[above + 1] - starts[above]
        number = np.minimum(place // self.span.mean, width - 1)
        number -= place < self._first(starts[above], number, width)
        parents = starts[above] + number
        return np.where(level == 0, rows if self.roots_self else -1, parents)

    def _first(self, start: IntArray, number: IntArray, width: IntArray) -> IntArray:
        """Return the place in the level below at which a row's children begin."""
        words = streams.bits(self.key, start + number)
        inner = (number > 0) & (number < width)
        return number * self.span.mean + np.where(inner, below(words, self.span.spread + 1), 0)
