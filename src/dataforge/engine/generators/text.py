"""Readable prose: phrases, sentences and paragraphs from word classes and sentence frames.

A column that need not be unique draws from a pool composed once, so a row costs one index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.generators.text_frames import (
    Frame,
    Layout,
    Lexicon,
    lexicon,
    phrases,
    sentences,
)
from dataforge.schema.specs import TextSpec
from dataforge.schema.types import BinaryType, StringType
from dataforge.streams import IntArray, below, bits, derive_key

_SENTENCES = 4096
_PARAGRAPHS = 1024
_ENOUGH = 64
_AMPLE = 10**7
_WIDEST_FRAME = 6
_LONGEST = 60  # units; more would only be a longer run of the same


@dataclass(frozen=True)
class TextGenerator:
    """Draws from a pool of distinct texts that all fit the column."""

    spec: TextSpec
    words: Lexicon
    key: int
    room: int
    least: int
    locale: str
    binary: bool = False
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return a dictionary of strings (their bytes in a binary column), none empty, (n,)."""
        indices = pa.array(below(cells.bits(), len(self.pool)).astype(np.int32))
        if self.binary:
            return self.pool.cast(pa.binary()).take(indices)
        return pa.DictionaryArray.from_arrays(indices, self.pool)

    @cached_property
    def pool(self) -> pa.StringArray:
        """The texts: of the units asked for where they fit, else of fewer."""
        paragraphs = self.spec.unit == "paragraph"
        found = pa.chunked_array([], pa.string())
        for low, high in _ranges(self.spec, self.least):
            texts = self._paragraphs(low, high) if paragraphs else self._lines(low, high)
            chunks = [*found.chunks, *self._fitting(texts).chunks]
            found = pa.chunked_array(chunks, pa.string())
            if len(found) >= _ENOUGH:
                break
        if not len(found) and paragraphs:
            return self._with("sentence").pool
        if not len(found) and self.spec.unit == "sentence":
            return self._with("words").pool
        return found.unique() if len(found) else self.words.letters(self.room)

    def _with(self, unit: str) -> TextGenerator:
        spec = TextSpec.model_validate({"unit": unit})
        return replace(self, spec=spec)

    def _fitting(self, texts: list[pa.StringArray]) -> pa.ChunkedArray:
        joined = pa.chunked_array(texts, pa.string())
        length = pc.binary_length(joined) if self.binary else pc.utf8_length(joined)
        fits = pc.and_(pc.less_equal(length, self.room), pc.greater_equal(length, self.least))
        return joined.filter(fits)

    def _lines(self, low: int, high: int) -> list[pa.StringArray]:
        each = _SENTENCES // (high - low + 1)
        made = []
        for units in range(low, high + 1):
            layouts = _layouts(self.spec, units, self.locale)
            rows = np.arange(-(-each // len(layouts)), dtype=np.int64)
            for at, layout in enumerate(layouts):
                frame = self.words.frame(layout, stop=self.spec.unit == "sentence")
                made.append(frame.draw(derive_key(self.key, units, at), rows))
        return made

    def _paragraphs(self, low: int, high: int) -> list[pa.StringArray]:
        sentences = TextGenerator(TextSpec(), self.words, self.key, 1 << 30, 0, self.locale).pool
        each = _PARAGRAPHS // (high - low + 1)
        made = []
        for units in range(low, high + 1):
            rows = np.arange(each, dtype=np.int64)
            draws = [bits(derive_key(self.key, units), rows, draw) for draw in range(units)]
            parts = [sentences.take(pa.array(below(each, len(sentences)))) for each in draws]
            made.append(pc.binary_join_element_wise(*parts, self.words.space))
        return made


@dataclass(frozen=True, slots=True)
class TextDomain:
    """Texts of one frame by rank, distinct whatever the case."""

    frame: Frame
    fold_safe: bool = True

    @property
    def size(self) -> int:
        """How many texts can be addressed, at most 2**62."""
        return self.frame.size

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the texts at ``ranks``."""
        return self.frame.decode(ranks)


def build(spec: TextSpec, site: Site) -> Generator:
    """Return the generator; texts fit the column by whole words, then by letters."""
    key = derive_key(site.schema.seed, site.table.name, site.column.name, "pool")
    least = site.limits.min_length or 0
    locale = site.locale
    return TextGenerator(
        spec,
        lexicon(locale),
        key,
        _room(site),
        least,
        locale,
        isinstance(site.column.type, BinaryType),
    )


def domain(spec: TextSpec, site: Site) -> Domain | None:
    """Return the texts, by rank, of the shortest frame with ample of them, else the largest.

    Paragraphs are single sentences here: what makes them distinct is at their start.
    """
    locale, room = site.locale, _room(site)
    low, high = _units(spec) if spec.unit != "paragraph" else (4, 12)
    fewer = range(low - 1, 0, -1)
    longest = max(high, _WIDEST_FRAME)
    found: list[Frame] = []
    for counts in (range(low, longest + 1), fewer):
        layouts = [layout for units in counts for layout in _layouts(spec, units, locale)]
        for frame in _frames(lexicon(locale), layouts, room, spec.unit != "words"):
            if frame.size >= _AMPLE:
                return TextDomain(frame)
            found.append(frame)
        if found:
            break
    return TextDomain(max(found, key=lambda frame: frame.size)) if found else None


def _frames(
    words: Lexicon,
    layouts: list[Layout],
    room: int,
    stop: bool,  # noqa: FBT001
) -> Iterator[Frame]:
    """Yield, of each layout, the frame with the longest words that surely fit."""
    shortest = 2 if words.space else 0
    for layout in layouts:
        for longest in range(words.longest(layout), shortest, -1):
            frame = words.frame(layout, stop=stop, longest=longest)
            if frame.size and frame.most <= room:
                yield frame
                break


def _layouts(spec: TextSpec, units: int, locale: str) -> tuple[Layout, ...]:
    return phrases(units, locale) if spec.unit == "words" else sentences(units, locale)


def _units(spec: TextSpec) -> tuple[int, int]:
    low = min(spec.minimum, _LONGEST)
    return low, max(low, min(spec.maximum, _LONGEST))


def _ranges(spec: TextSpec, least: int) -> Iterator[tuple[int, int]]:
    """Yield numbers of units to try: those asked for, more for a long text, then fewer."""
    low, high = _units(spec)
    yield low, high
    if least:
        enough = -(-least // 5)
        yield enough, enough + high
    while low > 1:
        low, high = max(1, low // 2), low - 1
        yield low, high


def _room(site: Site) -> int:
    logical = site.column.type
    declared = logical.max_length if isinstance(logical, StringType | BinaryType) else None
    bounds = [length for length in (declared, site.limits.max_length) if length is not None]
    return min(bounds, default=1 << 30)
