"""Names in other languages than English: what their words say, in the words of the concepts.

A file of ``data/languages`` lists words and phrases with their English. Where the head of a name
comes first (``fecha de nacimiento``), the English is read from its end; compounds
(``Kundennummer``) and names without blanks (``出生日期``) are taken apart into known words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.words import LONGEST_WORD, Words, fold

LANGUAGE_NAMES = {
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "zh": "Chinese",
    "ja": "Japanese",
}
CODES = tuple(LANGUAGE_NAMES)
LOCALE_OF = {
    "de": "de_DE",
    "fr": "fr_FR",
    "es": "es_ES",
    "pt": "pt_BR",
    "it": "it_IT",
    "nl": "nl_NL",
    "pl": "pl_PL",
    "zh": "zh_CN",
    "ja": "ja_JP",
}
_UMLAUT_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# What stands last in an English name stands last in names that mix languages, too.
_LAST = frozenset({"id", "no", "code", "uuid", "url"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A name in English words.

    ``known`` counts the name's own words that the language has, ``foreign`` those of them that
    English has not, ``unknown`` those that neither has.
    """

    words: Words
    language: str
    known: int
    foreign: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language, folded, with their English."""

    code: str
    head_first: bool
    small: frozenset[str]
    joints: Words
    plurals: Words
    phrases: Mapping[Words, Words]
    longest: int

    @property
    def script(self) -> bool:
        """Whether names are written without blanks between words."""
        return self.code in {"zh", "ja"}

    def read(self, words: Words, english: frozenset[str]) -> Reading:
        """Return the words in English; ``english`` ones stay as they are."""
        parts = tuple(part for word in words for part in self._parts(word, english))
        units: list[Words] = []
        known = foreign = unknown = at = 0
        while at < len(parts):
            size = self._longest_at(parts, at)
            if size:
                units.append(self.phrases[parts[at : at + size]])
                known += size
                foreign += sum(part not in english for part in parts[at : at + size])
            elif parts[at] not in self.small:
                units.append((parts[at],))
                unknown += not (parts[at].isdigit() or parts[at] in english)
            at += size or 1
        return Reading(self._ordered(units), self.code, known, foreign, unknown)

    def _ordered(self, units: list[Words]) -> Words:
        if self.head_first and units and units[-1][-1] not in _LAST:
            digits = [unit for unit in units if unit[0].isdigit()]
            units = [*reversed([unit for unit in units if not unit[0].isdigit()]), *digits]
        return tuple(word for unit in units for word in unit)

    def _longest_at(self, parts: Words, at: int) -> int:
        sizes = range(min(self.longest, len(parts) - at), 0, -1)
        return next((size for size in sizes if parts[at : at + size] in self.phrases), 0)

    def _parts(self, word: str, english: frozenset[str]) -> Words:
        if (word,) in self.phrases or word in self.small or word in english:
            return (word,)
        stems = (word.removesuffix(ending) for ending in self.plurals)
        one = next((stem for stem in stems if (stem,) in self.phrases), None)
        if one is not None:
            return (one,)
        if self.script or self.joints:
            return _taken_apart(word, self.code) or (word,)
        return (word,)


@cache
def languages() -> dict[str, Language]:
    """Return every language, keyed by its code."""
    return {code: _language(code) for code in CODES}


def spoken(names: Iterable[Words], english: frozenset[str]) -> tuple[str, ...]:
    """Return the languages that ``names`` are written in, most words first; none for English.

    A word counts for a language when English does not know it. Two words are needed, and one in
    ten of all: a few words of another language may stand in any schema.
    """
    words = {word for name in names for word in name if not word.isdigit()}
    hits = {
        code: sum(
            bool((reading := language.read((word,), english)).known) and not reading.unknown
            for word in words - english
        )
        for code, language in languages().items()
    }
    least = max(2, len(words) / 10)
    found = [code for code in CODES if hits[code] >= least]
    return tuple(sorted(found, key=lambda code: -hits[code]))


def _language(code: str) -> Language:
    path = files("dataforge.parsers.meaning").joinpath(f"data/languages/{code}.txt")
    head, body = path.read_text("utf-8").split("\n\n", 1)
    facts = {
        key: value.split() for key, value in (line.split(": ") for line in head.splitlines()[1:])
    }
    phrases: dict[Words, Words] = {}
    for line in body.splitlines():
        names, english = line.rsplit(": ", 1)
        for name in names.split(", "):
            for form in _spellings(name):
                phrases.setdefault(tuple(form.split()), tuple(english.split()))
    small = frozenset(fold(word) for word in facts["small"])
    longest = max(map(len, phrases))
    joints = tuple(facts.get("joints", ()))
    plurals = tuple(facts.get("plurals", ()))
    head_first = facts["order"] == ["head", "first"]
    return Language(code, head_first, small, joints, plurals, phrases, longest)


def _spellings(name: str) -> set[str]:
    """Return how a name may be written: with its accents dropped or, in German, spelt out."""
    return {fold(name), fold(name.translate(_UMLAUT_LETTERS))}


@cache
def _taken_apart(word: str, code: str) -> Words:
    """Return the fewest known words that make up ``word``, or nothing where none do."""
    if len(word) > LONGEST_WORD:
        return ()
    language = languages()[code]
    shortest = 1 if language.script else 3
    best: list[Words | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        options = [
            (*head, part)
            for start in range(end)
            if (head := best[start]) is not None
            for part in _stems(word[start:end], language, shortest, inner=end < len(word))
        ]
        best[end] = min(options, key=len, default=None)
    return best[len(word)] or ()


def _stems(text: str, language: Language, shortest: int, *, inner: bool) -> list[str]:
    """Return ``text`` where it is a word, or is one but for the joint that follows it inside."""
    found = [text] if len(text) >= shortest and (text,) in language.phrases else []
    if inner and not language.script:
        for joint in language.joints:
            stem = text.removesuffix(joint)
            if stem != text and len(stem) >= shortest and (stem,) in language.phrases:
                found.append(stem)
    return found
