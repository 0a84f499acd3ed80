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
_NO_LIMIT = 1 << 30
_NO_SPACE_BEFORE = r"^ ([ ,.;:،])"
_HASH_KEY = 0x7465787473


@dataclass(frozen=True, slots=True)
class Frame:
    """One vocabulary a place; a text takes one word of each, which brings the space before it."""

    slots: tuple[pa.StringArray, ...]

    @property
    def size(self) -> int:
        """How many texts ``decode`` tells apart, at most 2**62; 0 when a place has no word."""
        return prod(len(self.slots[at]) for at in self._carriers())

    @property
    def most(self) -> int:
        """The length of the longest text, in characters."""
        longest = (int(pc.max(pc.utf8_length(slot)).as_py() or 0) for slot in self.slots)
        return sum(longest)

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
        return pc.binary_join_element_wise(*parts, "")

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
        return pc.binary_join_element_wise(*parts, "")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Distinct words by word class; a word that names no class stands for itself.

    ``space`` stands between words (nothing in Japanese and Chinese), ``stop`` ends a sentence,
    ``link`` joins two parts of a long phrase.
    """

    classes: dict[str, pa.StringArray]
    space: str = " "
    stop: str = "."
    link: str = "and"

    def frame(self, layout: tuple[str, ...], *, stop: bool, longest: int = _NO_LIMIT) -> Frame:
        """Return the frame of a layout: first letter capital, and a full stop at the end."""
        first, *others = (self._words(name, longest) for name in layout)
        slots = [first, *(self._spaced(words) for words in others)]
        first = pc.utf8_upper(pc.utf8_slice_codeunits(slots[0], 0, 1))
        rest = pc.utf8_slice_codeunits(slots[0], 1, None)
        slots[0] = pc.binary_join_element_wise(first, rest, "")
        if stop:
            slots[-1] = pc.binary_join_element_wise(slots[-1], pa.scalar(self.stop), "")
        return Frame(tuple(slots))

    def longest(self, layout: tuple[str, ...]) -> int:
        """Return the length of the longest word that a layout may take."""
        words = (self._words(name, _NO_LIMIT) for name in layout)
        return max(int(pc.max(pc.utf8_length(each)).as_py()) for each in words)

    def _spaced(self, words: pa.StringArray) -> pa.StringArray:
        spaced = pc.binary_join_element_wise(pa.scalar(self.space), words, "")
        return pc.replace_substring_regex(spaced, _NO_SPACE_BEFORE, r"\1")

    def letters(self, room: int) -> pa.StringArray:
        """Return the words that fit ``room`` characters in any encoding, or single letters."""
        words = self._words("AREA", room)
        short = words.filter(pc.less_equal(pc.binary_length(words), room))
        return short if len(short) else pa.array(list(string.ascii_uppercase))

    def _words(self, name: str, longest: int) -> pa.StringArray:
        words = self.classes.get(name)
        if words is None:
            return pa.array([name.replace("_", " ")])
        return words.filter(pc.less_equal(pc.utf8_length(words), longest))


Layout = tuple[str, ...]


def sentences(units: int, locale: str) -> tuple[Layout, ...]:
    """Return the layouts of sentences of ``units`` ≥ 1 words; long ones have clauses.

    Where a language has no sentence of so many words, those of the nearest fewer.
    """
    if units <= _LONGEST_SENTENCE:
        return _nearest("sentences", units, locale)
    (head, *_), (*_, tail) = sentences(6, locale), sentences(units - 7, locale)
    return ((*head, "JOIN", *tail),)


def phrases(units: int, locale: str) -> tuple[Layout, ...]:
    """Return the layouts of phrases of ``units`` ≥ 1 words, such as a title."""
    if units <= _LONGEST_PHRASE:
        return _nearest("phrases", units, locale)
    (head, *_), (tail, *_) = phrases(3, locale), phrases(units - 4, locale)
    return ((*head, lexicon(locale).link, *tail),)


def _nearest(kind: str, units: int, locale: str) -> tuple[Layout, ...]:
    layouts = _layouts(kind, locale)
    return layouts[max(count for count in layouts if count <= units)]


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
    prose = sections(locale, _PROSE)
    style = dict(line.split(":") for line in prose.get("style", ()))
    lines = (line.split(": ") for line in prose["classes"])
    return Lexicon(
        {name: _words_of(words) for name, words in lines},
        "" if "joiner" in style else " ",
        style.get("stop", ".").strip(),
        style.get("and", "and").strip(),
    )


def _words_of(text: str) -> pa.StringArray:
    return pa.array([word.replace("_", " ") for word in text.split()])
