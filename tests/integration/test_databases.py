"""A schema with every difficulty goes into real servers, constraints on, and comes back whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from dataforge.errors import DatabaseError, UsageError
from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanType,
    Column,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    ForeignKey,
    GeometryType,
    IntegerType,
    JsonType,
    Rule,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UniqueKey,
    UuidType,
)
from dataforge.sinks.databases.connect import open_database
from servers import mariadb_server, postgres_server

Rows = dict[str, dict[str, list[Any]]]

UUIDS = ["6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c01", "6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c02"]
WALL_CLOCK = datetime(2024, 2, 29, 23, 59, 59, 999999)  # noqa: DTZ001 - it has no zone
NASTY = ['a "quoted", text\nwith \\ and \ttab', "", "NULL", "\\N", "Zoë 🦊 'x'"]


def column(name: str, kind: ColumnType, **rest: Any) -> Column:
    return Column(name=name, type=kind, **rest)


def shop(namespace: str | None = None) -> Schema:
    """Regions and people point at each other; people at each other; orders have a wide key."""
    region = Table(
        name="Region",
        namespace=namespace,
        columns=(
            column("id", IntegerType(bits=32), nullable=False, identity=True),
            column("head", UuidType()),
            column("mood", EnumType(values=("calm", "it's loud"), name="mood"), nullable=False),
            column("area", GeometryType()),
        ),
        primary_key=("id",),
        foreign_keys=(ForeignKey(columns=("head",), parent="person", parent_columns=("key",)),),
    )
    person = Table(
        name="person",
        namespace=namespace,
        columns=(
            column("key", UuidType(), nullable=False),
            column("region id", IntegerType(bits=32), nullable=False),
            column("boss", UuidType()),
            column("email", TextType(), nullable=False),
            column("active", BooleanType(), nullable=False, default="true"),
            column("size", EnumType(values=("S", "M"))),
            column("photo", BinaryType()),
            column("born", DateType()),
            column("wakes", TimeType()),
            column("score", FloatType()),
        ),
        primary_key=("key",),
        unique_keys=(UniqueKey(columns=("email",)),),
        foreign_keys=(
            ForeignKey(columns=("region id",), parent="Region", parent_columns=("id",)),
            ForeignKey(columns=("boss",), parent="person", parent_columns=("key",)),
        ),
    )
    order = Table(
        name="order",
        namespace=namespace,
        columns=(
            column("person", UuidType(), nullable=False),
            column("number", IntegerType(), nullable=False),
            column("total", DecimalType(precision=15, scale=2), nullable=False, default="0.00"),
            column("note", TextType()),
            column("document", JsonType()),
            column("tags", ArrayType(item=StringType())),
            column("placed", TimestampType(precision=6)),
            column("paid", TimestampType(precision=3, zoned=True)),
        ),
        primary_key=("person", "number"),
        foreign_keys=(
            ForeignKey(
                columns=("person",), parent="person", parent_columns=("key",), on_delete="cascade"
            ),
        ),
        rules=(Rule(expression='"total" >= 0', name="positive"),),
    )
    return Schema(tables=(order, person, region))


def shop_rows() -> Rows:
    return {
        "Region": {
            "id": [0, 7],
            "head": [UUIDS[1], None],
            "mood": ["calm", "it's loud"],
            "area": ["POINT(13.4 52.5)", None],
        },
        "person": {
            "key": UUIDS,
            "region id": [7, 0],
            "boss": [UUIDS[1], None],
            "email": ["a@example.com", "b@example.com"],
            "active": [True, False],
            "size": ["S", None],
            "photo": [b"\x00\xff\n\\'", None],
            "born": [date(1970, 1, 1), None],
            "wakes": [time(6, 30), time(6, 30, 0, 250000)],
            "score": [0.1, -1e300],
        },
        "order": {
            "person": [UUIDS[0]] * 5,
            "number": [1, 2, 3, 4, 2**40],
            "total": [Decimal("0.00"), Decimal("9999999999999.99"), *[Decimal("1.10")] * 3],
            "note": NASTY,
            "document": ['{"a": "x\\ny", "b": [1, 2]}', "[]", None, "1", '"s"'],
            "tags": [['a,"b"', "c\\d", None, ""], [], None, ["x"], ["{}"]],
            "placed": [WALL_CLOCK, None, None, None, None],
            "paid": [datetime(2024, 3, 1, 1, 2, 3, 250000, UTC), None, None, None, None],
        },
    }


ARROW = {
    "id": pa.int32(),
    "region id": pa.int32(),
    "number": pa.int64(),
    "active": pa.bool_(),
    "photo": pa.binary(),
    "born": pa.date32(),
    "wakes": pa.time64("us"),
    "score": pa.float64(),
    "total": pa.decimal128(15, 2),
    "tags": pa.list_(pa.string()),
    "placed": pa.timestamp("us"),
    "paid": pa.timestamp("us", "UTC"),
}


def load(url: str, schema: Schema, rows: Rows) -> dict[str, int]:
    counts = {}
    with open_database(url) as target:
        target.create(schema)
        for table in schema.tables:
            names = [c.name for c in table.columns]
            arrow = pa.schema([(name, ARROW.get(name, pa.string())) for name in names])
            batch = pa.RecordBatch.from_pydict(rows[table.name], schema=arrow)
            pieces = [batch.slice(0, 1), batch.slice(1)]
            if table.name == "Region":
                mood = batch.schema.get_field_index("mood")
                pieces = [batch.set_column(mood, "mood", batch["mood"].dictionary_encode())]
            counts[table.name] = target.load(table, arrow, pieces)
        target.finish(schema)
    return counts


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    with mariadb_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres: str) -> str:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS test_db")
        connection.execute("CREATE DATABASE test_db")
    return postgres.removesuffix("postgres") + "test_db"


@pytest.fixture
def mysql_url(mariadb: str) -> str:
    run_mysql(mariadb, "DROP DATABASE test_db", "CREATE DATABASE test_db CHARACTER SET utf8mb4")
    return mariadb


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shop.db"


@pytest.fixture
def duckdb_url(tmp_path: Path) -> str:
    return f"duckdb:///{tmp_path / 'shop.duckdb'}"


def run_duckdb(url: str, *statements: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(url.removeprefix("duckdb:///")) as connection:
        for statement in statements:
            found = connection.execute(statement)
        return found.fetchall()


def run_mysql(url: str, *statements: str) -> list[tuple[Any, ...]]:
    pymysql = pytest.importorskip("pymysql")
    user, _, rest = url.removeprefix("mysql://").partition(":")
    password, _, place = rest.partition("@")
    host, _, port = place.removesuffix("/test_db").partition(":")
    with closing(
        pymysql.connect(
            host=host,
            port=int(port),
            user=user,
            password=password,
            database="test_db",
            init_command="SET time_zone = '+00:00', foreign_key_checks = 0",
            autocommit=True,
        )
    ) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall())


def run_postgres(url: str, *statements: str) -> list[tuple[Any, ...]]:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def run_sqlite(url: str, *statements: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as made:
        for statement in statements:
            cursor = made.execute(statement)
        return cursor.fetchall()


RUN = {"postgresql": run_postgres, "mysql": run_mysql, "sqlite": run_sqlite, "duckdb": run_duckdb}
EVERY = pytest.mark.parametrize(
    "fixture", ["postgres_url", "mysql_url", "sqlite_url", "duckdb_url"]
)


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements, identifiers in double quotes, and return the rows of the last."""
    if url.startswith("mysql"):
        statements = tuple(statement.replace('"', "`") for statement in statements)
    return RUN[url.partition(":")[0]](url, *statements)


