"""Which clean row stands where: duplicates among the others, and rows that come too late.

Both are functions of the position alone, in constant time: a duplicate has a place drawn in each
of equal strata, and late rows move within a block of fixed size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dataforge.engine.dirt.draws import BoolArray
from dataforge.engine.permutation import Permutation
from dataforge.streams import IntArray, below, bits, derive_key, uniform

_WINDOWS_IN_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Placed:
    """For each position of a range: its clean row, the duplicate's number or -1, and lateness."""

    source: IntArray
    duplicate: IntArray
    late: BoolArray


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of the dirty rows of a table of ``row_count`` clean ones."""

    key: int
    row_count: int
    duplicates: int = 0
    late_rate: float = 0.0
    window: int = 1

    @property
    def total(self) -> int:
        """Rows of the dirty table."""
        return self.row_count + self.duplicates

    def place(self, start: int, stop: int) -> Placed:
        """Return what stands at the positions [start, stop)."""
        if not self.late_rate:
            source, duplicate = self._laid_out(np.arange(start, stop))
            return Placed(source, duplicate, np.zeros(stop - start, dtype=np.bool_))
        block = self.window * _WINDOWS_IN_BLOCK
        first = start // block * block
        last = min(-(-stop // block) * block, self.total)
        source, duplicate = self._laid_out(np.arange(first, last))
        order = self._delayed(first, source, duplicate, block)
        source, duplicate = source[order], duplicate[order]
        late = _behind(source, duplicate < 0)
        wanted = slice(start - first, stop - first)
        return Placed(source[wanted], duplicate[wanted], late[wanted])

    def _laid_out(self, positions: IntArray) -> tuple[IntArray, IntArray]:
        """Return the clean row of each position and the number of the duplicate, if it is one.

        The positions are cut into a stratum for each duplicate, the first ones longer by one row
        where they do not divide evenly.
        """
        if not self.duplicates:
            return positions, np.full(positions.size, -1, dtype=np.int64)
        width, longer = divmod(self.total, self.duplicates)
        edge = longer * (width + 1)
        in_longer = positions < edge
        stratum = np.where(
            in_longer, positions // (width + 1), longer + (positions - edge) // width
        )
        begin = np.where(in_longer, stratum * (width + 1), edge + (stratum - longer) * width)
        drawn = bits(derive_key(self.key, "places"), stratum)
        place = begin + below(drawn, width + in_longer.astype(np.int64))
        is_duplicate = positions == place
        source = positions - stratum - (positions > place)
        original = Permutation(derive_key(self.key, "originals"), self.row_count)
        number = stratum[is_duplicate]
        source[is_duplicate] = original.apply(number % self.row_count)
        return source, np.where(is_duplicate, stratum, -1)

    def _delayed(self, first: int, source: IntArray, duplicate: IntArray, block: int) -> IntArray:
        """Return the order of the positions once late rows have come by up to ``window`` later."""
        positions = np.arange(source.size)
        late = (duplicate < 0) & (uniform(derive_key(self.key, "late"), source) < self.late_rate)
        delay = 1 + below(bits(derive_key(self.key, "delay"), source), self.window)
        # Twice the position, so that a late row fits between two that are on time.
        ends = (positions // block + 1) * block
        arrival = np.where(late, np.minimum(positions + delay, ends - 1) * 2 + 1, positions * 2)
        return np.argsort(arrival, kind="stable")


def _behind(source: IntArray, is_original: BoolArray) -> BoolArray:
    """Tell which rows come after one that stands later in the clean table."""
    reached = np.maximum.accumulate(np.where(is_original, source, -1))
    return is_original & (source < reached)
