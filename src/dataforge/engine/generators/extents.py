"""Lengths and amounts in whole units: days, microseconds, cents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dataforge.engine.quantiles import compile_distribution
from dataforge.schema import Column, DateType, Extent, TimestampType
from dataforge.streams import FloatArray, IntArray

_LARGEST = 2.0**53
_SHARES = frozenset({"uniform", "beta"})


@dataclass(frozen=True, slots=True)
class Measure:
    """An extent as a quantile function, times ``scale`` and rounded to multiples of ``step``."""

    minimum: float
    span: float
    share: bool
    quantile: Callable[[FloatArray], FloatArray]
    scale: int
    step: int

    def draw(self, unit: FloatArray) -> IntArray:
        """Return lengths for uniforms, int64 (n,), within the extent."""
        drawn = self.quantile(unit)
        above = drawn * self.span if self.share else np.clip(drawn, 0.0, self.span)
        whole = np.rint((above + self.minimum) * (self.scale / self.step))
        return np.minimum(whole, _LARGEST // self.step).astype(np.int64) * self.step

    @property
    def least(self) -> int:
        """The least length there is."""
        return round(self.minimum * self.scale / self.step) * self.step


def measure(extent: Extent, scale: int, step: int = 1) -> Measure:
    """Compile an extent whose unit is ``scale`` whole units."""
    share = extent.distribution.kind in _SHARES
    unbounded = 0.0 if share else _LARGEST / scale
    span = unbounded if extent.maximum is None else max(extent.maximum - extent.minimum, 0.0)
    return Measure(
        extent.minimum, span, share, compile_distribution(extent.distribution), scale, step
    )


def ticks_of(column: Column) -> tuple[int, int]:
    """Return how many ticks a date's or timestamp's unit of length has, and the ticks of a step.

    Dates count in days; timestamps in microseconds, a step being their last digit.
    """
    if isinstance(column.type, DateType):
        return 1, 1
    assert isinstance(column.type, TimestampType)  # noqa: S101 - validated with the schema
    return 1_000_000, 10 ** (6 - column.type.precision)
