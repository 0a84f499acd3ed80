"""Factors on dates: of one year, or of every year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells
from dataforge.engine.nulls import plain
from dataforge.schema import SeriesSpec
from dataforge.streams import FloatArray

_LEAP_YEAR = "2000-"


@dataclass(frozen=True, slots=True)
class Holidays:
    """``days`` (datetime64[D]) and ``yearly`` (days of the year 2000) with their factors."""

    time: str
    days: npt.NDArray[np.datetime64]
    day_factors: FloatArray
    yearly: npt.NDArray[np.datetime64]
    yearly_factors: FloatArray

    def factors(self, cells: Cells) -> FloatArray:
        """Return the factor of each row's date, 1 where it is no holiday or null."""
        dates = pc.cast(plain(cells.column(self.time)), pa.date32(), safe=False)
        whole = dates.cast(pa.int32()).fill_null(0).to_numpy().astype("datetime64[D]")
        distinct, place = np.unique(whole, return_inverse=True)
        factors = np.ones(distinct.size)
        for day, factor in zip(self.days, self.day_factors, strict=True):
            factors[distinct == day] *= factor
        in_2000 = _in_2000(distinct)
        for day, factor in zip(self.yearly, self.yearly_factors, strict=True):
            factors[in_2000 == day] *= factor
        factors = factors[place]
        factors[dates.is_null().to_numpy(zero_copy_only=False)] = 1.0
        return factors


def _in_2000(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Return the days with the same month and day of the month in 2000."""
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 30 * 12
    starts = month.astype("datetime64[M]").astype("datetime64[D]")
    same: npt.NDArray[np.datetime64] = starts + (days - months)
    return same


def holidays_of(spec: SeriesSpec) -> Holidays | None:
    """Build the holidays of a series, None where it has none."""
    if spec.time is None or not spec.holidays:
        return None
    dated = [(text, each.factor) for each in spec.holidays for text in each.dates]
    days = [pair for pair in dated if len(pair[0]) > len("12-25")]
    yearly = [(_LEAP_YEAR + text, factor) for text, factor in dated if len(text) <= len("12-25")]
    return Holidays(
        spec.time,
        np.array([text for text, _ in days], dtype="datetime64[D]"),
        np.array([factor for _, factor in days]),
        np.array([text for text, _ in yearly], dtype="datetime64[D]"),
        np.array([factor for _, factor in yearly]),
    )
