"""What a field of a record is made of.

A text is the concatenation of parts, each an entry of a list chosen by a draw that the whole
record shares. It has variants, longest first; a column too narrow for one takes the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells
from dataforge.streams import BitArray, IntArray, below, to_unit

Codes = npt.NDArray[np.integer]
LARGEST_DICTIONARY = 4096
_S48, _S32 = np.uint64(48), np.uint64(32)
_LOW_16 = np.uint64(0xFFFF)


@dataclass(frozen=True, slots=True)
class Draw:
    """The draws of one group of one record in a batch of rows."""

    cells: Cells
    group: str
    now: datetime

    def bits(self, record: str, purpose: str) -> BitArray:
        """Return 64 bits a row, the same for every column that draws this part of the record."""
        return self.cells.shared_bits(f"{record}:{self.group}", purpose)

    def top(self, record: str, purpose: str) -> Codes:
        """Return the top 16 of those bits, an index into a slot table."""
        return (self.bits(record, purpose) >> _S48).view(np.int64)

    def next(self, record: str, purpose: str) -> Codes:
        """Return the 16 bits below the top 16, for a second choice from the same draw."""
        return ((self.bits(record, purpose) >> _S32) & _LOW_16).view(np.int64)

    def below(self, record: str, purpose: str, size: int) -> IntArray:
        """Return integers in [0, size)."""
        return below(self.bits(record, purpose), size)

    def unit(self, record: str, purpose: str) -> npt.NDArray[np.float64]:
        """Return float64 in [0, 1)."""
        return to_unit(self.bits(record, purpose))


@dataclass(frozen=True, slots=True)
class Slots:
    """Codes read from a slot table at one draw of a record."""

    record: str
    purpose: str
    table: npt.NDArray[np.int32]

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        return self.table[draw.top(self.record, self.purpose)]


class Part:
    """A list of strings and the codes that choose from it."""

    __slots__ = ("codes", "longest", "values")

    def __init__(self, values: Sequence[str] | pa.Array, codes: Callable[[Draw], Codes]) -> None:
        """Hold the list, short ones without repetition, and the length of its longest entry."""
        self.values = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        self.codes = codes
        if len(self.values) <= LARGEST_DICTIONARY:
            encoded = self.values.dictionary_encode()
            self.values = encoded.dictionary
            if len(encoded.dictionary) < len(encoded):
                distinct = encoded.indices.to_numpy(zero_copy_only=False)
                self.codes = lambda draw: distinct[codes(draw)]
        self.longest = int(pc.max(pc.utf8_length(self.values)).as_py())

    def make(self, draw: Draw) -> pa.Array:
        """Return the chosen strings."""
        return self.values.take(pa.array(self.codes(draw)))


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts written one after the other."""

    parts: tuple[Part, ...]

    @property
    def longest(self) -> int:
        """The length that no value exceeds."""
        return sum(part.longest for part in self.parts)

    def make(self, draw: Draw) -> pa.Array:
        """Return one string a row; short lists come as a dictionary."""
        if len(self.parts) > 1:
            return join(*(part.make(draw) for part in self.parts))
        (part,) = self.parts
        if len(part.values) > LARGEST_DICTIONARY:
            return part.make(draw)
        codes = pa.array(part.codes(draw).astype(np.int32, copy=False))
        return pa.DictionaryArray.from_arrays(codes, part.values)


@dataclass(frozen=True, slots=True)
class Made:
    """Strings of at most ``longest`` characters made in one step."""

    longest: int
    make: Callable[[Draw], pa.Array]


Variant = Joined | Made


@dataclass(frozen=True, slots=True)
class Ranked:
    """``size`` distinct strings of ``longest`` characters, made from their rank."""

    longest: int
    size: int
    decode: Callable[[IntArray], pa.Array]


Lists = tuple[pa.Array, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A string field: its variants, and lists whose combinations are distinct values.

    ``unique`` holds, longest first, ranked strings or lists to be concatenated; every combination
    has to differ from every other even without case. ``distinct`` makes values that differ by
    row number. ``number`` is what stands in numeric columns instead of the text's digits.
    """

    variants: tuple[Variant, ...]
    unique: tuple[Lists | Ranked, ...] = ()
    distinct: tuple[Variant, ...] = ()
    room: int | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric field, float64 or int64, with the decimals it has when written as text."""

    make: Callable[[Draw], npt.NDArray[np.float64] | IntArray]
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A date field, datetime64[D]."""

    make: Callable[[Draw], npt.NDArray[np.datetime64]]


Field = Text | Number | Day
MakeField = Callable[[str], Field]


def coded(codes: Callable[[Draw], Codes], *alternatives: Sequence[str] | pa.Array) -> Text:
    """Return a text of one part, with parallel lists for narrower columns."""
    return Text(tuple(Joined((Part(values, codes),)) for values in alternatives))


def joined(*parts: Part) -> Joined:
    """Return a concatenation."""
    return Joined(parts)


def join(*columns: pa.Array) -> pa.Array:
    """Concatenate string columns row by row."""
    return pc.binary_join_element_wise(*columns, "")
