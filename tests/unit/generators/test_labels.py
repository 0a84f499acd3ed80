"""Lists that spell a person's sex, title or status: the row's person decides which is written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import dataforge
from dataforge.corpora import given_names
from dataforge.schema import Schema

ROWS = 4000
WOMEN = set(given_names("en_US", "female").names)
MEN = set(given_names("en_US", "male").names)
LISTED = (
    ("gender CHAR(1) CHECK (gender IN ('M', 'F'))", {"F"}, {"M"}),
    ("gender ENUM('male', 'female')", {"female"}, {"male"}),
    ("sex ENUM('F', 'M', 'X')", {"F"}, {"M"}),
    ("Gender VARCHAR(10) CHECK (Gender IN ('Male', 'Female', 'Other'))", {"Female"}, {"Male"}),
    ("gender SMALLINT CHECK (gender IN (1, 2))", {2}, {1}),
    ("gender SMALLINT CHECK (gender IN (0, 1, 2, 9))", {2}, {1}),
    ("sex INT", {2}, {1}),
    ("gender BOOLEAN", {False}, {True}),
    ("sex VARCHAR(1) CHECK (upper(sex) = 'W' OR upper(sex) = 'M')", {"W"}, {"M"}),
    ("salutation ENUM('Mr', 'Mrs', 'Ms')", {"Mrs", "Ms"}, {"Mr"}),
    ("title VARCHAR(8) CHECK (title IN ('Mr.', 'Ms.', 'Dr.'))", {"Ms.", "Dr."}, {"Mr.", "Dr."}),
    ("salutation VARCHAR(8) CHECK (salutation IN ('Herr', 'Frau'))", {"Frau"}, {"Herr"}),
)


def people(column: str) -> tuple[list[str], list[Any]]:
    """Return first names and what stands beside them."""
    ddl = f"CREATE TABLE member (id INT PRIMARY KEY, first_name VARCHAR(40), {column} NOT NULL);"
    table = dataforge.generate(dataforge.from_ddl(ddl), rows=ROWS)["member"].to_arrow()
    return table.column(1).to_pylist(), table.column(2).to_pylist()


@pytest.mark.parametrize(("column", "of_women", "of_men"), LISTED)
def test_what_is_listed_goes_with_the_first_name(
    column: str, of_women: set[Any], of_men: set[Any]
) -> None:
    names, labels = people(column)
    rows = list(zip(names, labels, strict=True))
    known = of_women | of_men
    assert {label for name, label in rows if name in WOMEN - MEN} & known == of_women
    assert {label for name, label in rows if name in MEN - WOMEN} & known == of_men


def test_a_third_value_keeps_a_small_share() -> None:
    _, labels = people("sex ENUM('F', 'M', 'X', 'U')")
    counts = Counter(labels)
    assert counts.keys() == {"F", "M", "X", "U"}
    assert counts["X"] + counts["U"] < ROWS * 0.04


def test_lists_of_something_else_stay_lists() -> None:
    _, labels = people("gender ENUM('masculine', 'neuter', 'common')")
    assert min(Counter(labels).values()) > ROWS / 5


def test_only_the_married_bear_their_title() -> None:
    ddl = """CREATE TABLE member (id INT PRIMARY KEY, full_name VARCHAR(60),
        salutation ENUM('Mr', 'Mrs', 'Miss', 'Ms') NOT NULL,
        marital_status ENUM('Single', 'Married', 'Divorced', 'Widowed') NOT NULL,
        civil_status CHAR(1) NOT NULL);"""
    rows = dataforge.generate(dataforge.from_ddl(ddl), rows=ROWS)["member"].to_arrow().to_pylist()
    assert {row["marital_status"] for row in rows if row["salutation"] == "Miss"} == {"Single"}
    assert "Single" not in {row["marital_status"] for row in rows if row["salutation"] == "Mrs"}
    assert all(row["marital_status"][0] == row["civil_status"] for row in rows)


def labelled(labels: dict[str, list[Any]], record: str = "person", field: str = "gender") -> Schema:
    spec = {"kind": "record", "record": record, "field": field, "labels": labels}
    column = {"name": "sex", "type": {"kind": "string", "max_length": 4}, "spec": spec}
    return Schema.model_validate({"tables": [{"name": "members", "columns": [column]}]})


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (labelled({"femal": ["w"], "male": ["m"]}), "did you mean 'female'"),
        (labelled({"female": [], "male": []}), "no state has a label"),
        (labelled({"female": ["w"]}, field="email"), "person.email has no states"),
        (labelled({"female": ["weiblich"], "male": ["m"]}), "has 8 characters, 4 are possible"),
    ],
)
def test_labels_that_mean_nothing_are_refused(schema: Schema, said: str) -> None:
    with pytest.raises(dataforge.SchemaError) as error:
        dataforge.preview(schema)
    assert said in str(error.value)


def test_any_rows_come_out_alone() -> None:
    spec = {"kind": "record", "record": "person", "field": "gender"}
    labels = {"female": ["w"], "male": ["m"], "other": ["d", "x"]}
    column = {"name": "sex", "type": {"kind": "text"}, "spec": {**spec, "labels": labels}}
    schema = Schema.model_validate(
        {"locale": "de_DE:1,en_GB:1", "tables": [{"name": "t", "columns": [column], "rows": 500}]}
    )
    rows = dataforge.generate(schema)["t"]
    whole = rows.to_arrow().column("sex").to_pylist()
    assert rows.to_arrow(313, 350).column("sex").to_pylist() == whole[313:350]
