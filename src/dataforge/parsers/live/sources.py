"""Open databases as sources of definitions: read-only, one query after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from dataforge.addresses import Address, parse_url, scheme_of
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
            msg = f"the database {self.label} refused to describe itself: {_first_line(error)}"
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
    psycopg = _driver("psycopg", "postgres")
    options: dict[str, Any] = {
        "host": address.host or None,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database or None,
        **dict(address.options),
    }
    try:
        connection = psycopg.connect(autocommit=False, **options)
        connection.read_only = True
        # With an empty path the server qualifies every name that it prints.
        connection.execute("SET search_path = ''")
    except psycopg.Error as error:
        raise _refused(address, error) from None
    return Source("postgres", address.label, connection, psycopg.Error)


def _mysql(address: Address) -> Source:
    pymysql = _driver("pymysql", "mysql")
    options = dict(address.options)
    if not address.database:
        raise UsageError("the URL names no database → mysql://user@host/database")
    try:
        connection = pymysql.connect(
            host=address.host or "localhost",
            port=address.port or 3306,
            user=address.user,
            password=address.password or "",
            database=address.database,
            unix_socket=options.get("unix_socket") or options.get("socket"),
            charset="utf8mb4",
            init_command="SET SESSION sql_mode = ''",
        )
        connection.cursor().execute("SET SESSION TRANSACTION READ ONLY")
    except pymysql.Error as error:
        raise _refused(address, error) from None
    return Source("mysql", address.label, connection, pymysql.Error)


def _sqlite(address: Address) -> Source:
    path = _file(address, "SQLite")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        raise _refused(address, error) from None
    return Source("sqlite", address.label, connection, sqlite3.Error)


def _duckdb(address: Address) -> Source:
    path = _file(address, "DuckDB")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise _refused(address, error) from None
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


def _file(address: Address, noun: str) -> Path:
    path = Path(address.database)
    if not path.is_file():
        msg = f"there is no {noun} file {path} → check the path; {noun.lower()}:////… is absolute"
        raise DatabaseError(msg)
    return path


def _driver(module: str, extra: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        msg = f"{extra} needs the package {error.name} → pip install 'dataforge-studio[{extra}]'"
        raise UsageError(msg) from None


def _refused(address: Address, error: Exception) -> DatabaseError:
    return DatabaseError(f"cannot open the database {address.label}: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    text = str(error.args[-1]) if error.args else str(error)
    return (text.strip().splitlines() or [type(error).__name__])[0]
