"""Finding the concept that a name speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dataforge.parsers.meaning.concepts import Concept, Pattern, concepts, known_words
from dataforge.parsers.meaning.words import (
    Words,
    classes_of,
    expanded,
    pieces,
    shared_prefix,
    singular,
)
from dataforge.schema import Column, Table

_LONGEST_COMMENT = 6
_LONGEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A concept, the words before it in the name, and what those (else the table) speak of."""

    concept: Concept
    words: Words
    qualifiers: Words
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableNames:
    """How the columns of one table are named."""

    words: Words
    prefix: str | None

    @property
    def own(self) -> frozenset[str]:
        """The singular forms of the table's words."""
        return frozenset(singular(word) for word in self.words)

    @classmethod
    def of(cls, table: Table) -> TableNames:
        """Read a table's name and the prefix of its columns."""
        names = [pieces(column.name) for column in table.columns]
        return cls(expanded(pieces(table.name), known_words()), shared_prefix(names))

    def readings(self, name: str) -> tuple[Words, ...]:
        """Return the words of a column's name, without the table's prefix and with it."""
        words = pieces(name)
        whole = expanded(words, known_words())
        if len(words) > 1 and words[0] == self.prefix and not self._means_something(words[0]):
            return (expanded(words[1:], known_words()), whole)
        return (whole,)

    def _means_something(self, word: str) -> bool:
        return len(word) > _LONGEST_LETTERS and word in known_words() and word not in self.own


def matches(column: Column, names: TableNames) -> Iterator[Match]:
    """Yield the concepts that a column's name may mean, best first, then its comment's."""
    yield from _ranked(names.readings(column.name), names)
    comment = pieces(column.comment or "")
    if 0 < len(comment) <= _LONGEST_COMMENT:
        yield from _ranked((expanded(comment, known_words()),), names)


def _ranked(readings: tuple[Words, ...], names: TableNames) -> Iterator[Match]:
    table = classes_of(names.words)
    found = []
    for form in (form for words in readings for form in _forms(words)):
        for order, concept, pattern in _patterns_for(form):
            rest = _rest(form, pattern)
            if rest is None:
                continue
            qualifiers = tuple(word for word in rest if singular(word) not in names.own)
            context = classes_of(qualifiers) or table
            if pattern.classes and not pattern.classes & (context | classes_of(rest)):
                continue
            rank = (len(pattern.words), pattern.place == "=", not rest, -order)
            found.append((rank, Match(concept, form, qualifiers, context)))
    for _, match in sorted(found, key=lambda entry: entry[0], reverse=True):
        yield match


def _forms(words: Words) -> tuple[Words, ...]:
    """Return the words, then with a singular end, then without a number at the end."""
    forms = [words]
    if words and singular(words[-1]) != words[-1]:
        forms.append((*words[:-1], singular(words[-1])))
    if len(words) > 1 and words[-1].isdigit():
        forms.append(words[:-1])
    return tuple(forms)


def _rest(words: Words, pattern: Pattern) -> Words | None:
    """Return the words that the pattern leaves over, or None where it does not match."""
    size = len(pattern.words)
    if pattern.place == "^":
        return () if words[:size] == pattern.words and len(words) > size else None
    if pattern.place == "=":
        return () if words == pattern.words else None
    return words[:-size] if words[-size:] == pattern.words else None


@cache
def _index() -> dict[str, tuple[tuple[int, Concept, Pattern], ...]]:
    index: dict[str, list[tuple[int, Concept, Pattern]]] = {}
    for order, concept in enumerate(concepts()):
        for pattern in concept.patterns:
            place = 0 if pattern.place == "^" else -1
            index.setdefault(pattern.words[place], []).append((order, concept, pattern))
    return {word: tuple(entries) for word, entries in index.items()}


def _patterns_for(words: Words) -> Iterator[tuple[int, Concept, Pattern]]:
    if words:
        yield from (e for e in _index().get(words[-1], ()) if e[2].place != "^")
        yield from (e for e in _index().get(words[0], ()) if e[2].place == "^")
