"""Strings as one flat array of code points, so that edits of many strings are array operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.dirt.draws import BoolArray
from dataforge.streams import BitArray, IntArray, below

Points = npt.NDArray[np.uint32]

_BASIC_PLANE = 1 << 16
_SURROGATES = range(0xD800, 0xE000)
_CONTINUATION_MASK, _CONTINUATION = 0xC0, 0x80


@dataclass(frozen=True, slots=True)
class Runes:
    """``points`` (uint32) of all strings end to end; string i is [starts[i], starts[i + 1])."""

    points: Points
    starts: IntArray

    @classmethod
    def of(cls, values: pa.Array) -> Runes:
        """Take apart a string array without nulls."""
        _, offsets, data = values.buffers()
        stops = np.frombuffer(offsets, dtype=np.int32)[values.offset :][: len(values) + 1]
        raw = memoryview(data or b"")[stops[0] : stops[-1]]
        points = np.frombuffer(bytes(raw).decode("utf-8").encode("utf-32-le"), dtype=np.uint32)
        leads = (np.frombuffer(raw, dtype=np.uint8) & _CONTINUATION_MASK) != _CONTINUATION
        before = np.concatenate(([0], np.cumsum(leads)))
        return cls(points, before[stops - stops[0]].astype(np.int64))

    def to_arrow(self) -> pa.Array:
        """Put the strings together again."""
        data = self.points.tobytes().decode("utf-32-le").encode("utf-8")
        widths = 1 + sum((self.points >= limit).astype(np.int8) for limit in (0x80, 0x800, 0x10000))
        ends = np.concatenate(([0], np.cumsum(widths, dtype=np.int64)))
        offsets = pa.py_buffer(ends[self.starts].astype(np.int32))
        return pa.Array.from_buffers(
            pa.string(), self.starts.size - 1, [None, offsets, pa.py_buffer(data)]
        )

    @property
    def lengths(self) -> IntArray:
        """Code points of each string, int64 (n,)."""
        return np.diff(self.starts)

    def inner(self, mask: BoolArray) -> BoolArray:
        """Take the first code point of strings of three or more out of a mask over the points."""
        kept = mask.copy()
        kept[self.starts[:-1][self.lengths > 2]] = False
        return kept

    def follows(self, mask: BoolArray) -> BoolArray:
        """Tell where the next code point of the same string is in ``mask``."""
        after = np.append(mask[1:], np.False_) if mask.size else mask.copy()
        after[self.starts[1:][self.lengths > 0] - 1] = False
        return after

    def pick(self, mask: BoolArray, bits: BitArray) -> IntArray:
        """Draw a place in ``mask`` for each string: an index into the points, -1 where none is."""
        places = np.flatnonzero(mask)
        first = np.searchsorted(places, self.starts)
        counts = np.diff(first)
        if not places.size:
            return np.full(counts.size, -1, dtype=np.int64)
        drawn = np.minimum(first[:-1] + below(bits, np.maximum(counts, 1)), places.size - 1)
        return np.where(counts > 0, places[drawn], -1)

    def replaced(self, at: IntArray, points: Points) -> Runes:
        """Put ``points`` (one a string) at the places ``at``; -1 leaves a string as it is."""
        changed = self.points.copy()
        there = at >= 0
        changed[at[there]] = points[there]
        return Runes(changed, self.starts)

    def removed(self, at: IntArray) -> Runes:
        """Leave out the code points at the places ``at``."""
        there = at >= 0
        shorter = np.concatenate(([0], np.cumsum(there)))
        return Runes(np.delete(self.points, at[there]), self.starts - shorter)

    def inserted(self, at: IntArray, points: Points) -> Runes:
        """Put ``points`` (one a string) before the places ``at`` (up to the string's end)."""
        there = at >= 0
        longer = np.concatenate(([0], np.cumsum(there)))
        return Runes(np.insert(self.points, at[there], points[there]), self.starts + longer)

    def mapped(self, replacements: Mapping[int, tuple[int, ...]]) -> Runes:
        """Replace every code point that has a replacement, by several where there are several."""
        distinct, inverse = np.unique(self.points, return_inverse=True)
        written = [replacements.get(int(point), (int(point),)) for point in distinct]
        counts = np.array([len(each) for each in written], dtype=np.int64)
        flat = np.array([point for each in written for point in each], dtype=np.uint32)
        firsts = np.cumsum(counts) - counts
        own = counts[inverse]
        ends = np.concatenate(([0], np.cumsum(own)))
        within = np.arange(ends[-1]) - np.repeat(ends[:-1], own)
        return Runes(flat[np.repeat(firsts[inverse], own) + within], ends[self.starts])


def lookup(table: npt.NDArray[np.uint32], points: Points) -> Points:
    """Return the table's entry of each point; points beyond the table give 0."""
    inside = points < table.size
    return np.where(inside, table[np.where(inside, points, 0)], 0).astype(np.uint32)


def is_alphanumeric(points: Points) -> BoolArray:
    """Tell which code points are letters or digits of the basic plane."""
    return lookup(_alphanumeric(), points) > 0


@cache
def _alphanumeric() -> npt.NDArray[np.uint32]:
    return _table(lambda character: int(character.isalnum()))


def _table(value: Callable[[str], int]) -> npt.NDArray[np.uint32]:
    codes = range(_BASIC_PLANE)
    return np.array(
        [0 if code in _SURROGATES else value(chr(code)) for code in codes], dtype=np.uint32
    )
