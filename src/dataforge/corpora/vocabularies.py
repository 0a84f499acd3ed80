"""Named vocabularies: distinct strings with weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora.fallbacks import HOME, RELATIVES
from dataforge.corpora.files import lines, own_lines, sections, short_list, short_lists
from dataforge.corpora.tables import joint_table
from dataforge.corpora.terms import terms
from dataforge.corpora.weights import slot_table
from dataforge.errors import UnknownNameError

OWN_FILES = (
    "adjective",
    "adverb",
    "first_name_female",
    "first_name_male",
    "job_title",
    "last_name",
    "noun",
    "phrase_1",
    "phrase_2",
    "phrase_3",
    "verb",
    "word",
)
COLUMNS = {
    "area_code": ("city", "area_code"),
    "city": ("city", "city"),
    "color": ("color", "name"),
    "color_hex": ("color", "hex"),
    "country": ("country", "name"),
    "country_code": ("country", "code"),
    "country_code3": ("country", "code3"),
    "country_numeric": ("country", "numeric"),
    "country_capital": ("country", "capital"),
    "phone_prefix": ("country", "phone_prefix"),
    "currency": ("currency", "name"),
    "currency_code": ("currency", "code"),
    "language": ("language", "name"),
    "language_code": ("language", "code"),
    "product": ("product", "noun"),
    "product_category": ("product", "category"),
    "state": ("state", "name"),
    "state_code": ("state", "code"),
}
# Elsewhere than in English a column of the trades that companies of the country have.
OF_COMPANIES = {"industry": ("company_field", "industry")}
# Lists that leave nothing out: a unique column of such entries has no further ones to invent.
COMPLETE = frozenset(
    {
        "continent", "continent_code", "country", "country_capital", "country_code",
        "country_code3", "country_numeric", "currency", "currency_code", "language",
        "language_code", "month", "state", "state_code", "weekday",
    }
)  # fmt: skip
# Where a language has no lists of its own, its words are those of its working prose.
PROSE_CLASSES = {
    "adjective": ("KIND", "TAIL"),
    "adverb": ("HOW",),
    "noun": ("AREA", "HEAD"),
    "verb": ("DO", "DID"),
    "word": ("AREA", "HEAD", "KIND", "TAIL"),
}
UNIONS = {"first_name": ("first_name_male", "first_name_female")}


@dataclass(frozen=True)
class Vocabulary:
    """Distinct strings; ``weights`` of None means that all are equally frequent."""

    values: pa.StringArray
    weights: npt.NDArray[np.float64] | None

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.values)

    @cached_property
    def cumulative(self) -> npt.NDArray[np.float64]:
        """Cumulative shares, float64, ascending to 1: ready for ``searchsorted``."""
        shares = np.ones(len(self)) if self.weights is None else self.weights
        totals: npt.NDArray[np.float64] = np.cumsum(shares) / shares.sum()
        return totals

    @cached_property
    def slots(self) -> npt.NDArray[np.int32]:
        """The entry for each value of the top 16 bits of a draw (see ``slot_table``)."""
        return slot_table(len(self), self.weights)


def vocabulary_names() -> tuple[str, ...]:
    """Return every known name, sorted."""
    return tuple(sorted({*OWN_FILES, *COLUMNS, *UNIONS, *short_lists(HOME)}))


@cache
def vocabulary(name: str, locale: str = "en_US") -> Vocabulary:
    """Return a vocabulary by name; UnknownNameError lists the known ones, nearest first."""
    if name in UNIONS:
        return _merged([_entries(part, locale) for part in UNIONS[name]])
    return _merged([_entries(name, locale)])


def _entries(name: str, locale: str) -> list[tuple[str, float]]:
    if name in COLUMNS:
        return _column(*COLUMNS[name], locale)
    if name in OF_COMPANIES and locale != HOME and locale not in RELATIVES:
        return _column(*OF_COMPANIES[name], locale)
    if name in PROSE_CLASSES and _speaks_through_prose(name, locale):
        return _prose_words(name, locale)
    if name in OWN_FILES:
        return [_entry(line) for line in lines(locale, f"{name}.txt")]
    if name not in short_lists(HOME):
        raise UnknownNameError.of("vocabulary", name, vocabulary_names())
    entries = [_entry(line) for line in short_list(locale, name)]
    words = {} if name in short_lists(locale) else terms(locale, name)
    return [(words.get(value, value), weight) for value, weight in entries]


def _speaks_through_prose(name: str, locale: str) -> bool:
    own = own_lines(locale, f"{name}.txt")
    return own is None and own_lines(locale, "prose.txt") is not None


def _prose_words(name: str, locale: str) -> list[tuple[str, float]]:
    classes = dict(line.split(": ") for line in sections(locale, "prose.txt")["classes"])
    words = (word for key in PROSE_CLASSES[name] for word in classes.get(key, "").split())
    return [(word.replace("_", " "), 1.0) for word in dict.fromkeys(words)]


def _column(table: str, column: str, locale: str) -> list[tuple[str, float]]:
    joint = joint_table(table, locale)
    weights = np.ones(len(joint)) if joint.weights is None else joint.weights
    return list(zip(joint.columns[column], weights.tolist(), strict=True))


def _entry(line: str) -> tuple[str, float]:
    value, *rest = line.split("\t")
    return value, float(rest[0]) if rest else 1.0


def _merged(parts: list[list[tuple[str, float]]]) -> Vocabulary:
    totals: dict[str, float] = {}
    for value, weight in (entry for part in parts for entry in part):
        totals[value] = totals.get(value, 0.0) + weight
    weights = np.array(list(totals.values()))
    even = bool((weights == weights[0]).all())
    return Vocabulary(pa.array(totals, pa.string()), None if even else weights)
