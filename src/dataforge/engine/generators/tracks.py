"""Where a thing that moves is, row by row within its owning parent.

A thing makes rounds: from its base through a dozen places around it and back, in ``LAP`` readings
of equal distance in time. Where it is at a reading follows from the round's places and the share
of the round that has passed, so any row can be made alone, and a row lies where the one before and
its speed and heading say.

Distances are taken on the plane that touches the Earth at the base, 111.32 km to a degree of
latitude; rounds are short enough (``schema.validation.tracks``) for that to be true to a percent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import joint_table, slot_table
from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.rules.cast import cast_to
from dataforge.locales import locale_mix
from dataforge.schema import TimestampType, TrackSpec
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import BitArray, FloatArray, IntArray, bits, derive_key, to_unit

LAP = 240
STOPS = 11
KM_PER_DEGREE = 111.32
KMH_PER_KM_PER_SECOND = 3600.0
_NEAREST, _FARTHEST = 0.35, 1.0
_SLOWEST, _FASTEST = 0.85, 1.15
_TURN = 2 * np.pi
_HALF_WAY = 180.0
_TOP_16 = np.uint64(48)

Measure = Literal["latitude", "longitude", "timestamp", "speed", "heading", "distance"]


@dataclass(frozen=True, slots=True)
class Legs:
    """Rounds and, for every row, where on them it is.

    ``east``, ``north`` and ``passed`` (the share of the round) hold the corners of each round,
    shape (rounds, STOPS + 2); ``length`` the length of each row's round in their unit; ``which``
    the row's round, ``leg`` the corner it comes from and ``eased`` how far it is to the next.
    """

    east: FloatArray
    north: FloatArray
    passed: FloatArray
    length: FloatArray
    which: IntArray
    leg: IntArray
    eased: FloatArray

    def between(self, corners: FloatArray) -> FloatArray:
        """Return what lies between the values at two corners, for every row."""
        first = corners[self.which, self.leg]
        made: FloatArray = first + self.eased * (corners[self.which, self.leg + 1] - first)
        return made


@dataclass(frozen=True)
class Track:
    """The rounds of the things of one table."""

    key: int
    latitudes: FloatArray
    longitudes: FloatArray
    slots: npt.NDArray[np.int32]
    interval_s: float
    speed_kmh: float
    start: np.datetime64
    span_s: int
    step_us: int = 1

    def base(self, parents: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return latitude and longitude of each thing's base."""
        place = self.slots[(self._bits("base", parents) >> _TOP_16).view(np.int64)]
        spread = [(to_unit(self._bits(name, parents)) - 0.5) * 0.1 for name in ("north", "east")]
        return self.latitudes[place] + spread[0], self.longitudes[place] + spread[1]

    def lap_km(self, parents: IntArray) -> FloatArray:
        """Return the length of each thing's rounds."""
        share = _SLOWEST + (_FASTEST - _SLOWEST) * to_unit(self._bits("pace", parents))
        lap: FloatArray = share * (self.speed_kmh * self.interval_s * LAP / KMH_PER_KM_PER_SECOND)
        return lap

    def begins(self, parents: IntArray) -> npt.NDArray[np.datetime64]:
        """Return the moment of each thing's first reading, whole seconds."""
        seconds = (to_unit(self._bits("start", parents)) * self.span_s).astype(np.int64)
        moments: npt.NDArray[np.datetime64] = self.start + seconds.astype("timedelta64[s]")
        return moments

    def offsets(self, parents: IntArray, readings: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return how many km east and north of its base each thing is at each reading."""
        legs = self._legs(parents, readings)
        scale = self.lap_km(parents) / legs.length
        return legs.between(legs.east) * scale, legs.between(legs.north) * scale

    def way_km(self, parents: IntArray, readings: IntArray) -> FloatArray:
        """Return how many km each thing has gone since its first reading."""
        legs = self._legs(parents, readings)
        way: FloatArray = self.lap_km(parents) * (readings // LAP + legs.between(legs.passed))
        return way

    def _legs(self, parents: IntArray, readings: IntArray) -> Legs:
        """Find the leg of its round that each thing is on."""
        laps, at = np.divmod(readings, LAP)
        begins = np.flatnonzero(_changes(parents) | _changes(laps))
        which = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(parents)))
        east, north = self._corners(parents[begins], laps[begins])
        lengths = np.hypot(np.diff(east, axis=1), np.diff(north, axis=1))
        passed = np.zeros_like(east)
        np.cumsum(lengths, axis=1, out=passed[:, 1:])
        length = passed[:, -1].copy()
        passed /= length[:, None]
        share = at / LAP
        leg = (share[:, None] >= passed[which, 1:-1]).sum(axis=1)
        start, end = passed[which, leg], passed[which, leg + 1]
        eased = _eased((share - start) / (end - start))
        return Legs(east, north, passed, length[which], which, leg, eased)

    def _corners(self, parents: IntArray, laps: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the places of rounds, base first and last, in any unit, shape (n, STOPS + 2)."""
        first = to_unit(self._bits("bearing", parents, laps))
        side = np.where(self._bits("side", parents, laps) & np.uint64(1), 1.0, -1.0)
        east = np.zeros((len(parents), STOPS + 2))
        north = np.zeros_like(east)
        for stop in range(1, STOPS + 1):
            bend = to_unit(self._bits(f"bend {stop}", parents, laps))
            far = to_unit(self._bits(f"far {stop}", parents, laps))
            angle = (first + side * (stop + bend) / (STOPS + 2)) * _TURN
            radius = _NEAREST + (_FARTHEST - _NEAREST) * far
            east[:, stop] = radius * np.sin(angle)
            north[:, stop] = radius * np.cos(angle)
        return east, north

    def _bits(self, purpose: str, parents: IntArray, laps: IntArray | None = None) -> BitArray:
        drawn = bits(derive_key(self.key, purpose), parents)
        if laps is None:
            return drawn
        return bits(
            derive_key(self.key, purpose, "lap"), (drawn + laps.view(np.uint64)).view(np.int64)
        )


def _changes(values: IntArray) -> npt.NDArray[np.bool_]:
    """Return where a value differs from the one before; the first does."""
    changes = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _eased(share: FloatArray) -> FloatArray:
    """Return how far along a leg a thing is that slows down at its ends to half its speed."""
    eased: FloatArray = 0.5 * (share + share * share * (3 - 2 * share))
    return eased


@dataclass(frozen=True)
class TrackColumn:
    """One measure of the tracks of a table."""

    track: Track
    measure: Callable[[Track, IntArray, IntArray], pa.Array]
    type: pa.DataType
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Find each row's thing and reading, and measure."""
        position = frame_of(cells).position()
        return cast_to(self.measure(self.track, position.parent, position.ordinal), self.type)


def _latitude(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    return pa.array(
        np.round(track.base(parents)[0] + track.offsets(parents, readings)[1] / KM_PER_DEGREE, 6)
    )


def _longitude(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    latitude, longitude = track.base(parents)
    east = track.offsets(parents, readings)[0]
    made = np.round(longitude + east / (KM_PER_DEGREE * np.cos(np.radians(latitude))), 6)
    beyond = np.abs(made) > _HALF_WAY
    made[beyond] -= np.copysign(2 * _HALF_WAY, made[beyond])
    return pa.array(made)


def _moved(track: Track, parents: IntArray, readings: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return how many km east and north things went since the reading before."""
    here = track.offsets(parents, readings)
    there = track.offsets(parents, np.maximum(readings - 1, 0))
    return here[0] - there[0], here[1] - there[1]


def _speed(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    """Return km/h since the reading before; 0 at the first."""
    km = np.hypot(*_moved(track, parents, readings))
    return pa.array(np.round(km * (KMH_PER_KM_PER_SECOND / track.interval_s), 1))


def _heading(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    """Return degrees from north, clockwise, since the reading before; at the first, to the next."""
    east, north = _moved(track, parents, np.maximum(readings, 1))
    return pa.array(np.round(np.degrees(np.arctan2(east, north)) % 360, 1) % 360)


def _distance(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    """Return km since the first reading, along the way."""
    return pa.array(np.round(track.way_km(parents, readings), 3))


def _timestamp(track: Track, parents: IntArray, readings: IntArray) -> pa.Array:
    passed = np.rint(readings * (track.interval_s * 1e6)).astype(np.int64)
    passed -= passed % track.step_us
    begins = track.begins(parents).astype("datetime64[us]")
    return pa.array(begins + passed.astype("timedelta64[us]"))


_MEASURES: dict[Measure, Callable[[Track, IntArray, IntArray], pa.Array]] = {
    "latitude": _latitude,
    "longitude": _longitude,
    "timestamp": _timestamp,
    "speed": _speed,
    "heading": _heading,
    "distance": _distance,
}


def build(spec: TrackSpec, site: Site) -> Generator:
    """Return the generator of a measure in the type of its column."""
    schema = site.schema
    end = spec.end or schema.now
    start = np.datetime64(spec.start or end.replace(year=end.year - 1), "s")
    latitudes, longitudes, slots = _bases(spec, schema.locale)
    logical = site.column.type
    step_us = 10 ** (6 - logical.precision) if isinstance(logical, TimestampType) else 1
    track = Track(
        key=derive_key(schema.seed, site.table.name, "track", spec.group),
        latitudes=latitudes,
        longitudes=longitudes,
        slots=slots,
        interval_s=spec.interval_s,
        speed_kmh=spec.speed_kmh,
        start=start,
        span_s=max(1, int((np.datetime64(end, "s") - start).astype(np.int64))),
        step_us=step_us,
    )
    return TrackColumn(track, _MEASURES[spec.field], arrow_type(site.column.type))


def _bases(spec: TrackSpec, locale: str) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int32]]:
    """Return where things are at home: at the given place, else in towns of the main locale."""
    if spec.latitude is not None and spec.longitude is not None:
        one = (np.array([spec.latitude]), np.array([spec.longitude]))
        return *one, slot_table(1, None)
    cities = joint_table("city", locale_mix(locale).main)
    place = (cities.numbers("latitude"), cities.numbers("longitude"))
    return *place, slot_table(len(cities), cities.weights)
