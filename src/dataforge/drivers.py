"""What every module that opens a database needs: its driver, its options, words for a refusal."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from dataforge.addresses import Address
from dataforge.errors import DatabaseError, UsageError


def driver(module: str, extra: str) -> Any:
    """Import an optional driver; UsageError names the extra that brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        msg = f"{extra} needs the package {error.name} → pip install 'dataforge-studio[{extra}]'"
        raise UsageError(msg) from None


def postgres_options(address: Address) -> dict[str, Any]:
    """Return the arguments of ``psycopg.connect`` for an address."""
    return {
        "host": address.host or None,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database or None,
        **dict(address.options),
    }


def mysql_options(address: Address) -> dict[str, Any]:
    """Return the arguments of ``pymysql.connect`` for an address."""
    options = dict(address.options)
    return {
        "host": address.host or "localhost",
        "port": address.port or 3306,
        "user": address.user,
        "password": address.password or "",
        "database": address.database or None,
        "unix_socket": options.get("unix_socket") or options.get("socket"),
        "charset": "utf8mb4",
    }


def existing_file(address: Address, noun: str) -> Path:
    """Return the file of an address; DatabaseError where there is none."""
    path = Path(address.database)
    if not path.is_file():
        msg = f"there is no {noun} file {path} → check the path; {noun.lower()}:////… is absolute"
        raise DatabaseError(msg)
    return path


def refused(address: Address, error: Exception) -> DatabaseError:
    """Return what to raise where a database cannot be opened; never with the password."""
    return DatabaseError(f"cannot open the database {address.label}: {first_line(error)}")


def first_line(error: Exception) -> str:
    """Return the first line of what a driver says."""
    text = str(error.args[-1]) if error.args else str(error)
    return (text.strip().splitlines() or [type(error).__name__])[0]
