"""Where a row stands in the tree that a self-reference makes: its depth, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.nulls import plain, scatter
from dataforge.engine.rules.cast import to_text
from dataforge.streams import IntArray


@dataclass(frozen=True)
class Depth:
    """How many steps lead up to the root."""

    reference: int
    start: int
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Add one to the depth of the row above."""
        return pa.array(self._depths(frame_of(cells)))

    def _depths(self, frame: Frame) -> IntArray:
        depths = np.full(frame.rows.size, self.start)
        held, parents, which = _above(frame, self.reference)
        if parents.size:
            depths[held] = self._depths(frame.at(parents))[which] + 1
        return depths


@dataclass(frozen=True)
class Path:
    """The values of ``column`` from the root down."""

    reference: int
    column: str
    separator: str
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Put the path of the row above before each value."""
        return self._paths(frame_of(cells))

    def _paths(self, frame: Frame) -> pa.Array:
        own = to_text(plain(frame.column(self.column)))
        held, parents, which = _above(frame, self.reference)
        if not parents.size:
            return own
        above = self._paths(frame.at(parents)).take(pa.array(which))
        below = own if held.size == len(own) else own.take(pa.array(held))
        joined = pc.binary_join_element_wise(above, below, self.separator)
        roots = np.setdiff1d(np.arange(len(own)), held, assume_unique=True)
        return scatter([(held, joined), (roots, own.take(pa.array(roots)))], len(own))


def _above(frame: Frame, reference: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the places that have a row above, the distinct rows above, and which is whose.

    Rows above are far fewer than rows, level by level, so that going up costs little.
    """
    rows = frame.reference(reference)
    held = np.flatnonzero((rows >= 0) & (rows != frame.rows))
    parents, which = np.unique(rows[held], return_inverse=True)
    return held, parents, which
