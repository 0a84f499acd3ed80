"""A sentence with its things and numbers marked, so that patterns can speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataforge.parsers.prompt.entities import Cast, Draft
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.numerals import Number
from dataforge.parsers.prompt.request import Words

THING = r"⟦(?P<{0}>\d+)⟧"
COUNT = r"⟨(?P<{0}>\d+)⟩"
_MARK = re.compile(r"[⟦⟨]\d+[⟧⟩]")


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence: ``marked`` has ``⟦k⟧`` for thing k and ``⟨k⟩`` for number k of the lists."""

    words: Words
    marked: str
    things: tuple[Draft, ...]
    numbers: tuple[Number, ...]
    origins: tuple[tuple[int, int], ...]

    def thing(self, mark: str) -> Draft:
        """Return the entity that a mark stands for."""
        return self.things[int(mark)]

    def number(self, mark: str) -> Number:
        """Return the number that a mark stands for."""
        return self.numbers[int(mark)]

    def place(self, start: int, end: int) -> Words:
        """Return the words of the prompt behind ``marked[start:end]``."""
        first = self._origin(start)
        last = max(first, self._origin(end))
        offset = self.words.start
        text = self.words.text[first - offset : last - offset]
        return Words(text=text, start=first, end=last)

    def marked_at(self, place: int) -> int:
        """Return where in ``marked`` a place of the prompt is; after a mark that covers it."""
        at, real = 0, self.words.start
        for begin, origin in self.origins:
            if origin > place:
                return begin if place > real + (begin - at) else at + place - real
            at, real = begin, origin
        return at + place - real

    def _origin(self, place: int) -> int:
        shift = self.words.start
        for at, real in self.origins:
            if at > place:
                break
            shift = real - at
        return min(max(place + shift, self.words.start), self.words.end)


def scenes(
    sentences: tuple[Words, ...], cast: Cast, numbers: tuple[Number, ...], words: Lexicon
) -> Iterator[Scene]:
    """Yield every sentence with its marks."""
    for sentence in sentences:
        spoken = cast.spoken_of(sentence.start, sentence.end)
        spoken = [entry for entry in spoken if entry[1] - entry[0] <= 60]
        inside = [n for n in numbers if sentence.start <= n.start and n.end <= sentence.end]
        inside = [n for n in inside if not any(a <= n.start < b for a, b, _ in spoken)]
        yield _marked(sentence, spoken, inside)


def _marked(sentence: Words, spoken: list[tuple[int, int, Draft]], inside: list[Number]) -> Scene:
    marks = [(a, b, f"⟦{n}⟧") for n, (a, b, _) in enumerate(spoken)]
    marks += [(each.start, each.end, f"⟨{n}⟩") for n, each in enumerate(inside)]
    out, at, origins = "", sentence.start, [(0, sentence.start)]
    for start, end, mark in sorted(marks):
        if start < at:
            continue
        out += sentence.text[at - sentence.start : start - sentence.start] + mark
        at = end
        origins.append((len(out), end))
    out += sentence.text[at - sentence.start :]
    things = tuple(draft for _, _, draft in spoken)
    return Scene(sentence, out, things, tuple(inside), tuple(origins))
