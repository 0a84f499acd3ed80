"""What a series does without noise: its trend and its seasons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dataforge.schema.specs.series import (
    ExponentialTrend,
    LinearTrend,
    PiecewiseTrend,
    Season,
    Signal,
)
from dataforge.streams import FloatArray, IntArray

Curve = Callable[[IntArray], FloatArray]
_MOST_LOG = 600.0  # exp of it is far beyond any column and still finite


def trend_of(spec: Signal) -> Curve:
    """Return the level and its trend as a function of the step."""
    level, trend = spec.level, spec.trend
    match trend:
        case LinearTrend(slope=slope):
            return lambda index: level + np.multiply(index, slope, dtype=np.float64)
        case ExponentialTrend(rate=rate):
            growth = float(np.log1p(rate))
            return lambda index: level * _grown(growth, index)
        case PiecewiseTrend():
            return _bent(level, trend)
        case _:
            return lambda index: np.full(index.size, level)


def _grown(growth: float, index: IntArray) -> FloatArray:
    factors: FloatArray = np.exp(np.minimum(growth * index, _MOST_LOG))
    return factors


def _bent(level: float, trend: PiecewiseTrend) -> Curve:
    slopes = (trend.slope, *(bend.slope for bend in trend.changes))
    bends = [
        (bend.at, after - before)
        for bend, before, after in zip(trend.changes, slopes, slopes[1:], strict=False)
    ]

    def curve(index: IntArray) -> FloatArray:
        values: FloatArray = level + np.multiply(index, trend.slope, dtype=np.float64)
        for at, change in bends:
            values = values + change * np.maximum(index - at, 0)
        return values

    return curve


def season_of(season: Season) -> Curve:
    """Return a season as a function of the step."""
    if season.profile is not None:
        return _profiled(season, np.array(season.profile))
    weights = (1.0, *season.harmonics)

    def wave(index: IntArray) -> FloatArray:
        turn = 2 * np.pi * (np.mod(index / season.period, 1.0) + season.phase)
        values = np.zeros(index.size)
        for number, weight in enumerate(weights, 1):
            if weight:
                values += weight * np.sin(number * turn)
        return values * season.amplitude

    return wave


def _profiled(season: Season, profile: FloatArray) -> Curve:
    closed = np.append(profile, profile[0]) * season.amplitude

    def curve(index: IntArray) -> FloatArray:
        place = np.mod(index / season.period + season.phase, 1.0) * profile.size
        whole = np.minimum(place.astype(np.int64), profile.size - 1)
        low = closed[whole]
        values: FloatArray = low + (place - whole) * (closed[whole + 1] - low)
        return values

    return curve
