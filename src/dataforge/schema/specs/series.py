"""Specs of values along time: series, sensors, their labels, and the regular steps they lie on.

The rows of a table are the steps of one series; where the table has an owning parent, the rows of
each parent are a series of their own, counted from 0 within it (``per: table`` overrules that).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from dataforge.schema.types import Model

Per = Literal["owner", "table"]


class Season(Model):
    """A wave that repeats every ``period`` steps.

    A sine of ``amplitude`` with overtones (``harmonics``: amplitudes of the 2nd, 3rd, … relative
    to the first), begun at ``phase`` (a share of the period); or ``profile``: values at evenly
    spaced places of the period, joined by straight lines and multiplied by ``amplitude``.
    """

    period: float = Field(gt=1)
    amplitude: float = 1.0
    harmonics: tuple[float, ...] = ()
    phase: float = 0.0
    profile: tuple[float, ...] | None = Field(default=None, min_length=2)


class LinearTrend(Model):
    """``slope`` more with every step."""

    kind: Literal["linear"] = "linear"
    slope: float


class ExponentialTrend(Model):
    """A factor of 1 + ``rate`` with every step."""

    kind: Literal["exponential"] = "exponential"
    rate: float = Field(gt=-1)


class Bend(Model):
    """From step ``at`` on the trend has another ``slope``."""

    at: int = Field(ge=0)
    slope: float


class PiecewiseTrend(Model):
    """A straight line that bends at each of ``changes``, which ascend."""

    kind: Literal["piecewise"] = "piecewise"
    slope: float = 0.0
    changes: tuple[Bend, ...] = Field(min_length=1)


class WalkTrend(Model):
    """A random walk whose steps have the standard deviation ``std``."""

    kind: Literal["walk"] = "walk"
    std: float = Field(gt=0)


Trend = Annotated[
    LinearTrend | ExponentialTrend | PiecewiseTrend | WalkTrend, Field(discriminator="kind")
]


class Noise(Model):
    """Normal noise of standard deviation ``std``; ``ar`` are its autoregressive coefficients.

    With ``ar: [0.7]`` neighbouring steps have a correlation of 0.7; ``std`` is that of the noise
    as it is seen, whatever the coefficients.
    """

    std: float = Field(ge=0)
    ar: tuple[float, ...] = Field(default=(), max_length=24)


class Holiday(Model):
    """Dates on which the value is multiplied by ``factor``.

    A date is a day (``2026-12-25``) or one of every year (``12-25``).
    """

    dates: tuple[str, ...] = Field(min_length=1)
    factor: float = Field(ge=0)


class Anomaly(Model):
    """A disturbance that covers ``rate`` of the steps, each time ``length`` (from, to) of them.

    ``size`` is how far it goes, in the column's unit, or as a share of the value in a
    multiplicative series; single ones vary by a quarter. A level shift and a drift go up or down.
    """

    kind: Literal["spike", "dip", "level_shift", "drift", "gap"]
    rate: float = Field(gt=0, lt=1)
    size: float = Field(default=1.0, ge=0)
    length: tuple[int, int] = (1, 1)


class Failure(Model):
    """A failure that covers ``rate`` of the steps, each time ``length`` (from, to) of them.

    A stuck sensor repeats its last value, a dropout is null, a spike is off by ``size``.
    """

    kind: Literal["stuck", "dropout", "spike"]
    rate: float = Field(gt=0, lt=1)
    size: float = Field(default=1.0, ge=0)
    length: tuple[int, int] = (1, 1)


class Signal(Model):
    """What series and sensors have in common.

    ``level`` with a ``trend``, ``seasons`` and ``noise``; ``spread`` is how much level, amplitudes
    and noise vary from one parent to the next, as a relative standard deviation.
    """

    level: float = 0.0
    trend: Trend | None = None
    seasons: tuple[Season, ...] = ()
    noise: Noise | None = None
    spread: float = Field(default=0.0, ge=0, le=2)
    per: Per | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = Field(default=None, ge=0, le=18)


class SeriesSpec(Signal):
    """A time series: level, trend, seasons and noise, added up or multiplied.

    In a multiplicative series amplitudes, sizes and the noise are shares of the value.
    ``holidays`` need ``time``, the column of dates. ``anomalies`` come at stated rates and are
    told by a ``series_label``; a ``gap`` is a missing stretch: null.
    """

    kind: Literal["series"] = "series"
    mode: Literal["additive", "multiplicative"] = "additive"
    time: str | None = None
    holidays: tuple[Holiday, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()


class SensorSpec(Signal):
    """A measured signal: with drift, steps of ``resolution``, saturation and failures.

    ``drift`` adds up with every step and is taken back every ``calibrated_every`` steps. Beyond
    ``minimum`` and ``maximum`` the sensor saturates. A ``series_label`` tells its status.
    """

    kind: Literal["sensor"] = "sensor"
    drift: float = 0.0
    calibrated_every: int | None = Field(default=None, ge=1)
    resolution: float | None = Field(default=None, gt=0)
    failures: tuple[Failure, ...] = ()


class SeriesLabelSpec(Model):
    """What happened to ``column``, a series or sensor, in this row; a boolean says whether.

    Of a series: ``normal`` or the kind of anomaly; of a sensor: ``ok``, ``saturated`` or the kind
    of failure.
    """

    kind: Literal["series_label"] = "series_label"
    column: str


class TimestepSpec(Model):
    """``start``, a step later, and on: the moments of a series.

    A step is ``every`` of ``unit``. ``business_days`` leave out weekends and ``holidays``,
    ``business_hours`` also what lies outside ``opens`` to ``closes``. Each moment is late by up to
    ``jitter`` (a share of the step).
    """

    kind: Literal["timestep"] = "timestep"
    start: datetime | None = None
    every: int = Field(default=1, ge=1, le=1_000_000)
    unit: Literal["second", "minute", "hour", "day", "week", "month"] = "day"
    calendar: Literal["every_day", "business_days", "business_hours"] = "every_day"
    holidays: tuple[date, ...] = ()
    opens: int = Field(default=9, ge=0, le=23)
    closes: int = Field(default=17, ge=1, le=24)
    jitter: float = Field(default=0.0, ge=0, le=1)
    per: Per | None = None


class CandleSpec(Model):
    """The closing prices of an instrument; ``candle_field`` gives the rest of each candle.

    A random walk of log prices: ``volatility`` is the standard deviation of a step's log return,
    ``drift`` its mean, ``clustering`` how strongly calm and wild stretches alternate (0 is none).
    ``gap`` is the deviation of an opening from the close before, relative to the volatility.
    Prices are multiples of ``tick``. ``spread`` varies the first price and the volume from parent
    to parent (standard deviation of their logarithm). ``start`` is the first date.
    """

    kind: Literal["candle"] = "candle"
    price: float = Field(default=100.0, gt=0)
    volatility: float = Field(default=0.015, gt=0, le=0.5)
    drift: float = Field(default=0.0, ge=-0.1, le=0.1)
    clustering: float = Field(default=0.5, ge=0, le=2)
    gap: float = Field(default=0.2, ge=0, le=2)
    tick: float = Field(default=0.01, gt=0)
    volume: float = Field(default=1_000_000, ge=1)
    spread: float = Field(default=0.0, ge=0, le=3)
    start: date | None = None
    holidays: tuple[date, ...] = ()
    per: Per | None = None


class CandleFieldSpec(Model):
    """Another field of the candle whose closing price is in ``column``."""

    kind: Literal["candle_field"] = "candle_field"
    column: str
    field: Literal["open", "high", "low", "volume", "date"]
