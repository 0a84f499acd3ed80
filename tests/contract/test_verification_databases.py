"""The verifier keeps the same promises on every database: sound rows pass, a changed cell fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pymysql
import pytest

from dataforge.addresses import parse_url
from dataforge.errors import DatabaseError, UnknownNameError
from dataforge.sinks.databases.connect import open_database
from dataforge.verification import verify_database
from servers import mariadb_server, postgres_server
from unit.verification.data_set import SCHEMA, arrow_table, failed, sound_rows

Run = Callable[[str], None]


def load(url: str) -> str:
    """Load the sound rows with every constraint on."""
    rows = sound_rows()
    with open_database(url) as target:
        target.create(SCHEMA)
        for table in SCHEMA.tables:
            data = arrow_table(table, rows[table.name])
            target.load(table, data.schema, data.to_batches())
        target.finish(SCHEMA)
    return url


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    with mariadb_server() as url:
        yield url


def _sqlite(url: str, statement: str) -> None:
    with closing(sqlite3.connect(parse_url(url).database)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)


def _duckdb(url: str, statement: str) -> None:
    """Change a copy without constraints, which DuckDB cannot silence."""
    path = Path(parse_url(url).database)
    bare = path.with_suffix(".bare")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"ATTACH '{bare}' AS bare")
        for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.execute(f"CREATE TABLE bare.{name} AS FROM {name}")
    with duckdb.connect(str(bare)) as connection:
        connection.execute(statement)
    bare.replace(path)


def _postgres(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def _mariadb_connection(url: str, database: str | None = None) -> Any:
    at = parse_url(url)
    return pymysql.connect(
        host=at.host,
        port=at.port or 0,
        user=at.user,
        password=at.password or "",
        database=database or at.database,
        autocommit=True,
    )


def _mariadb(url: str, statement: str) -> None:
    with closing(_mariadb_connection(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SET foreign_key_checks = 0, check_constraint_checks = 0")
        cursor.execute(statement)


@pytest.fixture(params=["sqlite", "duckdb", "postgres", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Run]]:
    """A database of its own with the sound rows, and a way to break them."""
    if request.param == "sqlite":
        url = load(f"sqlite:///{tmp_path / 'shop.db'}")
        yield url, lambda statement: _sqlite(url, statement)
    elif request.param == "duckdb":
        url = load(f"duckdb:///{tmp_path / 'shop.duckdb'}")
        yield url, lambda statement: _duckdb(url, statement)
    elif request.param == "postgres":
        server = request.getfixturevalue("postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS shop")
            connection.execute("CREATE DATABASE shop")
        shop = load(server.replace("/postgres", "/shop"))
        yield shop, lambda statement: _postgres(shop, statement)
    else:
        base = request.getfixturevalue("mariadb")
        with closing(_mariadb_connection(base)) as connection, connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS shop")
            cursor.execute("CREATE DATABASE shop CHARACTER SET utf8mb4")
        shop = load(base.replace("/test_db", "/shop"))
        yield shop, lambda statement: _mariadb(shop, statement)


def test_sound_rows_pass(database: tuple[str, Run]) -> None:
    seen: list[tuple[str, int, int]] = []
    certificate = verify_database(database[0], SCHEMA, on_progress=lambda *e: seen.append(e))
    assert certificate.passed, certificate.summary()
    skipped = {check.columns for check in certificate.checks if check.verdict == "skipped"}
    undeclared = {("boss_id",)} if database[0].startswith("duckdb") else set()
    assert skipped == undeclared
    assert certificate.summary()[0].startswith("PASSED: 4 tables, 14 rows")
    assert seen[-1] == ("notes", 14, 14)
    kinds = {check.kind for check in certificate.checks}
    assert {"catalog", "not_null", "primary_key", "unique", "foreign_key", "rule"} <= kinds
    assert {"expression", "cardinality", "aggregate", "lookup", "ordinal", "depth"} <= kinds


# What is changed → the kind of check that fails, its table, the row's key and the column.
CHANGES = (
    ("UPDATE orders SET total = 7.51, tax = 0.75 WHERE id = 10", "aggregate", "orders", "id=10"),
    ("UPDATE orders SET average = 3.76 WHERE id = 10", "aggregate", "orders", "id=10"),
    ("UPDATE orders SET tax = 0.01 WHERE id = 11", "expression", "orders", "id=11"),
    ("UPDATE orders SET nation = 'FR' WHERE id = 12", "lookup", "orders", "id=12"),
    ("UPDATE orders SET customer_id = 99 WHERE id = 12", "foreign_key", "orders", "id=12"),
    ("UPDATE orders SET customer_id = 1 WHERE id = 12", "cardinality", "customers", "id=1"),
    ("UPDATE lines SET line = 4 WHERE line = 3", "ordinal", "orders", "id=11"),
    ("UPDATE customers SET boss_id = 2 WHERE id = 4", "depth", "customers", "id=4"),
    ("UPDATE customers SET boss_id = 2 WHERE id = 1", "cycle", "customers", "id=1"),
    ("UPDATE orders SET placed = '2026-01-02' WHERE id = 12", "rule", "orders", "id=12"),
    ("DELETE FROM customers WHERE id = 4", "rows", "customers", ""),
)


@pytest.mark.parametrize(("statement", "kind", "table", "key"), CHANGES)
def test_one_changed_cell_is_named(
    database: tuple[str, Run], statement: str, kind: str, table: str, key: str
) -> None:
    url, run = database
    if kind == "rule" and "postgres" in url:
        run("ALTER TABLE orders DROP CONSTRAINT placed_by_now")
    run(statement.replace(" lines ", " `lines` ") if "mysql" in url else statement)
    found = failed(verify_database(url, SCHEMA), kind, table)
    assert found.violations >= 1
    if key:
        assert found.examples[0].key == key


def test_polymorphic_keys_are_proven(database: tuple[str, Run]) -> None:
    url, run = database
    run("UPDATE notes SET about = 12 WHERE about = 3")
    assert (
        failed(verify_database(url, SCHEMA), "union_key").examples[0].found
        == "about=12, about_kind=C"
    )


def test_a_lost_table_and_a_lost_column_are_named(database: tuple[str, Run]) -> None:
    url, run = database
    run("ALTER TABLE notes DROP COLUMN prose")
    assert failed(verify_database(url, SCHEMA), "columns").examples[0].column == "prose"
    run("DROP TABLE notes")
    assert failed(verify_database(url, SCHEMA), "schema").table == "notes"


def test_a_key_that_the_database_does_not_enforce_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    with closing(sqlite3.connect(tmp_path / "bare.db")) as connection, connection:
        connection.execute("CREATE TABLE customers (id INTEGER, email, boss_id, nation)")
        connection.execute("INSERT INTO customers VALUES (1, 'a', NULL, 'DE'), (1, 'a', 7, 'DEU')")
    schema = SCHEMA.model_copy(update={"tables": SCHEMA.tables[:1]})
    certificate = verify_database(url, schema)
    told = {check.kind for check in certificate.failures}
    assert {"primary_key", "unique", "foreign_key", "type", "rows"} <= told
    bare = [c for c in certificate.checks if c.kind == "catalog"]
    assert {check.verdict for check in bare} == {"skipped"}


def test_an_unvalidated_constraint_is_told(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE customers (id int PRIMARY KEY, email text, boss_id int)")
        connection.execute("ALTER TABLE customers ADD COLUMN nation text NOT NULL")
        connection.execute("ALTER TABLE customers ADD CONSTRAINT late CHECK (id > 0) NOT VALID")
    schema = SCHEMA.model_copy(update={"tables": SCHEMA.tables[:1]})
    found = failed(verify_database(postgres, schema), "catalog")
    assert [example.found for example in found.examples] == ["late"]


def test_sqlites_values_of_another_type_are_named(tmp_path: Path) -> None:
    url = load(f"sqlite:///{tmp_path / 'shop.db'}")
    _sqlite(url, "UPDATE notes SET tiny = 'many' WHERE about = 3")
    found = failed(verify_database(url, SCHEMA), "type")
    assert (found.table, found.columns, found.examples[0].found) == ("notes", ("tiny",), "many")


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("oracle://host/db", UnknownNameError, "postgresql"),
        ("sqlite:////nowhere/at/all.db", DatabaseError, "no SQLite file"),
        ("duckdb:////nowhere/at/all.db", DatabaseError, "no DuckDB file"),
        ("postgresql://nobody:secret@127.0.0.1:1/db", DatabaseError, "cannot open"),
        ("mysql://nobody:secret@127.0.0.1:1/db", DatabaseError, "cannot open"),
    ],
)
def test_what_cannot_be_opened_is_told_without_the_password(
    url: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        verify_database(url, SCHEMA)
    assert "secret" not in str(raised.value)
