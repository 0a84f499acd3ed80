"""The words of a language that say something about data, from ``data/<language>.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from dataforge.parsers.meaning.words import fold
from dataforge.schema.yaml_text import load_yaml

LANGUAGES = ("en", "de", "fr", "es", "pt", "zh")
UNSPACED = frozenset({"zh"})
_NEVER = r"(?!)"


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Lists and tables of one language's words by key; an unknown key is empty."""

    language: str
    entries: Mapping[str, Any]

    def words(self, key: str) -> tuple[str, ...]:
        """Return the words under a key, those of a table's keys too."""
        found = self.entries.get(key, ())
        return tuple(str(each) for each in found)

    def table(self, key: str) -> Mapping[str, Any]:
        """Return the table under a key, its words casefolded."""
        found = self._tables.get(key)
        if found is None:
            found = {str(k).casefold(): v for k, v in dict(self.entries.get(key, {})).items()}
            self._tables[key] = found
        return found

    def folded(self, key: str) -> frozenset[str]:
        """Return the words under a key, casefolded."""
        found = self._folded.get(key)
        if found is None:
            found = frozenset(word.casefold() for word in self.words(key))
            self._folded[key] = found
        return found

    def any(self, *keys: str) -> str:
        """Return a pattern for any of the words under some keys, longest first.

        Words of spaced languages are matched whole; without words the pattern matches nothing.
        """
        found = self._patterns.get(keys)
        if found is None:
            words = (word for key in keys for word in self.words(key))
            found = one_of(words, spaced=self.spaced)
            self._patterns[keys] = found
        return found

    @property
    def spaced(self) -> bool:
        """Whether the language puts spaces between its words."""
        return self.language not in UNSPACED

    @cached_property
    def _patterns(self) -> dict[tuple[str, ...], str]:
        return {}

    @cached_property
    def _folded(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _tables(self) -> dict[str, Mapping[str, Any]]:
        return {}


def one_of(words: Iterable[str], *, spaced: bool = True) -> str:
    """Return a pattern that matches one of ``words`` as a whole word, longest first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    if not ordered:
        return _NEVER
    return f"(?:{'|'.join(_whole(word, spaced=spaced) for word in ordered)})"


def _whole(word: str, *, spaced: bool) -> str:
    body = re.escape(word).replace(r"\ ", r"\s+")
    if not spaced:
        return body
    before = r"(?<!\w)" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{before}{body}{after}"


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language; English where there are none of it."""
    code = language if language in LANGUAGES else "en"
    home = files("dataforge.parsers.prompt").joinpath("data")
    return Lexicon(code, load_yaml(home.joinpath(f"{code}.yaml").read_text("utf-8"), code))


@cache
def common() -> Lexicon:
    """Return what no language owns: countries and cities with the locale spoken there."""
    home = files("dataforge.parsers.prompt").joinpath("data")
    return Lexicon("", load_yaml(home.joinpath("places.yaml").read_text("utf-8"), "places"))


@cache
def commonest() -> Mapping[str, frozenset[str]]:
    """Return the commonest words of each language that puts spaces between them."""
    home = files("dataforge.parsers.prompt").joinpath("data")
    listed = load_yaml(home.joinpath("languages.yaml").read_text("utf-8"), "languages")
    return {code: frozenset(map(str, words)) for code, words in listed.items()}


def plain(text: str) -> str:
    """Return text without accents and case, for comparing words."""
    return fold(text).casefold()
