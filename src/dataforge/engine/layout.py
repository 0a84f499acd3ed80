"""How the rows of an owned table are laid out under its parents.

In a tree, the total is split down the halves of the parents' range: at each node a keyed draw says
how many of the node's rows fall to its left half. So the parent and ordinal of any row, and the
rows of any parent, are found in O(log parents) with an exact total and no pass over the parents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dataforge.engine.permutation import Permutation
from dataforge.engine.splits import Split
from dataforge.streams import IntArray, bits

# Up to this many parents and child rows (48 MB) the whole layout is kept: looking up scattered
# rows then costs a gather instead of a descent. It is a cache only; the answers are the same.
_CACHED_ROWS = 1 << 22
_SMEARS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of the tree: parents [first, first + size) own rows [row, row + count). All int64."""

    first: IntArray
    size: IntArray
    row: IntArray
    count: IntArray

    def keep(self, mask: npt.NDArray[np.bool_]) -> Nodes:
        """Return the nodes where ``mask`` holds."""
        return Nodes(self.first[mask], self.size[mask], self.row[mask], self.count[mask])


@dataclass(frozen=True, slots=True)
class Children:
    """Where the rows of some parents stand: int64 arrays of equal length."""

    start: IntArray
    count: IntArray


@dataclass(frozen=True, slots=True)
class Position:
    """The parent row and the 0-based ordinal within it of some rows: int64 arrays."""

    parent: IntArray
    ordinal: IntArray


class Layout(Protocol):
    """Tells where the rows of an owned table stand, and where those of a parent are."""

    def locate(self, rows: IntArray) -> Position:
        """Return parent row and ordinal for any row numbers in [0, row count).

        Without any rows every position is 0: null references ask for it and drop the answer.
        """
        ...

    def children(self, parents: IntArray) -> Children:
        """Return the first row and the number of rows of each parent row."""
        ...


@dataclass(frozen=True)
class TreeLayout:
    """``row_count`` rows under ``parent_count`` parents, split by ``split``.

    ``order`` permutes tree slots to parent rows where the law favours low slots (Zipf).
    """

    key: int
    parent_count: int
    row_count: int
    split: Split
    order: Permutation | None = None

    def locate(self, rows: IntArray) -> Position:
        """Return parent row and ordinal for any row numbers in [0, row_count)."""
        if self.row_count == 0:
            return Position(np.zeros_like(rows), np.zeros_like(rows))
        is_small = max(self.row_count, self.parent_count) <= _CACHED_ROWS
        if is_small and not _is_run(rows):
            slots = self._slot_of_row[rows].astype(np.int64)
            return Position(self._parents(slots), rows - self._starts[slots])
        leaves, index = self._leaves_of(rows)
        return Position(self._parents(leaves.first)[index], rows - leaves.row[index])

    def children(self, parents: IntArray) -> Children:
        """Return the first row and the number of rows of each parent row."""
        slots = parents if self.order is None else self.order.invert(parents)
        targets, inverse = np.unique(slots, return_inverse=True)

        def holds(nodes: Nodes) -> npt.NDArray[np.bool_]:
            low = np.searchsorted(targets, nodes.first)
            return low < np.searchsorted(targets, nodes.first + nodes.size)

        leaves = self._descend(holds)
        return Children(leaves.row[inverse], leaves.count[inverse])

    def _leaves_of(self, rows: IntArray) -> tuple[Nodes, IntArray]:
        if _is_run(rows):
            start, stop = (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, 0)
            leaves = self._descend(
                lambda nodes: (
                    (nodes.count > 0) & (nodes.row < stop) & (nodes.row + nodes.count > start)
                )
            )
            shown = np.minimum(leaves.row + leaves.count, stop) - np.maximum(leaves.row, start)
            return leaves, np.repeat(np.arange(shown.size), shown)
        wanted = np.unique(rows)

        def holds(nodes: Nodes) -> npt.NDArray[np.bool_]:
            return np.searchsorted(wanted, nodes.row) < np.searchsorted(
                wanted, nodes.row + nodes.count
            )

        leaves = self._descend(holds)
        return leaves, np.searchsorted(leaves.row, rows, side="right") - 1

    def _descend(self, holds: Callable[[Nodes], npt.NDArray[np.bool_]]) -> Nodes:
        """Return, in order, the leaves (single parents) under nodes that ``holds`` keeps."""
        nodes = Nodes(
            *(np.array([v], dtype=np.int64) for v in (0, self.parent_count, 0, self.row_count))
        )
        if self.parent_count == 0:
            return nodes.keep(np.zeros(1, dtype=np.bool_))
        nodes = nodes.keep(holds(nodes))
        while nodes.size.size and int(nodes.size.max()) > 1:
            nodes = self._split(nodes)
            nodes = nodes.keep(holds(nodes))
        return nodes

    def _split(self, nodes: Nodes) -> Nodes:
        inner = nodes.size > 1
        left_size = np.where(inner, _left_half(nodes.size), 1)
        right_size = nodes.size - left_size
        # A node is known by its first parent and its size, whatever way it was reached.
        words = bits(self.key, nodes.first, 0) ^ bits(self.key + 1, nodes.size, 0)
        left = np.where(
            inner,
            self.split(nodes.first, left_size, right_size, nodes.count, words),
            nodes.count,
        )
        pairs = (
            (nodes.first, nodes.first + left_size),
            (left_size, right_size),
            (nodes.row, nodes.row + left),
            (left, nodes.count - left),
        )
        exists = np.column_stack((np.ones_like(inner), inner)).ravel()
        return Nodes(*(np.column_stack(pair).ravel()[exists] for pair in pairs))

    def _parents(self, slots: IntArray) -> IntArray:
        return slots if self.order is None else self.order.apply(slots)

    @cached_property
    def _starts(self) -> IntArray:
        return self._descend(lambda nodes: np.ones(nodes.size.size, dtype=np.bool_)).row

    @cached_property
    def _slot_of_row(self) -> npt.NDArray[np.int32]:
        counts = np.diff(self._starts, append=self.row_count)
        return np.repeat(np.arange(self.parent_count, dtype=np.int32), counts)


def _is_run(rows: IntArray) -> bool:
    if rows.size < 2:
        return True
    span = int(rows[-1]) - int(rows[0])
    return span == rows.size - 1 and bool((rows[1:] > rows[:-1]).all())


def _left_half(sizes: IntArray) -> IntArray:
    """Return the largest power of two below each size ≥ 2, so that left subtrees are perfect."""
    ones = sizes - 1
    for shift in _SMEARS:
        ones |= ones >> shift
    return (ones + 1) >> 1
