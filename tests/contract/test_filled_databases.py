"""A filled database says what it was filled with, and names what was changed since."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import duckdb
import psycopg
import pymysql
import pytest

import dataforge
from dataforge.addresses import parse_url
from dataforge.errors import DatabaseError, UsageError
from dataforge.schema import MANIFEST_TABLE, Schema, from_yaml
from dataforge.workflows.check import verify_target
from dataforge.workflows.generate import generate_into
from servers import mariadb_server, postgres_server

SCHEMA = from_yaml("""
version: 1
name: filled
seed: 5
tables:
- name: people
  rows: 400
  primary_key: [id]
  columns:
  - {name: id, type: integer, nullable: false}
  - {name: name, type: string(60), spec: {kind: record, record: person, field: full_name}}
  - {name: code, type: string(4), spec: {kind: pattern, pattern: "[A-Z]{2}"}}
  - {name: height, type: "decimal(5, 2)", spec: {kind: number, minimum: 150, maximum: 199}}
  - {name: weight, type: float, spec: {kind: number, minimum: 50, maximum: 120}}
  - {name: born, type: date}
  - {name: seen_at, type: timestamp}
  - {name: active, type: boolean}
  - {name: token, type: uuid}
  - name: facts
    type: json
    spec:
      kind: object
      fields: [{name: a, type: integer, spec: {kind: number, minimum: 1, maximum: 999}}]
  - {name: tags, type: "string(9)[]", spec: {kind: list, item: {kind: vocabulary, vocabulary: tag}}}
  - {name: note, type: text, null_share: 0.3, spec: {kind: text, unit: sentence}}
- name: readings
  rows: 300
  foreign_keys:
  - {columns: [person_id], parent: people, parent_columns: [id]}
  columns:
  - {name: person_id, type: integer, nullable: false}
  - {name: pulse, type: integer, spec: {kind: number, minimum: 50, maximum: 90}}
  - {name: taken_at, type: timestamp}
""")

Run = Callable[..., list[tuple[Any, ...]]]


def _sqlite(url: str) -> Run:
    def run(statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(parse_url(url).database)) as connection, connection:
            return connection.execute(statement).fetchall()

    return run


def _duckdb(url: str) -> Run:
    def run(statement: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(parse_url(url).database) as connection:
            return connection.execute(statement).fetchall()

    return run


def _postgres(url: str) -> Run:
    def run(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return run


def _mariadb(url: str) -> Run:
    def run(statement: str) -> list[tuple[Any, ...]]:
        at = parse_url(url)
        with closing(
            pymysql.connect(
                host=at.host,
                port=at.port or 0,
                user=at.user,
                password=at.password or "",
                database=at.database,
                autocommit=True,
            )
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return list(cursor.fetchall())

    return run


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    with mariadb_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "duckdb", "postgres", "mariadb"])
def empty(request: pytest.FixtureRequest, tmp_path: Any) -> tuple[str, Run]:
    """An empty database and a way to ask it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'filled.db'}"
        return url, _sqlite(url)
    if request.param == "duckdb":
        url = f"duckdb:///{tmp_path / 'filled.duckdb'}"
        return url, _duckdb(url)
    server = request.getfixturevalue(request.param)
    if request.param == "postgres":
        run = _postgres(server)
        run("DROP DATABASE IF EXISTS filled")
        run("CREATE DATABASE filled")
        url = server.replace("/postgres", "/filled")
        return url, _postgres(url)
    run = _mariadb(server)
    run("DROP DATABASE IF EXISTS filled")
    run("CREATE DATABASE filled CHARACTER SET utf8mb4")
    url = server.replace("/test_db", "/filled")
    return url, _mariadb(url)


def changed(url: str, table: str) -> Any:
    certificate = verify_target(url)
    found = [check for check in certificate.failures if check.kind == "content"]
    assert [check.table for check in found] == [table]
    return found[0]


CELLS = (
    ("name", "'Somebody Else'", "Somebody Else"),
    ("code", "'zz'", "zz"),
    ("height", "201.25", "201.25"),
    ("weight", "49.5", "49.5"),
    ("born", "'1901-02-03'", "1901-02-03"),
    ("seen_at", "'1999-12-31 23:59:58'", "1999-12-31 23:59:58"),
    ("token", "'6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c01'", "6f1c1f0e-8d4b-4c1a-9a51"),
    ("note", "'Nobody wrote this.'", "Nobody wrote this."),
)


def test_a_filled_database_is_proven_without_a_schema(empty: tuple[str, Run]) -> None:
    url, _ = empty
    generate_into(SCHEMA, url)
    certificate = verify_target(url)
    assert certificate.passed, certificate.summary()
    contents = [check for check in certificate.checks if check.kind == "content"]
    assert [check.table for check in contents] == ["people", "readings"]
    assert all(proof.sha256 for proof in certificate.tables)


