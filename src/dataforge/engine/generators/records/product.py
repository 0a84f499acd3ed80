"""Products: a name whose noun decides category, price range and stock-keeping code."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import JointTable, joint_table, slot_table, vocabulary
from dataforge.engine.check_digits import gtin
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Number,
    Part,
    Ranked,
    Slots,
    Text,
    coded,
    join,
    joined,
)

PRICE_ENDINGS = np.array([0.99, 0.99, 0.95, 0.49, 0.00, 0.00, 0.50, 0.90])
COST_SHARES = (0.45, 0.72)
ENDINGS = (
    " for home and office.", " for everyday use.", " with a two-year warranty.",
    " made to last.", " in a recyclable box.", ", easy to clean.", ", ready to use.", " for gifts.",
)  # fmt: skip
FIRST_SKU = 10_001
SKU_WIDTH = 16
# GS1 prefixes 20 to 29 are for circulation inside one company only.
OWN_PREFIX = "2"
BOOK_PREFIX = "978"


def _table(locale: str) -> JointTable:
    return joint_table("product", locale)


@cache
def _noun(locale: str) -> Slots:
    table = _table(locale)
    return Slots("product", "noun", slot_table(len(table), table.weights))


def _nouns(locale: str) -> list[str]:
    return list(_table(locale).columns["noun"])


def _looks(locale: str) -> tuple[list[str], Look]:
    adjectives, materials = (
        vocabulary(f"product_{kind}", locale).values.to_pylist()
        for kind in ("adjective", "material")
    )
    words = [f"{adjective} {material} " for adjective in adjectives for material in materials]
    return words, Look(len(words))


class Look:
    """The code of an adjective and a material."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        """Hold the number of combinations."""
        self.count = count

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        return draw.below("product", "look", self.count)


def name(locale: str) -> Text:
    """``Slim Steel Kettle``."""
    words, look = _looks(locale)
    noun = Part(_nouns(locale), _noun(locale))
    materials = Part([word.split(" ", 1)[1] for word in words], look)
    numbers = pa.array(["", *(f" {number}" for number in range(2, 10_000))])
    lists = (pa.array(words), noun.values, numbers)
    return Text(
        (joined(Part(words, look), noun), joined(materials, noun), joined(noun)),
        unique=(lists, lists[1:]),
    )


def category(locale: str) -> Text:
    """The category of the noun."""
    values = _table(locale).columns["category"]
    distinct = list(dict.fromkeys(values))
    codes = np.array([distinct.index(value) for value in values], dtype=np.int32)
    return coded(Slots("product", "noun", codes[_noun(locale).table]), distinct)


def brand(locale: str) -> Text:
    """An invented maker."""
    heads, tails = (
        vocabulary(f"brand_{part}", locale).values.to_pylist() for part in ("prefix", "suffix")
    )
    words = [head + tail for head in heads[:40] for tail in tails[:12]]
    extra = pa.array(["", *(f" {tail.title()}" for tail in tails)])
    full = pa.array([head + tail for head in heads for tail in tails])
    return Text(
        coded(lambda draw: draw.below("product", "brand", len(words)), words).variants,
        unique=((full, extra), (full,)),
    )


def prices(draw: Draw, locale: str) -> npt.NDArray[np.float64]:
    """Return a price between the bounds of the noun, low ones more often, in whole cents."""
    table, noun = _table(locale), _noun(locale)(draw)
    low, high = (np.log(table.numbers(bound)) for bound in ("low", "high"))
    unit = draw.unit("product", "price")
    whole = np.floor(np.exp(low[noun] + (high - low)[noun] * unit))
    cents = PRICE_ENDINGS[draw.below("product", "cents", len(PRICE_ENDINGS))]
    rounded: npt.NDArray[np.float64] = np.round(whole + cents, 2)
    return rounded


def price(locale: str) -> Number:
    """What a shop asks for it."""
    return Number(lambda draw: prices(draw, locale), decimals=2)


def cost(locale: str) -> Number:
    """What the shop paid: 45 to 72 percent of the price."""
    low, high = COST_SHARES

    def make(draw: Draw) -> npt.NDArray[np.float64]:
        share = low + (high - low) * draw.unit("product", "cost")
        return np.round(prices(draw, locale) * share, 2)

    return Number(make, decimals=2)


def sku(locale: str) -> Text:
    """Three letters of the noun and a number: ``KET-04821``."""
    codes = [noun.replace(" ", "")[:3].upper() for noun in _nouns(locale)]
    numbers = [f"{number:05}" for number in range(100_000)]
    number = Part(numbers, lambda draw: draw.below("product", "sku", len(numbers)))
    heads = Part([f"{code}-" for code in codes], _noun(locale))

    def numbered(draw: Draw) -> pa.Array:
        return join(heads.make(draw), pc.cast(pa.array(draw.cells.rows + FIRST_SKU), pa.string()))

    short = Part([f"{n:04}" for n in range(10_000)], lambda d: d.below("product", "sku", 10_000))
    dashed = pa.array(list(dict.fromkeys(f"{code}-" for code in codes)))
    bare = pa.array(list(dict.fromkeys(codes)))
    ten = pa.array([str(n) for n in range(10)])
    return Text(
        (
            joined(heads, number),
            joined(Part([code[0] for code in codes], _noun(locale)), short),
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


def description(locale: str) -> Text:
    """One sentence about the product."""
    words, look = _looks(locale)
    nouns = _nouns(locale)
    noun = _noun(locale)
    ends = [f"{word.lower()}{end}" for word in nouns for end in ENDINGS]

    def codes(draw: Draw) -> Codes:
        return noun(draw) * len(ENDINGS) + draw.below("product", "ending", len(ENDINGS))

    opening = Part([f"{word.split(' ')[0]} {word.split(' ')[1].lower()} " for word in words], look)
    tail = Part(ends, codes)
    unique = ((opening.values, tail.values),)
    return Text((joined(opening, tail), *name(locale).variants), unique=unique)


FIELDS: dict[str, MakeField] = {
    "name": name,
    "category": category,
    "brand": brand,
    "price": price,
    "cost": cost,
    "sku": sku,
    "ean": ean,
    "upc": upc,
    "isbn": isbn,
    "description": description,
}
