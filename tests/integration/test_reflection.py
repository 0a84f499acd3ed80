"""A live database is reflected, generated anew, and loads into an empty copy of itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg
import pymysql
import pytest

from dataforge.addresses import parse_url
from dataforge.errors import DatabaseError, ParseError, UnknownNameError, UsageError
from dataforge.parsers.live import reflect
from dataforge.schema import ArrayType, DecimalType, EnumType, TimestampType, UuidType
from dataforge.verification import verify_database
from dataforge.workflows.generate import generate_into
from dataforge.workflows.prepare import prepare
from servers import mariadb_server, postgres_server

POSTGRES = """
CREATE SCHEMA sales; CREATE SCHEMA "Human Resources";
CREATE TYPE sales.status AS ENUM ('new', 'paid', 'it''s gone');
CREATE DOMAIN sales.rate AS numeric(5,2) CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE DOMAIN postcode AS varchar(10) NOT NULL CHECK (VALUE ~ '^[0-9]{5}$');
CREATE TABLE country (code char(2) PRIMARY KEY, name varchar(60) NOT NULL UNIQUE);
COMMENT ON TABLE country IS 'ISO 3166-1';
CREATE TABLE "Human Resources"."Employee" (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "Full Name" varchar(80) NOT NULL,
    boss integer REFERENCES "Human Resources"."Employee" (id),
    salary sales.rate NOT NULL DEFAULT 12.5,
    hired date NOT NULL DEFAULT CURRENT_DATE,
    left_on date, CHECK (left_on > hired)
);
CREATE TABLE sales.customer (
    id bigserial PRIMARY KEY, country char(2) NOT NULL REFERENCES country,
    email varchar(120) NOT NULL, zip postcode, tags text[], key uuid DEFAULT gen_random_uuid(),
    agent integer REFERENCES "Human Resources"."Employee", seen timestamptz(3)
);
CREATE UNIQUE INDEX customer_email ON sales.customer (email);
COMMENT ON COLUMN sales.customer.zip IS 'five digits';
CREATE TABLE sales.invoice (
    customer bigint NOT NULL REFERENCES sales.customer ON DELETE CASCADE, no integer NOT NULL,
    state sales.status NOT NULL DEFAULT 'new', net numeric(12,2) NOT NULL CHECK (net > 0),
    discount sales.rate, gross numeric(14,4) GENERATED ALWAYS AS (net * 1.19) STORED,
    PRIMARY KEY (customer, no), CONSTRAINT "odd name" CHECK (state <> 'paid' OR net < 5000)
);
CREATE TABLE sales.invoice_line (
    customer bigint, no integer, line smallint, amount numeric(10,2) NOT NULL,
    PRIMARY KEY (customer, no, line),
    FOREIGN KEY (customer, no) REFERENCES sales.invoice (customer, no)
);
CREATE TABLE measurement (taken date NOT NULL, sensor int NOT NULL, value double precision,
    PRIMARY KEY (taken, sensor)) PARTITION BY RANGE (taken);
CREATE TABLE measurement_all PARTITION OF measurement DEFAULT;
CREATE VIEW sales.big AS SELECT * FROM sales.invoice WHERE net > 1000
"""
MARIADB = """
CREATE TABLE country (code char(2) PRIMARY KEY, name varchar(60) NOT NULL, UNIQUE KEY named (name))
    COMMENT='ISO 3166-1';
