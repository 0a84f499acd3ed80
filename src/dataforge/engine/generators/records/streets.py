"""Streets, house numbers and units of a locale, from ``address.txt`` of its corpus.

House numbers follow quantiles, low ones more often; forms put letters or flats behind them.
``{1-40}`` and ``{A-D}`` in a form or a unit stand for each number or letter of the range; a
backslash before a ``#`` that begins a line keeps it from being a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora import slot_table, vocabulary
from dataforge.corpora.files import sections
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    MakeField,
    Number,
    Part,
    Slots,
    Text,
    coded,
)

FORMS = "address.txt"
# The n-th street name of a list is drawn with weight 1 / (n + HEAD).
HEAD = 8
# The number alone, out of ``No. 33`` or ``33 bis``; flats behind a slash belong to it.
_DIGITS = re.compile(r"^\D*(\d+(?:[/-]\d+)*).*$")
_RANGE = re.compile(r"\{(\w+)-(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """A list of strings, what draws from it, and a shorter form of each entry."""

    values: tuple[str, ...]
    codes: Callable[[Draw], Codes]
    short: tuple[str, ...] = ()


@cache
def streets(locale: str) -> Words:
    """Return the names of streets: the locale's own, else bases and endings combined."""
    names = sections(locale, FORMS).get("street")
    if names is None:
        return _composed(locale)
    weights = 1.0 / (np.arange(len(names)) + HEAD)
    return Words(names, Slots("address", "street", slot_table(len(names), weights)))


def _composed(locale: str) -> Words:
    base, suffix = (vocabulary(f"street_{part}", locale) for part in ("base", "suffix"))
    ends = suffix.values.to_pylist()
    pairs = [(word, end) for word in base.values.to_pylist() for end in ends]

    def codes(draw: Draw) -> Codes:
        first = base.slots[draw.top("address", "street")]
        return first * len(ends) + suffix.slots[draw.next("address", "street")]

    return Words(
        tuple(f"{word} {end}" for word, end in pairs), codes, tuple(word for word, _ in pairs)
    )


@cache
def house_quantiles(locale: str) -> tuple[int, ...]:
    """Return the quantiles of house numbers at even distances; 1 where a form holds all."""
    lines = sections(locale, FORMS).get("number", ("1",))
    return tuple(int(word) for word in lines[0].split())


def plain_numbers(locale: str) -> Callable[[Draw], npt.NDArray[np.int64]]:
    """Return what draws a house's number without what may follow it."""
    quantiles = house_quantiles(locale)
    spread = np.linspace(0, 1, len(quantiles))
    return lambda draw: np.interp(draw.unit("address", "house"), spread, quantiles).astype(np.int64)


@cache
def houses(locale: str) -> Words:
    """Return house numbers from 1 on, with letters or flats."""
    forms, weights = _forms(locale)
    numbers, count = plain_numbers(locale), len(forms)
    (highest,) = sections(locale, FORMS).get("highest", (str(house_quantiles(locale)[-1]),))
    values = tuple(form.replace("{}", str(n + 1)) for n in range(int(highest)) for form in forms)
    if count == 1:
        return Words(values, lambda draw: numbers(draw) - 1)
    slots = slot_table(count, weights)

    def codes(draw: Draw) -> Codes:
        return (numbers(draw) - 1) * count + slots[draw.next("address", "house")]

    return Words(values, codes)


def _forms(locale: str) -> tuple[list[str], npt.NDArray[np.float64]]:
    forms: list[str] = []
    weights: list[float] = []
    for line in sections(locale, FORMS).get("number_form", ("{}\t1",)):
        form, _, weight = line.partition("\t")
        each = list(spelled_out(form))
        forms += each
        weights += [float(weight) / len(each)] * len(each)
    return forms, np.array(weights)


def spelled_out(pattern: str) -> Iterator[str]:
    """Yield a pattern with every combination of what its ranges stand for, in order."""
    found = _RANGE.search(pattern)
    if found is None:
        yield pattern
        return
    for each in _range(*found.groups()):
        yield from spelled_out(pattern[: found.start()] + each + pattern[found.end() :])


def _range(first: str, last: str) -> list[str]:
    if first.isdigit():
        width = len(first) if first.startswith("0") else 0
        return [f"{number:0{width}}" for number in range(int(first), int(last) + 1)]
    return [chr(letter) for letter in range(ord(first), ord(last) + 1)]


@cache
def units(locale: str) -> Words:
    """Return flats, floors, staircases and the like."""
    found = sections(locale, FORMS)
    long, short = (
        tuple(each for line in found.get(name, ()) for each in spelled_out(line.removeprefix("\\")))
        for name in ("unit", "short_unit")
    )
    return Words(long, lambda draw: draw.below("address", "unit", len(long)), short)


def street(locale: str) -> Text:
    """A street's name."""
    words = streets(locale)
    return coded(words.codes, words.values, *([words.short] if words.short else []))


def house_number(locale: str) -> Text | Number:
    """The number of the house in its street, with a letter or flat where that is usual."""
    number = Number(plain_numbers(locale))
    if "number_form" not in sections(locale, FORMS):
        return number
    words = houses(locale)
    digits = [_DIGITS.sub(r"\1", value) for value in words.values]
    return Text(coded(words.codes, words.values, digits).variants, number=number)


def address2(locale: str) -> Text:
    """A flat, floor, staircase or other unit of the house."""
    words = units(locale)
    return coded(words.codes, words.values, *([words.short] if words.short else []))


def part_of(words: Words, shape: str, *, short: bool = False) -> Part:
    """Return the words, each within ``shape``."""
    values = words.short if short else words.values
    return Part([shape.format(value) for value in values], words.codes)


FIELDS: dict[str, MakeField] = {
    "street": street,
    "house_number": house_number,
    "address2": address2,
}
