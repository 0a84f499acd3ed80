"""Addresses: city, state, postcode, area code, coordinates and time zone of one real city."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import joint_table, slot_table, vocabulary
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    MakeField,
    Number,
    Part,
    Text,
    coded,
    joined,
)

POSTCODES_PER_CITY = 100
HOUSE_QUANTILES = (1, 40, 120, 260, 450, 800, 1400, 2600, 4800, 9900)
SPREAD_DEGREES = 0.06
UNITS = (("Apt", 60), ("Suite", 40), ("Unit", 30))


@cache
def _slots(locale: str = "en_US") -> npt.NDArray[np.int32]:
    cities = joint_table("city", locale)
    return slot_table(len(cities), cities.weights)


def city_codes(draw: Draw) -> Codes:
    """Return the row of the city table for each row of the group."""
    return _slots()[draw.top("address", "city")]


def _column(name: str, locale: str) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Return the distinct values of a column and the code at each slot."""
    values = joint_table("city", locale).columns[name]
    distinct = list(dict.fromkeys(values))
    at = {value: code for code, value in enumerate(distinct)}
    return distinct, np.array([at[value] for value in values], dtype=np.int32)[_slots(locale)]


def _of_city(name: str, locale: str) -> Text:
    values, slots = _column(name, locale)
    return coded(lambda draw: slots[draw.top("address", "city")], values)


def city(locale: str) -> Text:
    """The city's name."""
    return _of_city("city", locale)


def state_code(locale: str) -> Text:
    """The two letters of the state."""
    return _of_city("state_code", locale)


def state(locale: str) -> Text:
    """The state's name, or its two letters where the column is narrow."""
    return Text(_of_city("state", locale).variants + state_code(locale).variants)


def time_zone(locale: str) -> Text:
    """The city's IANA time zone."""
    return _of_city("time_zone", locale)


def area_code(locale: str) -> Text:
    """The city's telephone area code."""
    return _of_city("area_code", locale)


def _postcode_codes(draw: Draw) -> Codes:
    within = draw.below("address", "postcode", POSTCODES_PER_CITY)
    return city_codes(draw).astype(np.int64) * POSTCODES_PER_CITY + within


def _postcodes(locale: str) -> list[str]:
    prefixes = joint_table("city", locale).columns["zip_prefix"]
    return [f"{prefix}{number:02}" for prefix in prefixes for number in range(POSTCODES_PER_CITY)]


def postcode(locale: str) -> Text:
    """Five digits that begin with a prefix of the city."""
    return Text(coded(_postcode_codes, _postcodes(locale)).variants, unique=(_unique_postcodes(),))


def _unique_postcodes() -> tuple[pa.Array, ...]:
    return (pa.array([f"{number:05}" for number in range(501, 99951)]),)


def house_numbers(draw: Draw) -> npt.NDArray[np.int64]:
    """Return house numbers from 1 to 9900, small ones more often."""
    spread = np.linspace(0, 1, len(HOUSE_QUANTILES))
    return np.interp(draw.unit("address", "house"), spread, HOUSE_QUANTILES).astype(np.int64)


def house_number(_locale: str) -> Number:
    """The number of the house in its street."""
    return Number(house_numbers)


def _street_codes(locale: str) -> tuple[list[str], list[str], StreetCodes]:
    base, suffix = (vocabulary(f"street_{part}", locale) for part in ("base", "suffix"))
    ends = suffix.values.to_pylist()
    names = [f"{word} {end}" for word in base.values.to_pylist() for end in ends]
    plain = [word for word in base.values.to_pylist() for _ in ends]
    return names, plain, StreetCodes(base.slots, suffix.slots, len(ends))


class StreetCodes:
    """Codes of street names: a base and a suffix from one draw."""

    __slots__ = ("base", "count", "suffix")

    def __init__(
        self, base: npt.NDArray[np.int32], suffix: npt.NDArray[np.int32], count: int
    ) -> None:
        """Hold the slot tables and the number of suffixes."""
        self.base, self.suffix, self.count = base, suffix, count

    def __call__(self, draw: Draw) -> Codes:
        """Return base * count + suffix."""
        base = self.base[draw.top("address", "street")]
        return base * self.count + self.suffix[draw.next("address", "street")]


def street(locale: str) -> Text:
    """A street's name."""
    names, plain, codes = _street_codes(locale)
    return coded(codes, names, plain)


def _house() -> Part:
    return Part([f"{number} " for number in range(10_000)], house_numbers)


def street_address(locale: str) -> Text:
    """House number and street."""
    names, plain, codes = _street_codes(locale)
    numbers = pa.array([f"{number} " for number in range(1, 10_000)])
    return Text(
        (joined(_house(), Part(names, codes)), joined(_house(), Part(plain, codes))),
        unique=((numbers, pa.array(names)), (numbers, pa.array(list(dict.fromkeys(plain))))),
    )


def address2(_locale: str) -> Text:
    """An apartment, suite or unit."""
    words = [f"{word} {number}" for word, count in UNITS for number in range(1, count + 1)]
    short = [f"#{number}" for _, count in UNITS for number in range(1, count + 1)]
    return coded(lambda draw: draw.below("address", "unit", len(words)), words, short)


def full_address(locale: str) -> Text:
    """``12 Oak Street, Denver, CO 80202`` on one line."""
    cities = joint_table("city", locale)
    names, _, codes = _street_codes(locale)
    places = [
        f"{name}, {code} {prefix}{number:02}"
        for name, code, prefix in zip(
            *(cities.columns[key] for key in ("city", "state_code", "zip_prefix")), strict=True
        )
        for number in range(POSTCODES_PER_CITY)
    ]
    streets = Part([f"{name}, " for name in names], codes)
    place = Part(places, _postcode_codes)
    numbers = pa.array([f"{number} " for number in range(1, 10_000)])
    return Text(
        (joined(_house(), streets, place), *street_address(locale).variants),
        unique=((numbers, streets.values, place.values),),
    )


def _zero(draw: Draw) -> Codes:
    return np.zeros(len(draw.cells.rows), dtype=np.int32)


def country(_locale: str) -> Text:
    """The country of the locale's cities."""
    return coded(_zero, ["United States"], ["USA"], ["US"])


def country_code(_locale: str) -> Text:
    """Its ISO 3166-1 alpha-2 code."""
    return coded(_zero, ["US"])


def country_code3(_locale: str) -> Text:
    """Its ISO 3166-1 alpha-3 code."""
    return coded(_zero, ["USA"], ["US"])


def _near(column: str, locale: str) -> Number:
    centre = joint_table("city", locale).numbers(column)

    def make(draw: Draw) -> npt.NDArray[np.float64]:
        offset = (draw.unit("address", column) - 0.5) * 2 * SPREAD_DEGREES
        return np.round(centre[city_codes(draw)] + offset, 6)

    return Number(make, decimals=6)


def latitude(locale: str) -> Number:
    """Degrees north, within 0.06 of the city's centre."""
    return _near("latitude", locale)


def longitude(locale: str) -> Number:
    """Degrees east, within 0.06 of the city's centre."""
    return _near("longitude", locale)


FIELDS: dict[str, MakeField] = {
    "street": street,
    "house_number": house_number,
    "street_address": street_address,
    "address2": address2,
    "city": city,
    "state": state,
    "state_code": state_code,
    "postcode": postcode,
    "country": country,
    "country_code": country_code,
    "country_code3": country_code3,
    "latitude": latitude,
    "longitude": longitude,
    "time_zone": time_zone,
    "area_code": area_code,
    "full_address": full_address,
}