CREATE TABLE `Employee` (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, `full name` varchar(80) NOT NULL,
    boss int unsigned, rights set('read','write','it''s all') NOT NULL, hired date NOT NULL,
    left_on date, seen timestamp NULL DEFAULT current_timestamp(),
    CONSTRAINT boss FOREIGN KEY (boss) REFERENCES `Employee` (id), CHECK (left_on > hired)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE customer (
    id bigint NOT NULL AUTO_INCREMENT, country char(2) NOT NULL, email varchar(120) NOT NULL,
    agent int unsigned, active tinyint(1) NOT NULL DEFAULT 1, photo varbinary(40), doc json,
    PRIMARY KEY (id), UNIQUE KEY (email), KEY (country),
    FOREIGN KEY (country) REFERENCES country (code), FOREIGN KEY (agent) REFERENCES `Employee` (id)
);
CREATE TABLE invoice (
    customer bigint NOT NULL, no int NOT NULL, state enum('new','paid','gone') NOT NULL,
    net decimal(12,2) NOT NULL CHECK (net > 0),
    gross decimal(14,4) GENERATED ALWAYS AS (net * 1.19) STORED,
    PRIMARY KEY (customer, no), FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE
);
CREATE TABLE invoice_line (
    customer bigint NOT NULL, no int NOT NULL, line smallint NOT NULL,
    amount decimal(10,2) NOT NULL, note text, PRIMARY KEY (customer, no, line),
    FOREIGN KEY (customer, no) REFERENCES invoice (customer, no)
);
CREATE VIEW big AS SELECT * FROM invoice WHERE net > 1000
"""
SQLITE = """
CREATE TABLE country (code CHAR(2) PRIMARY KEY, name VARCHAR(60) NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE [Employee] (
    id INTEGER PRIMARY KEY AUTOINCREMENT, "full name" VARCHAR(80) NOT NULL,
    boss INTEGER REFERENCES [Employee] (id), hired DATE NOT NULL, left_on DATE,
    CHECK (left_on > hired)
);
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, country CHAR(2) NOT NULL REFERENCES country, email VARCHAR(120),
    agent INTEGER REFERENCES Employee (id), active BOOLEAN NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX "one email" ON customer (email);
CREATE TABLE invoice (
    customer INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE, no INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'paid', 'gone')), net DECIMAL(12,2) CHECK (net > 0),
    gross DECIMAL(14,4) GENERATED ALWAYS AS (net * 2) STORED, PRIMARY KEY (customer, no)
);
CREATE TABLE invoice_line (
    customer INTEGER, no INTEGER, line INTEGER, amount DECIMAL(10,2) NOT NULL,
    PRIMARY KEY (customer, no, line),
    FOREIGN KEY (customer, no) REFERENCES invoice (customer, no)
);
CREATE VIRTUAL TABLE found USING fts5(body);
CREATE VIEW big AS SELECT * FROM invoice WHERE net > 1000
"""
DUCKDB = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE country (code VARCHAR PRIMARY KEY, name VARCHAR NOT NULL UNIQUE);
CREATE TABLE customer (id BIGINT PRIMARY KEY, country VARCHAR NOT NULL REFERENCES country (code),
    state mood NOT NULL, net DECIMAL(12,2) CHECK (net > 0), born DATE, seen TIMESTAMP, key UUID);
CREATE VIEW big AS SELECT * FROM customer WHERE net > 1000
"""

Execute = Callable[[str, str], None]


def _sqlite(url: str, script: str) -> None:
    with closing(sqlite3.connect(parse_url(url).database)) as connection:
        connection.executescript(script)


def _duckdb(url: str, script: str) -> None:
    with duckdb.connect(parse_url(url).database) as connection:
        connection.execute(script)


