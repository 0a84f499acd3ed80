"""Weight, size and reputation of products, all near what such things have."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.generators.records.fields import Draw, Made, MakeField, Number, Text
from dataforge.engine.generators.records.tabled import Rows
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import IntArray

WEIGHT_SIGMA, SIZE_SIGMA = 0.25, 0.12
# The shares of the longest side that the two others have.
WIDTH, HEIGHT = (0.45, 0.95), (0.08, 0.45)
RATING_AT = (0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.95, 1)
RATINGS = (1.6, 2.6, 3.4, 3.9, 4.3, 4.6, 4.9, 5.0)
REVIEWS_MEDIAN, REVIEWS_SIGMA = 48, 1.5


@cache
def _rows(locale: str) -> Rows:
    return Rows("product", "product", locale)


def _grams(draw: Draw, locale: str) -> npt.NDArray[np.float64]:
    usual = _rows(locale).numbers("grams")[_rows(locale).codes(draw)]
    spread = np.exp(WEIGHT_SIGMA * normal_quantile(draw.unit("product", "weight")))
    grams: npt.NDArray[np.float64] = np.rint(usual * spread / 5) * 5
    return grams


def weight_g(locale: str) -> Number:
    """Grams, a multiple of five."""
    return Number(lambda draw: _grams(draw, locale).astype(np.int64))


def weight_kg(locale: str) -> Number:
    """The same in kilograms."""
    return Number(lambda draw: _grams(draw, locale) / 1000, 3)


def _millimetres(draw: Draw, side: str, locale: str) -> IntArray:
    """Return a side in whole millimetres; the length is the longest."""
    usual = _rows(locale).numbers("size")[_rows(locale).codes(draw)] * 10
    longest = usual * np.exp(SIZE_SIGMA * normal_quantile(draw.unit("product", "length")))
    if side == "length":
        whole: IntArray = np.rint(longest).astype(np.int64)
        return whole
    low, high = WIDTH if side == "width" else HEIGHT
    share = low + (high - low) * draw.unit("product", side)
    shorter: IntArray = np.rint(longest * share).astype(np.int64)
    return shorter


def _side(side: str, locale: str) -> Number:
    return Number(lambda draw: _millimetres(draw, side, locale) / 10, 1)


def dimensions(locale: str) -> Text:
    """``30 x 21 x 9 cm``."""

    def make(draw: Draw) -> pa.Array:
        sides = [
            pc.cast(pa.array(-(-_millimetres(draw, side, locale) // 10)), pa.string())
            for side in ("length", "width", "height")
        ]
        text = pc.binary_join_element_wise(*sides, " x ")
        return pc.binary_join_element_wise(text, "cm", " ")

    return Text((Made(24, make),))


def rating(_locale: str) -> Number:
    """The average of its reviews, 1.6 to 5.0, half of them from 3.9 to 4.6."""
    return Number(
        lambda draw: np.round(np.interp(draw.unit("product", "rating"), RATING_AT, RATINGS), 1), 1
    )


def review_count(_locale: str) -> Number:
    """How many reviews there are: few of most, thousands of some."""

    def make(draw: Draw) -> IntArray:
        spread = np.exp(REVIEWS_SIGMA * normal_quantile(draw.unit("product", "reviews")))
        count: IntArray = np.ceil(REVIEWS_MEDIAN * spread).astype(np.int64)
        return count

    return Number(make)


FIELDS: dict[str, MakeField] = {
    "weight_g": weight_g,
    "weight_kg": weight_kg,
    "length_cm": lambda locale: _side("length", locale),
    "width_cm": lambda locale: _side("width", locale),
    "height_cm": lambda locale: _side("height", locale),
    "dimensions": dimensions,
    "rating": rating,
    "review_count": review_count,
}
