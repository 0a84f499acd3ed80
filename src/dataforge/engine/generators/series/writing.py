"""Values of a series as its column holds them: rounded, and clipped to its bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Site
from dataforge.engine.generators.numbers import Grid, float_bounds, grid_of
from dataforge.schema import FloatType, NumberSpec
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import FloatArray


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes float64 values as a column's type, between ``low`` and ``high``.

    ``grid`` has the units that values are rounded to, None for floats with all their digits.
    """

    grid: Grid | None
    low: float
    high: float
    type: pa.DataType

    def write(self, values: FloatArray) -> pa.Array:
        """Round and clip."""
        if self.grid is None:
            narrow = np.clip(values, self.low, self.high).astype(self.type.to_pandas_dtype())
            return pa.array(np.clip(narrow, self.low, self.high))
        units = np.clip(np.rint(values * 10**self.grid.scale), self.grid.low, self.grid.high)
        # A bound above 2**53 may have been rounded up as a float.
        return self.grid.array(np.clip(units.astype(np.int64), self.grid.low, self.grid.high))


def writer(
    site: Site,
    minimum: float | None = None,
    maximum: float | None = None,
    decimals: int | None = None,
) -> Writer:
    """Return the writer for a column, within its own bounds and those given."""
    spec = NumberSpec(minimum=minimum, maximum=maximum, decimals=decimals)
    kind = arrow_type(site.column.type)
    if isinstance(site.column.type, FloatType) and decimals is None:
        low, high = float_bounds(spec, site, site.column.type)
        return Writer(None, low, high, kind)
    grid = grid_of(spec, site)
    return Writer(grid, grid.low / 10**grid.scale, grid.high / 10**grid.scale, kind)
