"""Word classes, and the frames that make phrases and sentences of them."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora.files import sections
from dataforge.streams import IntArray, below, bits

_PROSE = "prose.txt"
_LONGEST_SENTENCE, _LONGEST_PHRASE = 10, 6
_HASH_KEY = 0x7465787473


@dataclass(frozen=True, slots=True)
class Frame:
    """One vocabulary a place; a text takes one word of each, with spaces between."""

    slots: tuple[pa.StringArray, ...]

    @property
    def size(self) -> int:
        """How many texts ``decode`` tells apart, at most 2**62; 0 when a place has no word."""
        return prod(len(self.slots[at]) for at in self._carriers())

    @property
    def most(self) -> int:
        """The length of the longest text, in characters."""
        longest = (int(pc.max(pc.utf8_length(slot)).as_py() or 0) for slot in self.slots)
        return sum(longest) + len(self.slots) - 1

    def decode(self, ranks: IntArray) -> pa.StringArray:
        """Return the texts at ``ranks``, int64 (n,).

        Words are distinct within a place, so the places that carry the rank keep texts apart; in
        very long frames the others follow a hash of it.
        """
        carriers, rest, parts = set(self._carriers()), ranks, []
        for at, slot in enumerate(self.slots):
            if at in carriers:
                rest, own = np.divmod(rest, len(slot))
            else:
                own = below(bits(_HASH_KEY, ranks, at), len(slot))
            parts.append(slot.take(pa.array(own)))
        return pc.binary_join_element_wise(*parts, " ")

    def _carriers(self) -> list[int]:
        """Return the places, from the first on, whose words together number up to 2**62."""
        room, carriers = 1 << 62, []
        for at, slot in enumerate(self.slots):
            if len(slot) <= room:
                room //= max(len(slot), 1)
                carriers.append(at)
        return carriers

    def draw(self, key: int, rows: IntArray) -> pa.StringArray:
        """Return a random text for each row, every word drawn on its own."""
        draws = (below(bits(key, rows, at), len(slot)) for at, slot in enumerate(self.slots))
        parts = [slot.take(pa.array(own)) for slot, own in zip(self.slots, draws, strict=True)]
        return pc.binary_join_element_wise(*parts, " ")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Distinct words by word class; a word that names no class stands for itself."""

    classes: dict[str, pa.StringArray]

    def frame(self, layout: tuple[str, ...], *, stop: bool, longest: int = 14) -> Frame:
        """Return the frame of a layout: first letter capital, and a full stop at the end."""
        slots = [self._words(name, longest) for name in layout]
        first = pc.utf8_upper(pc.utf8_slice_codeunits(slots[0], 0, 1))
        rest = pc.utf8_slice_codeunits(slots[0], 1, None)
        slots[0] = pc.binary_join_element_wise(first, rest, "")
        if stop:
            slots[-1] = pc.binary_join_element_wise(slots[-1], pa.scalar("."), "")
        return Frame(tuple(slots))

    def letters(self, room: int) -> pa.StringArray:
        """Return the words that fit ``room`` characters, or single letters."""
        short = self._words("AREA", room)
        return short if len(short) else pa.array(list(string.ascii_uppercase))

    def _words(self, name: str, longest: int) -> pa.StringArray:
        words = self.classes.get(name)
        if words is None:
            return pa.array([name])
        return words.filter(pc.less_equal(pc.utf8_length(words), longest))


Layout = tuple[str, ...]


def sentences(units: int, locale: str) -> tuple[Layout, ...]:
    """Return the layouts of sentences of ``units`` ≥ 1 words; long ones have clauses."""
    if units <= _LONGEST_SENTENCE:
        return _layouts("sentences", locale)[units]
    (head, *_), (*_, tail) = sentences(6, locale), sentences(units - 7, locale)
    return ((*head, "JOIN", *tail),)


def phrases(units: int, locale: str) -> tuple[Layout, ...]:
    """Return the layouts of phrases of ``units`` ≥ 1 words, such as a title."""
    if units <= _LONGEST_PHRASE:
        return _layouts("phrases", locale)[units]
    (head,), (tail,) = phrases(3, locale), phrases(units - 4, locale)
    return ((*head, "and", *tail),)


@cache
def _layouts(kind: str, locale: str) -> dict[int, tuple[Layout, ...]]:
    found: dict[int, tuple[Layout, ...]] = {}
    for line in sections(locale, _PROSE)[kind]:
        layout = tuple(line.rstrip(".").split())
        found[len(layout)] = (*found.get(len(layout), ()), layout)
    return found


@cache
def lexicon(locale: str) -> Lexicon:
    """Return the word classes of a locale."""
    lines = (line.split(": ") for line in sections(locale, _PROSE)["classes"])
    return Lexicon({name: pa.array(words.split()) for name, words in lines})
