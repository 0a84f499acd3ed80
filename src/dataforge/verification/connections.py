"""Open databases for reading: one cursor, queries translated from DuckDB's SQL."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import duckdb
import sqlglot
from sqlglot import exp

from dataforge.addresses import Address, parse_url, scheme_of
from dataforge.drivers import (
    driver,
    existing_file,
    first_line,
    mysql_options,
    postgres_options,
    refused,
)
from dataforge.errors import DatabaseError
from dataforge.registry import Registry
from dataforge.verification.scope import RefusedError


class Cursor(Protocol):
    """The part of a DB-API cursor that reading takes."""

    def execute(self, sql: str, /) -> object:
        """Run a statement."""
        ...

    def fetchall(self) -> Any:
        """Return all rows."""
        ...


class DatabaseSession:
    """Questions to a database in its own dialect."""

    def __init__(self, dialect: str, cursor: Cursor, errors: type[Exception]) -> None:
        """Ask through ``cursor``, whose driver raises ``errors``."""
        self.dialect = dialect
        self._cursor = cursor
        self._errors = errors

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows of a query in DuckDB's SQL; DatabaseError where it is refused."""
        try:
            translated = _translated(sql, self.dialect)
        except sqlglot.errors.SqlglotError as error:
            msg = f"it has no words in {self.dialect}: {first_line(error)}"
            raise RefusedError(msg) from None
        return self.native(translated)

    def native(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows of a query in the database's own SQL.

        RefusedError where the query cannot be answered, DatabaseError where nothing can any more.
        """
        try:
            self._cursor.execute(sql)
            return [tuple(row) for row in self._cursor.fetchall()]
        except self._errors as error:
            self._still_there()
            raise RefusedError(first_line(error)) from None

    def _still_there(self) -> None:
        try:
            self._cursor.execute("SELECT 1")
            self._cursor.fetchall()
        except self._errors as error:
            msg = f"the connection was lost: {first_line(error)}"
            raise DatabaseError(msg) from None


def _translated(sql: str, dialect: str) -> str:
    if dialect == "duckdb":
        return sql
    tree = sqlglot.parse_one(sql, read="duckdb")
    if dialect == "mysql":
        tree = tree.transform(_as_operator)
    return tree.sql(dialect=dialect)


def _as_operator(node: exp.Expr) -> exp.Expr:
    """MariaDB has regular expressions as an operator only, flags inside the pattern."""
    if not isinstance(node, exp.RegexpLike):
        return node
    flag, pattern = node.args.get("flag"), node.expression
    if flag is not None:
        pattern = exp.Literal.string(f"(?{flag.name}){pattern.name}")
    return exp.var(f"({node.this.sql('mysql')} REGEXP {pattern.sql('mysql')})")


@contextmanager
def open_session(url: str) -> Iterator[DatabaseSession]:
    """Connect to a database; it is closed with the block.

    UsageError for a URL that cannot be read or whose driver is missing, DatabaseError where the
    connection fails.
    """
    kind = scheme_of(url)
    connect = _CONNECT[kind]
    address = parse_url(url)
    dialect, connection, errors = connect(address)
    try:
        yield DatabaseSession(dialect, connection.cursor(), errors)
    finally:
        connection.close()


# However a server is configured, equal cells have equal text.
_POSTGRES_TEXT = (
    "timezone = 'UTC'",
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'postgres'",
    "bytea_output = 'hex'",
    "extra_float_digits = 1",
)

Opened = tuple[str, Any, type[Exception]]


def _postgres(address: Address) -> Opened:
    psycopg = driver("psycopg", "postgres")
    try:
        connection = psycopg.connect(autocommit=True, **postgres_options(address))
    except psycopg.Error as error:
        raise refused(address, error) from None
    for setting in _POSTGRES_TEXT:
        connection.execute(f"SET {setting}".encode())
    return "postgres", connection, psycopg.Error


def _mysql(address: Address) -> Opened:
    pymysql = driver("pymysql", "mysql")
    try:
        connection = pymysql.connect(
            **mysql_options(address),
            autocommit=True,
            init_command="SET time_zone = '+00:00'",
        )
    except pymysql.Error as error:
        raise refused(address, error) from None
    return "mysql", connection, pymysql.Error


def _sqlite(address: Address) -> Opened:
    path = existing_file(address, "SQLite")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA schema_version").fetchone()
        connection.create_function("md5_bits", 1, _md5_bits, deterministic=True)
    except sqlite3.Error as error:
        raise refused(address, error) from None
    return "sqlite", connection, sqlite3.Error


def _duckdb(address: Address) -> Opened:
    path = existing_file(address, "DuckDB")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.Error as error:
        raise refused(address, error) from None
    return "duckdb", connection, duckdb.Error


def _md5_bits(text: str) -> int:
    """Give SQLite the first forty bits of a text's MD5, which the other databases have."""
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:10], 16)


Connect = Callable[[Address], Opened]

_CONNECT: Registry[Connect] = Registry(
    "kind of database URL",
    {
        "postgresql": _postgres,
        "postgres": _postgres,
        "mysql": _mysql,
        "mariadb": _mysql,
        "sqlite": _sqlite,
        "duckdb": _duckdb,
    },
)
