"""Books: a title that fits its genre, an author of its own, an ISBN of the country's group."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from dataforge.corpora import slot_table, vocabulary
from dataforge.corpora.files import sections
from dataforge.corpora.terms import in_english, in_words
from dataforge.engine.check_digits import gtin, isbn10
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Number,
    Slots,
    Text,
    coded,
)
from dataforge.engine.generators.records.fitting import plain
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.person import full_name
from dataforge.engine.generators.records.schemes import Scheme, beside, same
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import IntArray

# Registration groups of the International ISBN Agency.
GROUPS = {
    "en_US": "1", "en_GB": "0", "de_DE": "3", "fr_FR": "2", "es_ES": "84", "it_IT": "88",
    "pt_BR": "85", "nl_NL": "90", "pl_PL": "83", "sv_SE": "91", "tr_TR": "605", "ja_JP": "4",
    "zh_CN": "7", "ko_KR": "89", "hi_IN": "93", "ar_SA": "603",
}  # fmt: skip
FORMATS = {"Paperback": 52, "Hardcover": 24, "E-book": 18, "Audiobook": 6}
PAGES = {"Children": 34}
USUAL_PAGES, PAGES_SIGMA = 310, 0.28
AUTHOR_GROUP = "author"


@cache
def _genres(locale: str) -> tuple[list[str], Slots]:
    heads = [head.split("\t") for head in sections(locale, "books.txt")]
    weights = np.array([float(weight) for _, weight in heads])
    slots = Slots("book", "genre", slot_table(len(heads), weights))
    return [genre for genre, _ in heads], slots


def genre(locale: str) -> Text:
    """The genre."""
    genres, codes = _genres(locale)
    return coded(codes, genres)


def title(locale: str) -> Text:
    """A title of the genre."""
    lists = list(sections(locale, "books.txt").values())
    starts = np.cumsum([0, *(len(titles) for titles in lists)])[:-1]
    sizes = np.array([len(titles) for titles in lists])
    genres = _genres(locale)[1]

    def codes(draw: Draw) -> Codes:
        of = genres(draw)
        chosen: Codes = starts[of] + draw.below("book", "title", 1 << 20) % sizes[of]
        return chosen

    return coded(codes, [name for titles in lists for name in titles])


def author(locale: str) -> Text:
    """Somebody who is nobody else in the row."""
    names = full_name(locale)

    def within(at: int) -> Made:
        variant = names.variants[at]
        return Made(
            variant.longest,
            lambda draw: plain(variant.make(replace(draw, group=f"{draw.group} {AUTHOR_GROUP}"))),
        )

    return Text(tuple(map(within, range(len(names.variants)))), unique=names.unique)


def _body(locale: str, r: IntArray) -> ByteMatrix:
    group = GROUPS[locale]
    return beside(same(len(r), group), digits(r, 9 - len(group)))


def isbn(locale: str) -> Text:
    """Thirteen digits."""

    def write(r: IntArray) -> ByteMatrix:
        body = beside(same(len(r), "978"), _body(locale, r))
        return beside(body, gtin(body))

    size = 10 ** (9 - len(GROUPS[locale]))
    return Scheme("book", "isbn", size, write, ("#" * 13,)).text()


def isbn_10(locale: str) -> Text:
    """The same book's number of ten characters, as given before 2007."""

    def write(r: IntArray) -> ByteMatrix:
        body = _body(locale, r)
        check = isbn10(body)
        return beside(body, np.where(check == 10, int("X", 36), check).astype(np.uint8))

    size = 10 ** (9 - len(GROUPS[locale]))
    return Scheme("book", "isbn", size, write, ("#" * 10,)).text()


def publisher(locale: str) -> Text:
    """A publishing house."""
    words = vocabulary("publisher", locale)
    return coded(Slots("book", "publisher", words.slots), words.values)


def year(_locale: str) -> Number:
    """The year of publication: of the last sixty, recent ones more often."""

    def make(draw: Draw) -> IntArray:
        back = 60 * draw.unit("book", "year") ** 2.2
        return draw.now.year - 1 - back.astype(np.int64)

    return Number(make)


def pages(locale: str) -> Number:
    """Pages, a multiple of two; picture books have few."""
    genres, codes = _genres(locale)
    english = in_english(locale, "book.genre", genres)
    usual = np.array([PAGES.get(genre, USUAL_PAGES) for genre in english])

    def make(draw: Draw) -> IntArray:
        spread = np.exp(PAGES_SIGMA * normal_quantile(draw.unit("book", "pages")))
        return (np.rint(usual[codes(draw)] * spread / 2) * 2).astype(np.int64)

    return Number(make)


def binding(locale: str) -> Text:
    """Paperback, hardcover, e-book or audiobook."""
    slots = slot_table(len(FORMATS), np.array(list(FORMATS.values()), dtype=float))
    return coded(Slots("book", "format", slots), in_words(locale, "book.format", FORMATS))


FIELDS: dict[str, MakeField] = {
    "title": title,
    "author": author,
    "genre": genre,
    "isbn": isbn,
    "isbn10": isbn_10,
    "publisher": publisher,
    "year": year,
    "pages": pages,
    "format": binding,
}
