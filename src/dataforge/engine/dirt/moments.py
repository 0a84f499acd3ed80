"""Moments that are late, and dates with day and month exchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.dirt.draws import Draws
from dataforge.streams import IntArray

_SECOND_US = 1_000_000
_DAY_S = 86_400
_DAY_US = _DAY_S * _SECOND_US
_LAST_MONTH = 12
_ISO = r"^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|1[0-2])"
_WRITTEN = r"^(0?[1-9]|1[0-2])([./-])(0?[1-9]|1[0-2])([./-]\d{4})"


@dataclass(frozen=True, slots=True)
class Late:
    """Later by ``minimum`` to ``maximum`` seconds, in equal parts of the logarithm."""

    minimum: float
    maximum: float

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Add whole seconds, to dates whole days."""
        low, high = math.log(self.minimum), math.log(self.maximum)
        seconds = np.ceil(np.exp(low + (high - low) * draws.uniform("delay"))).astype(np.int64)
        if pa.types.is_date(values.type):
            days = _days(values) + -(-seconds // _DAY_S)
            return pa.array(days.astype(np.int32)).cast(values.type)
        moments = np.asarray(values.cast(pa.int64())) + seconds * _SECOND_US
        return pa.array(moments).cast(values.type)


@dataclass(frozen=True, slots=True)
class DateSwap:
    """Day and month exchanged where the day is a month too."""

    def edit(self, values: pa.Array, _draws: Draws) -> pa.Array:
        """Exchange them in dates, in moments and at the beginning of text."""
        if pa.types.is_string(values.type):
            swapped = pc.replace_substring_regex(values, _ISO, r"\1-\3-\2")
            return pc.replace_substring_regex(swapped, _WRITTEN, r"\3\2\1\4")
        if pa.types.is_date(values.type):
            return pa.array(_swapped(_days(values)).astype(np.int32)).cast(values.type)
        moments = np.asarray(values.cast(pa.int64()))
        days, time = np.divmod(moments, _DAY_US)
        return pa.array(_swapped(days) * _DAY_US + time).cast(values.type)


def _days(values: pa.Array) -> IntArray:
    days: IntArray = np.asarray(values.cast(pa.int32())).astype(np.int64)
    return days


def _swapped(days: IntArray) -> IntArray:
    """Exchange day and month of days since 1970; those after the twelfth stay."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    other = years.astype("datetime64[M]") + (np.minimum(day, _LAST_MONTH) - 1)
    swapped = (other.astype("datetime64[D]") + (month - 1)).astype(np.int64)
    return np.where(day <= _LAST_MONTH, swapped, days)
