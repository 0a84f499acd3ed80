"""How a row finds the parent rows that its foreign keys point to, and ranks for keyed columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from dataforge import streams
from dataforge.engine.matching import MatchedPairs
from dataforge.engine.permutation import Permutation, spread_within
from dataforge.streams import IntArray, below

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame
    from dataforge.engine.redraw import RedrawGroup


class Ranks(Protocol):
    """Gives each row of a frame a rank in [0, size)."""

    def ranks(self, frame: Frame) -> IntArray:
        """Return int64 ranks, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class PermutedRows:
    """Distinct ranks: a permutation of the row numbers, block by block of its size.

    Rows past the first block repeat ranks; callers with a bounded capacity never ask for them.
    """

    permutation: Permutation

    def ranks(self, frame: Frame) -> IntArray:
        """Permute the row numbers."""
        size = self.permutation.size
        inside = frame.rows if size > frame.table.row_count else frame.rows % size
        return self.permutation.apply(inside)


@dataclass(frozen=True, slots=True)
class ProductPart:
    """One digit of a permuted row number: parts of one product are together distinct.

    A permutation is laid over the digit, so that a digit cut short still roams its whole size.
    """

    product: Permutation
    divisor: int
    size: int
    shuffle: Permutation | None = None

    def ranks(self, frame: Frame) -> IntArray:
        """Return this part's digit of the permuted row number."""
        digit = (self.product.apply(frame.rows) // self.divisor) % self.size
        return digit if self.shuffle is None else self.shuffle.apply(digit)


@dataclass(frozen=True, slots=True)
class OwnedPart:
    """Like ``ProductPart`` but distinct within each owning parent only."""

    key: int
    product: int
    divisor: int
    size: int
    shuffle: Permutation | None = None

    def ranks(self, frame: Frame) -> IntArray:
        """Spread the ordinals within each parent over the product."""
        position = frame.position()
        group = streams.bits(self.key, position.parent)
        digit = (spread_within(group, position.ordinal, self.product) // self.divisor) % self.size
        return digit if self.shuffle is None else self.shuffle.apply(digit)


@dataclass(frozen=True, slots=True)
class OwnerRank:
    """The owning parent's row number."""

    def ranks(self, frame: Frame) -> IntArray:
        """Return each row's owning parent."""
        return frame.position().parent


@dataclass(frozen=True, slots=True)
class OffDiagonal:
    """The second of two ranks over the same parents, never equal to the first."""

    first: Ranks
    second: Ranks

    def ranks(self, frame: Frame) -> IntArray:
        """Skip over the first rank."""
        other = self.second.ranks(frame)
        return other + (other >= self.first.ranks(frame))


@dataclass(frozen=True, slots=True)
class OrderedSide:
    """One of two rows of the same parent, the first always before the second.

    ``pairs`` ranks the n (n - 1) / 2 pairs of n parent rows as a triangle, row by row.
    """

    pairs: Ranks
    later: bool

    def ranks(self, frame: Frame) -> IntArray:
        """Find the triangle's row (the later one) or the place in it (the earlier one)."""
        rank = self.pairs.ranks(frame)
        row = ((1 + np.sqrt(1 + 8 * rank.astype(np.float64))) / 2).astype(np.int64)
        # The square root may be off by one where rounding meets a whole number.
        row -= row * (row - 1) // 2 > rank
        row += row * (row + 1) // 2 <= rank
        return row if self.later else rank - row * (row - 1) // 2


@dataclass(frozen=True, slots=True)
class PairSide:
    """One of two rows, of different parents, that agree in some columns."""

    pairs: MatchedPairs
    source: Ranks
    second: bool

    def ranks(self, frame: Frame) -> IntArray:
        """Return the row of this side of each row's pair."""
        return self.pairs.rows(self.source.ranks(frame), second=self.second)


@dataclass(frozen=True, slots=True)
class RankPicker:
    """A parent row by rank: one to one, or one side of a junction."""

    source: Ranks

    def pick(self, frame: Frame) -> IntArray:
        """Take the rank as the parent's row number."""
        return self.source.ranks(frame)


@dataclass(frozen=True, slots=True)
class OwnerPicker:
    """The parent that the table's layout says."""

    def pick(self, frame: Frame) -> IntArray:
        """Return each row's owning parent."""
        return frame.position().parent


@dataclass(frozen=True, slots=True)
class DrawnPicker:
    """A parent drawn with weight falling as rank ** -exponent, ranks permuted over the parents.

    Exponent 0 draws uniformly. The quantile function is that of the continuous power law on
    [0, parents); exponents of 1 and above start at half a rank to stay integrable.
    """

    key: int
    parent_count: int
    exponent: float
    order: Permutation
    group: RedrawGroup | None = None

    def pick(self, frame: Frame) -> IntArray:
        """Draw a parent a row."""
        words = streams.bits(self.key, frame.rows, frame.draw_of(self.group))
        if self.exponent == 0:
            return below(words, self.parent_count)
        unit = streams.to_unit(words)
        return self.order.apply(_power_ranks(unit, self.parent_count, self.exponent))


@dataclass(frozen=True, slots=True)
class RecencyPicker:
    """A parent drawn by its age, which is counted in rows from the last.

    Without an exponent ages are exponential, cut at the oldest parent, and halve in weight every
    ``half_life`` of the parents; with one the weight of rank k is k ** -exponent.
    """

    key: int
    parent_count: int
    half_life: float
    exponent: float | None
    group: RedrawGroup | None = None

    def pick(self, frame: Frame) -> IntArray:
        """Draw a parent a row."""
        unit = streams.to_unit(streams.bits(self.key, frame.rows, frame.draw_of(self.group)))
        if self.exponent is not None:
            ages = _power_ranks(unit, self.parent_count, self.exponent)
        else:
            oldest = -np.expm1(-np.log(2) / self.half_life)
            share = -self.half_life / np.log(2) * np.log1p(-unit * oldest)
            ages = np.minimum((share * self.parent_count).astype(np.int64), self.parent_count - 1)
        return self.parent_count - 1 - ages


@dataclass(frozen=True, slots=True)
class EvenPicker:
    """Every parent once in each block of as many rows as there are parents."""

    key: int
    parent_count: int
    group: RedrawGroup | None = None

    def pick(self, frame: Frame) -> IntArray:
        """Spread each block's rows over the parents, another way in each block and draw."""
        draw = frame.draw_of(self.group)
        block, place = np.divmod(frame.rows, self.parent_count)
        return spread_within(streams.bits(self.key, block, draw), place, self.parent_count)


_ROOTS = 2
_BRANCHES = 8
_MOST_LEVELS = 15  # 2 * 8**14 rows: more than a table can have


@dataclass(frozen=True, slots=True)
class ForestPicker:
    """A parent of the same table, from the level above: levels of 2, 16, 128, … rows.

    A row's level follows from its number alone; the last of ``max_depth`` levels has all the
    rest. Further rows are roots with probability ``root_share``. Roots give -1, or themselves
    where ``roots_self`` says that the column cannot be null. With ``in_family`` every owning
    parent's rows are a forest of their own, levels counted by the ordinal.
    """

    key: int
    root_share: float
    max_depth: int
    roots_self: bool
    group: RedrawGroup | None = None
    in_family: bool = False

    def pick(self, frame: Frame) -> IntArray:
        """Draw a row of the level above."""
        rows = frame.rows
        words = streams.bits(self.key, rows, frame.draw_of(self.group))
        places = frame.position().ordinal if self.in_family else rows
        starts = self._level_starts()
        level = np.searchsorted(starts, places, side="right") - 1
        above = np.maximum(level - 1, 0)
        span = starts[np.minimum(above + 1, starts.size - 1)] - starts[above]
        parents = rows - places + starts[above] + below(words, np.maximum(span, 1))
        is_root = (level == 0) | (streams.uniform(self.key + 1, rows) < self.root_share)
        return np.where(is_root, rows if self.roots_self else -1, parents)

    def _level_starts(self) -> IntArray:
        depth = min(self.max_depth, _MOST_LEVELS)
        sizes = [_ROOTS * _BRANCHES**level for level in range(depth - 1)]
        return np.cumsum([0, *sizes])


@dataclass(frozen=True, slots=True)
class ChainPicker:
    """The row before: a self-reference that must also be unique."""

    roots_self: bool

    def pick(self, frame: Frame) -> IntArray:
        """Return the row before; row 0 is the root."""
        root = 0 if self.roots_self else -1
        return np.where(frame.rows == 0, root, frame.rows - 1)


_NEARLY = 1e-6  # nearer to 1 the powers lose their digits to cancellation


def _power_ranks(unit: streams.FloatArray, count: int, exponent: float) -> IntArray:
    """Return ranks in [0, count) whose weight falls as rank ** -exponent, which is above 0."""
    if exponent < 1 - _NEARLY:
        place = count * unit ** (1 / (1 - exponent))
    else:
        place = _power_quantile(unit, count, exponent)
    return np.minimum(place.astype(np.int64), count - 1)


def _power_quantile(unit: streams.FloatArray, count: int, exponent: float) -> streams.FloatArray:
    low, high = 0.5, count + 0.5
    if abs(exponent - 1) < _NEARLY:
        return low * (high / low) ** unit - low
    power = 1 - exponent
    place: streams.FloatArray = low**power + unit * (high**power - low**power)
    return place ** (1 / power) - low


@dataclass(frozen=True, slots=True)
class NowherePicker:
    """No parent at all: the parent table has no rows."""

    def pick(self, frame: Frame) -> IntArray:
        """Return -1 for every row."""
        return np.full(frame.rows.size, -1, dtype=np.int64)
