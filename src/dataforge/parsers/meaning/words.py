"""From a name to words: ``custAddrLine1``, ``C_ADDR`` and ``customeraddress`` read alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

Words = tuple[str, ...]

_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "œ": "oe", "đ": "d"}
)
_SHORTEST_PART = 3
LONGEST_WORD = 64
"""Longer words are not taken apart: that takes time in proportion to their length squared."""
_SHORT_PARTS = frozenset({"at", "by", "id", "is", "of", "on"})


@cache
def section(name: str) -> dict[str, Words]:
    """Return ``key: words`` lines below ``[name]`` of the word file."""
    text = files("dataforge.parsers.meaning").joinpath("data/words.txt").read_text("utf-8")
    body = text.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0]
    pairs = (line.split(":", 1) for line in body.splitlines() if ":" in line)
    return {key: tuple(words.split()) for key, words in pairs}


@cache
def classes() -> dict[str, frozenset[str]]:
    """Return the kinds of thing that each word speaks of."""
    found: dict[str, set[str]] = {}
    for kind, words in section("classes").items():
        for word in words:
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


def classes_of(words: Iterable[str]) -> frozenset[str]:
    """Return every kind that some of the words speak of, plural or singular."""
    known = classes()
    found = (known.get(form, frozenset()) for word in words for form in (word, singular(word)))
    return frozenset().union(*found)


def singular(word: str) -> str:
    """Return the singular of a regular English plural, other words as they are."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def fold(text: str) -> str:
    """Return ``text`` without accents; letters of other scripts stay."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not _is_accent(c)))


def _is_accent(char: str) -> bool:
    # The voicing marks of kana are combining too, and not an ornament.
    return unicodedata.combining(char) > 0 and not "\u3099" <= char <= "\u309a"


def pieces(name: str) -> Words:
    """Split at underscores, blanks, digits and changes of case; lower case without accents."""
    return tuple(piece.lower() for piece in _PIECES.findall(fold(name)))


def expanded(words: Words, known: frozenset[str]) -> Words:
    """Spell out short forms and take compounds of ``known`` words apart."""
    short = section("abbreviations")
    out: list[str] = []
    for word in words:
        if word in short:
            out += short[word]
        elif word in known:
            out.append(word)
        else:
            parts = compound(word, known | frozenset(short))
            out += [piece for part in parts for piece in short.get(part, (part,))]
    return tuple(out)


@cache
def compound(word: str, known: frozenset[str]) -> Words:
    """Return the fewest known words of three letters, or small ones, that make up ``word``.

    A word that no such words make up, or that nobody would read, comes back whole.
    """
    if len(word) > LONGEST_WORD:
        return (word,)
    best: list[Words | None] = [()] + [None] * len(word)
    for end in range(2, len(word) + 1):
        options = [
            (*head, word[start:end])
            for start in range(end - 1)
            if (head := best[start]) is not None and _is_part(word[start:end], known)
        ]
        best[end] = min(options, key=len, default=None)
    return best[len(word)] or (word,)


def _is_part(word: str, known: frozenset[str]) -> bool:
    return word in _SHORT_PARTS or (len(word) >= _SHORTEST_PART and word in known)


def shared_prefix(names: Iterable[Words]) -> str | None:
    """Return the short first word that most of a table's names begin with, if there is one."""
    starts = [words[0] for words in names if len(words) > 1]
    if len(starts) < 3:
        return None
    first = max(set(starts), key=lambda word: (starts.count(word), word))
    return first if starts.count(first) >= 0.6 * len(starts) else None
