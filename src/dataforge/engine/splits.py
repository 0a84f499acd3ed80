"""How a tree node's children divide between its halves, one function for each family of laws.

A split is given parents [first, first + left) and [first + left, first + left + right) with
``count`` rows between them and 64 random bits, and says how many fall to the left: int64, within
bounds. Halves of a few parents are exact where that is cheap; larger ones use the normal
approximation of the law's own mean and variance, rounded and clipped, so totals are always exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dataforge.streams import BitArray, FloatArray, IntArray, to_unit

_SHIFTS = tuple(np.uint64(shift) for shift in (0, 16, 32, 48))
_LOW_16 = np.uint64(0xFFFF)
_SMALLEST = 2.0**-53
_STEEPEST = 700.0  # exp of more leaves float64
_NEARLY = 1e-6  # nearer to 1 the power law's integral loses its digits to cancellation


class Split(Protocol):
    """Decides how many of a node's rows fall to its left half."""

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Return the left half's rows: int64, between 0 and ``count``."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """Every parent has at least ``low`` and at most ``high`` rows (None: no upper bound)."""

    low: int = 0
    high: int | None = None

    def clip(self, rows: IntArray, left: IntArray, right: IntArray, count: IntArray) -> IntArray:
        """Keep ``rows`` where both halves can still meet the bounds."""
        low = np.maximum(left * self.low, count - self._room(right, count))
        high = np.minimum(count - right * self.low, self._room(left, count))
        clipped: IntArray = np.minimum(np.maximum(rows, low), high)
        return clipped

    def _room(self, parents: IntArray, count: IntArray) -> IntArray:
        """Return how many of ``count`` rows fit under so many parents."""
        if self.high is None:
            return count
        # Where the product could leave 64 bits there is room for all of them.
        return np.where(parents > count // max(self.high, 1), count, parents * self.high)


@dataclass(frozen=True, slots=True)
class Even:
    """The most even split there is: counts differ by one at most."""

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Give each half its share, rounding the remainder to the left."""
        base, rest = np.divmod(count, left + right)
        return base * left + np.minimum(rest, left)


@dataclass(frozen=True, slots=True)
class Independent:
    """Each row falls on a parent independently (a Poisson law with the total given)."""

    bounds: Bounds = Bounds()

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Draw a binomial: exact for equal halves of up to 63 free rows."""
        free = count - (left + right) * self.bounds.low
        share = left / (left + right)
        drawn = _normal(free * share, free * share * (1 - share), words)
        exact = (left == right) & (free < 64)
        mask = (np.uint64(1) << np.where(exact, free, 0).astype(np.uint64)) - np.uint64(1)
        tossed = np.bitwise_count(words & mask).astype(np.int64)
        rows = np.where(exact, tossed, drawn) + left * self.bounds.low
        return self.bounds.clip(rows, left, right, count)


@dataclass(frozen=True, slots=True)
class Clustered:
    """Rows attract rows (Pólya's urn): ``concentration`` 1 gives geometric counts, lower more skew.

    The split of n rows between halves of L and R parents is beta-binomial(n, aL, aR), a being the
    concentration; for single parents and a = 1 it is uniform on 0…n.
    """

    concentration: float = 1.0
    bounds: Bounds = Bounds()

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Draw from the law at single parents, from its normal approximation above."""
        free = count - (left + right) * self.bounds.low
        a, b = self.concentration * left, self.concentration * right
        share = a / (a + b)
        variance = free * share * (1 - share) * (a + b + free) / (a + b + 1)
        drawn = _normal(free * share, variance, words)
        pair = np.floor(self._pair_share(words) * (free + 1)).astype(np.int64)
        rows = np.where((left == 1) & (right == 1), pair, drawn)
        rows = np.clip(rows, 0, free) + left * self.bounds.low
        return self.bounds.clip(rows, left, right, count)

    def _pair_share(self, words: BitArray) -> FloatArray:
        """Return the left one's share of a pair of parents: symmetric beta, by its logit."""
        unit = to_unit(words)
        if self.concentration == 1:
            return unit
        unit = np.maximum(unit, _SMALLEST)
        logit = (np.log(unit) - np.log1p(-unit)) / self.concentration
        share: FloatArray = 1 / (1 + np.exp(-np.clip(logit, -_STEEPEST, _STEEPEST)))
        return np.minimum(share, 1 - _SMALLEST)


@dataclass(frozen=True, slots=True)
class Spread:
    """Rows fill ``places`` places a parent without replacement: the law of a narrow spread.

    Counts over a mean of m (above ``bounds.low``) have the variance m (1 - m / places).
    """

    bounds: Bounds
    places: float

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Draw from the hypergeometric law's normal approximation."""
        free = count - (left + right) * self.bounds.low
        total = np.maximum((left + right) * float(self.places), 1.0)
        share = left / (left + right)
        empty = np.maximum(total - free, 0.0)
        variance = free * share * (1 - share) * empty / np.maximum(total - 1, 1.0)
        rows = _normal(free * share, variance, words) + left * self.bounds.low
        return self.bounds.clip(rows, left, right, count)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Slot k has weight (k + 1) ** -exponent (Zipf); weights of ranges come from the integral."""

    exponent: float
    bounds: Bounds = Bounds()

    def __call__(
        self, first: IntArray, left: IntArray, right: IntArray, count: IntArray, words: BitArray
    ) -> IntArray:
        """Draw a binomial with the halves' weights."""
        low, middle, high = (
            self._mass(edge) for edge in (first, first + left, first + left + right)
        )
        free = count - (left + right) * self.bounds.low
        share = np.clip((middle - low) / np.maximum(high - low, 1e-300), 0.0, 1.0)
        rows = _normal(free * share, free * share * (1 - share), words)
        rows = np.clip(rows, 0, free) + left * self.bounds.low
        return self.bounds.clip(rows, left, right, count)

    def _mass(self, slots: IntArray) -> FloatArray:
        edges: FloatArray = slots.astype(np.float64) + 0.5
        if abs(self.exponent - 1) < _NEARLY:
            edges = np.log(edges)
        else:
            edges = edges ** (1 - self.exponent) / (1 - self.exponent)
        return edges


def _normal(mean: FloatArray, variance: FloatArray, words: BitArray) -> IntArray:
    """Round mean + z · std, z from four 16-bit uniforms (Irwin and Hall, |z| < 3.47)."""
    total = np.zeros(words.shape, dtype=np.float64)
    for shift in _SHIFTS:
        total += (words >> shift) & _LOW_16
    z = (total / 65536.0 - (2.0 - 4 / 131072)) * 1.7320508075688772
    return np.rint(mean + z * np.sqrt(variance)).astype(np.int64)
