"""Addresses in the place that a key points to: a city in its country, a street in its city."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest

import dataforge
from dataforge.corpora import joint_table
from dataforge.engine.generators.records.areas import HOMES, area_of, zones
from dataforge.locales import LOCALES, WORLD
from dataforge.schema import Schema

ROWS = 3000
DDL = """
CREATE TABLE country (country_id INT PRIMARY KEY, country VARCHAR(50) NOT NULL);
CREATE TABLE city (city_id INT PRIMARY KEY, city VARCHAR(50) NOT NULL,
  country_id INT NOT NULL REFERENCES country (country_id));
CREATE TABLE address (address_id INT PRIMARY KEY, address VARCHAR(50) NOT NULL,
  city VARCHAR(50), district VARCHAR(40) NOT NULL, country VARCHAR(60), postal_code VARCHAR(10),
  phone VARCHAR(20) NOT NULL, city_id INT NOT NULL REFERENCES city (city_id));
CREATE TABLE staff (staff_id INT PRIMARY KEY, first_name VARCHAR(40) NOT NULL,
  mobile VARCHAR(20) NOT NULL, address_id INT NOT NULL REFERENCES address (address_id));
"""


def made(source: str | Schema, locale: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table."""
    schema = dataforge.from_ddl(source) if isinstance(source, str) else source
    data = dataforge.generate(schema, rows=ROWS, locale=locale)
    return {name: data[name].to_arrow().to_pylist() for name in data}


@pytest.fixture(scope="module", params=["en_US", "de_DE", "ja_JP"])
def rows(request: pytest.FixtureRequest) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    return str(request.param), made(DDL, request.param)


def towns_by_country(home: str) -> dict[str, set[str]]:
    """Return the names of towns by the name of their country in ``home``."""
    countries = joint_table("country", home).columns
    names = dict(zip(countries["code"], countries["name"], strict=True))
    found: dict[str, set[str]] = {}
    for locale in LOCALES:
        if locale in (home, "en_US") or locale[:2] not in {"ja", "zh", "ko", "hi", "ar"}:
            towns = joint_table("city", locale).columns["city"]
            found.setdefault(names[locale[-2:]], set()).update(towns)
    world = joint_table("city", WORLD).columns
    for code, town in zip(world["country_code"], world["city"], strict=True):
        found.setdefault(names.get(code, code), set()).add(town)
    return found


def test_a_city_lies_in_the_country_that_its_key_points_to(
    rows: tuple[str, dict[str, list[dict[str, Any]]]],
) -> None:
    locale, tables = rows
    towns = towns_by_country(locale)
    countries = {row["country_id"]: row["country"] for row in tables["country"]}
    known = [row for row in tables["city"] if countries[row["country_id"]] in towns]
    assert len(known) > 0.9 * ROWS
    assert all(row["city"] in towns[countries[row["country_id"]]] for row in known)


def test_an_address_lies_in_the_city_that_its_key_points_to(
    rows: tuple[str, dict[str, list[dict[str, Any]]]],
) -> None:
    _, tables = rows
    cities = {row["city_id"]: row["city"] for row in tables["city"]}
    assert all(row["city"] == cities[row["city_id"]] for row in tables["address"])


