"""Word classes, and the frames that make phrases and sentences of them."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import vocabulary
from dataforge.streams import IntArray, below, bits

_SENTENCES = {
    1: "noun",
    2: "verb adverb",
    3: "verb determiner noun",
    4: "determiner noun modal verb",
    5: "determiner noun modal verb adverb",
    6: "determiner noun modal verb determiner noun",
    7: "determiner adjective noun modal verb determiner noun",
    8: "determiner adjective noun modal verb determiner adjective noun",
    9: "determiner noun modal verb determiner noun preposition determiner noun",
    10: "determiner adjective noun modal verb determiner noun preposition determiner noun",
}
_PHRASES = {
    1: "noun",
    2: "adjective noun",
    3: "adjective noun noun",
    4: "noun preposition determiner noun",
    5: "adjective noun preposition determiner noun",
    6: "adjective noun preposition determiner adjective noun",
}
_CLOSED_CLASSES = {
    "determiner": ("the", "this", "that", "each", "every", "our", "your", "another"),
    "modal": ("will", "can", "must", "should", "may", "could"),
    "preposition": ("for", "with", "from", "about", "near", "without", "under", "against"),
    "conjunction": ("and", "but", "because", "while", "although", "so"),
    "link": ("and", "or"),
}
_HASH_KEY = 0x7465787473
_OPEN_CLASSES = ("noun", "verb", "adjective", "adverb")


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
    """Distinct lower-case words by word class."""

    classes: dict[str, pa.StringArray]

    def frame(self, layout: tuple[str, ...], *, stop: bool, longest: int = 14) -> Frame:
        """Return the frame of a layout: first letter capital, and a full stop at the end."""
        slots = [self._words(name, longest) for name in layout]
        slots[0] = pc.utf8_capitalize(slots[0])
        if stop:
            slots[-1] = pc.binary_join_element_wise(slots[-1], pa.scalar("."), "")
        return Frame(tuple(slots))

    def letters(self, room: int) -> pa.StringArray:
        """Return the nouns that fit ``room`` characters, or single letters."""
        short = self._words("noun", room)
        return short if len(short) else pa.array(list(string.ascii_uppercase))

    def _words(self, name: str, longest: int) -> pa.StringArray:
        words = self.classes[name]
        return words.filter(pc.less_equal(pc.utf8_length(words), longest))


def sentence(units: int) -> tuple[str, ...]:
    """Return the word classes of a sentence of ``units`` ≥ 1 words; long ones have clauses."""
    if units <= 10:
        return tuple(_SENTENCES[units].split())
    return (*sentence(6), "conjunction", *sentence(units - 7))


def phrase(units: int) -> tuple[str, ...]:
    """Return the word classes of a phrase of ``units`` ≥ 1 words, such as a title."""
    if units <= 6:
        return tuple(_PHRASES[units].split())
    return (*phrase(3), "link", *phrase(units - 4))


@cache
def lexicon(locale: str) -> Lexicon:
    """Return the word classes of a locale."""
    classes = {name: pa.array(words) for name, words in _CLOSED_CLASSES.items()}
    for name in _OPEN_CLASSES:
        values = vocabulary(name, locale).values
        plain = pc.match_substring_regex(values, "^[a-z]{2,}$")
        classes[name] = values.filter(plain)
    manner = classes["adverb"]
    classes["adverb"] = manner.filter(pc.ends_with(manner, "ly"))
    return Lexicon(classes)
