"""The locales that data is made in, and mixes of them by weight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataforge.errors import Problem, UnknownNameError, UsageError, did_you_mean

LOCALES = (
    "en_US",
    "en_GB",
    "de_DE",
    "fr_FR",
    "es_ES",
    "it_IT",
    "pt_BR",
    "nl_NL",
    "pl_PL",
    "sv_SE",
    "tr_TR",
    "ja_JP",
    "zh_CN",
    "ko_KR",
    "hi_IN",
    "ar_SA",
)
# Not a locale to ask for: towns of the countries that have none, in English.
WORLD = "world"
_BY_FOLD = {name.casefold(): name for name in LOCALES}
_REMEDY = "write a known locale, or several with weights, as in de_DE:3,fr_FR:1"


@dataclass(frozen=True, slots=True)
class LocaleMix:
    """Distinct known locales and their positive weights; a single locale is a mix of one."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def main(self) -> str:
        """The locale with the greatest weight, the first of those where several have it."""
        return self.names[self.weights.index(max(self.weights))]

    def __str__(self) -> str:
        """Write the mix as ``locale_mix`` reads it: ``en_US``, or ``de_DE:3,fr_FR:1``."""
        if len(self.names) == 1:
            return self.names[0]
        pairs = zip(self.names, self.weights, strict=True)
        return ",".join(f"{name}:{weight:g}" for name, weight in pairs)


@cache
def locale_mix(text: str) -> LocaleMix:
    """Read ``de_DE`` or ``de_DE:3,fr_FR:1``; a locale without a weight has weight 1.

    Case does not matter, nor does a hyphen for the underscore. Raises ``UnknownNameError`` for a
    locale that does not exist (the nearest is named) and ``UsageError`` for a weight that is none.
    """
    pairs = tuple(_pairs(text))
    unknown = [name for name, _ in pairs if name not in LOCALES]
    if unknown:
        raise UnknownNameError.of("locale", unknown[0], LOCALES)
    problems = tuple(locale_problems(text, "locale"))
    if problems:
        raise UsageError(str(problems[0]))
    return LocaleMix(tuple(name for name, _ in pairs), tuple(float(w) for _, w in pairs))


def locale_problems(text: str, path: str) -> Iterator[Problem]:
    """Yield what is wrong with a written locale or mix that stands at ``path``."""
    seen: set[str] = set()
    for name, weight in _pairs(text):
        if name not in LOCALES:
            hint = did_you_mean(name, LOCALES)
            yield Problem(path, f"unknown locale {name!r}{hint}", _REMEDY)
        elif not _is_weight(weight):
            yield Problem(path, f"the weight of {name} is {weight!r}", "write a number above 0")
        elif name in seen:
            yield Problem(path, f"{name} stands twice", "add up its weights")
        seen.add(name)


def locale_text(value: Any) -> Any:
    """Return a locale, or a mapping of locales to weights, in its canonical written form.

    What is no such thing comes back unchanged, for validation to say so.
    """
    if isinstance(value, Mapping) and value:
        value = ",".join(f"{name}:{weight}" for name, weight in value.items())
    if not isinstance(value, str) or next(locale_problems(value, ""), None) is not None:
        return value
    return str(locale_mix(value))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        name, mark, weight = part.strip().partition(":")
        known = _BY_FOLD.get(name.strip().replace("-", "_").casefold(), name.strip())
        yield known, weight.strip() if mark else "1"


def _is_weight(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False