def _postgres(url: str, script: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in script.split(";"):
            connection.execute(statement.encode())


def _mariadb(url: str, script: str) -> None:
    at = parse_url(url)
    connection = pymysql.connect(
        host=at.host,
        port=at.port or 0,
        user=at.user,
        password=at.password or "",
        database=at.database or None,
        autocommit=True,
    )
    with closing(connection), connection.cursor() as cursor:
        for statement in script.split(";"):
            cursor.execute(statement)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    with mariadb_server() as url:
        yield url


Pair = tuple[str, str, Execute]


@pytest.fixture
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Return a database with tables, an empty copy of it, and a way to run statements."""
    kind: str = request.param
    if kind == "sqlite":
        urls, run, script = [f"sqlite:///{tmp_path / n}.db" for n in "ab"], _sqlite, SQLITE
    elif kind == "duckdb":
        urls, run, script = [f"duckdb:///{tmp_path / n}.db" for n in "ab"], _duckdb, DUCKDB
    elif kind == "postgres":
        server = request.getfixturevalue("postgres")
        for name in ("one", "two"):
            _postgres(server, f"DROP DATABASE IF EXISTS {name};CREATE DATABASE {name}")
        urls = [server.replace("/postgres", f"/{name}") for name in ("one", "two")]
        run, script = _postgres, POSTGRES
    else:
        server = request.getfixturevalue("mariadb")
        for name in ("one", "two"):
            made = f"CREATE DATABASE {name} CHARACTER SET utf8mb4"
            _mariadb(server, f"DROP DATABASE IF EXISTS {name};{made}")
        urls = [server.replace("/test_db", f"/{name}") for name in ("one", "two")]
        run, script = _mariadb, MARIADB
    for url in urls:
        run(url, script)
    return urls[0], urls[1], run


EVERY = pytest.mark.parametrize("pair", ["postgres", "mariadb", "sqlite", "duckdb"], indirect=True)


@EVERY
def test_what_is_reflected_loads_into_an_empty_copy(pair: Pair) -> None:
    source, copy, _ = pair
    parsed = reflect(source, strict=True)
    schema = prepare(parsed.schema, rows=200)
    report = generate_into(schema, copy)
    assert sum(report.rows.values()) > 200
    certificate = verify_database(copy, schema)
    assert certificate.passed, certificate.summary()


@EVERY
def test_the_copy_says_the_same_of_itself(pair: Pair) -> None:
    source, copy, _ = pair
    generate_into(prepare(reflect(source).schema, rows=5), copy)
    assert reflect(copy).schema.tables == reflect(source).schema.tables


@EVERY
def test_rows_are_counted_only_where_asked(pair: Pair) -> None:
    source, _, run = pair
    run(source, "INSERT INTO country VALUES ('DE', 'Germany'), ('FR', 'France')")
    assert {table.rows for table in reflect(source).schema.tables} == {None}
    counted = {table.name: table.rows for table in reflect(source, count_rows=True).schema.tables}
    assert counted.pop("country") == 2
    assert set(counted.values()) == {0}


@pytest.mark.parametrize("pair", ["postgres"], indirect=True)
def test_postgres_is_reflected_with_everything_it_says(pair: Pair) -> None:
    schema = reflect(pair[0], strict=True).schema
    by_bare = {name.rpartition(".")[2]: table for name, table in schema.tables_by_name.items()}
    assert set(by_bare) == {
        "country",
        "measurement",
        "Employee",
        "customer",
        "invoice",
        "invoice_line",
    }
    employee, customer, invoice = by_bare["Employee"], by_bare["customer"], by_bare["invoice"]
    assert employee.namespace == "Human Resources"
    assert employee.column("id").identity
    assert employee.column("salary").type == DecimalType(precision=5, scale=2)
    assert [key.columns for key in customer.unique_keys] == [("email",)]
    assert customer.column("id").identity
    assert isinstance(customer.column("tags").type, ArrayType)
    assert isinstance(customer.column("key").type, UuidType)
    assert customer.column("seen").type == TimestampType(zoned=True, precision=3)
    assert customer.column("zip").comment == "five digits"
    assert by_bare["country"].comment == "ISO 3166-1"
    assert invoice.primary_key == ("customer", "no")
    state = invoice.column("state").type
    assert isinstance(state, EnumType)
    assert state.values == ("new", "paid", "it's gone")
    assert invoice.column("gross").generated
    assert len(by_bare["invoice_line"].foreign_keys[0].columns) == 2


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("oracle://host/db", UnknownNameError, "postgresql"),
        ("sqlite:////nowhere/at/all.db", DatabaseError, "no SQLite file"),
        ("duckdb:////nowhere/at/all.db", DatabaseError, "no DuckDB file"),
        ("mysql://u:secret@127.0.0.1:1", UsageError, "names no database"),
        ("postgresql://nobody:secret@127.0.0.1:1/db", DatabaseError, "cannot open"),
        ("mysql://nobody:secret@127.0.0.1:1/db", DatabaseError, "cannot open"),
    ],
)
def test_what_cannot_be_reflected_is_told_without_the_password(
    url: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        reflect(url)
    assert "secret" not in str(raised.value)


def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    _sqlite(url, "CREATE VIEW v AS SELECT 1")
    with pytest.raises(ParseError, match="no table that this user may see"):
        reflect(url)
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at" * 50)
    with pytest.raises(DatabaseError, match="cannot open"):
        reflect(f"sqlite:///{tmp_path / 'text.db'}")
