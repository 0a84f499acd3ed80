"""DDL and SQL files run as they are in the databases' own clients."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pytest

from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanType,
    Column,
    FloatType,
    ForeignKey,
    GeometryType,
    IntegerType,
    Schema,
    Table,
    TextType,
    TimestampType,
)
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.formats import file_sink
from dataforge.sinks.layout import Part
from dataforge.sinks.places import LocalPlace
from dataforge.sinks.writing import write_part
from servers import mariadb_server, missing, postgres_server

NASTY = ['it\'s \\ a "quote"', "two\nlines\tand\r", "", None, "\\N; -- 'x'"]
PARENT = Table(
    name="parent",
    columns=(
        Column(name="id", type=IntegerType(), nullable=False, identity=True),
        Column(name="note", type=TextType()),
        Column(name="raw", type=BinaryType()),
        Column(name="yes", type=BooleanType()),
        Column(name="at", type=TimestampType(precision=6)),
        Column(name="score", type=FloatType()),
        Column(name="tags", type=ArrayType(item=TextType())),
        Column(name="place", type=GeometryType()),
    ),
    primary_key=("id",),
    foreign_keys=(ForeignKey(columns=("id",), parent="parent", parent_columns=("id",)),),
)
SCHEMA = Schema(tables=(PARENT,))
ARROW = pa.schema(
    [
        ("id", pa.int64()),
        ("note", pa.string()),
        ("raw", pa.binary()),
        ("yes", pa.bool_()),
        ("at", pa.timestamp("us")),
        ("score", pa.float64()),
        ("tags", pa.list_(pa.string())),
        ("place", pa.string()),
    ]
)
REPEATS = 300


def script(dialect: str, home: Path) -> str:
    """Return DDL, 1500 rows and foreign keys as one script."""
    count = len(NASTY) * REPEATS
    batch = pa.RecordBatch.from_pydict(
        {
            "id": list(range(1, count + 1)),
            "note": NASTY * REPEATS,
            "raw": [b"\x00\x01", None, b"", b"'", b"\\"] * REPEATS,
            "yes": [True, False, None, True, False] * REPEATS,
            "at": [0, 1, None, 10**15, -1] * REPEATS,
            "score": [0.5, None, 1e300, -0.0, 2.0] * REPEATS,
            "tags": [["a'b", 'c"d\\'], [], None, ["x"], [None]] * REPEATS,
            "place": ["POINT(1 2)", None, "POINT(-1.5 2.25)", None, None] * REPEATS,
        },
        schema=ARROW,
    )
    ddl = write_ddl(SCHEMA, dialect)
    sink = file_sink("sql", SCHEMA, dialect)
    write_part(sink, PARENT, ARROW, [batch], LocalPlace(home), Part("t.sql", 0, count))
    before = "".join(f"{statement};\n" for statement in (*ddl.prelude, *ddl.tables))
    after = "".join(f"{statement};\n" for statement in ddl.constraints)
    return before + (home / "t.sql").read_bytes().decode() + after


def client(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        missing(f"{name} is not installed")
    return str(found)


def run_client(command: list[str], text: str) -> None:
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def in_postgres(text: str) -> list[tuple[Any, ...]]:
    psycopg = pytest.importorskip("psycopg")
    with postgres_server() as url:
        run_client([client("psql"), "-v", "ON_ERROR_STOP=1", "-q", url], text)
        with psycopg.connect(url) as connection:
            return list(connection.execute(QUERY).fetchall())


def in_mariadb(text: str) -> list[tuple[Any, ...]]:
    pymysql = pytest.importorskip("pymysql")
    with mariadb_server() as url:
        parts = urlsplit(url)
        login = {"host": parts.hostname, "user": parts.username, "password": parts.password}
        options = [f"--{name}={value}" for name, value in login.items()]
        place = [f"--port={parts.port}", "--default-character-set=utf8mb4", "test_db"]
        run_client([client("mariadb"), "--no-defaults", *options, *place], text)
        with closing(
            pymysql.connect(port=parts.port or 0, database="test_db", **login)
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(QUERY)
            return list(cursor.fetchall())


def in_sqlite(text: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(text)
        return connection.execute(QUERY).fetchall()


QUERY = "SELECT note, raw FROM parent ORDER BY id"
Run = Callable[[str], list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("dialect", "run"), [("postgres", in_postgres), ("mysql", in_mariadb), ("sqlite", in_sqlite)]
)
def test_a_script_of_ddl_and_rows_runs_in_the_client(
    dialect: str, run: Run, tmp_path: Path
) -> None:
    rows = run(script(dialect, tmp_path))
    assert [row[0] for row in rows] == NASTY * REPEATS
    assert [row[1] for row in rows[:5]] == [b"\x00\x01", None, b"", b"'", b"\\"]


@pytest.fixture(autouse=True)
def _no_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts must not depend on the zone that the client happens to be in."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
