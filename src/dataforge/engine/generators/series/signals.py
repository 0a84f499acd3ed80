"""Series: level, trend, seasons, noise, holidays and disturbances, at any steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.series.autoregression import Autoregression, autoregression
from dataforge.engine.generators.series.draws import Draws, Steps, draws_of, steps_of
from dataforge.engine.generators.series.events import (
    Event,
    displacement,
    events_of,
    happenings,
    of_kind,
)
from dataforge.engine.generators.series.holidays import Holidays, holidays_of
from dataforge.engine.generators.series.shape import Curve, season_of, trend_of
from dataforge.engine.generators.series.walks import walk
from dataforge.engine.generators.series.writing import Writer, writer
from dataforge.engine.nulls import with_nulls
from dataforge.schema import SeriesSpec, Signal, WalkTrend
from dataforge.schema.specs.series import Per
from dataforge.streams import FloatArray

_GAP = frozenset({"gap"})
_MOST_LOG = 600.0


@dataclass(frozen=True, slots=True)
class Wave:
    """Level, trend, seasons and noise; ``spread`` varies them from series to series."""

    trend: Curve
    seasons: tuple[Curve, ...]
    noise: Autoregression | None
    walk_std: float
    spread: float
    multiplied: bool

    def at(self, draws: Draws, steps: Steps) -> FloatArray:
        """Return the values at some steps, float64."""
        base = self.trend(steps.index) * draws.factor("level", steps.series, self.spread)
        parts = [
            curve(steps.index) * draws.factor(f"season/{number}", steps.series, self.spread)
            for number, curve in enumerate(self.seasons)
        ]
        noise = self._noise(draws, steps)
        if not self.multiplied:
            return sum(parts, base + noise)
        for part in parts:
            base = base * (1.0 + part)
        values: FloatArray = base * np.exp(np.clip(noise, -_MOST_LOG, _MOST_LOG))
        return values

    def _noise(self, draws: Draws, steps: Steps) -> FloatArray:
        noise = np.zeros(steps.index.size)
        if self.noise is not None:
            noise = self.noise.make(draws, steps)
            noise *= draws.factor("noise", steps.series, self.spread)
        if self.walk_std:
            noise += walk(draws, steps).after * self.walk_std
        return noise


def wave_of(spec: Signal, *, multiplied: bool = False) -> Wave:
    """Build what a signal asks for, without what disturbs it."""
    noise = spec.noise
    return Wave(
        trend_of(spec),
        tuple(map(season_of, spec.seasons)),
        None if noise is None or not noise.std else autoregression(noise.std, noise.ar),
        spec.trend.std if isinstance(spec.trend, WalkTrend) else 0.0,
        spec.spread,
        multiplied,
    )


@dataclass(frozen=True, slots=True)
class SeriesGenerator:
    """A series with its holidays and anomalies."""

    wave: Wave
    events: Sequence[Event]
    holidays: Holidays | None
    writer: Writer
    per: Per | None
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Return one value a row, null in gaps."""
        draws = draws_of(cells)
        steps = steps_of(draws.frame, cells.rows, self.per)
        values = self.wave.at(draws, steps)
        if self.holidays is not None:
            values *= self.holidays.factors(cells)
        if not self.events:
            return self.writer.write(values)
        found = happenings(self.events, draws, steps)
        moved = displacement(self.events, found)
        values = values * (1.0 + moved) if self.wave.multiplied else values + moved
        absent = np.zeros(values.size, dtype=np.bool_)
        absent[of_kind(self.events, found, _GAP)] = True
        return with_nulls(self.writer.write(values), absent)


def build(spec: SeriesSpec, site: Site) -> Generator:
    """Build the generator of a series."""
    return SeriesGenerator(
        wave_of(spec, multiplied=spec.mode == "multiplicative"),
        events_of(spec.anomalies),
        holidays_of(spec),
        writer(site, spec.minimum, spec.maximum, spec.decimals),
        spec.per,
        () if spec.time is None else (spec.time,),
    )
