"""A Gaussian copula: columns of a row whose uniforms are images of correlated normals.

A column's score is its row of the Cholesky factor times the independent normals of the group's
columns, each from a stream of its own; its uniform is the normal distribution function of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from dataforge.engine.correlations import factor, valid_matrix
from dataforge.engine.quantiles import normal_quantile
from dataforge.schema import BooleanSpec, BooleanType, SensorSpec, SeriesSpec, Table
from dataforge.streams import BitArray, FloatArray, bits, derive_key, to_unit

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame

_REACH, _CELLS = 9.0, 2304
_STEP = 2 * _REACH / _CELLS
_POINTS = np.linspace(-_REACH, _REACH, _CELLS + 1)
_BELOW = np.array([0.5 + erf(point / sqrt(2)) / 2 for point in _POINTS.tolist()])
_DENSITY = np.exp(-_POINTS * _POINTS / 2) / sqrt(2 * np.pi) * _STEP
_MOST = 1.0 - 2.0**-53
_TO_53, _TO_64 = 2.0**53, np.uint64(11)


@dataclass(frozen=True, slots=True)
class Member:
    """A column of a correlation group.

    ``keys`` are the streams of the columns up to this one, ``weights`` what each adds. Where
    ``by_step`` a row draws at its step, together with the noise of a series of the group.
    ``falls`` says that the column's value falls with its uniform.
    """

    keys: tuple[int, ...]
    weights: tuple[float, ...]
    by_step: bool = False
    falls: bool = False

    def scores(self, addresses: BitArray, draw: int) -> FloatArray:
        """Return the column's standard normals at addresses (uint64), float64."""
        total = np.zeros(addresses.size)
        for key, weight in zip(self.keys, self.weights, strict=True):
            if weight:
                total += weight * _normals(key, addresses, draw)
        return total

    def words(self, frame: Frame, draw: int) -> BitArray:
        """Return the column's 64 random bits for the rows of a frame."""
        total = np.zeros(frame.rows.size)
        for key, weight in zip(self.keys, self.weights, strict=True):
            if weight:
                total += weight * self._kept(frame, key, draw)
        unit = normal_share(-total if self.falls else total)
        return (unit * _TO_53).astype(np.uint64) << _TO_64

    def _kept(self, frame: Frame, key: int, draw: int) -> FloatArray:
        """Return the normals of one stream, which the group's columns share in a frame."""
        return frame.shared(f"copula/{key}/{draw}", lambda _: self._made(frame, key, draw))

    def _made(self, frame: Frame, key: int, draw: int) -> FloatArray:
        addresses = step_addresses(frame) if self.by_step else frame.rows.view(np.uint64)
        return _normals(key, addresses, draw)


def copula_members(table: Table, seed: int) -> dict[str, Member]:
    """Return the members of all correlation groups of a table by their column."""
    found: dict[str, Member] = {}
    for correlation in table.correlations:
        lower = factor(valid_matrix(correlation))
        names = correlation.columns
        keys = [derive_key(seed, table.name, name, "copula") for name in names]
        by_step = any(map(_steps, (table.column(name).spec for name in names)))
        for place, name in enumerate(names):
            found[name] = Member(
                tuple(keys[: place + 1]),
                tuple(lower[place, : place + 1].tolist()),
                by_step and table.owner is not None,
                _falls(table, name),
            )
    return found


def companions(table: Table, name: str) -> Sequence[str]:
    """Return the columns that draw together with ``name``."""
    groups = (each.columns for each in table.correlations)
    return next((names for names in groups if name in names), ())


def step_addresses(frame: Frame) -> BitArray:
    """Return the addresses (uint64) of the steps that the rows are in their owner's series."""
    position = frame.position()
    series = bits(frame.table.key_for("series"), position.parent)
    return series + position.ordinal.view(np.uint64)


def normal_share(scores: FloatArray) -> FloatArray:
    """Return the standard normal distribution function, in [0, 1), to about 1e-12.

    Cubic Hermite interpolation between 2305 points with the exact slopes.
    """
    place = (np.clip(scores, -_REACH, _REACH) + _REACH) / _STEP
    cell = np.minimum(place.astype(np.intp), _CELLS - 1)
    t = place - cell
    low, rise = _BELOW[cell], _BELOW[cell + 1] - _BELOW[cell]
    bend_low, bend_high = _DENSITY[cell] - rise, rise - _DENSITY[cell + 1]
    curve = low + t * (rise + (1.0 - t) * (bend_low * (1.0 - t) + bend_high * t))
    share: FloatArray = np.clip(curve, 0.0, _MOST)
    return share


def _normals(key: int, addresses: BitArray, draw: int) -> FloatArray:
    return normal_quantile(to_unit(bits(key, addresses, draw)))


def _steps(spec: object) -> bool:
    return isinstance(spec, SeriesSpec | SensorSpec) and spec.per != "table"


def _falls(table: Table, name: str) -> bool:
    """Tell whether small uniforms give the larger value: true is drawn below its share."""
    spec = table.column(name).spec
    return isinstance(spec, BooleanSpec) or (
        spec is None and isinstance(table.column(name).type, BooleanType)
    )
