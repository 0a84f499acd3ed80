"""A follow-up cut into clauses, each with the tables and columns of the schema that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dataforge.domains import LANGUAGES, named
from dataforge.parsers.meaning.words import singular
from dataforge.parsers.prompt import Words
from dataforge.schema import Schema, Table
from dataforge.schema.yaml_text import load_yaml

_CUT = re.compile(
    r"\s*(?:[;\n\u3002\uff1b\uff0c\u3001]|\.(?:\s|$)|,(?!\d)"
    r"|\b(?:and|und|et|y|e|then|dann)\b)\s*"
)
_UNSPACED = "zh"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a follow-up. ``tables`` and ``columns`` are those it names, as they stand."""

    words: Words
    tables: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The words of the clause."""
        return self.words.text

    def says(self, key: str) -> bool:
        """Tell whether one of a list of words is said, in any language."""
        return pattern(key).search(self.text) is not None

    def after(self, key: str) -> str:
        """Return the words behind the first of a list of words."""
        found = pattern(key).search(self.text)
        return self.text[found.end() :].strip() if found else ""


def clauses(text: str, schema: Schema) -> Iterator[tuple[Clause, ...]]:
    """Yield each clause, and where it has no verb, how it reads with the verb before it too."""
    verb = ""
    for words in _cut(text):
        own = next((key for key in _VERBS if pattern(key).search(words.text)), "")
        readings = [words]
        if verb and not own:
            readings.append(words.model_copy(update={"text": f"{verb} {words.text}"}))
        yield tuple(_clause(each, schema) for each in readings)
        found = pattern(own).search(words.text) if own in {"add", "remove"} else None
        verb = found[0] if found else verb


_VERBS = ("remove", "rename", "add", "optional", "required", "unique")


@cache
def pattern(key: str) -> re.Pattern[str]:
    """Return the pattern of a list of words in all languages."""
    spaced = "|".join(word for code in LANGUAGES if code != _UNSPACED for word in _words(code, key))
    dense = "|".join(_words(_UNSPACED, key))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?:{dense})", re.IGNORECASE)


def stripped(text: str, *keys: str) -> str:
    """Return a text without the words of some lists at its ends."""
    before = ""
    while before != text:
        before = text
        for key in keys:
            start = pattern(key).match(text)
            text = text[start.end() :].strip(" '\"") if start else text
            ends = [m for m in pattern(key).finditer(text) if m.end() == len(text)]
            text = text[: ends[0].start()].strip(" '\"") if ends else text
    return text


def _words(language: str, key: str) -> list[str]:
    found: list[str] = _lexicon()[language][key]
    return found


@cache
def _lexicon() -> dict[str, Any]:
    text = files("dataforge.parsers.refining").joinpath("data/words.yaml").read_text("utf-8")
    found: dict[str, Any] = load_yaml(text, "words")
    return found


def _cut(text: str) -> Iterator[Words]:
    start = 0
    for stop, after in [*((m.start(), m.end()) for m in _CUT.finditer(text)), (len(text), 0)]:
        part = text[start:stop]
        if part.strip():
            yield Words(text=part, start=start, end=stop)
        start = after


def _clause(words: Words, schema: Schema) -> Clause:
    said = _plain(words.text)
    tables = tuple(table.name for table in schema.tables if _named_in(table, said))
    columns = tuple(
        (table.name, column.name)
        for table in schema.tables
        for column in table.columns
        if _called_so(_plain(column.name), said) and column.name not in tables
    )
    return Clause(words, tables, _of_tables(columns, tables))


def _of_tables(
    columns: tuple[tuple[str, str], ...], tables: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Keep the columns of the tables that are named, where any of them is."""
    inside = tuple(each for each in columns if each[0] in tables)
    return inside or (() if tables else columns)


def _named_in(table: Table, said: str) -> bool:
    name = _plain(table.name)
    if _whole(name, said) or _whole(singular(name), said):
        return True
    return any(word in said if language == _UNSPACED else _whole(_plain(word), said)
               for language in LANGUAGES for word in _called(language, table.name))  # fmt: skip


@cache
def _called(language: str, table: str) -> tuple[str, ...]:
    pairs = named(language).items()
    return tuple(word for word, places in pairs if any(table == place[1] for place in places))


def _plain(text: str) -> str:
    return re.sub(r"[_\-\s]+", " ", text).casefold().strip()


def _called_so(column: str, said: str) -> bool:
    return _whole(column, said) or _whole(f"{column}s", said)


def _whole(word: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) is not None
