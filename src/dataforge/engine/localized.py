"""Columns in several locales: each row draws one, and is made as in a schema of that locale.

The draw belongs to the row's record group, so the persons, addresses and companies of a row that
share a group share a language and a country. Texts and vocabularies go with the unnamed group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table
from dataforge.engine.cells import LOCALE_GROUP, Cells, Domain, Generator, Site
from dataforge.engine.nulls import scatter
from dataforge.locales import LocaleMix, locale_mix
from dataforge.schema import RecordSpec, Schema, Spec, TextSpec, VocabularySpec
from dataforge.streams import BitArray, FloatArray, IntArray, to_unit

_TOP_16 = np.uint64(48)


class Numbered(Generator, Protocol):
    """A generator of values that differ in the first ``room`` rows, in all where it is None."""

    @property
    def room(self) -> int | None:
        """In how many rows nothing repeats."""
        ...


def mix_of(spec: Any, schema: Schema) -> LocaleMix:
    """Return the locales of a spec: its own, else the schema's."""
    return locale_mix(spec.locale or schema.locale)


def group_of(spec: Spec, schema: Schema) -> str | None:
    """Return the group whose rows draw a locale together; None where there is nothing to draw."""
    if not isinstance(spec, RecordSpec | TextSpec | VocabularySpec):
        return None
    group = spec.group if isinstance(spec, RecordSpec) else ""
    return group if len(mix_of(spec, schema).names) > 1 else None


def by_locale(build: Callable[[Any, Site], Generator]) -> Callable[[Any, Site], Generator]:
    """Return a builder for a spec that may name a mix, from one for a single locale."""

    def built(spec: Any, site: Site) -> Generator:
        mix = mix_of(spec, site.schema)
        made = tuple(build(spec, site.within(name)) for name in mix.names)
        return made[0] if len(made) == 1 else _mixed(made, mix, spec)

    return built


def in_main_locale(
    domain: Callable[[Any, Site], Domain | None],
) -> Callable[[Any, Site], Domain | None]:
    """Return the maker of the values that a unique column ranks over: those of the main locale."""
    return lambda spec, site: domain(spec, site.within(mix_of(spec, site.schema).main))


def distinct_by_locale(
    distinct: Callable[[RecordSpec, Site], Numbered | None], spec: RecordSpec, site: Site
) -> Numbered | None:
    """Return distinct values that agree with each row's record; None where a locale has none."""
    mix = mix_of(spec, site.schema)
    made = [distinct(spec, site.within(name)) for name in mix.names]
    found = tuple(each for each in made if each is not None)
    if len(found) < len(made):
        return None
    return found[0] if len(found) == 1 else _mixed(found, mix, spec)


def _mixed(made: tuple[Generator, ...], mix: LocaleMix, spec: Spec) -> Mixed:
    slots = slot_table(len(made), np.array(mix.weights)).astype(np.int8)
    return Mixed(made, slots, spec.group if isinstance(spec, RecordSpec) else "")


@dataclass(frozen=True, slots=True)
class Mixed:
    """One generator a locale; ``slots`` (int8[65536]) tells which makes a row."""

    generators: tuple[Generator, ...]
    slots: npt.NDArray[np.int8]
    group: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that any of them reads."""
        names = (name for generator in self.generators for name in generator.needs)
        return tuple(dict.fromkeys(names))

    @property
    def room(self) -> int | None:
        """In how many rows nothing repeats, where the generators make distinct values."""
        rooms = [getattr(generator, "room", None) for generator in self.generators]
        return min((room for room in rooms if room is not None), default=None)

    def make(self, cells: Cells) -> pa.Array:
        """Make the rows of each locale on their own and put them back in their places."""
        draws = cells.shared_bits(f"{LOCALE_GROUP}{self.group}", "locale")
        codes = self.slots[(draws >> _TOP_16).view(np.int64)]
        memo = Memo(cells)
        parts = []
        for code in np.flatnonzero(np.bincount(codes)) if len(codes) else [0]:
            places = np.flatnonzero(codes == code)
            parts.append((places, self.generators[code].make(Places(memo, places))))
        return scatter(parts, len(codes))


@dataclass(frozen=True, slots=True)
class Memo:
    """Cells whose draws are made once for a batch, however many locales read some of them."""

    cells: Cells
    _draws: dict[tuple[str, ...], BitArray] = field(default_factory=dict)

    def bits(self, purpose: str) -> BitArray:
        """Return the column's own bits of all rows."""
        if (purpose,) not in self._draws:
            self._draws[purpose,] = self.cells.bits(purpose)
        return self._draws[purpose,]

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return the group's bits of all rows."""
        if (group, purpose) not in self._draws:
            self._draws[group, purpose] = self.cells.shared_bits(group, purpose)
        return self._draws[group, purpose]


@dataclass(frozen=True, slots=True)
class Places:
    """The cells at some places (int64, ascending) of a batch."""

    memo: Memo
    places: IntArray

    @property
    def rows(self) -> IntArray:
        """Row numbers of these cells."""
        return self.memo.cells.rows[self.places]

    def bits(self, purpose: str = "") -> BitArray:
        """Return bits of the whole column's stream at these places."""
        return self.memo.bits(purpose)[self.places]

    def uniform(self, purpose: str = "") -> FloatArray:
        """Return uniforms of the whole column's stream at these places."""
        return to_unit(self.bits(purpose))

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return the group's bits at these places."""
        return self.memo.shared_bits(group, purpose)[self.places]

    def column(self, name: str) -> pa.Array:
        """Return another column at these places."""
        return self.memo.cells.column(name).take(pa.array(self.places))
