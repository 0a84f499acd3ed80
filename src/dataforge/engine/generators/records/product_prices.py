"""What products cost: between the bounds of the noun, in the currency and manner of the country."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.engine.generators.records.fields import Draw, MakeField, Number
from dataforge.engine.generators.records.tabled import Rows

COST_SHARES = (0.45, 0.72)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a country writes prices: what a dollar is, the step, and the endings above it."""

    per_dollar: float = 1.0
    step: float = 1.0
    endings: tuple[float, ...] = (0.99, 0.99, 0.95, 0.49, 0.00, 0.00, 0.50, 0.90)
    decimals: int = 2


MANNERS = {
    "en_GB": Manner(0.85),
    "pt_BR": Manner(5.2, endings=(0.90, 0.90, 0.99, 0.99, 0.00, 0.50)),
    "pl_PL": Manner(4.0, endings=(0.99, 0.99, 0.90, 0.00, 0.49)),
    "sv_SE": Manner(10.5, 10, (9, 9, 9, 5, 0)),
    "tr_TR": Manner(30, endings=(0.90, 0.90, 0.99, 0.00, 0.50)),
    "ja_JP": Manner(140, 100, (80, 80, 80, 0, 50), 0),
    "zh_CN": Manner(6.8, endings=(0.90, 0.90, 0.80, 0.00, 0.00, 0.50)),
    "ko_KR": Manner(1250, 1000, (900, 900, 0, 500), 0),
    "hi_IN": Manner(55, 50, (49, 49, 0, 25, 45)),
    "ar_SA": Manner(3.8, endings=(0.00, 0.00, 0.95, 0.50, 0.99)),
}


@cache
def _rows(locale: str) -> Rows:
    return Rows("product", "product", locale)


def prices(draw: Draw, locale: str) -> npt.NDArray[np.float64]:
    """Return prices between the bounds of the noun, low ones more often."""
    manner, rows = MANNERS.get(locale, Manner()), _rows(locale)
    low, high = (np.log(rows.numbers(bound)) for bound in ("low", "high"))
    noun, unit = rows.codes(draw), draw.unit("product", "price")
    asked = np.exp(low[noun] + (high - low)[noun] * unit) * manner.per_dollar
    whole = np.floor(asked / manner.step) * manner.step
    ends = np.array(manner.endings)[draw.below("product", "cents", len(manner.endings))]
    rounded: npt.NDArray[np.float64] = np.round(whole + ends, 2)
    return rounded


def price(locale: str) -> Number:
    """What a shop asks for it."""
    return Number(lambda draw: prices(draw, locale), MANNERS.get(locale, Manner()).decimals)


def cost(locale: str) -> Number:
    """What the shop paid: 45 to 72 percent of the price."""
    low, high = COST_SHARES
    decimals = MANNERS.get(locale, Manner()).decimals

    def make(draw: Draw) -> npt.NDArray[np.float64]:
        share = low + (high - low) * draw.unit("product", "cost")
        paid: npt.NDArray[np.float64] = np.round(prices(draw, locale) * share, decimals)
        return paid

    return Number(make, decimals)


FIELDS: dict[str, MakeField] = {"price": price, "cost": cost}
