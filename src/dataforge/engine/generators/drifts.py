"""Numbers that change by a factor from sibling to sibling: prices, salaries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.kin import FamilyScan, Kin, uniform
from dataforge.engine.nulls import is_null, plain, with_nulls
from dataforge.engine.quantiles import normal_quantile
from dataforge.engine.rules.cast import cast_to
from dataforge.streams import IntArray

# Logarithms are added up in billionths, as whole numbers: sums do not depend on their order.
_UNIT = 1e9
_FARTHEST = 50.0


@dataclass(frozen=True)
class Drift:
    """The owner's ``base`` times the factors of the rows so far."""

    name: str
    owner: int
    base: str
    mean: float
    spread: float
    ending: float | None
    type: pa.DataType
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Multiply, then round to the column's type or to the ending; null where the base is."""
        frame = frame_of(cells)
        base = plain(frame.parent_column(self.owner, self.base))
        absent = is_null(base)
        start = base.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        sums = np.clip(self._scan.values(frame) / _UNIT, -_FARTHEST, _FARTHEST)
        values = start * np.exp(sums)
        if self.ending is not None:
            values = np.where(frame.position().ordinal > 0, self._ended(values), start)
        return with_nulls(cast_to(pa.array(values), self.type), absent)

    def _ended(self, values: np.ndarray) -> np.ndarray:
        assert self.ending is not None  # noqa: S101 - only asked for with one
        return np.maximum(np.rint(values - self.ending), 0.0) + self.ending

    @cached_property
    def _scan(self) -> FamilyScan:
        return FamilyScan(self._follow)

    def _follow(self, kin: Kin) -> IntArray:
        drawn = normal_quantile(uniform(kin.frame, f"{self.name}/change"))
        logs = np.rint((drawn * self.spread + self.mean) * _UNIT).astype(np.int64)
        logs[kin.opens] = 0
        logs[kin.resumes] = kin.known[kin.resumes]
        return kin.totals(logs)
