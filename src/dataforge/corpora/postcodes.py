"""Postcodes: how their beginnings are written down, and how the rest is filled in.

Beginnings stand as ``101-109,120`` or, with letters, ``M1-9,EC1``. A shape writes a whole code:
``d`` stands for a digit and ``a`` for a letter, which the beginning fills from the left; ``~`` is
the whole beginning.
"""

from __future__ import annotations

import re

# Letters that both the Netherlands and the United Kingdom use in any place.
LETTERS = "ABDEGHJLNPRTWXZ"
_RANGE = re.compile(r"([A-Z]*)(\d*)(?:-(\d+))?")
_PLACE = re.compile("[da]")


def expand(text: str) -> tuple[str, ...]:
    """Return the beginnings that ``101-109,120`` or ``M1-9`` stand for, in order."""
    return tuple(each for part in re.split("[ ,]", text) if part for each in _range(part))


def _range(part: str) -> list[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        msg = f"{part!r} is no range of postcodes"
        raise ValueError(msg)
    letters, first, last = found.groups()
    if last is None:
        return [part]
    width = 0 if letters else len(first)
    return [f"{letters}{number:0{width}}" for number in range(int(first), int(last) + 1)]


def rest(shape: str, beginning: str) -> int:
    """Count the ways to complete a beginning."""
    return _product(_open(shape, beginning))


def completed(shape: str, beginning: str, rank: int) -> str:
    """Return way number ``rank`` (0 ≤ rank < ``rest``) to complete a beginning."""
    text, places = shape.replace("~", beginning), _open(shape, beginning)
    if "~" not in shape:
        for character in beginning:
            text = _PLACE.sub(character, text, count=1)
    left = _product(places)
    for place in places:
        left //= _size(place)
        at, rank = divmod(rank, left)
        text = text.replace(place, str(at) if place == "d" else LETTERS[at], 1)
    return text


def _open(shape: str, beginning: str) -> list[str]:
    places = _PLACE.findall(shape)
    return places if "~" in shape else places[len(beginning) :]


def _size(place: str) -> int:
    return 10 if place == "d" else len(LETTERS)


def _product(places: list[str]) -> int:
    total = 1
    for place in places:
        total *= _size(place)
    return total
