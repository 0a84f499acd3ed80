"""Quantile functions of counts and ranks: exact tables where they stay small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log, sqrt

import numpy as np

from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import FloatArray

Quantile = Callable[[FloatArray], FloatArray]

_TABLE_REACH = 9.0  # standard deviations; the uniforms resolve 8.3 on a normal tail
_TABLE_STD = 10_000.0
_ZIPF_EXACT = 1_000_000
_ZIPF_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class CountTable:
    """Exact inversion: the value ``first + k`` for uniforms between cumulative[k-1] and [k]."""

    first: int
    cumulative: FloatArray

    def __call__(self, u: FloatArray) -> FloatArray:
        """Return whole numbers as float64, never descending in ``u``."""
        place = np.searchsorted(self.cumulative, u, side="right")
        return np.minimum(place, len(self.cumulative) - 1) + float(self.first)


def poisson(mean: float) -> Quantile:
    """Return the Poisson quantile; beyond a mean of 1e8 by a Cornish-Fisher expansion."""
    std = sqrt(mean)
    if std > _TABLE_STD:
        return _cornish_fisher(mean, std, skew=1 / std, excess=1 / mean, maximum=np.inf)
    last = ceil(mean + _TABLE_REACH * std + 40)
    first = max(0, floor(mean - _TABLE_REACH * std - 40))
    counts = np.arange(first + 1, last + 1, dtype=np.float64)
    return _from_ratios(first, np.log(mean) - np.log(counts))


def binomial(trials: int, probability: float) -> Quantile:
    """Return the binomial quantile; beyond a deviation of 1e4 by a Cornish-Fisher expansion."""
    if probability in (0.0, 1.0):
        return _cornish_fisher(trials * probability, 0.0, 0.0, 0.0, float(trials))
    mean, odds = trials * probability, probability / (1 - probability)
    variance = mean * (1 - probability)
    std = sqrt(variance)
    if std > _TABLE_STD:
        skew = (1 - 2 * probability) / std
        excess = (1 - 6 * probability * (1 - probability)) / variance
        return _cornish_fisher(mean, std, skew, excess, float(trials))
    first = max(0, floor(mean - _TABLE_REACH * std - 40))
    last = min(trials, ceil(mean + _TABLE_REACH * std + 40))
    counts = np.arange(first + 1, last + 1, dtype=np.float64)
    return _from_ratios(first, np.log(trials + 1 - counts) - np.log(counts) + log(odds))


def geometric(probability: float) -> Quantile:
    """Return the number of trials up to the first success, by the closed form."""
    if probability == 1.0:
        return np.ones_like
    scale = np.log1p(-probability)
    return lambda u: 1.0 + np.floor(np.log1p(-u) / scale)


def zipf(exponent: float, size: int) -> Quantile:
    """Return ranks 1…size with weight rank ** -exponent.

    Sizes up to 1e6 are exact; above, ranks beyond 65536 are drawn by the integral of the weight
    over [rank - ½, rank + ½], whose relative error is below exponent² / 1e10.
    """
    exact = min(size, _ZIPF_EXACT if size <= _ZIPF_EXACT else _ZIPF_HEAD)
    head = np.cumsum(np.arange(1, exact + 1, dtype=np.float64) ** -exponent)
    start = exact + 0.5
    tail = _power_integral(start, size + 0.5, exponent) if size > exact else 0.0
    total = head[-1] + tail
    table = CountTable(1, head / total)
    if not tail:
        return table
    share = head[-1] / total

    def quantile(u: FloatArray) -> FloatArray:
        ranks = table(u)
        beyond = u >= share
        mass = (u[beyond] - share) * total
        far = np.floor(_power_inverse(start, mass, exponent) + 0.5)
        ranks[beyond] = np.clip(far, exact + 1, size)
        return ranks

    return quantile


def _power_integral(low: float, high: float, exponent: float) -> float:
    slope = 1.0 - exponent
    span = log(high / low)
    return float(low**slope * (np.expm1(slope * span) / slope if slope else span))


def _power_inverse(low: float, mass: FloatArray, exponent: float) -> FloatArray:
    """Return the end x of the integral of t ** -exponent from ``low`` to x that gives mass."""
    slope = 1.0 - exponent
    scaled = mass / low**slope
    if slope:
        scaled = np.log1p(np.maximum(scaled * slope, -1.0 + 2.0**-52)) / slope
    inverse: FloatArray = low * np.exp(scaled)
    return inverse


def _from_ratios(first: int, log_ratios: FloatArray) -> CountTable:
    """Build a table from log(p[k] / p[k-1]) for every k from first + 1 on."""
    logs = np.concatenate([[0.0], np.cumsum(log_ratios)])
    weights = np.exp(logs - logs.max())
    cumulative = np.cumsum(weights)
    return CountTable(first, cumulative / cumulative[-1])


def _cornish_fisher(
    mean: float, std: float, skew: float, excess: float, maximum: float
) -> Quantile:
    """Round the expansion to third order (Cornish and Fisher, 1938) to whole numbers."""

    def quantile(u: FloatArray) -> FloatArray:
        z = normal_quantile(u)
        z2 = z * z
        shift = (z2 - 1) * (skew / 6) + z * (z2 - 3) * (excess / 24)
        shift -= z * (2 * z2 - 5) * (skew * skew / 36)
        return np.clip(np.floor(mean + std * (z + shift) + 0.5), 0.0, maximum)

    return quantile
