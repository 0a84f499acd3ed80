"""Numbers: a distribution's quantile function, brought to the column's grid and bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Limits, Site
from dataforge.engine.decimals import decimal_array
from dataforge.engine.quantiles import compile_distribution
from dataforge.schema import (
    Beta,
    BooleanSpec,
    DecimalType,
    FloatType,
    IntegerType,
    NumberSpec,
    Uniform,
)
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import FloatArray, IntArray, below

_WIDEST = 2**62


@dataclass(frozen=True, slots=True)
class Grid:
    """The values a column can hold: integers ``low`` … ``high`` in units of 10 ** -``scale``.

    ``type`` is the Arrow type they are written as.
    """

    low: int
    high: int
    scale: int
    type: pa.DataType

    def array(self, units: IntArray) -> pa.Array:
        """Turn int64 units into an Arrow array of the type."""
        if pa.types.is_decimal(self.type):
            return decimal_array(units * np.int64(10 ** (self.type.scale - self.scale)), self.type)
        if pa.types.is_floating(self.type):
            return pa.array((units / 10**self.scale).astype(self.type.to_pandas_dtype()))
        if pa.types.is_integer(self.type):
            whole = units if self.scale == 0 else units // 10**self.scale
            return pa.array(whole.astype(self.type.to_pandas_dtype()))
        return pa.array(units).cast(pa.string())


@dataclass(frozen=True, slots=True)
class UniformNumber:
    """Every unit of the grid is equally likely."""

    grid: Grid
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw units and write them as the column's type."""
        units = below(cells.bits(), self.grid.high - self.grid.low + 1)
        units += self.grid.low
        return self.grid.array(units)


@dataclass(frozen=True, slots=True)
class DistributedNumber:
    """A quantile function whose values are rounded to the grid and folded into its bounds.

    Draws beyond a bound are not piled up on it: the uniform is squeezed to the share of the
    distribution that lies inside (inverse transform of the truncated law).
    """

    grid: Grid
    quantile: Callable[[FloatArray], FloatArray]
    floor: float
    span: float
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw, transform, round and clip."""
        unit = cells.uniform()
        unit *= self.span
        unit += self.floor
        units = np.rint(self.quantile(unit) * 10**self.grid.scale)
        return self.grid.array(np.clip(units, self.grid.low, self.grid.high).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Float:
    """A floating-point number with all its digits."""

    quantile: Callable[[FloatArray], FloatArray]
    low: float
    high: float
    floor: float
    span: float
    type: pa.DataType
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw, transform and clip."""
        values = self.quantile(cells.uniform() * self.span + self.floor)
        return pa.array(np.clip(values, self.low, self.high).astype(self.type.to_pandas_dtype()))


@dataclass(frozen=True, slots=True)
class GridDomain:
    """Every unit of a grid, in order."""

    grid: Grid

    @property
    def size(self) -> int:
        """How many units there are."""
        return min(self.grid.high - self.grid.low + 1, _WIDEST)

    def decode(self, ranks: IntArray) -> pa.Array:
        """Count up from the lowest unit."""
        return self.grid.array(ranks + self.grid.low)


