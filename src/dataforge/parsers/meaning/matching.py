"""Finding the concept that a name speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from dataforge.parsers.meaning.concepts import Concept, Pattern, concepts, known_words
from dataforge.parsers.meaning.languages import CODES, LANGUAGE_NAMES, languages
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
_SHORTEST_FOREIGN = 4
# Tables of these list what columns elsewhere hold: payment methods, order statuses.
_LISTED = frozenset({"type", "status", "method", "reason", "priority", "mode", "shift"})
_ALTERNATE = ("alternate", "key")
_SHORTEST_PLURAL = 5
_COUNTED = "counted"
# How sure a match is: by how much of the name it explains, and where the name was found.
_WHOLE, _QUALIFIED, _LEFT_OVER = 0.95, 0.85, 0.7
_TRANSLATED, _FROM_COMMENT, _VAGUE = 0.95, 0.8, 0.8
_VAGUE_CONCEPTS = frozenset({"name", "type", "value", "number", "foreign_id", "count", "flag"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where words come from, in a language (empty for English)."""

    words: Words
    language: str = ""
    place: Literal["name", "comment", "schema"] = "name"


@dataclass(frozen=True, slots=True)
class Match:
    """A concept, the words before it in the name, and what those (else the table) speak of."""

    concept: Concept
    words: Words
    qualifiers: Words
    classes: frozenset[str]
    pattern: Pattern
    source: Source

    @property
    def score(self) -> float:
        """How sure the match is, in (0, 1]."""
        if self.source.place == "schema":
            return 1.0
        unknown = [word for word in self.qualifiers if not classes_of((word,))]
        score = _WHOLE if not self.qualifiers else _LEFT_OVER if unknown else _QUALIFIED
        if self.concept.name in _VAGUE_CONCEPTS and not self.pattern.classes:
            score *= _VAGUE
        score *= _TRANSLATED if self.source.language else 1.0
        return round(score * (_FROM_COMMENT if self.source.place == "comment" else 1.0), 2)

    @property
    def reason(self) -> str:
        """Why the name was taken to mean this."""
        if self.source.place == "schema":
            return "the schema says so"
        where = f"the {self.source.place} reads"
        language = f" in {LANGUAGE_NAMES[self.source.language]}" if self.source.language else ""
        part = "begins with" if self.pattern.place == "^" else "ends with"
        how = "" if self.pattern.place == "=" or not self.qualifiers else f", which {part}"
        ending = f' "{" ".join(self.pattern.words)}"' if how else ""
        about = sorted(self.classes)
        context = f"; about: {', '.join(about)}" if about else ""
        return f'{where} "{" ".join(self.words)}"{language}{how}{ending}{context}'


@dataclass(frozen=True, slots=True)
class TableNames:
    """How the columns of one table are named; ``languages`` of the schema, most used first."""

    words: Words
    prefix: str | None
    languages: tuple[str, ...] = ()

    @property
    def own(self) -> frozenset[str]:
        """The singular forms of the table's words."""
        return frozenset(singular(word) for word in self.words)

    @classmethod
    def of(cls, table: Table, spoken_in: tuple[str, ...] = ()) -> TableNames:
        """Read a table's name and the prefix of its columns."""
        names = [pieces(column.name) for column in table.columns]
        words = pieces(table.name)
        found = [languages()[code].read(words, known_words()) for code in spoken_in]
        best = max(found, key=lambda reading: reading.known, default=None)
        english = expanded(words, known_words())
        spoken_words = best.words if best is not None and best.known else english
        return cls(spoken_words, shared_prefix(names), spoken_in)

    def readings(self, name: str) -> Iterator[tuple[Source, ...]]:
        """Yield what a column's name may read as, the likeliest readings first."""
        words = pieces(name)
        if self._names_entries(words):
            yield (Source((*map(singular, self.words),)),)
        english = tuple(Source(each) for each in self._english(words))
        yield from (self._foreign(words), english) if self.languages else (english,)
        if not self.languages:
            yield self._foreign(words)

    def all_readings(self, name: str) -> Iterator[Words]:
        """Yield the words that a column's name may read as, the likeliest first."""
        for sources in self.readings(name):
            yield from (source.words for source in sources)
        yield pieces(name)

    def _names_entries(self, words: Words) -> bool:
        """Tell whether a column names what a table of types, statuses or methods lists."""
        listed = len(self.words) > 1 and singular(self.words[-1]) in _LISTED
        named = (words[-2:] if len(words) > 1 else words) in self._entry_names
        return listed and named

    @property
    def _entry_names(self) -> tuple[Words, ...]:
        last = singular(self.words[-1])
        return (("name",), (last, "name"), (last,), ("title",), ("label",))

    def _english(self, words: Words) -> tuple[Words, ...]:
        """Return the words without the table's prefix and with it."""
        whole = expanded(words, known_words())
        if len(words) > 1 and words[0] == self.prefix and not self._means_something(words[0]):
            return (expanded(words[1:], known_words()), whole)
        return (whole,)

    def _foreign(self, words: Words) -> tuple[Source, ...]:
        """Return the readings in the schema's languages, or in one that knows every word."""
        if len(words) > 1 and words[0] == self.prefix and len(words[0]) <= _LONGEST_LETTERS:
            words = words[1:]
        found = [languages()[code].read(words, known_words()) for code in self.languages or CODES]
        if not self.languages:
            known = all(len(word) >= _SHORTEST_FOREIGN or not word.isascii() for word in words)
            found = [each for each in found if known and each.foreign and not each.unknown]
        return tuple(Source(each.words, each.language) for each in found if each.known)

    def _means_something(self, word: str) -> bool:
        known = word in known_words() or "person" in classes_of((word,))
        return len(word) > _LONGEST_LETTERS and known and word not in self.own


