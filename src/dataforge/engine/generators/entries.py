"""Lines of a transaction: debits and credits that both add up to its total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from dataforge import streams
from dataforge.engine.cells import Cells
from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.kin import uniform
from dataforge.engine.nulls import BoolArray, plain, with_nulls
from dataforge.engine.rules.cast import cast_to
from dataforge.streams import FloatArray, IntArray

_JITTER = 0.9


@dataclass(frozen=True)
class DoubleEntry:
    """A line's part of its side.

    The first rows of an owner are debits, the others credits. The borders between the parts of a
    side are an even grid with jitter, so that a line needs no other and the parts telescope.
    """

    owner: int
    total: str
    side: Literal["signed", "debit", "credit"]
    digits: int
    nullable: bool
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Write the amounts of this column's side."""
        frame = frame_of(cells)
        part, debit = frame.shared(f"double_entry/{self.total}/{self.digits}", self._parts)
        if self.side == "signed":
            return self._written(np.where(debit, part, -part))
        other = debit if self.side == "credit" else ~debit
        written = self._written(np.where(other, 0, part))
        return with_nulls(written, other) if self.nullable else written

    def _parts(self, frame: Frame) -> tuple[IntArray, BoolArray]:
        position = frame.position()
        count = frame.table.owner_layout.children(position.parent).count
        words = streams.bits(frame.table.key_for("double_entry/sides"), position.parent)
        debits = 1 + streams.below(words, np.maximum(count - 1, 1))
        debit = position.ordinal < debits
        number = np.where(debit, position.ordinal, position.ordinal - debits)
        lines = np.maximum(np.where(debit, debits, count - debits), 1)
        near = uniform(frame, "double_entry/border")
        far = uniform(frame, "double_entry/border", ahead=1)
        held = plain(frame.parent_column(self.owner, self.total))
        total = unscaled(cast_to(held, pa.decimal128(38, self.digits)))
        part = _border(total, number + 1, lines, far) - _border(total, number, lines, near)
        return part, debit

    def _written(self, units: IntArray) -> pa.Array:
        return decimal_array(units, pa.decimal128(38, self.digits))


def _border(total: IntArray, number: IntArray, lines: IntArray, unit: FloatArray) -> IntArray:
    """Return what of a total lies before part ``number`` of ``lines``, in whole units."""
    inner = (number > 0) & (number < lines)
    share = (number + np.where(inner, (unit - 0.5) * _JITTER, 0.0)) / lines
    border = np.rint(total * share).astype(np.int64)
    return np.where(number >= lines, total, border)