@dataclass(frozen=True, slots=True)
class Bernoulli:
    """True with a fixed probability."""

    share: float
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Compare a uniform with the share."""
        return pa.array(cells.uniform() < self.share)


def build(spec: NumberSpec, site: Site) -> Generator:
    """Build the generator of a number for a numeric column (or a text one: digits)."""
    grid = grid_of(spec, site)
    if isinstance(spec.distribution, Uniform):
        if isinstance(site.column.type, FloatType) and spec.decimals is None:
            low, high = grid.low / 10**grid.scale, grid.high / 10**grid.scale
            return Float(Between(low, high), low, high, 0.0, 1.0, grid.type)
        return UniformNumber(grid)
    quantile = compile_distribution(spec.distribution)
    low, high = grid.low / 10**grid.scale, grid.high / 10**grid.scale
    if isinstance(spec.distribution, Beta):
        quantile = Stretched(quantile, low, high)
    floor, span = _inside(quantile, low, high)
    if isinstance(site.column.type, FloatType) and spec.decimals is None:
        return Float(quantile, low, high, floor, span, grid.type)
    return DistributedNumber(grid, quantile, floor, span)


def domain(spec: NumberSpec, site: Site) -> Domain | None:
    """Return the grid as a domain."""
    return GridDomain(grid_of(spec, site))


def build_boolean(spec: BooleanSpec, _site: Site) -> Generator:
    """Build the generator of a boolean."""
    return Bernoulli(spec.true_share)


@dataclass(frozen=True, slots=True)
class Stretched:
    """A quantile function on [0, 1] stretched to [low, high]."""

    quantile: Callable[[FloatArray], FloatArray]
    low: float
    high: float

    def __call__(self, unit: FloatArray) -> FloatArray:
        """Apply and stretch."""
        return self.quantile(unit) * (self.high - self.low) + self.low


@dataclass(frozen=True, slots=True)
class Between:
    """The uniform quantile function on [low, high)."""

    low: float
    high: float

    def __call__(self, unit: FloatArray) -> FloatArray:
        """Interpolate."""
        return unit * (self.high - self.low) + self.low


def grid_of(spec: NumberSpec, site: Site) -> Grid:
    """Return the units that the type, the spec and the rules leave."""
    scale = _scale(spec, site)
    low, high = _type_bounds(site, scale)
    for bound in (spec.minimum, site.limits.minimum):
        if isinstance(bound, int | float):
            low = max(low, math.ceil(Decimal(repr(bound)) * 10**scale))
    for bound in (spec.maximum, site.limits.maximum):
        if isinstance(bound, int | float):
            high = min(high, math.floor(Decimal(repr(bound)) * 10**scale))
    low, high = _open_bounds(site.limits, low, high, scale)
    return Grid(low, max(low, high), scale, arrow_type(site.column.type))


def _open_bounds(limits: Limits, low: int, high: int, scale: int) -> tuple[int, int]:
    if (
        limits.minimum_open
        and isinstance(limits.minimum, int | float)
        and low == Decimal(repr(limits.minimum)) * 10**scale
    ):
        low += 1
    if (
        limits.maximum_open
        and isinstance(limits.maximum, int | float)
        and high == Decimal(repr(limits.maximum)) * 10**scale
    ):
        high -= 1
    return low, high


def _scale(spec: NumberSpec, site: Site) -> int:
    logical = site.column.type
    if isinstance(logical, DecimalType):
        finest = logical.scale
    elif isinstance(logical, FloatType):
        finest = 6
    else:
        finest = 0
    return min(finest, 9 if spec.decimals is None else spec.decimals)


def _type_bounds(site: Site, scale: int) -> tuple[int, int]:
    logical = site.column.type
    if isinstance(logical, IntegerType):
        low = -(2 ** (logical.bits - 1)) if logical.signed else 0
        high = 2 ** (logical.bits - (1 if logical.signed else 0)) - 1
        return max(low, -_WIDEST), min(high, _WIDEST)
    if isinstance(logical, DecimalType):
        most = min(10 ** (logical.precision - logical.scale + scale) - 1, _WIDEST)
        return -most, most
    if isinstance(logical, FloatType):
        return -(10**15), 10**15
    length = getattr(logical, "max_length", None) or 18
    return 0, 10 ** min(length, 18) - 1


def _inside(
    quantile: Callable[[FloatArray], FloatArray], low: float, high: float
) -> tuple[float, float]:
    """Return (floor, span) of the uniforms whose quantiles lie in [low, high]."""
    grid = (np.arange(1 << 14) + 0.5) / (1 << 14)
    values = quantile(grid)
    inside = np.flatnonzero((values >= low) & (values <= high))
    if not inside.size:
        return 0.0, 1.0
    floor = inside[0] / grid.size
    return float(floor), float((inside[-1] + 1) / grid.size - floor)
