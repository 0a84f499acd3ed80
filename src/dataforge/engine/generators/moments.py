"""Columns of dates and timestamps as whole ticks: days, or microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from dataforge import streams
from dataforge.engine.cells import Site
from dataforge.engine.frames import Frame
from dataforge.engine.generators.extents import ticks_of
from dataforge.engine.generators.temporal import moment_us
from dataforge.engine.generators.temporal_forms import DAY_US
from dataforge.engine.nulls import BoolArray, is_null, plain
from dataforge.schema import DateType
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import IntArray

_PAST_DAYS = 1825


@dataclass(frozen=True, slots=True)
class Moments:
    """How a column counts time: in ``tick_us`` microseconds, of which values are ``step`` ticks.

    ``scale`` ticks are the unit in which specs speak: a day or a second. ``now`` is the last tick
    that is not after the schema's present.
    """

    type: pa.DataType
    tick_us: int
    scale: int
    step: int
    now: int

    def ticks(self, values: pa.Array) -> tuple[IntArray, BoolArray]:
        """Return moments of any column as ticks, rounded up to a step, and where they are null."""
        moments, absent = microseconds(values)
        return self.rounded_up(moments), absent

    def of_owner(self, frame: Frame, reference: int, column: str) -> IntArray:
        """Return a moment of the owner for every row; where it is null, one of the past."""
        ticks, absent = self.ticks(frame.parent_column(reference, column))
        return self._filled(ticks, absent, frame, frame.position().parent)

    def of_row(self, frame: Frame, column: str) -> IntArray:
        """Return a moment of the row itself; where it is null, one of the past."""
        ticks, absent = self.ticks(frame.column(column))
        return self._filled(ticks, absent, frame, frame.rows)

    def _filled(self, ticks: IntArray, absent: BoolArray, frame: Frame, rows: IntArray) -> IntArray:
        if not absent.any():
            return ticks
        day = DAY_US // self.tick_us
        ago = streams.uniform(frame.table.key_for("missing"), rows) * (_PAST_DAYS * day)
        past = self.now - (ago.astype(np.int64) // self.step + 1) * self.step
        return np.where(absent, past, ticks)

    def rounded_up(self, moments_us: IntArray) -> IntArray:
        """Return microseconds since 1970 as ticks, rounded up to a step."""
        unit = self.tick_us * self.step
        return -(-moments_us // unit) * self.step

    def write(self, ticks: IntArray) -> pa.Array:
        """Return ticks as the column's values."""
        storage = pa.int32() if pa.types.is_date32(self.type) else pa.int64()
        return pa.array(ticks).cast(storage).cast(self.type)

    def tick(self, moment: datetime) -> int:
        """Return a fixed moment, rounded up to a step."""
        return int(self.rounded_up(np.array([moment_us(moment)]))[0])


def moments_of(site: Site) -> Moments:
    """Return how a date or timestamp column counts."""
    scale, step = ticks_of(site.column)
    tick_us = DAY_US if isinstance(site.column.type, DateType) else 1
    unit = tick_us * step
    now = moment_us(site.schema.now) // unit * step
    return Moments(arrow_type(site.column.type), tick_us, scale, step, now)


def microseconds(values: pa.Array) -> tuple[IntArray, BoolArray]:
    """Return dates or timestamps as microseconds since 1970, and where they are null."""
    absent, moments = is_null(values), plain(values)
    storage = pa.int32() if pa.types.is_date32(moments.type) else pa.int64()
    numbers = moments.cast(storage).fill_null(0).to_numpy(zero_copy_only=False)
    return numbers.astype(np.int64) * _unit_us(moments.type), absent


def _unit_us(kind: pa.DataType) -> int:
    """Return the microseconds of one unit of a date or timestamp type."""
    if pa.types.is_date32(kind):
        return DAY_US
    return {"s": 1_000_000, "ms": 1_000, "us": 1}[kind.unit]
