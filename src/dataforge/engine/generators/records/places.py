"""Places: one real town a row, and what belongs to it: region, postcode, zone, coordinates."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import joint_table, postcodes, slot_table
from dataforge.corpora.files import sections
from dataforge.engine import fixed_width
from dataforge.engine.decimals import decimal_array
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Joined,
    Made,
    MakeField,
    Number,
    Part,
    Slots,
    Text,
    coded,
    join,
)
from dataforge.locales import WORLD
from dataforge.streams import FloatArray, IntArray

FORMS = "address.txt"
POSTCODES_PER_CITY = 100
SPREAD_DEGREES = 0.06
_STRIDE = 7919
_GEOHASH = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", dtype=np.uint8)
_GEOHASH_LENGTH = 9


@cache
def city_codes(locale: str) -> Slots:
    """Return what draws the row of the city table for each row of the group."""
    cities = joint_table("city", locale)
    return Slots("address", "city", slot_table(len(cities), cities.weights))


@cache
def city_column(name: str, locale: str) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Return the distinct values of a column of the city table, and the code of each city."""
    values = joint_table("city", locale).columns[name]
    distinct = list(dict.fromkeys(values))
    at = {value: code for code, value in enumerate(distinct)}
    return distinct, np.array([at[value] for value in values], dtype=np.int32)


def _of_city(name: str, locale: str) -> Text:
    values, codes = city_column(name, locale)
    return coded(Slots("address", "city", codes[city_codes(locale).table]), values)


def city(locale: str) -> Text:
    """The town's name."""
    return _of_city("city", locale)


def district(locale: str) -> Text:
    """A part of the town; the town itself where the locale's addresses name none."""
    if "district" in joint_table("city", locale).columns:
        return _of_city("district", locale)
    parts = sections(locale, FORMS).get("neighbourhood")
    return _of_city("city", locale) if parts is None else Text((Joined((neighbourhood(locale),)),))


def neighbourhood(locale: str, shape: str = "{}") -> Part:
    """Return a part of a town that any town of the country may have."""
    names = sections(locale, FORMS)["neighbourhood"]
    return Part(
        [shape.format(name) for name in names],
        lambda draw: draw.below("address", "neighbourhood", len(names)),
    )


def state_code(locale: str) -> Text:
    """The code of the region, without the country's."""
    return _of_city("state_code", locale)


def state(locale: str) -> Text:
    """The region's name, or its code where the column is narrow."""
    if locale == WORLD:
        return _of_city("state", locale)
    return Text(_of_city("state", locale).variants + state_code(locale).variants)


def time_zone(locale: str) -> Text:
    """The town's IANA time zone."""
    return _of_city("time_zone", locale)


def area_code(locale: str) -> Text:
    """The town's telephone area code, without a trunk prefix."""
    return _of_city("area_code", locale)


def postcode_codes(locale: str) -> Callable[[Draw], Codes]:
    """Return what draws an entry of ``postcode_list``."""
    first = city_codes(locale).table.astype(np.int64) * POSTCODES_PER_CITY

    def codes(draw: Draw) -> Codes:
        within = draw.below("address", "postcode", POSTCODES_PER_CITY)
        return first[draw.top("address", "city")] + within

    return codes


@cache
def postcode_list(locale: str) -> tuple[str, ...]:
    """Return a hundred postcodes of each town, some repeatedly where it has fewer."""
    shape = sections(locale, FORMS)["postcode"][0]
    written = joint_table("city", locale).columns["postcodes"]
    if locale == WORLD:
        return tuple(code for each in written for code in _hundred(each, ("",)))
    return tuple(code for each in written for code in _hundred(shape, postcodes.expand(each)))