def test_the_hash_of_a_table_is_that_of_the_rows_it_has_now(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    before = {proof.name: proof.sha256 for proof in verify_target(url).tables}
    assert {proof.name: proof.sha256 for proof in verify_target(url).tables} == before
    run("UPDATE people SET name = 'Somebody Else' WHERE id = 3")
    after = {proof.name: proof.sha256 for proof in verify_target(url).tables}
    assert after["people"] != before["people"]
    assert after["readings"] == before["readings"]


def test_a_changed_cell_that_breaks_no_constraint_is_named(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    for row, (column, literal, told) in enumerate(CELLS, start=100):
        before = run(f"SELECT {column} FROM people WHERE id = {row}")[0][0]
        run(f"UPDATE people SET {column} = {literal} WHERE id = {row}")
        found = changed(url, "people")
        assert (found.columns, found.violations) == ((column,), 1)
        (example,) = found.examples
        assert (example.key, example.column) == (f"id={row}", column)
        assert told in example.found
        back = "NULL" if before is None else f"'{str(before).replace(chr(39), chr(39) * 2)}'"
        run(f"UPDATE people SET {column} = {back} WHERE id = {row}")
    assert verify_target(url).passed


def test_a_boolean_turned_and_a_value_made_null_are_named(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    run("UPDATE people SET active = NOT active WHERE id = 7")
    run("UPDATE people SET born = NULL WHERE id = 8")
    found = changed(url, "people")
    assert {(e.key, e.column) for e in found.examples} == {("id=7", "active"), ("id=8", "born")}
    assert any("null where the schema makes" in example.found for example in found.examples)


def test_a_changed_document_is_named(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    document = "'{\"a\": 1234}'"
    run(f"UPDATE people SET facts = {document} WHERE id = 42")
    (example,) = changed(url, "people").examples
    assert (example.key, example.column) == ("id=42", "facts")
    assert "1234" in example.found


def test_rows_of_a_table_without_key_are_told(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    moment = run("SELECT taken_at FROM readings ORDER BY taken_at")[11][0]
    run(f"UPDATE readings SET pulse = 49 WHERE taken_at = '{moment}'")
    found = changed(url, "readings")
    assert [example.column for example in found.examples] == ["pulse"]
    assert found.examples[0].found.startswith("'49' where the schema makes")


def test_added_and_deleted_rows_are_told(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    run("INSERT INTO people (id, name) VALUES (900, 'New')")
    assert changed(url, "people").examples[0].found == "a row that was not loaded"
    run("DELETE FROM people WHERE id = 900")
    run("DELETE FROM readings WHERE person_id = (SELECT min(person_id) FROM readings)")
    assert changed(url, "readings").violations >= 1


def test_a_data_set_that_is_loaded_is_kept_too(empty: tuple[str, Run], tmp_path: Any) -> None:
    url, run = empty
    dataforge.generate(SCHEMA, tmp_path / "set", format="parquet")
    dataforge.load(tmp_path / "set", url)
    assert dataforge.verify(url).passed
    run("UPDATE people SET name = 'Somebody Else' WHERE id = 3")
    assert changed(url, "people").examples[0].key == "id=3"


def test_the_manifest_is_no_table_of_the_database(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    assert run(f"SELECT count(*) FROM {MANIFEST_TABLE}") == [(1,)]
    again = dataforge.from_database(url)
    assert {table.name.split(".")[-1] for table in again.tables} == {"people", "readings"}


def test_filling_emptied_tables_again_replaces_the_manifest(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    run("DELETE FROM readings")
    run("DELETE FROM people")
    generate_into(SCHEMA.model_copy(update={"seed": 6}), url)
    assert run(f"SELECT count(*) FROM {MANIFEST_TABLE}") == [(1,)]
    assert verify_target(url).passed


def test_without_a_manifest_a_schema_is_asked_for(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url, manifest=False)
    with pytest.raises(UsageError, match="--schema"):
        verify_target(url)
    run("UPDATE people SET name = 'Somebody Else' WHERE id = 3")
    assert verify_target(url, SCHEMA).passed


def test_a_manifest_that_was_changed_is_refused(empty: tuple[str, Run]) -> None:
    url, run = empty
    generate_into(SCHEMA, url)
    run(f"UPDATE {MANIFEST_TABLE} SET content = '{{}}'")
    with pytest.raises(DatabaseError, match="was changed"):
        verify_target(url)


def test_a_database_filled_twice_needs_the_schema_named(empty: tuple[str, Run]) -> None:
    url, _ = empty
    generate_into(SCHEMA, url)
    other = Schema(
        name="other",
        tables=(SCHEMA.tables[1].model_copy(update={"name": "loose", "foreign_keys": ()}),),
    )
    generate_into(other, url)
    with pytest.raises(UsageError, match="more than once"):
        verify_target(url)
    assert verify_target(url, other).passed
