"""What a language calls things that have an English name: ``data/<locale>/terms.txt``.

Below each ``[name]`` stand lines ``English<TAB>own``. The name is that of a short list
(``department``), of a column of a joint table (``diagnosis.chapter``) or of words that a record
brings along (``job.level``). Keyed by the English word, a translation cannot slip by a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from dataforge.corpora.fallbacks import RELATIVES
from dataforge.corpora.files import own_sections

FILE = "terms.txt"


@cache
def terms(locale: str, name: str) -> Mapping[str, str]:
    """Return the words of ``locale`` by their English ones; empty where it has none itself."""
    found = own_sections(locale, FILE).get(name, ())
    rows = [line.partition("\t") for line in found]
    return {english: own for english, _, own in rows}


def in_words(locale: str, name: str, english: Iterable[str]) -> list[str]:
    """Return ``english`` in the words of ``locale``; a word that it lacks stays as it is."""
    words = terms(locale, name)
    return [words.get(word, word) for word in english]


def in_english(locale: str, name: str, own: Iterable[str]) -> list[str]:
    """Return the English of words that ``in_words`` made, the first where several fit."""
    found: dict[str, str] = {}
    for english, word in terms(locale, name).items():
        found.setdefault(word, english)
    return [found.get(word, word) for word in own]


def columns_in_words(
    table: str, locale: str, columns: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the columns of an English joint table as ``locale`` writes them.

    A cell may list several words, ``one:3|other:1``. What the locale has no word for is left out,
    a whole row where nothing of a cell remains; a relative of English keeps it instead.
    """
    known = {column: terms(locale, f"{table}.{column}") for column in columns}
    partly = locale in RELATIVES
    made = {
        column: tuple(_cell(cell, known[column], keep=partly) for cell in cells)
        if known[column]
        else cells
        for column, cells in columns.items()
    }
    rows = [row for row in zip(*made.values(), strict=True) if None not in row]
    return {column: tuple(row[at] or "" for row in rows) for at, column in enumerate(columns)}


def _cell(text: str, words: Mapping[str, str], *, keep: bool) -> str | None:
    parts = (part.partition(":") for part in text.split("|"))
    found = ((words.get(word, word if keep else ""), mark + rest) for word, mark, rest in parts)
    return "|".join(word + rest for word, rest in found if word) or None
