"""Payment cards: numbers of issuers that exist for tests, and what goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import slot_table
from dataforge.engine.check_digits import luhn
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Ranked,
    Slots,
    Text,
    coded,
)
from dataforge.streams import IntArray

ZERO = np.uint8(ord("0"))
WIDTH = 16
SERIALS = 10**9


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand, the issuer numbers that payment processors publish for tests, digits in all."""

    name: str
    issuers: tuple[int, ...]
    digits: int = WIDTH
    code_digits: int = 3


BRANDS = (
    Brand("Visa", (424242, 400000, 401288, 411111)),
    Brand("Mastercard", (555555, 520082, 510510, 222300)),
    Brand("American Express", (378282, 371449), digits=15, code_digits=4),
    Brand("Discover", (601111, 601100)),
    Brand("JCB", (353011, 356600)),
    Brand("UnionPay", (620000,)),
)
# Shares of the brands, in their order: at home, in the United States, in Japan and China.
SHARES = {"en_US": (48, 32, 13, 7), "ja_JP": (42, 20, 4, 0, 34), "zh_CN": (14, 8, 1, 0, 0, 77)}
ELSEWHERE = (49, 45, 6)


@cache
def _brands(locale: str) -> Slots:
    shares = SHARES.get(locale, ELSEWHERE)
    return Slots("payment", "brand", slot_table(len(shares), np.array(shares, dtype=float)))


def _issuers(draw: Draw, brands: Codes) -> IntArray:
    """Return the six digits of the issuer."""
    most = max(len(brand.issuers) for brand in BRANDS)
    table = np.array([[b.issuers[at % len(b.issuers)] for at in range(most)] for b in BRANDS])
    chosen: IntArray = table[brands, draw.below("payment", "issuer", most)]
    return chosen


def _digits(issuers: IntArray, serials: IntArray, short: npt.NDArray[np.bool_]) -> ByteMatrix:
    """Return 16 digits, values 0 to 9; of ``short`` ones the first is 0 and not their own."""
    body = np.where(short, issuers * 10**8 + serials // 10, issuers * SERIALS + serials)
    values = fixed.digits(body, WIDTH - 1)
    return np.hstack([values, luhn(values)[:, None]])


def _numbers(draw: Draw, locale: str) -> tuple[ByteMatrix, npt.NDArray[np.bool_]]:
    brands = _brands(locale)(draw)
    short = np.array([brand.digits < WIDTH for brand in BRANDS])[brands]
    serials = draw.below("payment", "serial", SERIALS)
    return _digits(_issuers(draw, brands), serials, short), short


def _left(values: ByteMatrix, short: npt.NDArray[np.bool_], hidden: slice | None) -> pa.Array:
    """Return the digits as strings, without the first of short ones; ``hidden`` places starred."""
    matrix = values + ZERO
    matrix[short, :-1] = matrix[short, 1:]
    if hidden is not None:
        matrix[:, hidden] = ord("*")
        matrix[short, -5:-1] = values[short, -4:] + ZERO
    return fixed.text(matrix, np.where(short, WIDTH - 1, WIDTH).astype(np.int64))


def card_number(locale: str) -> Text:
    """The digits: a test issuer of the brand, a serial number, a check digit."""

    def decode(ranks: IntArray) -> pa.Array:
        brand, serial = np.divmod(ranks, SERIALS)
        issuers = np.array([BRANDS[0].issuers[0], BRANDS[1].issuers[0]])[brand]
        none = np.zeros(len(ranks), dtype=bool)
        return _left(_digits(issuers, serial, none), none, None)

    return Text(
        (Made(WIDTH, lambda draw: _left(*_numbers(draw, locale), None)), _last_four(locale)),
        unique=(Ranked(WIDTH, 2 * SERIALS, decode),),
    )


def _last_four(locale: str) -> Made:
    return Made(4, lambda draw: fixed.text(_numbers(draw, locale)[0][:, -4:] + ZERO))


def card_last4(locale: str) -> Text:
    """The last four digits of the number."""
    return Text((_last_four(locale),))


def card_masked(locale: str) -> Text:
    """The number as receipts and logs may show it (PCI DSS 3.4): ``424242******4242``."""
    hidden = slice(6, 12)
    made = Made(WIDTH, lambda draw: _left(*_numbers(draw, locale), hidden))
    return Text((made, _last_four(locale)))


def card_brand(locale: str) -> Text:
    """The brand of the number's issuer."""
    return coded(_brands(locale), [brand.name for brand in BRANDS])


def card_expiry(_locale: str) -> Text:
    """``MM/YY``, in the five years after the schema's present day."""

    def make(draw: Draw) -> pa.Array:
        first = np.datetime64(draw.now, "M").astype(int) + 1
        months = first + draw.below("payment", "expiry", 60)
        numbers = fixed.digits((months % 12 + 1) * 100 + (1970 + months // 12) % 100, 4)
        return fixed.text(fixed.fill(fixed.template(len(months), "00/00"), [0, 1, 3, 4], numbers))

    return Text((Made(5, make),))


def cvv(locale: str) -> Text:
    """Three digits, four of American Express."""
    lengths = np.array([brand.code_digits for brand in BRANDS])

    def make(draw: Draw) -> pa.Array:
        digits = fixed.digits(draw.below("payment", "cvv", 10**4), 4) + ZERO
        return fixed.text(digits, lengths[_brands(locale)(draw)])

    short = Made(3, lambda draw: pc.utf8_slice_codeunits(make(draw), 0, 3))
    return Text((Made(4, make), short))


FIELDS: dict[str, MakeField] = {
    "card_number": card_number,
    "card_brand": card_brand,
    "card_last4": card_last4,
    "card_masked": card_masked,
    "card_expiry": card_expiry,
    "cvv": cvv,
}
