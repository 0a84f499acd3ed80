from __future__ import annotations

import pytest

from dataforge.parsers.sql import parse_ddl, use_candidates
from dataforge.parsers.sql.wording import singular, stem, words

PEOPLE = """
CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, name text);
CREATE TABLE addresses (id int PRIMARY KEY, city text);
CREATE TABLE country (code char(2) PRIMARY KEY, name text);
CREATE TABLE people (id uuid PRIMARY KEY);
CREATE TABLE "orderItems" ("orderItemID" int PRIMARY KEY);
"""

READINGS = [
    ("user_id int", ("users", "id")),
    ("home_address_id int", ("addresses", "id")),
    ("countrycode char(2)", ("country", "code")),
    ("country_code char(2)", ("country", "code")),
    ("person_id uuid", ("people", "id")),
    ("created_by int", ("users", "id")),
    ("created_by_id int", ("users", "id")),
    ("owner_id int", ("users", "id")),
    ('"orderItemID" int', ("orderItems", "orderItemID")),
    ("parent_id int", ("t", "id")),
    ("userId int", ("users", "id")),
]


@pytest.mark.parametrize(("column", "expected"), READINGS)
def test_plain_names_are_offered(column: str, expected: tuple[str, str]) -> None:
    parsed = parse_ddl(f"{PEOPLE} CREATE TABLE t (id int PRIMARY KEY, {column});")
    (found,) = [c for c in parsed.candidates if c.table == "t"]
    assert (found.parent, found.parent_columns[0]) == expected
    assert found.evidence
    assert found.score >= 0.6


SILENT = [
    "user_id text",
    "user_name text",
    "owner_type text, owner_id int",
    "user_id int REFERENCES users (id)",
    "id2 int",
    "updated_by text",
    "name text",
]


@pytest.mark.parametrize("column", SILENT)
def test_other_columns_are_not(column: str) -> None:
    parsed = parse_ddl(f"{PEOPLE} CREATE TABLE t (id int PRIMARY KEY, {column});")
    assert [c for c in parsed.candidates if c.table == "t"] == []


def test_prefixed_composite_keys_are_found_whole() -> None:
    text = """
    CREATE TABLE warehouse (w_id int PRIMARY KEY, w_name text);
    CREATE TABLE district (d_w_id int, d_id int, d_name text, PRIMARY KEY (d_w_id, d_id));
    CREATE TABLE customer (c_w_id int, c_d_id int, c_id int, PRIMARY KEY (c_w_id, c_d_id, c_id));
    """
    found = {(c.table, c.columns): c.parent for c in parse_ddl(text).candidates}
    assert found == {
        ("district", ("d_w_id",)): "warehouse",
        ("customer", ("c_w_id", "c_d_id")): "district",
    }


def test_used_candidates_are_marked_as_inferred() -> None:
    parsed = parse_ddl(f"{PEOPLE} CREATE TABLE t (id int PRIMARY KEY, user_id int);")
    (key,) = use_candidates(parsed.schema, parsed.candidates).table("t").foreign_keys
    assert (key.columns, key.parent, key.inferred) == (("user_id",), "users", True)


def test_a_cycle_that_no_row_could_start_is_not_closed() -> None:
    text = """
    CREATE TABLE users (id int PRIMARY KEY, team_id int NOT NULL);
    CREATE TABLE teams (id int PRIMARY KEY, user_id int NOT NULL);
    """
    parsed = parse_ddl(text)
    assert len(parsed.candidates) == 2
    used = use_candidates(parsed.schema, parsed.candidates)
    assert sum(len(table.foreign_keys) for table in used.tables) == 1


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("addresses", "address"), ("cities", "city"), ("people", "person"), ("taxa", "taxon"),
     ("statuses", "status"), ("boxes", "box"), ("status", "status"), ("buses", "bus"),
     ("classes", "class"), ("houses", "house"), ("analysis", "analysis"), ("bus", "bus")],
)  # fmt: skip
def test_singular(plural: str, expected: str) -> None:
    assert singular(plural) == expected


def test_names_are_cut_into_words() -> None:
    assert words("homeAddressID") == ("home", "address", "id")
    assert words("HTTPServer_id2") == ("http", "server", "id", "2")
    assert stem("tbl_OrderItems") == ("order", "item")
