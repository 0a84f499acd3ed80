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
from dataforge.engine.nulls import BoolArray
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
_EXACT = 2**53  # beyond it a float64 rounds bounds
_LOOSE = 1e9  # how far uniform floats without bounds spread
_FLOAT_DECIMALS = 6
_NARROW = 1 << 32
_ZOOM = 1 << 10
_ZOOMS = 5  # 2**-50: as fine as uniforms are
Quantile = Callable[[FloatArray], FloatArray]


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
            return self._decimals(units)
        if pa.types.is_floating(self.type):
            return pa.array((units / 10**self.scale).astype(self.type.to_pandas_dtype()))
        if pa.types.is_integer(self.type):
            whole = units if self.scale == 0 else units // 10**self.scale
            return pa.array(whole.astype(self.type.to_pandas_dtype()))
        return pa.array(units).cast(pa.string())

    def _decimals(self, units: IntArray) -> pa.Array:
        factor = 10 ** (self.type.scale - self.scale)
        if max(abs(self.low), abs(self.high), 1) * factor < 2**63:
            return decimal_array(units * np.int64(factor), self.type)
        # Finer than 64 bits can hold: Arrow appends the zeros in 128 bits.
        return decimal_array(units, pa.decimal128(19, self.scale)).cast(self.type)


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
    quantile: Quantile
    floor: float
    span: float
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw, transform, round and clip."""
        unit = cells.uniform()
        unit *= self.span
        unit += self.floor
        low, high = self.grid.low, self.grid.high
        rounded = np.rint(self.quantile(unit) * 10**self.grid.scale)
        units = np.clip(rounded, low, high).astype(np.int64)
        if max(abs(low), abs(high)) > _EXACT:
            units = np.clip(units, low, high)
        return self.grid.array(units)


@dataclass(frozen=True, slots=True)
class Float:
    """A floating-point number with all its digits; ``low`` and ``high`` are of its own width."""

    quantile: Quantile
    low: float
    high: float
    floor: float
    span: float
    type: pa.DataType
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw, transform and clip."""
        values = self.quantile(cells.uniform() * self.span + self.floor)
        narrow = np.clip(values, self.low, self.high).astype(self.type.to_pandas_dtype())
        return pa.array(np.clip(narrow, self.low, self.high))


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
    if isinstance(site.column.type, FloatType) and spec.decimals is None:
        return _build_float(spec, site, site.column.type)
    grid = grid_of(spec, site)
    if isinstance(spec.distribution, Uniform):
        return UniformNumber(grid)
    low, high = grid.low / 10**grid.scale, grid.high / 10**grid.scale
    quantile = _quantile(spec, site, low, high)
    return DistributedNumber(grid, quantile, *_inside(quantile, low, high))


def _build_float(spec: NumberSpec, site: Site, logical: FloatType) -> Generator:
    low, high = float_bounds(spec, site, logical)
    kind = arrow_type(logical)
    if isinstance(spec.distribution, Uniform):
        low, high = max(low, -_LOOSE), max(low, min(high, _LOOSE if low < _LOOSE else high))
        return Float(Between(low, high), low, high, 0.0, 1.0, kind)
    quantile = _quantile(spec, site, low, high)
    return Float(quantile, low, high, *_inside(quantile, low, high), kind)


def _quantile(spec: NumberSpec, site: Site, low: float, high: float) -> Quantile:
    """Return the quantile function; a beta law is stretched where both bounds are given."""
    quantile = compile_distribution(spec.distribution)
    given = [
        any(isinstance(bound, int | float) for bound in bounds)
        for bounds in (
            (spec.minimum, site.limits.minimum),
            (spec.maximum, site.limits.maximum),
        )
    ]
    if isinstance(spec.distribution, Beta) and all(given):
        return Stretched(quantile, low, high)
    return quantile


