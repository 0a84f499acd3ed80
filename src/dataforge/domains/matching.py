"""From words to domains and tables: which phrases of a text name a domain, what a word calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dataforge.domains.catalogue import domain, known
from dataforge.domains.model import LANGUAGES

# Written without spaces between words, so that a phrase may stand within others.
_UNSPACED = frozenset({"zh"})
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[\s'\u2019-]+")
_PLURALS = ("", "s", "es")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of a text that names a domain: ``text[start:stop]``, in ``language``."""

    domain: str
    language: str
    start: int
    stop: int


def cues_in(text: str, language: str | None = None) -> tuple[Cue, ...]:
    """Return the phrases of ``text`` that name domains, in the order in which they stand.

    Of phrases that overlap the longest counts, so that an "online bookstore" is no "store"; one
    that several domains claim stands for each of them. ``language`` leaves out the others.
    """
    found = [
        Cue(name, spoken, start, stop)
        for spoken in ((language,) if language else LANGUAGES)
        for start, stop, names in _found(text, spoken)
        for name in names
    ]
    longest = _outermost({(each.start, each.stop) for each in found})
    kept = [each for each in found if (each.start, each.stop) in longest]
    return tuple(sorted(kept, key=lambda cue: (cue.start, cue.domain)))


@cache
def named(language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the words for tables in a language: casefolded word → (domain, table) pairs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in known():
        for table, words in domain(name).words.items():
            for word in words.get(language, ()):
                found.setdefault(word.casefold(), []).append((name, table))
    return {word: tuple(pairs) for word, pairs in found.items()}


Found = Iterator[tuple[int, int, tuple[str, ...]]]


def _found(text: str, language: str) -> Found:
    """Yield where a phrase of the language stands and the domains that it names."""
    phrases = _phrases(language)
    if language in _UNSPACED:
        for (phrase,), names in phrases.items():
            for match in re.finditer(re.escape(phrase), text):
                yield match.start(), match.end(), names
        return
    longest = max(map(len, phrases), default=0)
    starts = _starts(language)
    for run in _runs(text):
        words = [match[0].casefold() for match in run]
        for first, word in enumerate(words):
            if word not in starts:
                continue
            for stop in range(first + 1, min(first + longest, len(run)) + 1):
                names = _names(phrases, tuple(words[first:stop]))
                if names:
                    yield run[first].start(), run[stop - 1].end(), names


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the words of a text, those with nothing but spaces and dashes between together."""
    matches = list(_WORD.finditer(text))
    run = matches[:1]
    for before, match in pairwise(matches):
        if not _BETWEEN.fullmatch(text, before.end(), match.start()):
            yield run
            run = []
        run.append(match)
    yield run


def _names(
    phrases: Mapping[tuple[str, ...], tuple[str, ...]], words: tuple[str, ...]
) -> tuple[str, ...]:
    for plural in _PLURALS:
        if words[-1].endswith(plural):
            names = phrases.get((*words[:-1], words[-1].removesuffix(plural)))
            if names:
                return names
    return ()


@cache
def _phrases(language: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the phrases as words: casefolded words → the domains that they name."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in known():
        for phrase in domain(name).cues.get(language, ()):
            words = (phrase,) if language in _UNSPACED else tuple(_WORD.findall(phrase.casefold()))
            found.setdefault(words, []).append(name)
    return {words: tuple(names) for words, names in found.items()}


@cache
def _starts(language: str) -> frozenset[str]:
    """Return the words that a phrase may begin with."""
    return frozenset(words[0] + plural for words in _phrases(language) for plural in _PLURALS)


def _outermost(spans: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the spans that are within no other."""
    kept, furthest = set(), 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if stop > furthest:
            kept.add((start, stop))
            furthest = stop
    return kept
