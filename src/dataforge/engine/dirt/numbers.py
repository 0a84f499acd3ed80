"""Numbers that are far off, or in another unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.decimals import decimal_array
from dataforge.engine.dirt.draws import Draws
from dataforge.streams import FloatArray

_EXACT = 2.0**53
_MOST_DIGITS = 18
_FLOAT_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Outlier:
    """``factor`` times the value, or ``distance`` from it to either side."""

    factor: float
    distance: float | None

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Move the values."""
        numbers = _floats(values)
        if self.distance is None:
            return _fitted(np.round(numbers * self.factor, _FLOAT_DIGITS), values.type)
        side = np.where(draws.uniform("side") < 0.5, -1.0, 1.0)
        # Not all by the same distance: up to half as far again.
        far = side * self.distance * (1 + draws.uniform("far") / 2)
        return _fitted(_like(numbers + far, numbers, values.type), values.type)


@dataclass(frozen=True, slots=True)
class Unit:
    """``value * factor + offset``, floats rounded to ``decimals``."""

    factor: float
    offset: float
    decimals: int

    def edit(self, values: pa.Array, _draws: Draws) -> pa.Array:
        """Convert the values."""
        converted = _floats(values) * self.factor + self.offset
        if pa.types.is_floating(values.type):
            converted = np.round(converted, self.decimals)
        return _fitted(converted, values.type)


def deviation(values: pa.Array) -> float:
    """Return the standard deviation of a sample, 1 where it has none."""
    present = values.drop_null()
    spread = float(np.std(_floats(present))) if len(present) else 0.0
    return spread if np.isfinite(spread) and spread > 0 else 1.0


def _like(moved: FloatArray, numbers: FloatArray, kind: pa.DataType) -> FloatArray:
    """Give each float no more decimals than the value that it replaces has, two at least."""
    if not pa.types.is_floating(kind):
        return moved
    short = np.isclose(numbers, np.round(numbers, 2))
    return np.where(short, np.round(moved, 2), np.round(moved, 4))


def _floats(values: pa.Array) -> FloatArray:
    floats: FloatArray = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return floats


def _fitted(numbers: FloatArray, kind: pa.DataType) -> pa.Array:
    """Round to a type; what it cannot hold becomes its limit."""
    if pa.types.is_floating(kind):
        return pa.array(numbers).cast(kind, safe=False)
    if pa.types.is_decimal(kind):
        most = 10.0 ** min(kind.precision, _MOST_DIGITS) - 1
        scaled = np.clip(np.rint(numbers * 10.0**kind.scale), -most, most)
        return decimal_array(scaled.astype(np.int64), kind)
    bounds = np.iinfo(kind.to_pandas_dtype())
    low, high = max(float(bounds.min), -_EXACT), min(float(bounds.max), _EXACT)
    whole = np.clip(np.rint(numbers), low, high).astype(np.int64)
    return pc.cast(pa.array(whole), kind)
