"""Sensors: a signal as an instrument reports it, with drift, steps, saturation and failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.series.draws import Draws, Steps, draws_of, steps_of
from dataforge.engine.generators.series.events import (
    Event,
    Happenings,
    displacement,
    events_of,
    happenings,
    of_kind,
)
from dataforge.engine.generators.series.signals import Wave, wave_of
from dataforge.engine.generators.series.writing import Writer, writer
from dataforge.engine.nulls import BoolArray, with_nulls
from dataforge.schema import SensorSpec
from dataforge.schema.specs.series import Per
from dataforge.streams import FloatArray, IntArray

_STUCK, _DROPOUT = frozenset({"stuck"}), frozenset({"dropout"})


@dataclass(frozen=True, slots=True)
class Sensor:
    """What a sensor reports; ``saturation`` are its least and greatest value."""

    wave: Wave
    drift: float
    calibrated_every: int | None
    resolution: float | None
    saturation: tuple[float, float]
    events: Sequence[Event]
    per: Per | None

    def read(self, draws: Draws, steps: Steps) -> tuple[FloatArray, Happenings]:
        """Return the reported values, float64, and what happens at each step."""
        found = happenings(self.events, draws, steps)
        values = self._sensed(draws, steps) + displacement(self.events, found)
        stuck = of_kind(self.events, found, _STUCK)
        if stuck.size:
            values[stuck] = self._held(draws, steps.at(stuck), found.elapsed[stuck])
        if self.resolution is not None:
            values = np.rint(values / self.resolution) * self.resolution
        return values, found

    def saturated(self, values: FloatArray) -> BoolArray:
        """Tell where the sensor has come to an end of its range."""
        low, high = self.saturation
        ends: BoolArray = (values <= low) | (values >= high)
        return ends

    def absent(self, found: Happenings) -> BoolArray:
        """Tell where nothing is reported."""
        absent = np.zeros(found.code.size, dtype=np.bool_)
        absent[of_kind(self.events, found, _DROPOUT)] = True
        return absent

    def _sensed(self, draws: Draws, steps: Steps) -> FloatArray:
        values = self.wave.at(draws, steps)
        if self.drift:
            age = steps.index
            if self.calibrated_every is not None:
                age = age % self.calibrated_every
            values = values + self.drift * age
        return values

    def _held(self, draws: Draws, steps: Steps, age: IntArray) -> FloatArray:
        """Return the value that a stuck sensor had when it got stuck; each of them made once."""
        since = np.maximum(steps.index - age, 0)
        fresh = np.ones(since.size, dtype=np.bool_)
        fresh[1:] = (since[1:] != since[:-1]) | (steps.series[1:] != steps.series[:-1])
        first = np.flatnonzero(fresh)
        sensed = self._sensed(draws, Steps(steps.series[first], since[first]))
        held: FloatArray = sensed[np.cumsum(fresh) - 1]
        return held


@dataclass(frozen=True, slots=True)
class SensorGenerator:
    """The column of a sensor."""

    sensor: Sensor
    writer: Writer
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one reading a row, null where it drops out."""
        draws = draws_of(cells)
        steps = steps_of(draws.frame, cells.rows, self.sensor.per)
        values, found = self.sensor.read(draws, steps)
        return with_nulls(self.writer.write(values), self.sensor.absent(found))


def sensor_of(spec: SensorSpec) -> Sensor:
    """Build what a sensor reports."""
    low = -np.inf if spec.minimum is None else spec.minimum
    high = np.inf if spec.maximum is None else spec.maximum
    return Sensor(
        wave_of(spec),
        spec.drift,
        spec.calibrated_every,
        spec.resolution,
        (low, high),
        events_of(spec.failures),
        spec.per,
    )


def build(spec: SensorSpec, site: Site) -> Generator:
    """Build the generator of a sensor."""
    written = writer(site, spec.minimum, spec.maximum, spec.decimals)
    return SensorGenerator(sensor_of(spec), written)
