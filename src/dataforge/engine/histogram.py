"""Rows under parents whose child counts follow an observed histogram, to the last parent.

How many parents have how many children is settled once; the parents are then cut into blocks that
each hold their share of every count, shuffled inside the block. Where a block begins is a closed
form, so any row or parent is found by making its own block alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dataforge.engine.layout import Children, Position
from dataforge.streams import FloatArray, IntArray, below, bits

_BLOCK_PARENTS = 16
_MOST_BLOCKS = (1 << 31) - 1  # their square fits 63 bits
_TILTS = 200  # bisection steps; float64 is exhausted after about 60
_STEEPEST = 700.0  # exp of more leaves float64


@dataclass(frozen=True, slots=True)
class Histogram:
    """``parents[i]`` parents have ``sizes[i]`` children each; int64 (k,), sizes ascending."""

    sizes: IntArray
    parents: IntArray


@dataclass(frozen=True, slots=True)
class _Leaves:
    """The parents of some blocks in order: blocks' first places, and each one's row and count."""

    offset: IntArray
    row: IntArray
    count: IntArray


@dataclass(frozen=True)
class HistogramLayout:
    """Children in numbers that follow ``histogram`` exactly, mixed over all parents."""

    key: int
    histogram: Histogram

    def locate(self, rows: IntArray) -> Position:
        """Return parent row and ordinal for any row numbers in [0, row count)."""
        if not self._row_count:
            return Position(np.zeros_like(rows), np.zeros_like(rows))
        block = self._block_of(rows, self._rows_before, self._row_count, self._row_slack)
        blocks, at = np.unique(block, return_inverse=True)
        leaves = self._leaves(blocks)
        # A childless parent begins where its successor does: the last to begin there has the row.
        place = np.searchsorted(leaves.row, rows, side="right") - 1
        parent = self._parents_before(blocks)[at] + place - leaves.offset[at]
        return Position(parent, rows - leaves.row[place])

    def children(self, parents: IntArray) -> Children:
        """Return the first row and the number of rows of each parent row."""
        slack = len(self.histogram.sizes)
        block = self._block_of(parents, self._parents_before, self._parent_count, slack)
        blocks, at = np.unique(block, return_inverse=True)
        leaves = self._leaves(blocks)
        place = leaves.offset[at] + parents - self._parents_before(blocks)[at]
        return Children(leaves.row[place], leaves.count[place])

    @cached_property
    def _parent_count(self) -> int:
        return int(self.histogram.parents.sum())

    @cached_property
    def _row_count(self) -> int:
        return int((self.histogram.parents * self.histogram.sizes).sum())

    @cached_property
    def _row_slack(self) -> int:
        """How far a block's first row may be from its even share: one parent of each count."""
        return int(self.histogram.sizes.sum())

    @cached_property
    def _blocks(self) -> int:
        block_parents = max(_BLOCK_PARENTS, 2 * len(self.histogram.sizes))
        return min(-(-self._parent_count // block_parents), _MOST_BLOCKS)

    @cached_property
    def _phases(self) -> IntArray:
        """Where in a block's turn each count begins: else all rare ones would fall together."""
        return below(bits(self.key + 1, self.histogram.sizes), self._blocks)

    def _before(self, blocks: IntArray) -> IntArray:
        """Count the parents of each size in the blocks before each: int64, shape (n, k)."""
        whole, rest = np.divmod(self.histogram.parents, self._blocks)
        turns = blocks[:, None]
        before: IntArray = turns * whole + (turns * rest + self._phases) // self._blocks
        return before

    def _rows_before(self, blocks: IntArray) -> IntArray:
        before: IntArray = self._before(blocks) @ self.histogram.sizes
        return before

    def _parents_before(self, blocks: IntArray) -> IntArray:
        before: IntArray = self._before(blocks).sum(axis=1)
        return before

    def _block_of(
        self,
        numbers: IntArray,
        begins: Callable[[IntArray], IntArray],
        total: int,
        slack: int,
    ) -> IntArray:
        """Return the last block that begins at or before each number, by bisection.

        Blocks begin within ``slack`` of their even share of ``total``, which bounds the search.
        """
        share = self._blocks / total
        low = np.floor((numbers - slack) * share).astype(np.int64) - 2
        high = np.ceil((numbers + slack) * share).astype(np.int64) + 2
        low, high = np.clip(low, 0, self._blocks - 1), np.clip(high, 1, self._blocks)
        while (high - low > 1).any():
            middle = (low + high) // 2
            begun = begins(middle) <= numbers
            low, high = np.where(begun, middle, low), np.where(begun, high, middle)
        found: IntArray = low
        return found

    def _leaves(self, blocks: IntArray) -> _Leaves:
        held = self._before(blocks + 1) - self._before(blocks)
        parents = held.sum(axis=1)
        offset = np.cumsum(parents) - parents
        block = np.repeat(np.arange(len(blocks)), parents)
        place = np.arange(len(block)) - offset[block]
        words = bits(self.key, self._parents_before(blocks)[block] + place)
        sizes = np.repeat(np.tile(self.histogram.sizes, len(blocks)), held.ravel())
        count = sizes[np.lexsort((words, block))]
        ends = np.cumsum(count)
        rows = held @ self.histogram.sizes
        start = self._rows_before(blocks) - (np.cumsum(rows) - rows)
        return _Leaves(offset, ends - count + start[block], count)


def fit(weights: tuple[float, ...], parents: int, rows: int, most: int) -> Histogram:
    """Return the histogram nearest to ``weights`` in which ``parents`` have ``rows`` children.

    ``weights[k]`` is the share of parents with k children; counts above ``most`` are cut to it.
    Another mean than the weights' own tilts them exponentially, which changes the shape least
    (the I-projection of Csiszár, 1975). Where the observed counts cannot add up to ``rows``, one
    parent gets a count between two of them.
    """
    shares: dict[int, float] = {}
    for k, weight in enumerate(weights):
        if weight > 0:
            shares[min(k, most)] = shares.get(min(k, most), 0.0) + weight
    sizes = np.array(sorted(shares), dtype=np.int64)
    share = np.array([shares[int(k)] for k in sizes])
    counts = _rounded(_tilted(sizes, share / share.sum(), rows / max(parents, 1)), parents)
    missing = rows - int(counts @ sizes)
    if missing < 0:  # the mirror image lacks as many as this has too many
        top = int(sizes[-1])
        found = _raised(top - sizes[::-1], counts[::-1], -missing)
        return Histogram(top - found.sizes[::-1], found.parents[::-1])
    return _raised(sizes, counts, missing)


def _tilted(sizes: IntArray, share: FloatArray, mean: float) -> FloatArray:
    """Return ``share`` times exp(t · size), normed, with t such that the mean is ``mean``."""
    span = max(float(sizes[-1] - sizes[0]), 1.0)
    above = (sizes - sizes[0]) / span
    low, high = -_STEEPEST, _STEEPEST
    tilted = share
    for _ in range(_TILTS):
        tilt = (low + high) / 2
        weights = np.log(share) + tilt * above
        tilted = np.exp(weights - weights.max())
        tilted /= tilted.sum()
        low, high = (tilt, high) if tilted @ sizes < mean else (low, tilt)
    return tilted


def _rounded(share: FloatArray, total: int) -> IntArray:
    """Return whole numbers that add up to ``total``, by largest remainders."""
    exact = share * total
    counts = np.floor(exact).astype(np.int64)
    missing = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts


def _raised(sizes: IntArray, counts: IntArray, missing: int) -> Histogram:
    """Move parents to higher counts until their children are ``missing`` more."""
    counts = counts.copy()
    steps = np.diff(sizes)
    for at in np.argsort(-steps, kind="stable"):
        moved = min(int(counts[at]), missing // int(steps[at]))
        counts[at] -= moved
        counts[at + 1] += moved
        missing -= moved * int(steps[at])
    if not missing:
        return Histogram(sizes, counts)
    if not (counts > 0).any() or int(sizes[counts > 0][0]) + missing > sizes[-1]:
        return _raised(sizes, counts, missing)
    at = np.flatnonzero((counts > 0) & (sizes + missing <= sizes[-1]))[-1]
    counts[at] -= 1
    place = int(np.searchsorted(sizes, sizes[at] + missing))
    between = sizes[at] + missing
    return Histogram(np.insert(sizes, place, between), np.insert(counts, place, 1))
