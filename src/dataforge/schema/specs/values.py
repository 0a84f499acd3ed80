"""Specs of single values: numbers, moments, choices, bytes, places."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from dataforge.schema.distributions import Distribution, Uniform
from dataforge.schema.types import Model

Scalar = bool | int | float | str | None


class SequenceSpec(Model):
    """``start + row * step``."""

    kind: Literal["sequence"] = "sequence"
    start: int = 1
    step: int = 1


class UuidSpec(Model):
    """A random UUID (version 4), or one whose order follows the row number (version 7)."""

    kind: Literal["uuid"] = "uuid"
    version: Literal[4, 7] = 4


class NumberSpec(Model):
    """A number between ``minimum`` and ``maximum``, both inclusive, rounded to the column's type.

    ``decimals`` rounds further.
    """

    kind: Literal["number"] = "number"
    minimum: float | int | None = None
    maximum: float | int | None = None
    distribution: Distribution = Uniform()
    decimals: int | None = Field(default=None, ge=0, le=18)


class BooleanSpec(Model):
    """True with probability ``true_share``."""

    kind: Literal["boolean"] = "boolean"
    true_share: float = Field(default=0.5, ge=0, le=1)


class CategoricalSpec(Model):
    """One of ``values``, by ``weights`` when given."""

    kind: Literal["categorical"] = "categorical"
    values: tuple[Scalar, ...] = Field(min_length=1)
    weights: tuple[float, ...] | None = None

    @model_validator(mode="after")
    def _weights_fit(self) -> CategoricalSpec:
        if self.weights is not None:
            if len(self.weights) != len(self.values):
                msg = f"{len(self.values)} values but {len(self.weights)} weights"
                raise ValueError(msg)
            if min(self.weights) < 0 or sum(self.weights) <= 0:
                msg = "weights must not be negative and must not all be zero"
                raise ValueError(msg)
        return self


class ConstantSpec(Model):
    """The same value in every row."""

    kind: Literal["constant"] = "constant"
    value: Scalar = None


class Bound(Model):
    """What a row knows: ``column`` of its own, or of the parent of ``foreign_key``."""

    column: str
    foreign_key: str | None = None


class Holidays(Model):
    """Days of public holidays in ``country`` (two letters) have ``factor`` times the weight."""

    country: str
    factor: float = Field(default=0.2, ge=0)


class DatetimeSpec(Model):
    """A date, time or timestamp in [``start``, ``end``), shaped by profiles.

    ``months`` (12, from January), ``weekdays`` (7, from Monday) and ``hours`` (24) are relative
    weights, ``holidays`` those of public holidays; ``growth`` is the factor by which the density
    rises from start to end. A row's value is drawn between the moments ``after`` and ``before``
    that it knows, where they are not null; where they leave nothing it is the moment ``after``.
    """

    kind: Literal["datetime"] = "datetime"
    start: datetime | None = None
    end: datetime | None = None
    months: tuple[float, ...] | None = Field(default=None, min_length=12, max_length=12)
    weekdays: tuple[float, ...] | None = Field(default=None, min_length=7, max_length=7)
    hours: tuple[float, ...] | None = Field(default=None, min_length=24, max_length=24)
    growth: float = Field(default=1.0, gt=0)
    holidays: Holidays | None = None
    after: tuple[Bound, ...] = ()
    before: Bound | None = None


class BytesSpec(Model):
    """Random bytes of ``minimum`` to ``maximum`` length."""

    kind: Literal["bytes"] = "bytes"
    minimum: int = Field(default=16, ge=0)
    maximum: int = Field(default=32, ge=0, le=65536)


class PointSpec(Model):
    """A place drawn uniformly from a box of longitudes (x) and latitudes (y) in degrees."""

    kind: Literal["point"] = "point"
    west: float = -124.0
    east: float = -67.0
    south: float = 25.0
    north: float = 49.0


class OffsetSpec(Model):
    """``column`` (date, timestamp or number) plus a gap between ``minimum`` and ``maximum``.

    Gaps are in days for dates, in seconds for timestamps and times, else in the column's unit.
    With ``foreign_key`` the column is that of the parent it points to. The gap begins at the
    greatest of it and of the row's columns ``after`` that are not null. With ``past`` gaps of
    moments are compressed where they come near the schema's ``now``, to end before it.
    """

    kind: Literal["offset"] = "offset"
    column: str
    after: tuple[str, ...] = ()
    foreign_key: str | None = None
    past: bool = False
    minimum: float = 0
    maximum: float = 1
    distribution: Distribution = Uniform()


class ShareSpec(Model):
    """A share of ``column``, a number of the row: of what it has above ``above``, added to that.

    The share is drawn between ``minimum`` and ``maximum`` and the value rounded to the column's
    type, or to ``decimals``: one of at most 1 never comes out greater than ``column``, one of at
    least 1 never smaller. Where a column it reads is null it is null too, or 0 if it may not be.
    """

    kind: Literal["share"] = "share"
    column: str
    above: str | None = None
    minimum: float = Field(default=0, ge=0)
    maximum: float = Field(default=1, ge=0)
    distribution: Distribution = Uniform()
    decimals: int | None = Field(default=None, ge=0, le=18)
