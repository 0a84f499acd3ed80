"""Countries, regions and towns by name: which draws of a town lie in them.

A town is a slot of a locale's slot table of towns (the top 16 bits of a draw). An area is a locale
and some of its slots. Countries whose towns stand in a locale of their own in Latin letters have
those, the others, in English, the towns of ``WORLD``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora import fold, joint_table
from dataforge.engine.generators.records.places import city_codes, city_column
from dataforge.locales import LOCALES, WORLD
from dataforge.streams import IntArray

# Every locale that towns may be of; an area's ``locale`` is a place in it.
HOMES = (*LOCALES, WORLD)
_LATIN = (
    "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "nl_NL", "pl_PL", "sv_SE",
    "tr_TR",
)  # fmt: skip
_NUMBERED = re.compile(r" \d+$")
SLOT_BITS = 16


@dataclass(frozen=True, slots=True)
class Area:
    """Slots (int64, at least one) of the locale at a place of ``HOMES``; None stands for all."""

    locale: int
    slots: IntArray | None = None


@dataclass(frozen=True)
class Zones:
    """The slots of a locale sorted by a column of its towns: its regions, its countries.

    ``zone`` (int64[65536]) has each slot's zone; the slots of zone z are the ``count[z]`` entries
    of ``order`` from ``start[z]`` on.
    """

    zone: IntArray
    order: IntArray
    start: IntArray
    count: IntArray
    names: dict[str, int]

    def another(self, slots: IntArray, draws: IntArray) -> IntArray:
        """Return slots of the same zones as ``slots``; ``draws`` in [0, 65536) choose them."""
        zone = self.zone[slots]
        return self.order[self.start[zone] + (draws * self.count[zone] >> SLOT_BITS)]

    def slots(self, name: str) -> IntArray | None:
        """Return the slots of a zone by its folded name, None where there is no such."""
        if name not in self.names:
            return None
        zone = self.names[name]
        return self.order[self.start[zone] : self.start[zone] + self.count[zone]]


@cache
def zones(locale: str, column: str) -> Zones:
    """Return the zones of a locale's towns by a column of the table of cities."""
    names, codes = city_column(column, locale)
    zone = codes[city_codes(locale).table].astype(np.int64)
    count = np.bincount(zone, minlength=len(names))
    order = np.argsort(zone, kind="stable")
    folded = {fold(name): code for code, name in reversed(list(enumerate(names)))}
    return Zones(zone, order, np.cumsum(count) - count, count, folded)


def area_of(value: str | None, home: str, kind: str) -> Area:
    """Return the area that a value names; all of ``home`` where it names none.

    ``kind`` (country, state or city) says what the value is to be first of all.
    """
    name = _NUMBERED.sub("", value or "").strip()
    finders = {"country": _country, "state": _state, "city": _city}
    for each in dict.fromkeys((kind, *finders)):
        found = finders[each](name, home) if name else None
        if found is not None:
            return found
    return Area(HOMES.index(home))


def _country(name: str, home: str) -> Area | None:
    code = country_codes(home).get(fold(name))
    if code is None:
        return None
    local = next((each for each in (home, *_LATIN) if each.endswith(f"_{code}")), None)
    if local is not None:
        return Area(HOMES.index(local))
    slots = zones(WORLD, "country_code").slots(fold(code))
    return None if slots is None else Area(HOMES.index(WORLD), slots)


@cache
def country_codes(home: str) -> dict[str, str]:
    """Return the two letters of each country by its folded names and codes."""
    found: dict[str, str] = {}
    for locale in ("en_US", home):
        table = joint_table("country", locale).columns
        for column in ("code", "code3", "name"):
            found |= dict(zip(map(fold, table[column]), table["code"], strict=True))
    return found


def _state(name: str, home: str) -> Area | None:
    return _zone(name, home, ("state", "state_code"))


def _city(name: str, home: str) -> Area | None:
    return _zone(name, home, ("city",))


def _zone(name: str, home: str, columns: tuple[str, ...]) -> Area | None:
    for locale in dict.fromkeys((home, *_LATIN, WORLD)):
        for column in columns:
            slots = zones(locale, column).slots(fold(name))
            if slots is not None:
                return Area(HOMES.index(locale), slots)
    return None


def mapped(areas: Iterator[Area], which: IntArray, draws: IntArray) -> tuple[
    npt.NDArray[np.int8], IntArray
]:  # fmt: skip
    """Return locale and slot of each row, whose area is ``which`` of ``areas``."""
    known = list(areas)
    locales = np.array([each.locale for each in known], dtype=np.int8)
    lists = [np.zeros(0, np.int64) if each.slots is None else each.slots for each in known]
    count = np.array([len(each) for each in lists])
    start = np.cumsum(count) - count
    listed = np.concatenate([*lists, np.zeros(1, np.int64)])
    inside = listed[start[which] + (draws * count[which] >> SLOT_BITS)]
    return locales[which], np.where(count[which] > 0, inside, draws)
