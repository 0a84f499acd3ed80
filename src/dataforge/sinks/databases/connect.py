"""From a URL to an open database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from dataforge.errors import UsageError
from dataforge.registry import Registry
from dataforge.sinks.databases.port import DatabaseTarget


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a database URL; ``label`` is safe to show."""

    host: str
    port: int | None
    user: str | None
    password: str | None
    database: str
    options: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Where it is, without user and password."""
        port = f":{self.port}" if self.port else ""
        return f"{self.host}{port}/{self.database}" if self.host else self.database


def is_database_url(text: str) -> bool:
    """Tell whether ``text`` is the URL of a kind of database that can be opened."""
    return "://" in text and _scheme(text) in DATABASES


def open_database(url: str) -> DatabaseTarget:
    """Open ``postgresql://``, ``mysql://``, ``mariadb://``, ``sqlite:///`` or ``duckdb:///path``.

    UnknownNameError for another scheme, UsageError where the driver is not installed,
    DatabaseError when the connection fails. Use the result as a context manager.
    """
    return DATABASES[_scheme(url)](parse_url(url))


def parse_url(url: str) -> Address:
    """Take a URL apart; UsageError when it is not one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # What Python's message quotes as a wrong port may be a piece of the password.
        msg = (
            "the database URL cannot be read: after the host comes a port, which is a number "
            "below 65536 → percent-encode special characters of the password"
        )
        raise UsageError(msg) from None
    return Address(
        host=parts.hostname or "",
        port=port,
        user=_decoded(parts.username),
        password=_decoded(parts.password),
        database=_path(parts),
        options=tuple(parse_qsl(parts.query)),
    )


def _path(parts: SplitResult) -> str:
    return unquote(parts.path.removeprefix("/"))


def _decoded(text: str | None) -> str | None:
    return None if text is None else unquote(text)


def _scheme(url: str) -> str:
    """Return the scheme without a driver (``mysql+pymysql`` is ``mysql``)."""
    return url.partition("://")[0].partition("+")[0].lower()


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
