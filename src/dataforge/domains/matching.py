"""From words to domains and tables: which phrases of a text name a domain, what a word calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dataforge.domains.catalogue import domain, known
from dataforge.domains.model import LANGUAGES

# Written without spaces between words, so that a phrase may stand within others.
_UNSPACED = frozenset({"zh"})
_PLURAL = "(?:s|es)?"


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
        Cue(name, spoken, match.start(), match.end())
        for spoken in ((language,) if language else LANGUAGES)
        for match in _pattern(spoken).finditer(text)
        for name in _phrases(spoken)[_key(match[0], spoken)]
    ]
    kept = [each for each in found if not any(_within(each, other) for other in found)]
    return tuple(dict.fromkeys(sorted(kept, key=lambda cue: (cue.start, cue.domain))))


@cache
def named(language: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the words for tables in a language: casefolded word → (domain, table) pairs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in known():
        for table, words in domain(name).words.items():
            for word in words.get(language, ()):
                found.setdefault(word.casefold(), []).append((name, table))
    return {word: tuple(pairs) for word, pairs in found.items()}


@cache
def _phrases(language: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in known():
        for phrase in domain(name).cues.get(language, ()):
            found.setdefault(phrase.casefold(), []).append(name)
    return {phrase: tuple(names) for phrase, names in found.items()}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    phrases = sorted(_phrases(language), key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in phrases)
    if language in _UNSPACED:
        return re.compile(either)
    return re.compile(rf"(?<!\w)(?:{either}){_PLURAL}(?!\w)", re.IGNORECASE)


def _key(phrase: str, language: str) -> str:
    """Return the phrase as the catalogue writes it: one space, no plural ending."""
    known_phrases = _phrases(language)
    plain = re.sub(r"\s+", " ", phrase).casefold()
    spaced = re.sub(r"[\s-]+", " ", phrase).casefold()
    forms = (form.removesuffix(end) for form in (plain, spaced) for end in ("", "s", "es"))
    return next(form for form in forms if form in known_phrases)


def _within(one: Cue, other: Cue) -> bool:
    inside = other.start <= one.start and one.stop <= other.stop
    return inside and one.stop - one.start < other.stop - other.start
