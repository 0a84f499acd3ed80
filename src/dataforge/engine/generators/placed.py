"""Addresses and telephone numbers in the place that another column names.

A row's town follows from the parent's row, or from a value: where the parent's column is a field
of an address itself, that row's town is taken, or another of its region or country; else the value
is looked up among countries, regions and towns. Parents' draws are made again at the parent's row
number, so any row can be made alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge import streams
from dataforge.engine.cells import LOCALE_GROUP, Cells, Generator, Site
from dataforge.engine.generators import records
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.records.areas import HOMES, SLOT_BITS, area_of, mapped, zones
from dataforge.engine.localized import Memo, Mixed, Places, mix_of
from dataforge.engine.nulls import plain, scatter
from dataforge.locales import WORLD
from dataforge.schema import Bound, RecordSpec, Spec
from dataforge.streams import BitArray, FloatArray, IntArray

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame
    from dataforge.engine.plan import ColumnPlan
    from dataforge.engine.wiring import Wiring

_HIGH = np.uint64(64 - SLOT_BITS)
_LOW_BITS = np.uint64((1 << (64 - SLOT_BITS)) - 1)


@dataclass(frozen=True, slots=True)
class Towns:
    """The town of each row: the locale's place in ``HOMES`` (int8) and the slot (int64)."""

    locales: npt.NDArray[np.int8]
    slots: IntArray

    def take(self, places: IntArray | None) -> Towns:
        """Return the towns at some places; all where ``places`` is None."""
        return self if places is None else Towns(self.locales[places], self.slots[places])


def build_placed(spec: Spec, site: Site, wiring: Wiring) -> Generator | None:
    """Build the generator of a record that has a place; None for any other spec."""
    if not isinstance(spec, RecordSpec) or spec.place is None:
        return None
    keys = [key.label for key in wiring.table.foreign_keys]
    label = spec.place.foreign_key
    reference = None if label is None else keys.index(label)
    return Placed(spec, site, spec.place, reference)


@dataclass(frozen=True)
class Placed:
    """A field made in the locale and town of each row; ``_made`` keeps a generator a locale."""

    spec: RecordSpec
    site: Site
    place: Bound
    reference: int | None
    _made: dict[int, Generator] = field(default_factory=dict, compare=False)

    @property
    def needs(self) -> tuple[str, ...]:
        """The column of the row that names the place, if it is the row's."""
        return () if self.reference is not None else (self.place.column,)

    @property
    def home(self) -> str:
        """The locale of places that nothing names."""
        return mix_of(self.spec, self.site.schema).main

    def make(self, cells: Cells) -> pa.Array:
        """Make the rows of each locale on their own and put them back in their places."""
        towns = self.towns(frame_of(cells))
        memo = Memo(cells)
        parts = []
        for code in np.flatnonzero(np.bincount(towns.locales)) if len(towns.locales) else [0]:
            places = np.flatnonzero(towns.locales == code)
            inside = Inside(Places(memo, places), self.spec.group, towns.slots[places])
            parts.append((places, self._generator(int(code)).make(inside)))
        return scatter(parts, len(towns.locales))

    def _generator(self, code: int) -> Generator:
        if code not in self._made:
            self._made[code] = records.build(self.spec, self.site.within(HOMES[code]))
        return self._made[code]

    def towns(self, frame: Frame) -> Towns:
        """Return the town of each row of a frame."""
        named = f"place:{self.spec.group}:{self.place.foreign_key}:{self.place.column}"
        return frame.shared(named, self._towns)

    def _towns(self, frame: Frame) -> Towns:
        key = frame.table.key_for(f"address:{self.spec.group}/city")
        draws = (streams.bits(key, frame.rows) >> _HIGH).view(np.int64)
        if self.reference is None:
            return self._read(frame, None, draws, lambda: frame.column(self.place.column))
        parents, places = frame.parent(self.reference)
        index = self.reference
        return self._read(
            parents, places, draws, lambda: frame.parent_column(index, self.place.column)
        )

    def _read(
        self,
        source: Frame,
        places: IntArray | None,
        draws: IntArray,
        values: Callable[[], pa.Array],
    ) -> Towns:
        column = source.table.columns[self.place.column]
        spec = source.table.table.column(column.name).spec
        known = _known(source, column, spec) if source.table.row_count else None
        if known is None:
            return _named(plain(values()), self.home, _kind(spec), draws)
        return _within(known.take(places), _kind(spec), draws)


