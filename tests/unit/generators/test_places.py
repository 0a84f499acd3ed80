"""Places of every locale: what a row says of one place agrees, and is true of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from dataforge.corpora import joint_table
from dataforge.corpora.postcodes import expand
from dataforge.engine import compile_schema
from dataforge.engine.generators.records.phones import plan
from dataforge.locales import LOCALES
from dataforge.schema import Schema
from sample_schemas import rows_of

ROWS = 1500
FIELDS = (
    "address.full_address", "address.street_address", "address.city", "address.district",
    "address.state", "address.state_code", "address.postcode", "address.country",
    "address.country_code", "address.country_code3", "address.latitude", "address.longitude",
    "address.time_zone", "address.area_code", "address.geohash", "address.coordinates",
    "person.phone", "person.phone_international", "person.phone_e164", "person.mobile",
    "person.mobile_e164", "person.fax", "company.phone", "company.phone_e164",
)  # fmt: skip
PHONES = [name for name in FIELDS if re.search("phone|mobile|fax", name)]
DEGREES = {"kind": "float"}
# Scripts that the words of a locale's addresses are written in; digits and marks have none.
SCRIPTS = {
    "ja_JP": ("CJK", "HIRAGANA", "KATAKANA"), "zh_CN": ("CJK", "LATIN CAPITAL"),
    "ko_KR": ("HANGUL", "LATIN CAPITAL"), "hi_IN": ("DEVANAGARI",), "ar_SA": ("ARABIC",),
}  # fmt: skip


def schema(locale: str, *fields: str, rows: int = ROWS, **table: Any) -> Schema:
    columns = []
    for path in fields:
        record, field = path.split(".")
        type_ = DEGREES if field in {"latitude", "longitude"} else {"kind": "text"}
        spec = {"kind": "record", "record": record, "field": field}
        columns.append({"name": f"{record}_{field}", "type": type_, "spec": spec})
    made = {"name": "t", "columns": columns, "rows": rows, **table}
    return Schema.model_validate({"tables": [made], "locale": locale})


@cache
def places(locale: str) -> list[dict[str, Any]]:
    made = rows_of(compile_schema(schema(locale, *FIELDS)), "t").to_pylist()
    return [{name.split("_", 1)[1]: value for name, value in row.items()} | row for row in made]


def bare(postcode: str) -> str:
    return re.sub(r"\W", "", postcode)


def belongs(postcode: str, beginnings: str) -> bool:
    """Whether a postcode is of a region; a British area is all letters before the first digit."""
    known = expand(beginnings)
    area = re.match("[A-Z]+", postcode)
    return area[0] in known if area else bare(postcode).startswith(known)


@pytest.mark.parametrize("locale", LOCALES)
def test_postcodes_begin_as_those_of_their_region(locale: str) -> None:
    regions = joint_table("state", locale).columns
    known = dict(zip(regions["code"], regions["postcodes"], strict=True))
    names = dict(zip(regions["code"], regions["name"], strict=True))
    for row in places(locale):
        assert belongs(row["postcode"], known[row["state_code"]]), row
        assert row["state"] == names[row["state_code"]]


@pytest.mark.parametrize("locale", LOCALES)
def test_postcodes_of_towns_belong_to_their_regions(locale: str) -> None:
    regions = joint_table("state", locale).columns
    known = dict(zip(regions["code"], regions["postcodes"], strict=True))
    cities = joint_table("city", locale).columns
    for region, written in zip(cities["state_code"], cities["postcodes"], strict=True):
        assert all(belongs(code, known[region]) for code in expand(written)), (region, written)


@pytest.mark.parametrize("locale", LOCALES)
def test_telephone_numbers_are_valid_in_their_country(locale: str) -> None:
    country = locale[-2:]
    numbers = {row[name.replace(".", "_")] for row in places(locale) for name in PHONES}
    assert len(numbers) >= 2000
    for text in sorted(numbers)[:: max(1, len(numbers) // 2500)]:
        number = phonenumbers.parse(text, country)
        assert phonenumbers.is_valid_number_for_region(number, country), text


@pytest.mark.parametrize("locale", LOCALES)
def test_forms_of_a_number_are_one_number(locale: str) -> None:
    for row in places(locale)[:300]:
        for name in ("person_phone", "person_mobile", "company_phone"):
            number = phonenumbers.parse(row[name], locale[-2:])
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            assert row[f"{name}_e164"] == written
        assert re.sub(r"[^\d+]", "", row["person_phone_international"]) == row["person_phone_e164"]


@pytest.mark.parametrize("locale", LOCALES)
def test_fixed_numbers_have_the_area_code_of_the_town(locale: str) -> None:
    for row in places(locale)[:500]:
        national = str(phonenumbers.parse(row["company_phone"], locale[-2:]).national_number)
        assert national.startswith(row["area_code"].lstrip("0"))


@pytest.mark.parametrize("locale", LOCALES)
def test_coordinates_and_zones_are_those_of_the_town(locale: str) -> None:
    cities = joint_table("city", locale).columns
    keys = ("city", "state_code", "district") if "district" in cities else ("city", "state_code")
    facts = ("latitude", "longitude", "time_zone")
    columns = (zip(*(cities[name] for name in names), strict=True) for names in (keys, facts))
    known = dict(zip(*columns, strict=True))
    for row in places(locale):
        latitude, longitude, zone = known[tuple(row[name] for name in keys)]
        assert abs(row["latitude"] - float(latitude)) < 0.3
        assert abs(row["longitude"] - float(longitude)) < 0.3
        assert row["time_zone"] == zone == ZoneInfo(zone).key


@pytest.mark.parametrize("locale", LOCALES)
def test_country_is_one(locale: str) -> None:
    countries = joint_table("country", locale).columns
    at = countries["code"].index(locale[-2:])
    expected = tuple(countries[name][at] for name in ("name", "code", "code3"))
    found = {(r["country"], r["country_code"], r["country_code3"]) for r in places(locale)}
    assert found == {expected}


@pytest.mark.parametrize("locale", LOCALES)
def test_addresses_hold_street_town_and_postcode(locale: str) -> None:
    for row in places(locale):
        assert row["city"] in row["full_address"]
        assert row["postcode"] in row["full_address"]
        assert row["street_address"].split()[0].strip(",") in row["full_address"]


@pytest.mark.parametrize("locale", SCRIPTS)
def test_addresses_are_in_one_script(locale: str) -> None:
    for row in places(locale):
        for name in ("full_address", "street_address", "city", "state", "district", "country"):
            letters = {c for c in row[name] if c.isalpha()}
            assert all(unicodedata.name(c).startswith(SCRIPTS[locale]) for c in letters), row


def cell(code: str) -> tuple[float, float, float, float]:
    """Return south, west, north and east of a geohash, by halving (Niemeyer)."""
    bounds = [[-180.0, 180.0], [-90.0, 90.0]]
    bits = (
        ("0123456789bcdefghjkmnpqrstuvwxyz".index(c) >> b) & 1
        for c in code
        for b in range(4, -1, -1)
    )
    for place, bit in enumerate(bits):
        axis = bounds[place % 2]
        axis[1 - bit] = sum(axis) / 2
    (west, east), (south, north) = bounds
    return south, west, north, east


def test_geohashes_hold_the_coordinates() -> None:
    assert cell("u4pruydqqvj")[:2] == pytest.approx((57.64911, 10.40744), abs=1e-5)
    for row in places("de_DE")[:200] + places("pt_BR")[:200]:
        south, west, north, east = cell(row["geohash"])
        assert south - 1e-6 <= row["latitude"] <= north + 1e-6
        assert west - 1e-6 <= row["longitude"] <= east + 1e-6
        assert row["coordinates"] == f"{row['latitude']:.6f},{row['longitude']:.6f}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "field", ["person.phone", "person.mobile_e164", "address.postcode", "address.full_address"]
)
def test_unique_columns_have_room(locale: str, field: str) -> None:
    key = (field.replace(".", "_"),)
    made = rows_of(compile_schema(schema(locale, field, primary_key=key)), "t")
    values = made[key[0]].to_pylist()
    assert len(set(values)) == ROWS
    if field.startswith("person"):
        numbers = [phonenumbers.parse(text, locale[-2:]) for text in values[:100]]
        assert all(phonenumbers.is_valid_number_for_region(n, locale[-2:]) for n in numbers)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_template_completes_to_valid_numbers(locale: str) -> None:
    made = plan(locale)
    table = joint_table("phone", locale).columns["international"]
    for at, template in enumerate(table):
        for digit in "09":
            text = template.replace("#", digit)
            assert phonenumbers.is_valid_number(phonenumbers.parse(text)), text
        assert made.e164.sizes[at] == 10 ** template.count("#")


@pytest.mark.parametrize("locale", LOCALES)
def test_tables_of_names_are_complete(locale: str) -> None:
    home = joint_table("country").columns["code"]
    countries = joint_table("country", locale).columns
    assert set(countries["code"]) == set(home)
    currencies = joint_table("currency", locale).columns
    assert set(countries["currency"]) <= set(currencies["code"])
    assert set(currencies["minor_units"]) == {"0", "2", "3"}
    languages = joint_table("language", locale).columns
    assert len(set(languages["name"])) == len(languages["code"])
    (form,) = zip(*joint_table("locale_form", locale).columns.values(), strict=True)
    assert form[0] == locale
