"""Products: a noun that decides category, what fits beside it, price range, size and codes.

English names put an adjective and often a material before the noun; elsewhere, where adjectives
bend with the noun, brand and line stand beside it: ``Auralink Wasserkocher Nova``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import joint_table, slot_table, vocabulary
from dataforge.corpora.files import sections
from dataforge.engine.generators.records import product_codes, product_looks, product_prices
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Part,
    Slots,
    Text,
    coded,
    join,
    joined,
)
from dataforge.engine.generators.records.tabled import Rows

WORDS = "product_words.txt"
LINES = ("Nova", "Classic", "Plus", "Pro", "Lite", "Basic", "Premium", "Neo", "Eco", "Duo", "Prime",
         "Studio", "Core", "Essential", "Select", "Origin", "Natura", "Signature")  # fmt: skip
# Products of these profiles are used up: endings of their own speak of them.
USED_UP = ("Beauty", "Food")
FIRST_NUMBER = 101


@cache
def rows(locale: str) -> Rows:
    """Return the products of a locale."""
    return Rows("product", "product", locale)


def _nouns(locale: str) -> list[str]:
    return list(rows(locale).joint.columns["noun"])


def brands(locale: str) -> list[str]:
    """Return names of brands, in the order of their beginnings."""
    heads, tails = (
        vocabulary(f"brand_{part}", locale).values.to_pylist() for part in ("prefix", "suffix")
    )
    return [head + tail for head in heads[:40] for tail in tails[:12]]


def _brand_codes(locale: str) -> BrandCodes:
    return BrandCodes(len(brands(locale)))


@dataclass(frozen=True, slots=True)
class BrandCodes:
    """The code of the row's brand, one of ``count``."""

    count: int

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        return draw.below("product", "brand", self.count)


@dataclass(frozen=True)
class Looks:
    """Adjectives that fit the noun's kind of product, and a material where names tell it."""

    locale: str

    @cached_property
    def _profiles(self) -> dict[str, tuple[list[str], bool]]:
        columns = joint_table("product_profile", self.locale).columns
        return {
            profile: (adjectives.split("|"), named == "1")
            for profile, adjectives, named in zip(*columns.values(), strict=True)
        }

    @cached_property
    def adjectives(self) -> list[str]:
        """Every adjective; those of a profile stand together."""
        return [word for words, _ in self._profiles.values() for word in words]

    @cached_property
    def materials(self) -> list[str]:
        """Every material, and nothing last."""
        return [*rows(self.locale).choice("materials", "material").words, ""]

    @cached_property
    def words(self) -> list[str]:
        """Adjective and material, each with a blank behind it."""
        ends = [f"{material} " if material else "" for material in self.materials]
        return [f"{word} {end}" for word in self.adjectives for end in ends]

    @cached_property
    def _of_row(self) -> npt.NDArray[np.int64]:
        """Start and number of the adjectives, and whether the material is named, by product."""
        starts = dict(zip(self._profiles, np.cumsum([0, *self._sizes]).tolist(), strict=False))
        found = rows(self.locale).joint.columns["profile"]
        facts = [(starts[p], len(self._profiles[p][0]), self._profiles[p][1]) for p in found]
        return np.array(facts, dtype=np.int64).T

    @property
    def _sizes(self) -> list[int]:
        return [len(words) for words, _ in self._profiles.values()]

    def __call__(self, draw: Draw) -> Codes:
        """Return codes of ``words``."""
        start, size, named = self._of_row[:, rows(self.locale).codes(draw)]
        adjective = start + draw.below("product", "look", 1 << 20) % size
        material = rows(self.locale).choice("materials", "material")(draw)
        unnamed = len(self.materials) - 1
        end = np.where(named == 1, material, unnamed)
        codes: Codes = adjective * len(self.materials) + end
        return codes


def name(locale: str) -> Text:
    """``Slim Steel Kettle``, ``Auralink Wasserkocher Nova``."""
    noun = Part(_nouns(locale), rows(locale).codes)
    made, numbers = brands(locale), [f" {n}" for n in range(FIRST_NUMBER, 10_000)]
    parts = _local_name(locale) or (Part(Looks(locale).words, Looks(locale)), noun)
    full = joined(*parts)
    lists = (pa.array([f"{brand} " for brand in made]), noun.values, pa.array(["", *numbers]))
    return Text(
        (full, joined(noun)), unique=(lists, lists[1:]), distinct=(_numbered(full), _numbered(noun))
    )


