"""Which country or city a request speaks of, and the locale that goes with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dataforge.parsers.prompt.lexicon import Lexicon, common, one_of
from dataforge.parsers.prompt.request import Words


@dataclass(frozen=True, slots=True)
class Spot:
    """A place named in the text; ``near`` tells that its own locale is not among the known."""

    words: Words
    locale: str
    near: bool


def spot_in(text: str, words: Lexicon, skip: tuple[tuple[int, int], ...]) -> Spot | None:
    """Return the first place that a text names outside quotes; None where it names none."""
    for match in _pattern(words.spaced).finditer(text):
        if match.group(0).islower() and not words.spaced:
            continue
        locale, near = _table()[match.group(0).casefold()]
        place = Words(text=match[0], start=match.start(), end=match.end())
        return Spot(place, locale, near)
    return None


@cache
def _table() -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for key, near in (("exact", False), ("near", True)):
        for locale, names in common().entries[key].items():
            found.update((name.casefold(), (locale, near)) for name in names)
    return found


@cache
def _pattern(spaced: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cached key
    names = [
        n for key in ("exact", "near") for found in common().entries[key].values() for n in found
    ]
    return re.compile(one_of(names, spaced=spaced))
