"""Schemas that nobody here wrote, filled and loaded into real servers with every constraint on."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dataforge.parsers.live import reflect
from dataforge.parsers.sql import read_ddl
from dataforge.verification import verify_database
from dataforge.workflows.generate import generate_into
from dataforge.workflows.prepare import prepare
from servers import mariadb_server, postgres_server

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "ddl"
FILES = sorted(path.name for path in CORPUS.glob("*.sql"))
ROWS = 1000
NATIVE = {
    "auctionmark_mysql.sql",
    "chinook_postgres.sql",
    "chinook_sqlite.sql",
    "inaturalist_postgres_structure.sql",
    "neosync_mysql_complex.sql",
    "sakila_mysql_schema.sql",
    "tpch_mysql.sql",
    "wikipedia_sqlite.sql",
    "world_postgres.sql",
}

Url = Callable[[], str]


@pytest.fixture(scope="module")
def new_postgres() -> Iterator[Url]:
    psycopg = pytest.importorskip("psycopg")
    with postgres_server() as url:
        numbers = itertools.count(1)

        def create() -> str:
            name = f"corpus_{next(numbers)}"
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return url.rpartition("/")[0] + f"/{name}"

        yield create


@pytest.fixture(scope="module")
def new_mariadb() -> Iterator[Url]:
    pymysql = pytest.importorskip("pymysql")
    with mariadb_server() as url:
        numbers = itertools.count(1)
        at = urlsplit(url)

        def create() -> str:
            name = f"corpus_{next(numbers)}"
            connection = pymysql.connect(
                host=at.hostname, port=at.port, user=at.username, password=at.password
            )
            with connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
            return url.rpartition("/")[0] + f"/{name}"

        yield create


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    def create(dialect: str) -> str:
        if dialect == "sqlite":
            return f"sqlite:///{tmp_path / 'corpus.db'}"
        maker: Url = request.getfixturevalue(
            "new_mariadb" if dialect == "mysql" else "new_postgres"
        )
        return maker()

    return create


@pytest.mark.skipif(not FILES, reason="the corpus is not beside the repository")
@pytest.mark.parametrize("name", FILES)
def test_every_table_loads_and_keeps_every_constraint(
    name: str, new_database: Callable[[str], str]
) -> None:
    parsed = read_ddl(CORPUS / name)
    schema = prepare(parsed.schema, rows=ROWS)
    url = new_database(parsed.dialect)
    report = generate_into(schema, url)
    assert set(report.rows) == set(schema.tables_by_name)
    assert all(0 < count <= ROWS for count in report.rows.values())
    small = [table for table, count in report.rows.items() if count < ROWS]
    assert len(small) <= max(1, 0.15 * len(report.rows))
    certificate = verify_database(url, schema)
    assert certificate.failures == ()


def test_the_servers_own_check_finds_nothing(tmp_path: Path) -> None:
    path = CORPUS / "chinook_sqlite.sql"
    if not path.exists():
        pytest.skip("the corpus is not beside the repository")
    generate_into(prepare(read_ddl(path).schema, rows=ROWS), f"sqlite:///{tmp_path / 'c.db'}")
    with sqlite3.connect(tmp_path / "c.db") as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("name", [name for name in FILES if name in NATIVE])
def test_a_reflected_database_is_made_anew_into_an_empty_copy(
    name: str, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    parsed = read_ddl(CORPUS / name)
    source = new_database(parsed.dialect)
    copy = source.replace("corpus.db", "copy.db")
    copy = copy if parsed.dialect == "sqlite" else new_database(parsed.dialect)
    for url in (source, copy):
        generate_into(prepare(parsed.schema, rows=0), url)
    schema = prepare(reflect(source, strict=True).schema, rows=30)
    assert len(schema.tables) == len(parsed.schema.tables)
    report = generate_into(schema, copy)
    assert all(report.rows.values())
    certificate = verify_database(copy, schema)
    assert certificate.failures == ()
