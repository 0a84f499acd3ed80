"""Unique columns of a record stay with their row: units, colours, diagnoses, towns, companies."""

from __future__ import annotations

import re
from typing import Any

import pytest

import dataforge
from dataforge.corpora import joint_table, slug
from dataforge.schema import Schema

ROWS = 1000


def made(ddl: str, locale: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of the one table of some DDL."""
    data = dataforge.generate(dataforge.from_ddl(ddl), rows=ROWS, locale=locale)
    (name,) = data
    rows: list[dict[str, Any]] = data[name].to_arrow().to_pylist()
    return rows


LISTS = (
    ("colors (id INT PRIMARY KEY, color_name VARCHAR(30) UNIQUE NOT NULL, hex_code CHAR(7))", 50),
    ("units (unit_code VARCHAR(10) PRIMARY KEY, unit_name VARCHAR(40) NOT NULL)", 20),
    ("diagnoses (icd_code VARCHAR(10) PRIMARY KEY, description VARCHAR(200) NOT NULL)", 50),
)


@pytest.mark.parametrize("locale", ["en_US", "de_DE"])
@pytest.mark.parametrize(("table", "least"), LISTS)
def test_lists_show_each_thing_once_and_whole(table: str, least: int, locale: str) -> None:
    rows = made(f"CREATE TABLE {table};", locale)
    first, second = list(rows[0])[-2:]
    assert len(rows) >= least
    assert len({row[first] for row in rows}) == len(rows)
    free = table.replace(" PRIMARY KEY", "").replace(" UNIQUE", "").replace("id INT,", "")
    drawn = made(f"CREATE TABLE {free};", locale)
    pairs = {(row[first], row[second]) for row in drawn if row[first] and row[second]}
    assert sum((row[first], row[second]) in pairs for row in rows) > len(rows) / 2
    known = dict(pairs)
    assert all(row[second] == known[row[first]] for row in rows if row[first] in known)


def test_any_rows_of_a_list_come_out_alone() -> None:
    spec = {"kind": "record", "record": "color", "listed": True}
    columns = [
        {"name": field, "type": {"kind": "text"}, "spec": {**spec, "field": field}}
        for field in ("name", "hex", "rgb")
    ]
    schema = Schema.model_validate({"tables": [{"name": "c", "columns": columns, "rows": 400}]})
    rows = dataforge.generate(schema)["c"]
    assert rows.to_arrow(170, 260).equals(rows.to_arrow().slice(170, 90).combine_chunks())


def test_other_records_have_no_list() -> None:
    spec = {"kind": "record", "record": "person", "field": "email", "listed": True}
    column = {"name": "email", "type": {"kind": "text"}, "spec": spec}
    schema = Schema.model_validate({"tables": [{"name": "people", "columns": [column]}]})
    with pytest.raises(dataforge.SchemaError, match="record person has no list to go through"):
        dataforge.preview(schema)


def test_what_belongs_to_a_unique_town_is_the_town_s() -> None:
    rows = made(
        "CREATE TABLE cities (id INT PRIMARY KEY, city_name VARCHAR(50) UNIQUE NOT NULL, "
        "state_code CHAR(2) NOT NULL);"
    )
    table = joint_table("city", "en_US").columns
    known = set(zip(table["city"], table["state_code"], strict=True))
    towns = [row for row in rows if row["city_name"] in table["city"]]
    assert len(towns) > 150
    assert all((row["city_name"], row["state_code"]) in known for row in towns)


@pytest.mark.parametrize("width", [50, 60, 100])
def test_unique_companies_have_a_site_of_their_own_name(width: int) -> None:
    rows = made(
        f"CREATE TABLE suppliers (id INT PRIMARY KEY, company_name VARCHAR({width}) UNIQUE "
        "NOT NULL, website VARCHAR(200) NOT NULL);"
    )
    assert len({row["company_name"] for row in rows}) == ROWS
    for row in rows:
        # With a partner the site has the first name: "Chaney, Moss Solar & Co.".
        partners = re.split(", | & ", row["company_name"])
        first = slug(partners[0]).replace("-", "")
        assert first in row["website"].replace("-", "")
