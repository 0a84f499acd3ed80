"""Codes that products carry: stock-keeping units of the shop, GS1 and ISBN numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import joint_table
from dataforge.engine.check_digits import gtin
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import (
    Draw,
    Made,
    MakeField,
    Part,
    Ranked,
    Text,
    join,
    joined,
)
from dataforge.engine.generators.records.tabled import Rows

FIRST_SKU = 10_001
SKU_WIDTH = 16
# GS1 prefixes 20 to 29 are for circulation inside one company only.
OWN_PREFIX = "2"
BOOK_PREFIX = "978"


def _heads() -> list[str]:
    """Return three letters for each product, of its English name: codes are Latin anywhere."""
    nouns = joint_table("product").columns["noun"]
    return [noun.replace(" ", "")[:3].upper() for noun in nouns]


def sku(locale: str) -> Text:
    """Three letters of the noun and a number: ``KET-04821``."""
    codes, noun = _heads(), Rows("product", "product", locale).codes
    numbers = [f"{number:05}" for number in range(100_000)]
    number = Part(numbers, lambda draw: draw.below("product", "sku", len(numbers)))
    heads = Part([f"{code}-" for code in codes], noun)

    def numbered(draw: Draw) -> pa.Array:
        return join(heads.make(draw), pc.cast(pa.array(draw.cells.rows + FIRST_SKU), pa.string()))

    short = Part([f"{n:04}" for n in range(10_000)], lambda d: d.below("product", "sku", 10_000))
    dashed = pa.array(list(dict.fromkeys(f"{code}-" for code in codes)))
    bare = pa.array(list(dict.fromkeys(codes)))
    ten = pa.array([str(n) for n in range(10)])
    return Text(
        (
            joined(heads, number),
            joined(Part([code[0] for code in codes], noun), short),
        ),
        unique=((dashed, ten, ten, number.values), (bare, number.values), (number.values,)),
        distinct=(Made(SKU_WIDTH, numbered),),
    )


def _gtin(prefix: str, width: int) -> Text:
    """Return GS1 numbers of ``width`` digits with a check digit; distinct ones below them."""
    free = width - len(prefix) - 1

    def make(draw: Draw) -> pa.Array:
        numbers = draw.below("product", "gtin", 10**free) + int(prefix) * 10**free
        return gtin_text(numbers, width)

    def decode(ranks: npt.NDArray[np.int64]) -> pa.Array:
        return gtin_text(ranks + int(prefix) * 10**free, width)

    unique = (Ranked(width, 10**free, decode),)
    return Text((Made(width, make), *_digit_variants(width)), unique=unique)


def _digit_variants(width: int) -> tuple[Made, ...]:
    def shorter(count: int) -> Made:
        def make(draw: Draw) -> pa.Array:
            digits = fixed.digits(draw.below("product", "gtin", 10**count), count)
            return fixed.text(digits + np.uint8(ord("0")))

        return Made(count, make)

    return tuple(shorter(count) for count in (12, 10, 8, 5, 3, 1) if count < width)


def gtin_text(numbers: npt.NDArray[np.int64], width: int) -> pa.Array:
    """Append the check digit to numbers of ``width`` - 1 digits."""
    digits = fixed.digits(numbers, width - 1)
    check = gtin(digits)[:, None]
    return fixed.text(np.concatenate([digits, check], axis=1) + np.uint8(ord("0")))


def ean(_locale: str) -> Text:
    """EAN-13 of the prefix for circulation inside one company."""
    return _gtin(OWN_PREFIX, 13)


def upc(_locale: str) -> Text:
    """UPC-A of the same kind of prefix."""
    return _gtin(OWN_PREFIX, 12)


def isbn(_locale: str) -> Text:
    """ISBN-13 with a valid check digit."""
    return _gtin(BOOK_PREFIX, 13)


FIELDS: dict[str, MakeField] = {"sku": sku, "ean": ean, "upc": upc, "isbn": isbn}