def _kind(spec: Spec | None) -> str:
    """Tell what a column's values name: a country, a region (state) or a town (city)."""
    if not isinstance(spec, RecordSpec):
        return "country"
    if spec.record == "state" or spec.field.startswith("state"):
        return "state"
    if spec.record == "country" or spec.field.startswith("country"):
        return "country"
    return "city"


def _known(frame: Frame, column: ColumnPlan, spec: Spec | None) -> Towns | None:
    """Return the towns that a column's records are drawn with; None where it is made otherwise."""
    if not isinstance(spec, RecordSpec) or not records.is_placed(spec.record, spec.field):
        return None
    made = column.generator
    if column.group is not None:
        return None
    if isinstance(made, Placed):
        return made.towns(frame)
    if not isinstance(made, Mixed | records.RecordField) or spec.labels is not None:
        return None
    key = frame.table.key_for(f"address:{spec.group}/city")
    slots = (streams.bits(key, frame.rows) >> _HIGH).view(np.int64)
    names = mix_of(spec, frame.plan.schema).names
    homes = np.array([HOMES.index(name) for name in names], dtype=np.int8)
    if not isinstance(made, Mixed):
        return Towns(np.full(len(slots), homes[0]), slots)
    chosen = frame.table.key_for(f"{LOCALE_GROUP}{spec.group}/locale")
    at = made.slots[(streams.bits(chosen, frame.rows) >> _HIGH).view(np.int64)]
    return Towns(homes[at], slots)


def _within(towns: Towns, kind: str, draws: IntArray) -> Towns:
    """Return the towns themselves, or others of their region or country."""
    if kind == "city":
        return towns
    slots = draws.copy()
    for code in np.flatnonzero(np.bincount(towns.locales, minlength=1)):
        locale = HOMES[code]
        if kind == "country" and locale != WORLD:
            continue
        rows = towns.locales == code
        zoned = zones(locale, "state" if kind == "state" else "country_code")
        slots[rows] = zoned.another(towns.slots[rows], draws[rows])
    return Towns(towns.locales, slots)


def _named(values: pa.Array, home: str, kind: str, draws: IntArray) -> Towns:
    """Return towns in the areas that the values name, each distinct value looked up once."""
    encoded = pc.fill_null(values.cast(pa.string()), "").dictionary_encode()
    which = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    areas = (area_of(value, home, kind) for value in encoded.dictionary.to_pylist())
    return Towns(*mapped(areas, which, draws))


@dataclass(frozen=True, slots=True)
class Inside:
    """Cells whose address of ``group`` is in a given town."""

    cells: Places
    group: str
    slots: IntArray

    @property
    def rows(self) -> IntArray:
        """Row numbers of these cells."""
        return self.cells.rows

    def bits(self, purpose: str = "") -> BitArray:
        """Return bits of the column's own stream."""
        return self.cells.bits(purpose)

    def uniform(self, purpose: str = "") -> FloatArray:
        """Return uniforms of the column's own stream."""
        return self.cells.uniform(purpose)

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return the group's bits; of the draw of the town the highest are given."""
        drawn = self.cells.shared_bits(group, purpose)
        if purpose != "city" or group != f"address:{self.group}":
            return drawn
        return (self.slots.astype(np.uint64) << _HIGH) | (drawn & _LOW_BITS)

    def column(self, name: str) -> pa.Array:
        """Return another column of these cells."""
        return self.cells.column(name)
