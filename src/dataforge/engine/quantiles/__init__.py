"""Vectorised quantile functions of every distribution in the schema, in NumPy alone.

A compiled quantile function maps uniforms in [0, 1), float64 of any one-dimensional shape, to
values of the same shape. It is pure and does not descend in the uniform; of a mixture this holds
within each component.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dataforge.engine.quantiles import discrete
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.engine.quantiles.tabulated import beta_table, gamma_table
from dataforge.schema.distributions import (
    Beta,
    Binomial,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Geometric,
    LogNormal,
    Mixture,
    Normal,
    Pareto,
    Poisson,
    Uniform,
    Zipf,
)
from dataforge.streams import FloatArray

__all__ = ["compile_distribution", "normal_quantile"]

Quantile = Callable[[FloatArray], FloatArray]

_LARGEST = float(np.finfo(np.float64).max)


def compile_distribution(distribution: Distribution) -> Quantile:
    """Return the quantile function. Results are finite; those of uniform and beta in [0, 1]."""
    match distribution:
        case Uniform():
            return np.copy
        case Poisson(mean=mean):
            return discrete.poisson(mean)
        case Binomial(trials=trials, probability=probability):
            return discrete.binomial(trials, probability)
        case Geometric(probability=probability):
            return discrete.geometric(probability)
        case Zipf(exponent=exponent, size=size):
            return discrete.zipf(exponent, size)
        case Mixture():
            return _mixture(distribution)
        case _:
            return _continuous(distribution)


def _continuous(distribution: Distribution) -> Quantile:
    match distribution:
        case Normal(mean=mean, std=std):
            return lambda u: normal_quantile(u) * std + mean
        case LogNormal(median=median, sigma=sigma):
            return _finite(lambda u: median * np.exp(normal_quantile(u) * sigma))
        case Exponential(mean=mean):
            return lambda u: np.log1p(-u) * -mean
        case Gamma(shape=shape, scale=scale):
            table = gamma_table(shape)
            return _finite(lambda u: scale * np.exp(table(u)))
        case Beta(a=a, b=b):
            odds = beta_table(a, b)
            return _finite(lambda u: 1.0 / (1.0 + np.exp(-odds(u))))
        case Pareto(alpha=alpha, minimum=minimum):
            return _finite(lambda u: minimum * np.exp(np.log1p(-u) / -alpha))
        case Empirical(quantiles=quantiles):
            values = np.array(quantiles, dtype=np.float64)
            places = np.linspace(0.0, 1.0, len(values))
            return lambda u: np.interp(u, places, values)
        case _:
            msg = f"no quantile function for {type(distribution).__name__}"
            raise TypeError(msg)


def _finite(quantile: Quantile) -> Quantile:
    """Hold results that leave the range of a float64 at its end."""

    def bounded(u: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.minimum(quantile(u), _LARGEST)

    return bounded


def _mixture(mixture: Mixture) -> Quantile:
    """Split one uniform: its place picks the component, its place within that the value.

    Components are ordered by their medians so that larger uniforms tend to larger values.
    """
    parts = [(part.weight, compile_distribution(part.distribution)) for part in mixture.components]
    parts.sort(key=lambda part: float(part[1](np.array([0.5]))[0]))
    quantiles = [quantile for _, quantile in parts]
    weights = np.array([weight for weight, _ in parts])
    ends = np.cumsum(weights / weights.sum())
    starts = np.concatenate([[0.0], ends[:-1]])

    def split(u: FloatArray) -> FloatArray:
        chosen = np.minimum(np.searchsorted(ends, u, side="right"), len(ends) - 1)
        inner = (u - starts[chosen]) / (ends - starts)[chosen]
        inner = np.clip(inner, 0.0, 1.0 - 2.0**-53)
        values = np.empty_like(u)
        for index, quantile in enumerate(quantiles):
            members = np.flatnonzero(chosen == index)
            values[members] = quantile(inner[members])
        return values

    return split
