"""Open databases as sources of definitions: read-only, one query after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from dataforge.addresses import Address, parse_url, scheme_of
from dataforge.drivers import (
    driver,
    existing_file,
    first_line,
    mysql_options,
    postgres_options,
    refused,
)
from dataforge.errors import DatabaseError, UsageError
from dataforge.registry import Registry


@dataclass(frozen=True, slots=True)
class Source:
    """An open database: ``kind`` names it, ``rows`` asks it."""

    kind: str
    label: str
    connection: Any
    errors: type[Exception]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query; DatabaseError where it is refused."""
        try:
            cursor = self.connection.cursor()
            cursor.execute(query)
            return [tuple(row) for row in cursor.fetchall()]
        except self.errors as error:
            msg = f"the database {self.label} refused to describe itself: {first_line(error)}"
            raise DatabaseError(msg) from None


@contextmanager
def open_source(url: str) -> Iterator[Source]:
    """Connect for reading; the connection is closed with the block.

    UnknownNameError for a kind of URL that cannot be reflected, UsageError where the driver is
    missing, DatabaseError where the connection fails; never with the password.
    """
    connect = _CONNECT[scheme_of(url)]
    source = connect(parse_url(url))
    try:
        yield source
    finally:
        source.connection.close()


def _postgres(address: Address) -> Source:
    psycopg = driver("psycopg", "postgres")
    try:
        connection = psycopg.connect(autocommit=False, **postgres_options(address))
        connection.read_only = True
        # With an empty path the server qualifies every name that it prints.
        connection.execute("SET search_path = ''")
    except psycopg.Error as error:
        raise refused(address, error) from None
    return Source("postgres", address.label, connection, psycopg.Error)


def _mysql(address: Address) -> Source:
    pymysql = driver("pymysql", "mysql")
    if not address.database:
        raise UsageError("the URL names no database → mysql://user@host/database")
    try:
        connection = pymysql.connect(
            **mysql_options(address),
            init_command="SET SESSION sql_mode = ''",
        )
        connection.cursor().execute("SET SESSION TRANSACTION READ ONLY")
    except pymysql.Error as error:
        raise refused(address, error) from None
    return Source("mysql", address.label, connection, pymysql.Error)


def _sqlite(address: Address) -> Source:
    path = existing_file(address, "SQLite")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        raise refused(address, error) from None
    return Source("sqlite", address.label, connection, sqlite3.Error)


def _duckdb(address: Address) -> Source:
    path = existing_file(address, "DuckDB")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise refused(address, error) from None
    return Source("duckdb", address.label, connection, duckdb.Error)


_CONNECT = Registry(
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