def _local_name(locale: str) -> tuple[Part, ...]:
    """Return the parts of a name of brand, noun and line; none where there is no shape for it."""
    shape = sections(locale, WORDS).get("shape")
    if shape is None:
        return ()
    words = {"{brand}": brands(locale), "{line}": list(LINES)}
    codes: dict[str, Callable[[Draw], Codes]] = {"{brand}": _brand_codes(locale), "{line}": _line}
    marks = shape[0].split(" ")
    parts = []
    for at, mark in enumerate(marks):
        blank = " " if at + 1 < len(marks) else ""
        if mark == "{noun}":
            parts.append(Part([each + blank for each in _nouns(locale)], noun_codes(locale)))
        else:
            parts.append(Part([each + blank for each in words[mark]], codes[mark]))
    return tuple(parts)


def noun_codes(locale: str) -> Slots:
    """Return the codes of the row's product."""
    return rows(locale).codes


def _line(draw: Draw) -> Codes:
    return draw.below("product", "line", len(LINES))


def _numbered(inner: Part | pa.Array) -> Made:
    """Return a name that ends in a number of its own."""

    def make(draw: Draw) -> pa.Array:
        made = inner.make(draw)
        plain = made.dictionary_decode() if isinstance(made, pa.DictionaryArray) else made
        numbers = pc.cast(pa.array(draw.cells.rows + FIRST_NUMBER), pa.string())
        return join(plain, pa.scalar(" "), numbers)

    return Made(inner.longest + 11, make)


def category(locale: str) -> Text:
    """The category of the noun."""
    return rows(locale).text("category")


def brand(locale: str) -> Text:
    """An invented maker, the one in the name where names tell it."""
    words = brands(locale)
    tails = vocabulary("brand_suffix", locale).values.to_pylist()
    heads = vocabulary("brand_prefix", locale).values.to_pylist()
    extra = pa.array(["", *(f" {tail.title()}" for tail in tails)])
    full = pa.array([head + tail for head in heads for tail in tails])
    return Text(coded(_brand_codes(locale), words).variants, unique=((full, extra), (full,)))


def material(locale: str) -> Text:
    """What it is made of, or packed in."""
    return rows(locale).choice("materials", "material").text()


def color(locale: str) -> Text:
    """A colour that things have, plain ones more often."""
    lines = [line.split("\t") for line in sections(locale, WORDS)["color"]]
    weights = np.array([float(weight) for _, weight in lines])
    return coded(
        Slots("product", "color", slot_table(len(lines), weights)), [word for word, _ in lines]
    )


def description(locale: str) -> Text:
    """One sentence about the product."""
    words, nouns = sections(locale, WORDS), _nouns(locale)
    english = "shape" not in words
    lists = (words["ending"], words["ending_used_up"])
    ends = [
        f"{noun.lower() if english else noun}{ending}"
        for noun in nouns
        for endings in lists
        for ending in endings
    ]
    count, first, rest = len(ends) // len(nouns), len(lists[0]), len(lists[1])
    used_up = np.isin(rows(locale).joint.columns["profile"], USED_UP)
    codes = rows(locale).codes

    def tail_codes(draw: Draw) -> Codes:
        row, choice = codes(draw), draw.below("product", "ending", 1 << 20)
        end = np.where(used_up[row], first + choice % rest, choice % first)
        chosen: Codes = row.astype(np.int64) * count + end
        return chosen

    tail = Part(ends, tail_codes)
    if not english:
        return Text((joined(tail), joined(Part(nouns, codes))))
    looks = Looks(locale)
    opening = Part([_lowered(words) for words in looks.words], looks)
    return Text(
        (joined(opening, tail), *name(locale).variants),
        unique=((opening.values, tail.values),),
    )


def _lowered(words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{first} {rest.lower()}"


FIELDS: dict[str, MakeField] = {
    "name": name,
    "category": category,
    "brand": brand,
    "description": description,
    "color": color,
    "material": material,
    **product_prices.FIELDS,
    **product_codes.FIELDS,
    **product_looks.FIELDS,
}
