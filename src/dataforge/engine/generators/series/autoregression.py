"""Stationary autoregressive noise that can be asked for at any step.

x[t] = φ1 x[t-1] + … + φp x[t-p] + e[t] is x = e / a(B) with a(z) = 1 - φ1 z - … - φp z^p. As
a(-z) a(z) = b(z²), 1 / a(B) = a(-B) / b(B²): squaring the roots (Dandelin, Graeffe) until b has
come to 1 leaves a product of a few short filters with lags 1, 2, 4, …: a moving average over the
last 2^m steps in m passes (for p = 1 the doubling of Hillis and Steele, 1986). Each pass is element
by element, so a value has the same bits whatever range it is made in. The first p steps of a series
are drawn from the stationary law, hence no run-in is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dataforge.engine.generators.series.draws import Draws, Steps
from dataforge.engine.generators.series.windows import Window, windows
from dataforge.schema.autoregression import MOST_FILTERS, NEGLIGIBLE, reflections
from dataforge.streams import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Autoregression:
    """Noise of standard deviation ``std``; filter j has factors for the lags 2^j, 2·2^j and on.

    ``start`` (p, p) makes the first p innovations of p standard normals; ``scale`` is the
    deviation of the others.
    """

    std: float
    scale: float
    filters: tuple[tuple[float, ...], ...]
    start: FloatArray

    @property
    def reach(self) -> int:
        """How many steps back a value looks."""
        order: int = self.start.shape[0]
        return order * ((1 << len(self.filters)) - 1)

    def make(self, draws: Draws, steps: Steps) -> FloatArray:
        """Return the noise at some steps, float64."""
        if not self.filters:
            return draws.innovations(steps) * self.std
        noise = np.empty(steps.index.size)
        for window in windows(steps, self.reach):
            noise[window.rows] = self._filtered(draws, window)
        return noise

    def _filtered(self, draws: Draws, window: Window) -> FloatArray:
        values = self._innovations(draws, window.steps)
        for number, factors in enumerate(self.filters):
            result = values.copy()
            for times, factor in enumerate(factors, 1):
                lag = times << number
                if lag < values.size:
                    earlier = values[:-lag] * factor
                    earlier[window.place[lag:] < lag] = 0.0
                    result[lag:] += earlier
            values = result
        return values[window.wanted]

    def _innovations(self, draws: Draws, steps: Steps) -> FloatArray:
        values = draws.innovations(steps)
        values *= self.scale
        early = np.flatnonzero(steps.index < self.start.shape[0])
        if early.size:
            values[early] = self._first(draws, steps.at(early))
        return values

    def _first(self, draws: Draws, steps: Steps) -> FloatArray:
        values = np.zeros(steps.index.size)
        for column in range(self.start.shape[0]):
            origin: IntArray = np.full(steps.index.size, column)
            score = draws.innovations(Steps(steps.series, origin))
            values += self.start[steps.index, column] * score
        return values


def autoregression(std: float, coefficients: tuple[float, ...]) -> Autoregression:
    """Build the noise; the coefficients are those of a stationary process."""
    order = len(coefficients)
    if not order or not std:
        return Autoregression(std, std, (), np.ones((1, 1)))
    scale = std * float(np.prod([np.sqrt(1 - k * k) for k in reflections(coefficients)]))
    return Autoregression(std, scale, _filters(coefficients), _start(std, scale, coefficients))


def _filters(coefficients: tuple[float, ...]) -> tuple[tuple[float, ...], ...]:
    """Square the roots until the rest is negligible; each time what stands before the rest."""
    polynomial = np.array([1.0, *(-value for value in coefficients)])
    signs = (-1.0) ** np.arange(polynomial.size)
    filters: list[tuple[float, ...]] = []
    while np.abs(polynomial[1:]).max() >= NEGLIGIBLE and len(filters) < MOST_FILTERS:
        mirrored = polynomial * signs
        filters.append(tuple(mirrored[1:].tolist()))
        polynomial = np.convolve(polynomial, mirrored)[::2]
    return tuple(filters)


def _start(std: float, scale: float, coefficients: tuple[float, ...]) -> FloatArray:
    """Return the matrix from p standard normals to the innovations that start the process.

    The process has the autocovariances of the Yule-Walker equations; its first values are their
    Cholesky factor times the normals, and the filter's input what it turns into these values.
    """
    order = len(coefficients)
    covariance = std * std * _autocorrelation(coefficients)
    lower = np.linalg.cholesky(covariance)
    filter_ = np.eye(order)
    for lag in range(1, order):
        filter_ -= np.diag(np.full(order - lag, coefficients[lag - 1]), -lag)
    start: FloatArray = np.round(filter_ @ lower / scale, 12) * scale
    return start


def _autocorrelation(coefficients: tuple[float, ...]) -> FloatArray:
    """Return the (p, p) autocorrelations by the Yule-Walker equations."""
    order = len(coefficients)
    system = np.eye(order)
    right = np.array(coefficients)
    for row in range(order):
        for lag in range(order):
            distance = abs(row - lag)
            if distance and distance <= order:
                system[row, distance - 1] -= coefficients[lag]
    # rho[k] - sum over lags of phi[lag] rho[|k - lag|] = 0; the lag of distance 0 is the constant.
    rho = np.linalg.solve(system, right)
    full = np.concatenate([[1.0], rho])
    distances = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
    matrix: FloatArray = full[distances]
    return matrix