def _hundred(shape: str, beginnings: tuple[str, ...]) -> list[str]:
    """Spread a hundred postcodes evenly, yet not regularly, over those of a town."""
    ways = [postcodes.rest(shape, beginning) for beginning in beginnings]
    ends = np.cumsum(ways)
    total = int(ends[-1])
    places = np.arange(POSTCODES_PER_CITY)
    step = max(1, total // POSTCODES_PER_CITY)
    ranks = (places * total // POSTCODES_PER_CITY + places * _STRIDE % step) % total
    if total <= POSTCODES_PER_CITY:
        ranks = places % total
    which = np.searchsorted(ends, ranks, side="right")
    within = ranks - (ends[which] - np.array(ways)[which])
    return [
        postcodes.completed(shape, beginnings[at], rank)
        for at, rank in zip(which.tolist(), within.tolist(), strict=True)
    ]


def postcode(locale: str) -> Text:
    """A postcode that begins as those of the town do."""
    made = coded(postcode_codes(locale), postcode_list(locale))
    if locale == WORLD:
        return made
    return Text(made.variants, unique=(_all_postcodes(locale),))


def _all_postcodes(locale: str) -> tuple[pa.Array, ...]:
    """Return lists whose combinations are the postcodes of all regions."""
    shape = sections(locale, FORMS)["postcode"][0]
    regions = joint_table("state", locale).columns["postcodes"]
    known = joint_table("city", locale).columns["postcodes"] if "~" in shape else regions
    beginnings = dict.fromkeys(head for each in known for head in postcodes.expand(each))
    width = max(map(len, beginnings))
    if "~" not in shape:
        beginnings = dict.fromkeys(
            f"{head}{number:0{width - len(head)}}" if len(head) < width else head
            for head in beginnings
            for number in range(10 ** (width - len(head)))
        )
    heads = [postcodes.completed(shape, head, 0) for head in beginnings]
    size = postcodes.rest(shape, next(iter(beginnings)))
    ends = [postcodes.completed(shape, next(iter(beginnings)), rank) for rank in range(size)]
    tail = len(ends[0]) - _common(ends)
    cut = [head[: len(head) - tail] for head in heads]
    return pa.array(cut), pa.array([end[len(end) - tail :] for end in ends])


def _common(words: list[str]) -> int:
    """Return how many characters all words begin with."""
    first, last = min(words), max(words)
    return next(
        (at for at, pair in enumerate(zip(first, last, strict=True)) if len({*pair}) > 1), 0
    )


def _country(column: str, locale: str) -> str:
    countries = joint_table("country", locale).columns
    return countries[column][countries["code"].index(locale[-2:])]


def _zero(draw: Draw) -> Codes:
    return np.zeros(len(draw.cells.rows), dtype=np.int32)


def country(locale: str) -> Text:
    """The country of the locale's towns."""
    if locale == WORLD:
        return Text(_of_city("country", locale).variants + country_code3(locale).variants)
    names = (_country(column, locale) for column in ("name", "code3", "code"))
    return coded(_zero, *([name] for name in names))


def country_code(locale: str) -> Text:
    """Its ISO 3166-1 alpha-2 code."""
    if locale == WORLD:
        return _of_city("country_code", locale)
    return coded(_zero, [_country("code", locale)])


def country_code3(locale: str) -> Text:
    """Its ISO 3166-1 alpha-3 code."""
    if locale == WORLD:
        variants = _of_city("country_code3", locale).variants
        return Text(variants + country_code(locale).variants)
    return coded(_zero, [_country("code3", locale)], [_country("code", locale)])


def _near(draw: Draw, column: str, locale: str) -> FloatArray:
    centre = joint_table("city", locale).numbers(column)[city_codes(locale)(draw)]
    offset = (draw.unit("address", column) - 0.5) * 2 * SPREAD_DEGREES
    degrees: FloatArray = np.round(centre + offset, 6)
    return degrees


def latitude(locale: str) -> Number:
    """Degrees north, within 0.06 of the town's centre."""
    return Number(lambda draw: _near(draw, "latitude", locale), decimals=6)


def longitude(locale: str) -> Number:
    """Degrees east, within 0.06 of the town's centre."""
    return Number(lambda draw: _near(draw, "longitude", locale), decimals=6)


def coordinates(locale: str) -> Text:
    """Latitude and longitude in one text: ``52.520008,13.404954``."""

    def make(draw: Draw) -> pa.Array:
        parts = (_degrees(_near(draw, name, locale)) for name in ("latitude", "longitude"))
        return pc.binary_join_element_wise(*parts, ",")

    return Text((Made(22, make), *geohash(locale).variants))


def point(locale: str) -> Text:
    """The place as well-known text, longitude first: ``POINT(13.404954 52.520008)``."""

    def make(draw: Draw) -> pa.Array:
        x, y = (_degrees(_near(draw, name, locale)) for name in ("longitude", "latitude"))
        return join(pa.scalar("POINT("), x, pa.scalar(" "), y, pa.scalar(")"))

    return Text((Made(29, make), *coordinates(locale).variants))


def _degrees(values: FloatArray) -> pa.Array:
    micro = np.rint(values * 1e6).astype(np.int64)
    return decimal_array(micro, pa.decimal128(9, 6)).cast(pa.string())


def geohash(locale: str) -> Text:
    """The cell of Niemeyer's geohash that the place lies in, nine characters (about 5 m)."""

    def make(draw: Draw) -> pa.Array:
        north = _steps(_near(draw, "latitude", locale), 90.0, 22)
        east = _steps(_near(draw, "longitude", locale), 180.0, 23)
        return fixed_width.strings(_GEOHASH[_interleaved(east, north)])

    return Text((Made(_GEOHASH_LENGTH, make),))


def _steps(degrees: FloatArray, limit: float, depth: int) -> IntArray:
    """Return in which of ``2**depth`` equal steps from -limit to limit each value lies."""
    size = 1 << depth
    steps = ((degrees + limit) * (size / (2 * limit))).astype(np.int64)
    return np.clip(steps, 0, size - 1)


def _interleaved(east: IntArray, north: IntArray) -> npt.NDArray[np.uint8]:
    """Return 45 bits, east first and in turn, as nine numbers of five bits, shape (n, 9)."""
    characters = np.zeros((len(east), _GEOHASH_LENGTH), dtype=np.uint8)
    for place in range(5 * _GEOHASH_LENGTH):
        source = north if place % 2 else east
        bit = (source >> ((5 * _GEOHASH_LENGTH - 1 - place) // 2)) & 1
        characters[:, place // 5] |= (bit << (4 - place % 5)).astype(np.uint8)
    return characters


FIELDS: dict[str, MakeField] = {
    "city": city,
    "district": district,
    "state": state,
    "state_code": state_code,
    "postcode": postcode,
    "country": country,
    "country_code": country_code,
    "country_code3": country_code3,
    "latitude": latitude,
    "longitude": longitude,
    "coordinates": coordinates,
    "point": point,
    "geohash": geohash,
    "time_zone": time_zone,
    "area_code": area_code,
}
