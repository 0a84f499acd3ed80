"""Slips of fingers and scanners: neighbours, transpositions, omissions, doublings, lookalikes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.dirt.draws import BoolArray, Draws, choose
from dataforge.engine.dirt.runes import Points, Runes, is_alphanumeric, lookup
from dataforge.streams import below

_ROWS: Final = {
    "qwerty": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "qwertz": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "azerty": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
}
_DIGITS = "1234567890"
_LAYOUTS: Final = {"de": "qwertz", "pl": "qwertz", "fr": "azerty"}
# What scanners confuse, one for one; the pairs that change the length are below.
_LOOKALIKES: Final = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8",
    "2": "Z", "Z": "2", "6": "G", "G": "6", "e": "c", "c": "e", "h": "b", "u": "v", "v": "u",
    "n": "r", "i": "l", "t": "f", "g": "q",
}  # fmt: skip
_PAIRS: Final = (("rn", "m"), ("cl", "d"), ("vv", "w"))
_MOST_NEIGHBOURS = 8
# Neighbour, transposition, omission, doubling, lookalike, pair for one, one for a pair: typing
# errors in the proportions of Damerau ("A technique for computer detection and correction of
# spelling errors", 1964), with a tenth left to scanners.
_WEIGHTS = (0.32, 0.2, 0.24, 0.14, 0.06, 0.02, 0.02)


def layout_of(locale: str) -> str:
    """Return the keyboard that is usual where a locale is spoken."""
    return _LAYOUTS.get(locale[:2], "qwerty")


@dataclass(frozen=True, slots=True)
class Typo:
    """One slip a value, never in the first letter of longer words."""

    keyboard: str

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw a kind of slip that changes the value, and the place where it happens."""
        runes = Runes.of(values)
        written = is_alphanumeric(runes.points)
        made = (
            _neighbour(runes, self.keyboard, draws),
            _transposed(runes, written, draws),
            runes.removed(runes.pick(runes.inner(written), draws.bits("omission"))),
            _doubled(runes, written, draws),
            _lookalike(runes, draws),
            _joined(runes, draws),
            _parted(runes, draws),
        )
        return choose(values, [each.to_arrow() for each in made], _WEIGHTS, draws)


def _neighbour(runes: Runes, keyboard: str, draws: Draws) -> Runes:
    counts, neighbours = _neighbours(keyboard)
    near = lookup(counts, runes.points)
    at = runes.pick(runes.inner(near > 0), draws.bits("neighbour"))
    hit = runes.points[at] if runes.points.size else np.zeros(at.size, dtype=np.uint32)
    safe = np.where(at >= 0, hit, 0)
    number = below(draws.bits("which"), np.maximum(lookup(counts, safe), 1).astype(np.int64))
    return runes.replaced(at, neighbours[np.minimum(safe, len(neighbours) - 1), number])


def _transposed(runes: Runes, written: BoolArray, draws: Draws) -> Runes:
    following = np.append(runes.points[1:], 0).astype(np.uint32) if written.size else runes.points
    mask = runes.inner(written) & runes.follows(written) & (following != runes.points)
    at = runes.pick(mask, draws.bits("transposition"))
    after = np.where(at >= 0, at + 1, -1)
    if not written.size:
        return runes
    return runes.replaced(at, runes.points[after]).replaced(after, runes.points[at])


def _doubled(runes: Runes, written: BoolArray, draws: Draws) -> Runes:
    at = runes.pick(runes.inner(written), draws.bits("doubling"))
    return runes.inserted(at, runes.points[at]) if written.size else runes


def _lookalike(runes: Runes, draws: Draws) -> Runes:
    shapes = lookup(_shapes(), runes.points)
    at = runes.pick(shapes > 0, draws.bits("lookalike"))
    return runes.replaced(at, shapes[at]) if shapes.size else runes


def _joined(runes: Runes, draws: Draws) -> Runes:
    """Read two letters as one: ``rn`` as ``m``."""
    one = np.zeros(runes.points.size, dtype=np.uint32)
    for pair, single in _PAIRS:
        first, second = (runes.points == ord(letter) for letter in pair)
        one[first & runes.follows(second)] = ord(single)
    at = runes.pick(one > 0, draws.bits("joined"))
    if not one.size:
        return runes
    return runes.replaced(at, one[at]).removed(np.where(at >= 0, at + 1, -1))


def _parted(runes: Runes, draws: Draws) -> Runes:
    """Read one letter as two: ``m`` as ``rn``."""
    firsts, seconds = (np.zeros(runes.points.size, dtype=np.uint32) for _ in range(2))
    for pair, single in _PAIRS:
        found = runes.points == ord(single)
        firsts[found], seconds[found] = map(ord, pair)
    at = runes.pick(firsts > 0, draws.bits("parted"))
    if not firsts.size:
        return runes
    return runes.replaced(at, seconds[at]).inserted(at, firsts[at])


@cache
def _shapes() -> Points:
    table = np.zeros(128, dtype=np.uint32)
    for seen, read in _LOOKALIKES.items():
        table[ord(seen)] = ord(read)
    return table


@cache
def _neighbours(keyboard: str) -> tuple[Points, npt.NDArray[np.uint32]]:
    """Return how many neighbours each code point below 256 has, and which."""
    counts = np.zeros(256, dtype=np.uint32)
    near = np.zeros((256, _MOST_NEIGHBOURS), dtype=np.uint32)
    for key, others in _adjacent(keyboard).items():
        forms = {(key, others), (key.upper(), others.upper())}
        for letter, letters in forms:
            counts[ord(letter)] = len(letters)
            near[ord(letter), : len(letters)] = [ord(each) for each in letters]
    return counts, near


def _adjacent(keyboard: str) -> dict[str, str]:
    """Map each key to those around it; the rows are shifted by half a key."""
    rows = _ROWS[keyboard]
    found = {digit: _DIGITS[max(0, i - 1) : i + 2].replace(digit, "") for i, digit in
             enumerate(_DIGITS)}  # fmt: skip
    for number, row in enumerate(rows):
        above = rows[number - 1] if number else ""
        under = rows[number + 1] if number + 1 < len(rows) else ""
        for place, key in enumerate(row):
            beside = row[max(0, place - 1) : place + 2].replace(key, "")
            lower = under[max(0, place - 1) : place + 1]
            found[key] = beside + above[place : place + 2] + lower
    return found
