"""Candles: open, high, low, close and volume of each step, which agree because they are one draw.

The close is a random walk of log prices (``walks``). Between open and close the price is a Brownian
bridge, whose greatest value is known in closed form: with U uniform and s² the variance of the
step, max = (o + c + sqrt((c - o)² - 2 s² ln U)) / 2 (the reflection principle; Asmussen, Glynn and
Pitman, 1995). The least is drawn likewise. Prices are rounded to ticks, which keeps their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.frames import Frame
from dataforge.engine.generators.series.autoregression import Autoregression, autoregression
from dataforge.engine.generators.series.draws import Draws, Steps, address, draws_of, steps_of
from dataforge.engine.generators.series.timesteps import Moments, business_days
from dataforge.engine.generators.series.walks import walk
from dataforge.engine.generators.series.writing import Writer, writer
from dataforge.engine.generators.temporal_forms import DAY_US, Form, form_of
from dataforge.schema import CandleFieldSpec, CandleSpec
from dataforge.streams import FloatArray

_MOST_LOG = 40.0
_VOLUME_STD = 0.35
_VOLUME_AR = (0.6,)
Bars = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Instrument:
    """What candles are made with; ``low`` and ``high`` bound the prices."""

    spec: CandleSpec
    activity: Autoregression
    low: float
    high: float

    def bars(self, draws: Draws, steps: Steps) -> Bars:
        """Return the candles: four float64 prices and a float64 volume a step."""
        spec = self.spec
        path = walk(draws, steps, spec.clustering)
        price = np.log(spec.price * draws.factor("price", steps.series, spec.spread))
        where = address(steps.series, steps.index)
        spread = spec.volatility * np.sqrt(path.variance)
        before = price + spec.drift * steps.index + spec.volatility * path.before
        close = price + spec.drift * (steps.index + 1) + spec.volatility * path.after
        opening = before + spec.gap * spread * draws.scores("open", where)
        opening = np.where(steps.index == 0, before, opening)
        middle, distance = (opening + close) / 2, close - opening
        high = middle + self._reach(draws, "high", where, distance, spread)
        low = middle - self._reach(draws, "low", where, distance, spread)
        logs = {"open": opening, "high": high, "low": low, "close": close}
        bars: Bars = {name: self._price(values) for name, values in logs.items()}
        bars["volume"] = self._volume(draws, steps, path.variance, np.abs(distance) / spread)
        return bars

    def _reach(
        self,
        draws: Draws,
        purpose: str,
        where: npt.NDArray[np.uint64],
        distance: FloatArray,
        spread: FloatArray,
    ) -> FloatArray:
        """Return how far from the middle of open and close the price gets on one side."""
        rare = -np.log1p(-draws.uniform(purpose, where))
        reach: FloatArray = np.sqrt(distance * distance + 2 * spread * spread * rare) / 2
        return reach

    def _price(self, logs: FloatArray) -> FloatArray:
        price = np.exp(np.clip(logs, -_MOST_LOG, _MOST_LOG))
        ticks = np.maximum(np.rint(price / self.spec.tick), 1.0) * self.spec.tick
        return np.clip(ticks, self.low, self.high)

    def _volume(
        self, draws: Draws, steps: Steps, variance: FloatArray, moved: FloatArray
    ) -> FloatArray:
        """Trade more on wild days and large moves; around that with a memory of some days."""
        busy = self.activity.make(draws, steps) - _VOLUME_STD**2 / 2
        busy += 0.5 * np.log(variance) + 0.3 * (moved - 0.8)
        base = self.spec.volume * draws.factor("volume", steps.series, self.spec.spread)
        return np.rint(base * np.exp(busy))


@dataclass(frozen=True, slots=True)
class CandleField:
    """One field of the candles of ``column``; all fields of a batch are made once."""

    column: str
    field: str
    instrument: Instrument
    writer: Writer
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return the field, one a row."""
        draws = draws_of(cells, self.column)

        def bars(_: Frame) -> Bars:
            steps = steps_of(draws.frame, cells.rows, self.instrument.spec.per)
            return self.instrument.bars(draws, steps)

        whole = cells.rows is draws.frame.rows
        made = draws.frame.shared(f"candle/{self.column}", bars) if whole else bars(draws.frame)
        return self.writer.write(made[self.field])


@dataclass(frozen=True, slots=True)
class CandleDate:
    """The business day of each candle."""

    column: str
    spec: CandleSpec
    days: Moments
    form: Form
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one date a row."""
        draws = draws_of(cells, self.column)
        steps = steps_of(draws.frame, cells.rows, self.spec.per)
        return self.form.write(self.days(steps.index))


def build(spec: CandleSpec, site: Site) -> Generator:
    """Build the generator of closing prices."""
    return _field(site.column.name, "close", spec, site)


def build_field(spec: CandleFieldSpec, site: Site) -> Generator:
    """Build the generator of another field of the candles of a column."""
    candle = site.table.column(spec.column).spec
    assert isinstance(candle, CandleSpec)  # noqa: S101 - validated with the schema
    if spec.field == "date":
        start = candle.start or site.schema.now.date().replace(
            year=site.schema.now.year - 2, month=1, day=1
        )
        origin = int(np.datetime64(start, "D").astype(np.int64)) * DAY_US
        days = business_days(origin, candle.holidays)
        return CandleDate(spec.column, candle, days, form_of(site))
    return _field(spec.column, spec.field, candle, site)


def _field(column: str, field: str, spec: CandleSpec, site: Site) -> Generator:
    prices = writer(Site(site.schema, site.table, site.table.column(column)))
    activity = autoregression(_VOLUME_STD, _VOLUME_AR)
    instrument = Instrument(spec, activity, prices.low, prices.high)
    return CandleField(column, field, instrument, writer(site))
