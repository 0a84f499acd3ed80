"""The value that was valid at a moment, out of the rows of a parent: a price at an order's date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.moments import Moments
from dataforge.engine.nulls import with_nulls


@dataclass(frozen=True)
class AsOf:
    """``column`` of the last row of ``table`` whose ``valid_from`` is not after ``at``.

    The rows of each parent are made once a batch, and found by halving.
    """

    reference: int
    table: str
    column: str
    valid_from: str
    at: str
    moments: Moments
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Find each row's version; null where the parent is, or has none."""
        frame = frame_of(cells)
        parents = frame.reference(self.reference)
        child = frame.plan.tables[self.table]
        distinct, which = np.unique(np.maximum(parents, 0), return_inverse=True)
        if not child.row_count or not distinct.size:
            return pa.nulls(parents.size, child.columns[self.column].type)
        families = child.owner_layout.children(distinct)
        first = np.cumsum(families.count) - families.count
        inside = np.arange(int(families.count.sum())) - np.repeat(first, families.count)
        versions = Frame(frame.plan, child, np.repeat(families.start, families.count) + inside)
        if not versions.rows.size:
            return pa.nulls(parents.size, child.columns[self.column].type)
        begins, _ = self.moments.ticks(versions.column(self.valid_from))
        at, unknown = self.moments.ticks(frame.column(self.at))
        low, high = first[which], (first + families.count)[which]
        absent = (parents < 0) | (low == high) | unknown
        while (high - low > 1).any():
            middle = (low + high) // 2
            later = begins[np.minimum(middle, begins.size - 1)] > at
            low = np.where(later | (high - low <= 1), low, middle)
            high = np.where(later & (high - low > 1), middle, high)
        chosen = versions.at(versions.rows[np.where(absent, 0, low)])
        return with_nulls(chosen.column(self.column), absent)