def domain(spec: NumberSpec, site: Site) -> Domain | None:
    """Return the grid as a domain; of floats only as fine as their width tells apart."""
    grid = grid_of(spec, site)
    if not isinstance(site.column.type, FloatType):
        return GridDomain(grid)
    exact = 1 << (24 if site.column.type.bits == 32 else 53)
    low, high, scale = grid.low, grid.high, grid.scale
    while scale and max(abs(low), abs(high)) > exact:
        low, high, scale = -(-low // 10), high // 10, scale - 1
    low, high = max(low, -exact), min(high, exact)
    return GridDomain(Grid(low, high, scale, grid.type)) if low <= high else None


def in_order(generator: Generator) -> Generator:
    """Return a generator whose values rise with the draw; wide ranges take a remainder of it."""
    match generator:
        case UniformNumber(grid=grid) if grid.high - grid.low >= _NARROW:
            unit = 10**grid.scale
            return DistributedNumber(grid, Between(grid.low / unit, grid.high / unit), 0.0, 1.0)
        case _:
            return generator


def build_boolean(spec: BooleanSpec, _site: Site) -> Generator:
    """Build the generator of a boolean."""
    return Bernoulli(spec.true_share)


@dataclass(frozen=True, slots=True)
class Stretched:
    """A quantile function on [0, 1] stretched to [low, high]."""

    quantile: Quantile
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
            low = max(low, math.ceil(_units(bound, scale)))
    for bound in (spec.maximum, site.limits.maximum):
        if isinstance(bound, int | float):
            high = min(high, math.floor(_units(bound, scale)))
    low, high = _open_bounds(site.limits, low, high, scale)
    return Grid(low, max(low, high), scale, arrow_type(site.column.type))


def float_bounds(spec: NumberSpec, site: Site, logical: FloatType) -> tuple[float, float]:
    """Return the least and greatest float of the column's width that spec and rules leave."""
    width = np.float32 if logical.bits == 32 else np.float64
    limits, most = site.limits, float(np.finfo(width).max)
    low, high = -most, most
    for bound, is_open in ((spec.minimum, False), (limits.minimum, limits.minimum_open)):
        if isinstance(bound, int | float):
            low = max(low, _nearest_float(bound, width, is_open=is_open, toward=np.inf))
    for bound, is_open in ((spec.maximum, False), (limits.maximum, limits.maximum_open)):
        if isinstance(bound, int | float):
            high = min(high, _nearest_float(bound, width, is_open=is_open, toward=-np.inf))
    return low, max(low, high)


def _nearest_float(bound: float, width: type, *, is_open: bool, toward: float) -> float:
    """Return the float of a width nearest to ``bound`` on the side of ``toward``."""
    near = width(bound)
    is_beyond = float(near) < bound if toward > 0 else float(near) > bound
    if is_beyond or (is_open and float(near) == bound):
        near = np.nextafter(near, width(toward))
    return float(near)


def _units(bound: float, scale: int) -> Decimal:
    return Decimal(repr(bound)).scaleb(scale)


def _open_bounds(limits: Limits, low: int, high: int, scale: int) -> tuple[int, int]:
    if (
        limits.minimum_open
        and isinstance(limits.minimum, int | float)
        and low == _units(limits.minimum, scale)
    ):
        low += 1
    if (
        limits.maximum_open
        and isinstance(limits.maximum, int | float)
        and high == _units(limits.maximum, scale)
    ):
        high -= 1
    return low, high


def _scale(spec: NumberSpec, site: Site) -> int:
    logical = site.column.type
    if isinstance(logical, DecimalType):
        finest = logical.scale
    elif isinstance(logical, FloatType):
        finest = _FLOAT_DECIMALS if spec.decimals is None else 15
    else:
        finest = 0
    wanted = min(finest, 9 if spec.decimals is None else spec.decimals)
    # As many digits as leave the bounds within 18; of decimals beyond that the last are zeros.
    bounds = (spec.minimum, spec.maximum, site.limits.minimum, site.limits.maximum)
    widest = max((abs(bound) for bound in bounds if isinstance(bound, int | float)), default=0)
    scale = min(wanted, 18 - len(str(math.ceil(widest))))
    return scale if isinstance(logical, DecimalType) else max(scale, 0)


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
        return -_WIDEST, _WIDEST
    length = getattr(logical, "max_length", None) or 18
    return 0, 10 ** min(length, 18) - 1


def _inside(quantile: Quantile, low: float, high: float) -> tuple[float, float]:
    """Return (floor, span) of the uniforms whose quantiles lie in [low, high].

    A law that has no value there keeps all its uniforms: each value goes to the nearer bound.
    """
    floor, _ = _zoomed(quantile, lambda values: _first(values >= low) - 1)
    _, ceiling = _zoomed(quantile, lambda values: _last(values <= high))
    return (floor, ceiling - floor) if ceiling > floor else (0.0, 1.0)


def _zoomed(quantile: Quantile, place: Callable[[FloatArray], int]) -> tuple[float, float]:
    """Return the narrow range of uniforms that ``place`` finds the wanted quantile in."""
    start, width = 0.0, 1.0
    for _ in range(_ZOOMS):
        width /= _ZOOM
        units = np.minimum(start + width * np.arange(_ZOOM), 1 - 2.0**-53)
        start = float(units[max(place(quantile(units)), 0)])
    return start, min(start + width, 1.0)


def _first(mask: BoolArray) -> int:
    """Return the index of the first True, the length where there is none."""
    return int(mask.argmax()) if mask.any() else mask.size


def _last(mask: BoolArray) -> int:
    """Return the index of the last True, -1 where there is none."""
    return mask.size - 1 - _first(mask[::-1])
