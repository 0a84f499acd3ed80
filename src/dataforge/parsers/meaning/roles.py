"""What the names of numbers say of each other: the least, the whole, what is used, what remains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.words import Words, singular

# Words that are units at the end of a name and roles before it: duration_min, min_duration.
_UNITS_LAST = frozenset({"min"})


@dataclass(frozen=True, slots=True)
class Role:
    """What a number is among its like: ``words`` that say so, and the ``stem`` of what it is of."""

    name: str
    word: str
    stem: frozenset[str]


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    text = files("dataforge.parsers.meaning").joinpath("data/amounts.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def _roles() -> dict[str, str]:
    pairs = (line.split(": ") for line in _sections()["roles"])
    return {word: role for role, words in pairs for word in words.split()}


@cache
def filler() -> frozenset[str]:
    """Return the words that say nothing about what is counted."""
    return frozenset(word for line in _sections()["filler"] for word in line.split())


@cache
def shares() -> dict[str, str]:
    """Return the text of the share that something of the word takes of its whole."""
    pairs = (line.split(": ") for line in _sections()["shares"])
    return {word: share for words, share in pairs for word in words.split()}


@cache
def ladder(name: str) -> tuple[tuple[frozenset[str], tuple[float, float] | None], ...]:
    """Return the steps of an order of names: their words, and their share of the anchor."""
    found = []
    for line in _sections()[name]:
        words, _, share = line.partition(": ")
        low, _, high = share.partition("..")
        found.append((frozenset(words.split()), (float(low), float(high)) if share else None))
    return tuple(found)


def role_of(words: Sequence[str], own: frozenset[str]) -> Role:
    """Read a number's name; ``own`` are the singular words of its table.

    A percentile (``p95``) has the role ``p`` and its number as the word.
    """
    known = _roles()
    words = tuple(" ".join(words).replace("end of day", "eod").split())
    name = word = ""
    rest: list[str] = []
    for at, each in enumerate(words):
        last = at == len(words) - 1 and at > 0 and each in _UNITS_LAST
        role = "" if last else known.get(each, "")
        if role and (not name or name in {"whole", "near"}):
            rest += [word] if name == "near" else []
            name, word = role, each
        elif not role:
            rest.append(each)
    if len(words) > 1 and words[0] == "p" and words[1].isdigit():
        name, word, rest = "p", words[1], list(words[2:])
    stem = {singular(each) for each in rest if not each.isdigit()} - own
    return Role(name, word, frozenset(stem - filler()))


def compatible(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two numbers may be of the same thing: one says no more than the other."""
    return one <= other or other <= one


def shown(words: Words, wanted: frozenset[str]) -> bool:
    """Tell whether a name has one of the words."""
    return bool(wanted & {*words, *map(singular, words)})
