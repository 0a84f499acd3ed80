"""Whether a phrase names a property of a thing, by what names of columns mean."""

from __future__ import annotations

from functools import lru_cache

from dataforge.parsers.meaning.matching import Match, TableNames, matches
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.names import snake
from dataforge.schema import Column, StringType, Table

_STRONG = 0.66
_MAX_WORDS = 5


@lru_cache(maxsize=4096)
def meaning_of(name: str, table: str, language: str) -> Match | None:
    """Return the likeliest meaning of a column's name in a table, None where it has none."""
    spoken = () if language == "en" else (language,)
    names = TableNames.of(_table(table or "things"), spoken)
    column = Column(name=name, type=StringType())
    return next((each for each in matches(column, names) if each.concept.name != "counted"), None)


def _table(name: str) -> Table:
    return Table(name=name, columns=(Column(name="id", type=StringType()),))


def is_attribute(label: str, words: Lexicon) -> bool:
    """Tell whether a short phrase is known as the name of a property."""
    name = snake(label)
    if not name or len(label.split()) > _MAX_WORDS:
        return False
    match = meaning_of(name, "", words.language)
    return match is not None and match.score >= _STRONG
