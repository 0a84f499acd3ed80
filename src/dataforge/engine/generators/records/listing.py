"""Records in turn: tables that list each unit, colour or diagnosis once, best known first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.corpora import fold
from dataforge.engine.cells import Cells
from dataforge.engine.generators.records.fields import Draw
from dataforge.engine.generators.records.fitting import Make, plain
from dataforge.engine.generators.records.tabled import Rows
from dataforge.streams import BitArray, FloatArray, IntArray

# The joint tables that a record draws a row of, each under a draw of that name.
LISTED: Mapping[str, tuple[str, ...]] = {
    "color": ("color",),
    "element": ("element",),
    "health": ("diagnosis", "lab_test", "medication"),
    "unit": ("unit",),
}
_HIGH, _LOW_BITS = np.uint64(48), np.uint64((1 << 48) - 1)
# A field in which more of the first rows are alike is none to tell rows by.
_APART = 0.8


@dataclass(frozen=True)
class InTurn:
    """Cells whose draws of ``record`` go through its tables row by row."""

    cells: Cells
    record: str
    group: str
    locale: str

    @property
    def rows(self) -> IntArray:
        """Row numbers of the cells."""
        return self.cells.rows

    def bits(self, purpose: str = "") -> BitArray:
        """Return bits of the column's own stream."""
        return self.cells.bits(purpose)

    def uniform(self, purpose: str = "") -> FloatArray:
        """Return uniforms of the column's own stream."""
        return self.cells.uniform(purpose)

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return the group's bits; of the draw of a table the highest are the row's turn."""
        drawn = self.cells.shared_bits(group, purpose)
        if purpose not in LISTED[self.record] or group != f"{self.record}:{self.group}":
            return drawn
        slots = first_slots(self.record, purpose, self.locale)
        turn = slots[self.rows % len(slots)].astype(np.uint64)
        return (turn << _HIGH) | (drawn & _LOW_BITS)

    def column(self, name: str) -> pa.Array:
        """Return another column of these rows."""
        return self.cells.column(name)


def first_slots(record: str, table: str, locale: str) -> IntArray:
    """Return a slot of each row of a joint table, the likeliest rows first (int64)."""
    _, first, counts = np.unique(
        Rows(record, table, locale).codes.table, return_index=True, return_counts=True
    )
    return first[np.argsort(-counts, kind="stable")].astype(np.int64)


def turns(record: str, locale: str) -> int:
    """Return after how many rows the longest table of a record begins again."""
    return max(len(first_slots(record, table, locale)) for table in LISTED[record])


def room_of(make: Make, record: str, group: str, locale: str, draw: Draw) -> int | None:
    """Return in how many rows a field repeats nothing; None where it soon does.

    ``draw`` has the first ``turns`` rows.
    """
    cells = InTurn(draw.cells, record, group, locale)
    values = plain(make(Draw(cells, group, draw.now))).to_pylist()
    seen: dict[str, None] = {}
    for value in values:
        if fold(value) in seen:
            break
        seen[fold(value)] = None
    sizes = (len(first_slots(record, table, locale)) for table in LISTED[record])
    return len(seen) if any(_APART * size <= len(seen) <= size for size in sizes) else None


@dataclass(frozen=True, slots=True)
class Blank:
    """Rows without any chance: every draw is 0."""

    rows: IntArray

    def bits(self, _purpose: str = "") -> BitArray:
        """Return zeros."""
        return np.zeros(len(self.rows), dtype=np.uint64)

    def uniform(self, _purpose: str = "") -> FloatArray:
        """Return zeros."""
        return np.zeros(len(self.rows))

    def shared_bits(self, _group: str, _purpose: str) -> BitArray:
        """Return zeros."""
        return self.bits()

    def column(self, name: str) -> pa.Array:
        """Know no other column."""
        raise KeyError(name)
