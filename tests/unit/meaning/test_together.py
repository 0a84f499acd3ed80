"""Jobs go with their level and pay, categories with those above them, from names alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

import dataforge
from dataforge.schema import RecordSpec, Schema

STAFF = """
CREATE TABLE employees (
    id int PRIMARY KEY, name varchar(80), job_title varchar(60), department varchar(40),
    level int, hire_date date, salary decimal(10, 2)
);
"""
CATEGORIES = """
CREATE TABLE categories (
    id int PRIMARY KEY, parent_id int REFERENCES categories (id),
    name varchar(80) NOT NULL UNIQUE, slug varchar(80) NOT NULL UNIQUE
);
"""


def prepared(ddl: str, locale: str = "en_US") -> Schema:
    return dataforge.preview(dataforge.from_ddl(ddl), 1, locale=locale).schema


def fields(schema: Schema, table: str) -> dict[str, str]:
    specs = {column.name: column.spec for column in schema.table(table).columns}
    return {
        name: f"{spec.record}.{spec.field}"
        for name, spec in specs.items()
        if isinstance(spec, RecordSpec)
    }


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "sv_SE"])
def test_pay_goes_with_the_level_and_the_title(locale: str) -> None:
    found = fields(prepared(STAFF, locale), "employees")
    assert found["job_title"] == "job.title"
    assert found["department"] == "job.department"
    assert found["level"] == "job.level"
    assert found["salary"] == "job.salary"
    data = dataforge.generate(dataforge.from_ddl(STAFF), rows=4000, locale=locale)
    rows = data["employees"].to_arrow()
    paid = [
        pc.mean(pc.filter(rows["salary"].cast("float64"), pc.equal(rows["level"], level))).as_py()
        for level in range(1, 7)
    ]
    assert paid == sorted(paid)
    assert paid[5] > 2.2 * paid[0]


@pytest.mark.parametrize(
    "ddl",
    [
        STAFF.replace("salary decimal(10, 2)", "monthly_salary decimal(10, 2)"),
        STAFF.replace("salary decimal(10, 2)", "salary decimal(6, 2)"),
        STAFF.replace("salary decimal(10, 2)", "salary decimal(10, 2) CHECK (salary < 9000)"),
        STAFF.replace("salary decimal(10, 2)", "phone text"),
    ],
    ids=["monthly", "narrow", "ruled", "none"],
)
def test_pay_of_another_kind_stays_as_it_is(ddl: str) -> None:
    assert not {"job.salary", "job.title"} & set(fields(prepared(ddl), "employees").values())


def test_categories_are_a_tree_of_names(tmp_path: Path) -> None:
    schema = dataforge.from_ddl(CATEGORIES)
    dataforge.generate(schema, tmp_path / "out", rows=150)
    certificate = dataforge.verify(tmp_path / "out")
    assert certificate.passed, certificate.summary()
    rows = dataforge.generate(schema, rows=150)["categories"].to_arrow().to_pylist()
    names = {row["id"]: row["name"] for row in rows}
    above = {row["name"]: names.get(row["parent_id"]) for row in rows}
    assert above["Fashion"] is None
    assert above["Furniture"] == "Home & Living"
    assert above["Chair"] == "Furniture"
    assert above["Shoes"] == "Footwear"
    assert {row["slug"] for row in rows} >= {"home-living", "furniture", "chair"}


def test_a_list_of_categories_stays_a_list() -> None:
    flat = CATEGORIES.replace("parent_id int REFERENCES categories (id)", "parent_id int")
    assert fields(prepared(flat), "categories")["name"] == "category.name"
