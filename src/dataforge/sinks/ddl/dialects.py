"""The SQL dialects that DDL is written in, and what differs between them as plain facts."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.registry import Registry


@dataclass(frozen=True, slots=True)
class Dialect:
    """Facts about a database.

    ``name_bytes`` bounds identifiers; ``default_namespaces`` are written without qualification;
    ``namespaces`` says whether tables live in schemas that DDL can create, ``folds_case`` whether
    quoted names that differ only in case are the same.
    """

    name: str
    quotes: tuple[str, str]
    name_bytes: int
    namespaces: bool
    folds_case: bool = True
    default_namespaces: frozenset[str] = frozenset({"public", "dbo", "main"})


_DIALECTS: Registry[Dialect] = Registry(
    "dialect",
    {
        "postgres": Dialect("postgres", ('"', '"'), 63, namespaces=True, folds_case=False),
        "mysql": Dialect("mysql", ("`", "`"), 64, namespaces=False),
        "sqlite": Dialect("sqlite", ('"', '"'), 255, namespaces=False),
        "duckdb": Dialect("duckdb", ('"', '"'), 255, namespaces=True),
        "tsql": Dialect("tsql", ("[", "]"), 128, namespaces=True),
        "oracle": Dialect("oracle", ('"', '"'), 128, namespaces=False, folds_case=False),
    },
)
_ALIASES = {
    "postgresql": "postgres",
    "pg": "postgres",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "mssql": "tsql",
    "sqlserver": "tsql",
}


def dialect_named(name: str) -> str:
    """Return a dialect's own name for it or an alias; UnknownNameError lists the known ones."""
    return dialect(name).name


def dialect(name: str) -> Dialect:
    """Return the facts about the dialect of this name or alias."""
    lowered = name.lower()
    return _DIALECTS[_ALIASES.get(lowered, lowered)]
