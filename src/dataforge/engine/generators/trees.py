"""Where a row stands in the tree that a self-reference makes: its depth, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.nulls import plain
from dataforge.engine.rules.cast import to_text
from dataforge.streams import IntArray


@dataclass(frozen=True)
class Depth:
    """How many steps lead up to the root."""

    reference: int
    start: int
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Go up, all rows a level at a time."""
        frame = frame_of(cells)
        depth = np.full(frame.rows.size, self.start)
        for places, _ in _upwards(frame, self.reference):
            depth[places] += 1
        return pa.array(depth)


@dataclass(frozen=True)
class Path:
    """The values of ``column`` from the root down."""

    reference: int
    column: str
    separator: str
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Go up, all rows a level at a time, putting each ancestor's value before the others."""
        frame = frame_of(cells)
        path = to_text(plain(frame.column(self.column)))
        for places, above in _upwards(frame, self.reference):
            distinct, which = np.unique(above, return_inverse=True)
            held = to_text(plain(frame.at(distinct).column(self.column)))
            longer = pc.binary_join_element_wise(
                held.take(pa.array(which)), path.take(pa.array(places)), self.separator
            )
            mask = np.zeros(frame.rows.size, dtype=np.bool_)
            mask[places] = True
            path = pc.replace_with_mask(path, pa.array(mask), longer)
        return path


def _upwards(frame: Frame, reference: int) -> list[tuple[IntArray, IntArray]]:
    """Return for every level the places in the frame that have an ancestor there, and its row."""
    levels: list[tuple[IntArray, IntArray]] = []
    places, rows = np.arange(frame.rows.size), frame.rows
    above = frame.reference(reference)
    while True:
        held = (above >= 0) & (above != rows)
        places, rows = places[held], above[held]
        if not places.size:
            return levels
        levels.append((places, rows))
        distinct, which = np.unique(rows, return_inverse=True)
        above = frame.at(distinct).reference(reference)[which]