@EVERY
def test_every_row_arrives(fixture: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(fixture)
    assert load(url, shop(), shop_rows()) == {"order": 5, "person": 2, "Region": 2}
    assert run(url, 'SELECT count(*) FROM "order"') == [(5,)]
    assert [row[0] for row in run(url, 'SELECT "note" FROM "order" ORDER BY "number"')] == NASTY
    assert run(url, 'SELECT "photo" FROM "person" WHERE "photo" IS NOT NULL') == [
        (b"\x00\xff\n\\'",)
    ]


@EVERY
def test_numbers_and_documents_keep_their_values(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(fixture)
    load(url, shop(), shop_rows())
    totals = run(url, 'SELECT "total" FROM "order" ORDER BY "number"')
    documents = run(url, 'SELECT "document" FROM "order" ORDER BY "number"')
    assert Decimal(str(totals[1][0])) == Decimal("9999999999999.99")
    read = [d if d is None or not isinstance(d, str) else json.loads(d) for (d,) in documents[:3]]
    assert read == [{"a": "x\ny", "b": [1, 2]}, [], None]
    assert run(url, 'SELECT "id" FROM "Region" ORDER BY 1') == [(0,), (7,)]


def test_postgres_types_are_its_own(postgres_url: str) -> None:
    load(postgres_url, shop(), shop_rows())
    [(tags, placed, paid)] = run_postgres(
        postgres_url, 'SELECT tags, placed, paid FROM "order" WHERE number = 1'
    )
    assert tags == ['a,"b"', "c\\d", None, ""]
    assert placed == WALL_CLOCK
    assert paid == datetime(2024, 3, 1, 1, 2, 3, 250000, UTC)
    kinds = run_postgres(
        postgres_url,
        "SELECT udt_name FROM information_schema.columns WHERE column_name IN ('key', 'mood')"
        " ORDER BY 1",
    )
    assert kinds == [("mood",), ("uuid",)]


def test_postgres_numbers_new_rows_past_the_loaded_ones(postgres_url: str) -> None:
    load(postgres_url, shop(), shop_rows())
    run_postgres(postgres_url, """INSERT INTO "Region" (mood) VALUES ('calm')""")
    assert run_postgres(postgres_url, 'SELECT max(id) FROM "Region"') == [(8,)]


def test_mysql_shapes_and_times_are_its_own(mysql_url: str) -> None:
    load(mysql_url, shop(), shop_rows())
    assert run_mysql(mysql_url, "SELECT ST_X(area), ST_Y(area) FROM Region WHERE id = 0") == [
        (13.4, 52.5)
    ]
    [(placed, paid)] = run_mysql(mysql_url, "SELECT placed, paid FROM `order` WHERE number = 1")
    assert placed == WALL_CLOCK
    assert paid == datetime(2024, 3, 1, 1, 2, 3, 250000)  # noqa: DTZ001 - UTC by declaration


def test_mysql_without_local_files_inserts() -> None:
    with mariadb_server(local_infile=False) as url:
        assert load(url, shop(), shop_rows())["order"] == 5
        notes = run_mysql(url, "SELECT note FROM `order` ORDER BY number")
        assert [row[0] for row in notes] == NASTY


@EVERY
def test_a_row_without_parent_is_refused_and_nothing_stays(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(fixture)
    rows = shop_rows()
    rows["person"]["region id"] = [7, 5]
    with pytest.raises(DatabaseError, match=r"(?i)person.*(region|key \"id: 5\")"):
        load(url, shop(), rows)
    if not url.startswith(("sqlite", "duckdb")):
        catalogue = "SELECT table_name FROM information_schema.tables WHERE table_schema = "
        place = "'test_db'" if url.startswith("mysql") else "'public'"
        assert run(url, catalogue + place) == []
    else:
        assert not list(tmp_path.iterdir())


@EVERY
@pytest.mark.parametrize(
    ("table", "name", "values"),
    [
        ("order", "total", [Decimal("-1.00")] * 5),
        ("order", "number", [1, 1, 2, 3, 4]),
        ("person", "email", ["same", "same"]),
        ("person", "email", [None, "x"]),
        ("person", "size", ["S", "XXL"]),
    ],
)
def test_broken_rules_are_refused(
    fixture: str, table: str, name: str, values: list[Any], request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(fixture)
    rows = shop_rows()
    rows[table][name] = values
    with pytest.raises(DatabaseError, match=f"loading {table}|rows of {table}"):
        load(url, shop(), rows)


@EVERY
def test_tables_with_rows_are_left_alone(fixture: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(fixture)
    load(url, shop(), shop_rows())
    with pytest.raises(UsageError) as caught:
        load(url, shop(), shop_rows())
    assert [problem.path for problem in caught.value.problems] == ["order", "person", "Region"]
    assert run(url, 'SELECT count(*) FROM "order"') == [(5,)]


OWN_TABLES = """
CREATE TABLE "REGION" (
  "ID" integer PRIMARY KEY, "HEAD" char(36), "MOOD" varchar(20), "AREA" varchar(50));
CREATE TABLE "PERSON" (
  "KEY" char(36) PRIMARY KEY, "REGION ID" integer NOT NULL, "BOSS" char(36),
  "EMAIL" varchar(99) UNIQUE, "ACTIVE" boolean, "SIZE" char(1), "PHOTO" {blob}, "BORN" date,
  "WAKES" time, "SCORE" double precision,
  CONSTRAINT r FOREIGN KEY ("REGION ID") REFERENCES "REGION" ("ID"),
  CHECK ("REGION ID" >= 0), CONSTRAINT b FOREIGN KEY ("BOSS") REFERENCES "PERSON" ("KEY"));
CREATE TABLE "ORDER" (
  "PERSON" char(36) NOT NULL, "NUMBER" bigint, "TOTAL" decimal(15,2), "NOTE" varchar(99),
  "DOCUMENT" varchar(99), "TAGS" varchar(99), "PLACED" {stamp}, "PAID" {stamp},
  PRIMARY KEY ("PERSON", "NUMBER"),
  CONSTRAINT p FOREIGN KEY ("PERSON") REFERENCES "PERSON" ("KEY"))
"""
SELF_KEY = ', CONSTRAINT b FOREIGN KEY ("BOSS") REFERENCES "PERSON" ("KEY")'
CLOSING_KEY = (
    'ALTER TABLE "REGION" ADD CONSTRAINT h FOREIGN KEY ("HEAD") REFERENCES "PERSON" ("KEY")'
)


def own_tables(url: str) -> None:
    """Make the tables as their owner would: other case, other types, keys in place."""
    postgres = url.startswith("postgres")
    words = {
        "blob": "bytea" if postgres else "blob",
        "stamp": "datetime(6)" if url.startswith(("mysql", "sqlite")) else "timestamp",
    }
    statements = OWN_TABLES.format(**words)
    if url.startswith("duckdb"):  # which checks each row against those that are there
        statements = statements.replace(SELF_KEY, "")
    run(url, *statements.split(";"))
    if not url.startswith(("sqlite", "duckdb")):
        run(url, CLOSING_KEY)


@EVERY
def test_the_owner_s_empty_tables_are_filled(fixture: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(fixture)
    own_tables(url)
    load(url, shop(), shop_rows())
    assert run(url, 'SELECT count(*) FROM "ORDER"') == [(5,)]
    assert run(url, 'SELECT "HEAD" FROM "REGION" WHERE "ID" = 0') == [(UUIDS[1],)]


@pytest.mark.parametrize("fixture", ["postgres_url", "mysql_url"])
def test_the_owner_s_keys_hold_after_the_load(fixture: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(fixture)
    own_tables(url)
    rows = shop_rows()
    rows["Region"]["head"] = ["no such person".ljust(36, "x"), None]
    with pytest.raises(DatabaseError, match=r"(?i)\bh\b"):
        load(url, shop(), rows)
    assert run(url, 'SELECT count(*) FROM "REGION"') == [(0,)]
    load(url, shop(), shop_rows())
    kept = run(
        url,
        "SELECT count(*) FROM information_schema.table_constraints"
        " WHERE constraint_type = 'FOREIGN KEY'",
    )
    assert kept == [(4,)]


POSTGRES_TRIGGER = """
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW."MOOD" := 'LOUD'; RETURN NEW; END $$;
CREATE TRIGGER shouts BEFORE INSERT ON "REGION" FOR EACH ROW EXECUTE FUNCTION shout()
"""
MYSQL_TRIGGER = """
CREATE TRIGGER shouts BEFORE INSERT ON "REGION" FOR EACH ROW SET NEW."MOOD" = 'LOUD'
"""
TRIGGERS = {"postgresql": POSTGRES_TRIGGER, "mysql": MYSQL_TRIGGER}


@pytest.mark.parametrize("fixture", ["postgres_url", "mysql_url"])
def test_triggers_rest_during_the_load_and_work_after_it(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(fixture)
    own_tables(url)
    run(url, TRIGGERS[url.partition(":")[0]])
    load(url, shop(), shop_rows())
    run(url, 'INSERT INTO "REGION" ("ID", "MOOD") VALUES (8, \'calm\')')
    moods = [row[0] for row in run(url, 'SELECT "MOOD" FROM "REGION" ORDER BY "ID"')]
    assert moods == ["calm", "it's loud", "LOUD"]


@EVERY
def test_columns_that_the_database_computes_are_left_to_it(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(fixture)
    kept = "" if url.startswith("duckdb") else " STORED"
    run(url, f'CREATE TABLE "t" ("a" integer, "b" integer GENERATED ALWAYS AS ("a" * 2){kept})')
    table = Table(
        name="t",
        columns=(column("a", IntegerType()), column("b", IntegerType(), generated=True)),
    )
    schema = Schema(tables=(table,))
    batch = pa.RecordBatch.from_pydict({"a": [1, 2], "b": [9, 9]})
    with open_database(url) as target:
        target.create(schema)
        assert target.load(table, batch.schema, [batch]) == 2
        target.finish(schema)
    assert run(url, 'SELECT "b" FROM "t" ORDER BY 1') == [(2,), (4,)]


@EVERY
def test_a_load_that_is_not_finished_leaves_nothing(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(fixture)
    own_tables(url)
    with open_database(url) as target:
        target.create(shop())
        region = shop().table("Region")
        arrow = pa.schema([(c.name, ARROW.get(c.name, pa.string())) for c in region.columns])
        rows = pa.RecordBatch.from_pydict(shop_rows()["Region"], schema=arrow)
        assert target.load(region, arrow, [rows.slice(1)]) == 1
    assert run(url, 'SELECT count(*) FROM "REGION"') == [(0,)]


def test_namespaces_are_made(postgres_url: str) -> None:
    load(postgres_url, shop(namespace="Sales dept"), shop_rows())
    assert run_postgres(postgres_url, 'SELECT count(*) FROM "Sales dept"."order"') == [(5,)]


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:s3cret@127.0.0.1:1/x", "mysql://u:s3cret@127.0.0.1:1/x"],
)
def test_a_server_that_is_not_there_is_named_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"127\.0\.0\.1:1/x") as caught:
        open_database(url)
    assert "s3cret" not in str(caught.value)


def test_a_sqlite_url_without_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="names no file"), open_database("sqlite://"):
        pass
