"""A column that is a share of another: what is paid of a total, a cost below its price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.offsets import Capped
from dataforge.engine.nulls import plain
from dataforge.engine.quantiles import compile_distribution
from dataforge.engine.rules.cast import cast_to
from dataforge.schema import DecimalType, FloatType, ShareSpec
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import FloatArray

_FLOAT_DECIMALS = 6
_MOST_DECIMALS = 12


@dataclass(frozen=True)
class Share:
    """``above`` plus a share in [minimum, maximum] of ``column`` less ``above``, rounded."""

    column: str
    above: str | None
    minimum: float
    maximum: float
    quantile: Callable[[FloatArray], FloatArray]
    decimals: int
    type: pa.DataType
    nullable: bool
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Multiply in float64, round, and keep to the side of the columns that was asked for."""
        span = self.maximum - self.minimum
        share = self.quantile(cells.uniform()) * span + self.minimum
        whole = self._read(self.column, cells)
        floor = self._read(self.above, cells) if self.above is not None else None
        values = self._between(share, whole, floor)
        made = pa.array(values, mask=np.isnan(values))
        return cast_to(made if self.nullable else made.fill_null(0.0), self.type)

    def _read(self, name: str, cells: Cells) -> FloatArray:
        """Return a column as float64, NaN where it is null."""
        column = plain(cells.column(name)).cast(pa.float64())
        values: FloatArray = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
        return values

    def _between(
        self, share: FloatArray, whole: FloatArray, floor: FloatArray | None
    ) -> FloatArray:
        least = np.zeros_like(whole) if floor is None else floor
        span = whole - least
        values: FloatArray = np.round(least + share * span, self.decimals)
        if floor is not None:
            values = np.where(span >= 0, np.maximum(values, self._grid(floor, np.ceil)), values)
        if self.maximum <= 1:
            values = np.minimum(values, self._grid(whole, np.floor))
        if self.minimum >= 1:
            values = np.maximum(values, self._grid(whole, np.ceil))
        return values

    def _grid(self, values: FloatArray, toward: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return the nearest values with so many decimals on one side of ``values``."""
        near = np.round(values, self.decimals)
        on_grid = np.isclose(near, values, rtol=1e-14, atol=0.0)
        step = 10.0**self.decimals
        return np.where(on_grid, near, toward(values * step) / step)


def build(spec: ShareSpec, site: Site) -> Generator:
    """Build the generator; shares are distributed over [minimum, maximum]."""
    quantile = compile_distribution(spec.distribution)
    if spec.distribution.kind not in {"uniform", "beta"}:
        quantile = Capped(quantile, max(spec.maximum - spec.minimum, 1e-9))
    return Share(
        spec.column,
        spec.above,
        spec.minimum,
        spec.maximum,
        quantile,
        _decimals(spec, site),
        arrow_type(site.column.type),
        site.column.nullable,
        (spec.column,) if spec.above is None else (spec.column, spec.above),
    )


def _decimals(spec: ShareSpec, site: Site) -> int:
    match site.column.type:
        case DecimalType(scale=scale):
            fine = min(scale, _MOST_DECIMALS)
        case FloatType():
            fine = _FLOAT_DECIMALS
        case _:
            fine = 0
    return fine if spec.decimals is None else min(fine, spec.decimals)
