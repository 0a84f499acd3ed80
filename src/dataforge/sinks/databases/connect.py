"""From a URL to an open database."""

from __future__ import annotations

from collections.abc import Callable

from dataforge.addresses import Address, parse_url, scheme_of
from dataforge.errors import UsageError
from dataforge.registry import Registry
from dataforge.sinks.databases.port import DatabaseTarget


def is_database_url(text: str) -> bool:
    """Tell whether ``text`` is the URL of a kind of database that can be opened."""
    return "://" in text and scheme_of(text) in DATABASES


def open_database(url: str) -> DatabaseTarget:
    """Open ``postgresql://``, ``mysql://``, ``mariadb://``, ``sqlite:///`` or ``duckdb:///path``.

    UnknownNameError for another scheme, UsageError where the driver is not installed,
    DatabaseError when the connection fails. Use the result as a context manager.
    """
    return DATABASES[scheme_of(url)](parse_url(url))


def _postgres(address: Address) -> DatabaseTarget:
    try:
        from dataforge.sinks.databases.postgres import PostgresTarget  # noqa: PLC0415 - optional
    except ModuleNotFoundError as error:
        raise _missing("postgres", error) from None
    return PostgresTarget.connect(address)


def _mysql(address: Address) -> DatabaseTarget:
    try:
        from dataforge.sinks.databases.mysql import MysqlTarget  # noqa: PLC0415 - optional
    except ModuleNotFoundError as error:
        raise _missing("mysql", error) from None
    return MysqlTarget.connect(address)


def _sqlite(address: Address) -> DatabaseTarget:
    from dataforge.sinks.databases.sqlite import SqliteTarget  # noqa: PLC0415 - as the others

    if not address.database:
        raise UsageError("the URL names no file → sqlite:///data.db, or sqlite:////tmp/data.db")
    return SqliteTarget.connect(address)


def _duckdb(address: Address) -> DatabaseTarget:
    from dataforge.sinks.databases.duckdb_file import DuckdbTarget  # noqa: PLC0415 - as the others

    if not address.database:
        msg = "the URL names no file → duckdb:///data.duckdb, or duckdb:////tmp/data.duckdb"
        raise UsageError(msg)
    return DuckdbTarget.connect(address)


def _missing(extra: str, error: ModuleNotFoundError) -> UsageError:
    return UsageError(
        f"{extra} needs the package {error.name} → pip install 'dataforge-studio[{extra}]'"
    )


Open = Callable[[Address], DatabaseTarget]

DATABASES: Registry[Open] = Registry(
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
