"""Numbers of a published scheme: digits, letters and checks in a shape, made from one draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import Draw, Made, Ranked, Text
from dataforge.streams import IntArray

DIGITS_AND_LETTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Scheme:
    """``size`` different numbers; ``write`` makes their values from ranks in [0, size).

    Values are uint8 (n, w): 0 to 9 for digits, 10 to 35 for letters. ``shapes`` hold a ``#`` for
    each, and whatever stands around them, longest first. Schemes of one record and ``purpose``
    share their draw, so that the numbers of a row agree.
    """

    record: str
    purpose: str
    size: int
    write: Callable[[IntArray], ByteMatrix]
    shapes: tuple[str, ...]

    def text(self) -> Text:
        """Return the field of such numbers."""
        return Text(
            tuple(Made(len(shape), self._drawn(shape)) for shape in self.shapes),
            unique=tuple(Ranked(len(s), self.size, self._decoded(s)) for s in self.shapes),
        )

    def _drawn(self, shape: str) -> Callable[[Draw], pa.Array]:
        decode = self._decoded(shape)
        return lambda draw: decode(draw.below(self.record, self.purpose, self.size))

    def _decoded(self, shape: str) -> Callable[[IntArray], pa.Array]:
        return lambda ranks: shaped(self.write(ranks), shape)


def shaped(values: ByteMatrix, shape: str) -> pa.Array:
    """Return strings that look like ``shape`` with each ``#`` replaced by the next value."""
    matrix = fixed.template(len(values), shape)
    matrix[:, [place for place, mark in enumerate(shape) if mark == "#"]] = DIGITS_AND_LETTERS[
        values
    ]
    return fixed.text(matrix)


def beside(*parts: ByteMatrix) -> ByteMatrix:
    """Return values one after the other; a part of one value a row may have shape (rows,)."""
    return np.hstack([part[:, None] if part.ndim == 1 else part for part in parts])


def same(rows: int, text: str) -> ByteMatrix:
    """Return the values of ``text``, digits and capital letters, in every row."""
    return np.tile(np.array([int(letter, 36) for letter in text], dtype=np.uint8), (rows, 1))


def one_of(texts: tuple[str, ...], codes: IntArray) -> ByteMatrix:
    """Return the values of the text of each code; the texts are of one length."""
    table = np.array([[int(letter, 36) for letter in text] for text in texts], dtype=np.uint8)
    return np.take(table, codes, axis=0)


def in_base(numbers: IntArray, alphabet: str, width: int) -> ByteMatrix:
    """Return numbers below ``len(alphabet) ** width`` in an alphabet of digits and letters."""
    values = np.array([int(letter, 36) for letter in alphabet], dtype=np.uint8)
    rest, out = numbers, np.empty((len(numbers), width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        rest, code = np.divmod(rest, len(alphabet))
        out[:, place] = values[code]
    return out
