"""Values that follow from the sibling before: one number a row, carried along each family.

A family is made from its first row to the last one asked for, a block at a time, so that it may be
far larger than a batch; inside a block all families advance together, in as many rounds as the
longest has doublings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from dataforge import streams
from dataforge.engine.frames import Frame
from dataforge.engine.layout import Children
from dataforge.engine.nulls import BoolArray
from dataforge.streams import FloatArray, IntArray

_BLOCK_ROWS = 1 << 18
_BENT = 0.75


@dataclass(frozen=True, slots=True)
class Kin:
    """Consecutive rows of some families: int64 arrays, shape (n,).

    ``ordinal`` counts a row in its family of ``count`` rows, ``within`` in what the block has of
    it. Where ``within`` is 0 but ``ordinal`` is not, ``known`` is the value of that very row.
    """

    frame: Frame
    ordinal: IntArray
    count: IntArray
    within: IntArray
    known: IntArray

    @property
    def opens(self) -> BoolArray:
        """Whether a row is the first of its family."""
        mask: BoolArray = self.ordinal == 0
        return mask

    @property
    def resumes(self) -> BoolArray:
        """Whether a row's value is known."""
        mask: BoolArray = (self.within == 0) & (self.ordinal > 0)
        return mask

    def totals(self, amounts: IntArray) -> IntArray:
        """Return the sums of ``amounts`` so far; those of first and known rows begin them."""
        sums = np.cumsum(amounts)
        starts = np.flatnonzero(self.within == 0)
        sizes = np.diff(starts, append=amounts.size)
        totals: IntArray = sums - np.repeat(sums[starts] - amounts[starts], sizes)
        return totals

    def doubled(self, join: Callable[[IntArray, IntArray], None]) -> None:
        """Call ``join(rows, earlier)`` for distances 1, 2, 4, … within families.

        ``join`` replaces what it holds of each row by that of the earlier and the row in turn;
        after the last call every row holds what comes of all rows since the block's first.
        """
        distance = 1
        longest = int(self.within.max(initial=0))
        while distance <= longest:
            rows = np.flatnonzero(self.within >= distance)
            join(rows, rows - distance)
            distance *= 2


Follow = Callable[[Kin], IntArray]


@dataclass(frozen=True, slots=True)
class FamilyScan:
    """The values that ``follow`` gives to the rows of a block, for any rows of a frame.

    ``_reached`` keeps the place and value at which the last batch ended, so that a long family
    made batch by batch is gone through once. It is a cache only; the answers are the same.
    """

    follow: Follow
    _reached: dict[int, tuple[int, int]] = field(default_factory=dict, compare=False)

    def values(self, frame: Frame) -> IntArray:
        """Return a value for every row of the frame."""
        position = frame.position()
        if not position.parent.size:
            return np.zeros(0, dtype=np.int64)
        parents, which = np.unique(position.parent, return_inverse=True)
        families = frame.table.owner_layout.children(parents)
        last = np.zeros(parents.size, dtype=np.int64)
        np.maximum.at(last, which, position.ordinal)
        skipped, known = self._resumed(parents, which, position.ordinal)
        first = np.cumsum(last + 1 - skipped) - (last + 1 - skipped)
        place = first[which] + position.ordinal - skipped[which]
        found = np.zeros(place.size, dtype=np.int64)
        for start, kin in _blocks(frame, families, skipped, last, known):
            values = self.follow(kin)
            inside = (place >= start) & (place < start + values.size)
            found[inside] = values[place[inside] - start]
            known[-1] = values[-1]
        self._reached.clear()
        self._reached[int(position.parent[-1])] = (int(position.ordinal[-1]), int(found[-1]))
        return found

    def _resumed(
        self, parents: IntArray, which: IntArray, ordinals: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Return the ordinal that each family begins with, and the value known of it."""
        skipped = np.zeros(parents.size, dtype=np.int64)
        known = np.zeros(parents.size + 1, dtype=np.int64)
        for parent, (reached, value) in self._reached.items():
            family = int(np.searchsorted(parents, parent))
            if family == parents.size or parents[family] != parent:
                continue
            if ordinals[which == family].min() >= reached:
                skipped[family], known[family] = reached, value
        return skipped, known


def _blocks(
    frame: Frame, families: Children, skipped: IntArray, last: IntArray, known: IntArray
) -> Iterator[tuple[int, Kin]]:
    """Yield (place of the first row, rows) block by block; the rows after ``known`` of each family.

    A block begins with the last row of the one before, whose value then stands in ``known[-1]``.
    """
    sizes = last + 1 - skipped
    ends = np.cumsum(sizes)
    total, start = int(ends[-1]), 0
    while True:
        places = np.arange(start, min(start + _BLOCK_ROWS, total))
        family = np.searchsorted(ends, places, side="right")
        ordinal = skipped[family] + places - (ends - sizes)[family]
        first = np.flatnonzero(np.diff(family, prepend=-1))
        within = places - np.repeat(places[first], np.diff(first, append=places.size))
        begun = known[family]
        if start:
            begun[0] = known[-1]
        rows = families.start[family] + ordinal
        whole = frame if np.array_equal(rows, frame.rows) else frame.at(rows)
        yield start, Kin(whole, ordinal, families.count[family], within, begun)
        if places[-1] + 1 >= total:
            return
        start = int(places[-1])


def uniform(frame: Frame, purpose: str, ahead: int = 0) -> FloatArray:
    """Return a float64 in [0, 1) a row, the same for every column that names the purpose.

    With ``ahead`` the draws are those of the row so many rows further on.
    """
    return streams.uniform(frame.table.key_for(purpose), frame.rows + ahead)


def compressed(lengths: IntArray, room: IntArray) -> IntArray:
    """Return ``lengths`` brought below ``room``: int64, never descending in the lengths.

    Lengths up to three quarters of the room stay; longer ones approach it along a hyperbola that
    leaves the straight line smoothly. Without room everything is 0.
    """
    room = np.maximum(room, 0)
    straight = room * _BENT
    if not (lengths > straight).any():
        return lengths
    rest = np.maximum(room - straight, 1e-9)
    beyond = np.maximum(lengths - straight, 0.0)
    bent: FloatArray = np.maximum(room - rest * rest / (rest + beyond), 0.0)
    return np.where(lengths > straight, np.floor(bent), lengths).astype(np.int64)
