"""A random walk that can be asked for at any step: Lévy's construction down a binary tree.

A node holds the walk at both ends of 2^level steps and the variance it gains between them. Its
middle is the bridge's mean plus a keyed normal, so a run of steps costs as much as it is long, plus
one node a level. With ``clustering`` the two halves of the lowest ``_CASCADE`` levels get unequal
shares of the variance: Brownian motion in the trading time of a multiplicative cascade (Mandelbrot,
Fisher and Calvet, "A multifractal model of asset returns", 1997), so that calm and wild stretches
alternate on every scale up to some years of days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dataforge.engine.generators.series.draws import Draws, Steps, address
from dataforge.engine.generators.series.windows import runs_of
from dataforge.streams import BitArray, FloatArray, IntArray

_LEVELS = 40
_CASCADE = 10


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk before and after some steps, and the variance gained in each (1 on average)."""

    before: FloatArray
    after: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True)
class _Nodes:
    run: IntArray
    number: IntArray
    low: FloatArray
    high: FloatArray
    variance: FloatArray

    def keep(self, mask: IntArray) -> _Nodes:
        return _Nodes(
            self.run[mask],
            self.number[mask],
            self.low[mask],
            self.high[mask],
            self.variance[mask],
        )


def walk(draws: Draws, steps: Steps, clustering: float = 0.0) -> Walk:
    """Return the walk along some steps, whose increments have variance 1; it starts at 0."""
    runs = runs_of(steps)
    series = steps.series[runs.start]
    first = steps.index[runs.start]
    last = first + runs.length - 1
    size = float(1 << _LEVELS)
    nodes = _Nodes(
        np.arange(series.size),
        np.zeros(series.size, dtype=np.int64),
        np.zeros(series.size),
        draws.scores("walk/root", series) * np.sqrt(size),
        np.full(series.size, size),
    )
    for level in range(_LEVELS, 0, -1):
        nodes = _halved(draws, series, nodes, level, clustering)
        number, half = nodes.number, level - 1
        inside = (number >= first[nodes.run] >> half) & (number <= last[nodes.run] >> half)
        nodes = nodes.keep(np.flatnonzero(inside))
    return Walk(nodes.low, nodes.high, nodes.variance)


def _halved(draws: Draws, series: BitArray, nodes: _Nodes, level: int, clustering: float) -> _Nodes:
    """Split every node in two, which take its place in order."""
    middle = (nodes.number << level) + (1 << (level - 1))
    place = address(series[nodes.run], middle)
    share = np.full(middle.size, 0.5)
    if clustering and level <= _CASCADE:
        share = 1.0 / (1.0 + np.exp(-clustering * draws.scores("walk/share", place)))
    bridge = np.sqrt(nodes.variance * share * (1.0 - share))
    value = nodes.low + share * (nodes.high - nodes.low) + bridge * draws.scores("walk", place)
    left, right = nodes.number << 1, (nodes.number << 1) + 1
    return _Nodes(
        np.repeat(nodes.run, 2),
        _zipped(left, right),
        _zipped(nodes.low, value),
        _zipped(value, nodes.high),
        _zipped(nodes.variance * share, nodes.variance * (1.0 - share)),
    )


def _zipped(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    joined: npt.NDArray[Any] = np.empty(2 * left.size, dtype=left.dtype)
    joined[::2], joined[1::2] = left, right
    return joined
