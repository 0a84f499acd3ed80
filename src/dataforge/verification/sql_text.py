"""Pieces of SQL text in DuckDB's dialect, which other dialects are translated from."""

from __future__ import annotations

from collections.abc import Iterable


def ident(name: str) -> str:
    """Return a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a string literal."""
    return "'" + text.replace("'", "''") + "'"


def any_of(conditions: Iterable[str]) -> str:
    """Return the disjunction of conditions; FALSE when there are none."""
    return " OR ".join(f"({condition})" for condition in conditions) or "FALSE"


def all_of(conditions: Iterable[str]) -> str:
    """Return the conjunction of conditions; TRUE when there are none."""
    return " AND ".join(f"({condition})" for condition in conditions) or "TRUE"