def test_telephones_are_valid_in_the_country_of_the_key(
    rows: tuple[str, dict[str, list[dict[str, Any]]]],
) -> None:
    home, tables = rows
    table = joint_table("country", home).columns
    codes = dict(zip(table["name"], table["code"], strict=True))
    countries = {row["country_id"]: row["country"] for row in tables["country"]}
    of_city = {row["city_id"]: codes[countries[row["country_id"]]] for row in tables["city"]}
    of_address = {row["address_id"]: of_city[row["city_id"]] for row in tables["address"]}
    calls = [(row["phone"], of_city[row["city_id"]]) for row in tables["address"]]
    calls += [(row["mobile"], of_address[row["address_id"]]) for row in tables["staff"]]
    known = zones(WORLD, "country_code").names.keys() | {each[-2:].lower() for each in HOMES}
    for number, country in calls[:: ROWS // 300]:
        if country.lower() in known:
            parsed = phonenumbers.parse(number)
            assert parsed.country_code == phonenumbers.country_code_for_region(country)
            assert phonenumbers.is_possible_number(parsed)


def test_towns_of_a_mix_of_locales_are_shared() -> None:
    ddl = "CREATE TABLE place (id INT PRIMARY KEY, city VARCHAR(50)); CREATE TABLE shop ("
    ddl += "id INT PRIMARY KEY, city VARCHAR(50), place_id INT NOT NULL REFERENCES place (id));"
    tables = made(ddl, "fr_FR:1,pl_PL:1")
    cities = {row["id"]: row["city"] for row in tables["place"]}
    both = [(row["city"], cities[row["place_id"]]) for row in tables["shop"]]
    assert all(one == other for one, other in both if one and other)
    towns = {name for L in ("fr_FR", "pl_PL") for name in joint_table("city", L).columns["city"]}
    assert {one for one, _ in both if one} <= towns


def test_any_rows_of_a_placed_table_come_out_alone() -> None:
    data = dataforge.generate(dataforge.from_ddl(DDL), rows=ROWS)
    for table in ("city", "address", "staff"):
        whole = data[table].to_arrow()
        assert data[table].to_arrow(1700, 1733).equals(whole.slice(1700, 33))


STATES = """
CREATE TABLE states (id INT PRIMARY KEY, state_name VARCHAR(40) NOT NULL);
CREATE TABLE cities (id INT PRIMARY KEY, city VARCHAR(40) NOT NULL, zip CHAR(5) NOT NULL,
  state_id INT NOT NULL REFERENCES states (id));
"""


def test_a_city_lies_in_the_state_that_its_key_points_to() -> None:
    tables = made(STATES)
    table = joint_table("city", "en_US").columns
    known = set(zip(table["city"], table["state"], strict=True))
    states = {row["id"]: row["state_name"] for row in tables["states"]}
    assert {(row["city"], states[row["state_id"]]) for row in tables["cities"]} <= known
    assert len({row["city"] for row in tables["cities"]}) > 100


def test_values_name_areas() -> None:
    assert HOMES[area_of("Germany", "en_US", "country").locale] == "de_DE"
    assert HOMES[area_of("KEN", "en_US", "country").locale] == WORLD
    assert HOMES[area_of("Japan 2", "en_US", "country").locale] == WORLD
    assert HOMES[area_of("Bayern", "en_US", "state").locale] == "de_DE"
    assert HOMES[area_of("Georgia", "en_US", "state").locale] == "en_US"
    assert HOMES[area_of("Georgia", "en_US", "country").locale] == WORLD
    assert area_of("Atlantis", "sv_SE", "country").slots is None


def placed(place: dict[str, str], record: str = "address", field: str = "city") -> Schema:
    spec = {"kind": "record", "record": record, "field": field, "place": place}
    columns = [
        {"name": "id", "type": {"kind": "integer"}},
        {"name": "up", "type": {"kind": "integer"}, "nullable": True},
        {"name": "town", "type": {"kind": "text"}, "spec": spec},
        {
            "name": "country",
            "type": {"kind": "text"},
            "spec": {"kind": "categorical", "values": ["Kenya", "France"]},
        },
    ]
    key = {"columns": ["up"], "parent": "towns", "parent_columns": ["id"]}
    table = {"name": "towns", "columns": columns, "primary_key": ["id"], "foreign_keys": [key]}
    return Schema.model_validate({"tables": [table]})


def test_a_column_of_the_same_row_may_name_the_place() -> None:
    rows = dataforge.generate(placed({"column": "country"}), rows=500)["towns"].to_arrow()
    towns = towns_by_country("en_US")
    assert all(row["town"] in towns[row["country"]] for row in rows.to_pylist())


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (placed({"column": "contry"}), "did you mean 'country'"),
        (placed({"column": "country", "foreign_key": "upp"}), "no foreign key 'upp'"),
        (placed({"column": "country", "foreign_key": "up"}), "points to 'towns' itself"),
        (placed({"column": "town"}), "town"),
        (placed({"column": "country"}, "person", "first_name"), "person.first_name is nowhere"),
    ],
)
def test_places_that_are_none_are_refused(schema: Schema, said: str) -> None:
    with pytest.raises(dataforge.SchemaError) as error:
        dataforge.preview(schema)
    assert said in str(error.value)
