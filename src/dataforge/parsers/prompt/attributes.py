"""Whether a phrase names a property of a thing, by what names of columns mean."""

from __future__ import annotations

from functools import cache, lru_cache

from dataforge.domains import domain, named
from dataforge.domains import known as known_domains
from dataforge.parsers.meaning.matching import Match, TableNames, matches
from dataforge.parsers.prompt.lexicon import UNSPACED, Lexicon, plain
from dataforge.parsers.prompt.names import is_camel, one, snake
from dataforge.schema import Column, StringType, Table

_STRONG = 0.66
_MAX_WORDS = 5
_PLURAL_S = frozenset({"fr", "es", "pt"})


@lru_cache(maxsize=4096)
def meaning_of(name: str, table: str, language: str) -> Match | None:
    """Return the likeliest meaning of a column's name in a table, None where it has none."""
    spoken = () if language == "en" else (language,)
    names = TableNames.of(_table(table or "things"), spoken)
    column = Column(name=name, type=StringType())
    return next((each for each in matches(column, names) if each.concept.name != "counted"), None)


def _table(name: str) -> Table:
    return Table(name=name, columns=(Column(name="id", type=StringType()),))


@lru_cache(maxsize=4096)
def is_table_word(label: str, words: Lexicon) -> bool:
    """Tell whether a phrase names rows: a word for a table in the plural, or so much data."""
    run = label.casefold().split()
    if not run:
        return False
    if len(run) > 1 and run[-1] in words.folded("generic") | words.folded("things_said"):
        return True
    known = table_words(words.language)
    if words.language == "en":
        last = one(run[-1])
        return last != run[-1] and bool({" ".join([*run[:-1], last]), last} & known)
    if words.language in _PLURAL_S:
        return plain(label) in known and label.casefold().endswith(("s", "x"))
    return plain(label) in known and plain(label) not in singulars(words.language)


@cache
def singulars(language: str) -> frozenset[str]:
    """Return the first words of the catalogue's lists: by custom the singular forms."""
    return frozenset(
        plain(listed[language][0])
        for home in known_domains()
        for listed in domain(home).words.values()
        if listed.get(language) and language not in UNSPACED
    )


@cache
def table_words(language: str) -> frozenset[str]:
    """Return the words of the catalogue for tables, without case and accents."""
    return frozenset(plain(word) for word in named(language))


def is_column_name(label: str, words: Lexicon) -> bool:
    """Tell whether a phrase is written like a column, or known as a property."""
    return "_" in label or is_camel(label) or is_attribute(label, words)


def is_attribute(label: str, words: Lexicon) -> bool:
    """Tell whether a short phrase is known as the name of a property."""
    name = snake(label)
    if not name or len(label.split()) > _MAX_WORDS:
        return False
    match = meaning_of(name, "", words.language)
    return match is not None and match.score >= _STRONG