def matches(column: Column, names: TableNames) -> Iterator[Match]:
    """Yield the concepts that a column's name may mean, best first, then its comment's."""
    for sources in names.readings(column.name):
        yield from _ranked(sources, names)
    comment = pieces(column.comment or "")
    if 0 < len(comment) <= _LONGEST_COMMENT:
        yield from _ranked((Source(expanded(comment, known_words()), place="comment"),), names)
    yield from _counted(expanded(pieces(column.name), known_words()))


def _counted(words: Words) -> Iterator[Match]:
    """Yield a count for a plural that means nothing else: reviewers, automatic responses."""
    if words and len(words[-1]) >= _SHORTEST_PLURAL and singular(words[-1]) != words[-1]:
        concept = next(each for each in concepts() if each.name == _COUNTED)
        yield Match(concept, words, words, frozenset(), concept.patterns[0], Source(words))


def stated(column: Column, names: TableNames) -> Iterator[Match]:
    """Yield the concept that the schema itself names as the column's meaning, if it is one."""
    words = expanded(pieces(column.name), known_words())
    for concept in concepts():
        if concept.name == column.semantic:
            context = classes_of(words) | classes_of(names.words)
            source = Source(words, place="schema")
            yield Match(concept, words, (), context, concept.patterns[0], source)


def _ranked(sources: tuple[Source, ...], names: TableNames) -> Iterator[Match]:
    table = classes_of(names.words)
    found = []
    forms = ((each, place, form) for each in sources for place, form in _forms(each.words))
    for source, place, form in forms:
        for order, concept, pattern in _patterns_for(form):
            rest = _rest(form, pattern)
            if rest is None:
                continue
            qualifiers = tuple(word for word in rest if singular(word) not in names.own)
            context = classes_of(qualifiers) or table
            if pattern.classes and not pattern.classes & (context | classes_of(rest)):
                continue
            sure = (pattern.place == "=", not rest, bool(pattern.classes), -place, -order)
            rank = (len(pattern.words), *sure)
            found.append((rank, Match(concept, form, qualifiers, context, pattern, source)))
    for _, match in sorted(found, key=lambda entry: entry[0], reverse=True):
        yield match


def _forms(words: Words) -> Iterator[tuple[int, Words]]:
    """Yield the words as they may be meant, numbered from the likeliest.

    ``percentage of ownership`` is the ownership percentage; plurals, numbers at the end and what
    data warehouses call alternate keys say nothing more.
    """
    forms = [words]
    joint = next((each for each in ("of", "per") if each in words[1:-1]), None)
    if joint is not None:
        at = words.index(joint, 1)
        forms.insert(0, (*words[at + 1 :], *words[:at]))
    if words and singular(words[-1]) != words[-1]:
        forms.append((*words[:-1], singular(words[-1])))
    if len(words) > 1 and words[-1].isdigit():
        forms.append(words[:-1])
    if words[-2:] == _ALTERNATE and len(words) > len(_ALTERNATE):
        forms.append(words[: -len(_ALTERNATE)])
    return enumerate(forms)


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
