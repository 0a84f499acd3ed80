"""SQL DDL to a schema: PostgreSQL, MySQL/MariaDB, SQLite, T-SQL and Oracle.

A small lexer cuts the script into statements and reads the shape of tables clause by clause;
sqlglot, which takes 0.3 s to import, translates the conditions and is loaded on first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dataforge.parsers.sql.dialects import DIALECTS, detect_dialect
from dataforge.parsers.sql.result import KeyCandidate, ParsedDdl
from dataforge.schema.model import Schema

__all__ = [
    "DIALECTS",
    "KeyCandidate",
    "ParsedDdl",
    "detect_dialect",
    "find_candidates",
    "parse_ddl",
    "read_ddl",
    "use_candidates",
]


def parse_ddl(
    text: str, *, dialect: str | None = None, source: str = "<ddl>", strict: bool = False
) -> ParsedDdl:
    """Read the tables of a SQL script; see ``dataforge.parsers.sql.reading.parse_ddl``."""
    from dataforge.parsers.sql import reading  # noqa: PLC0415  - keeps sqlglot out of start-up

    return reading.parse_ddl(text, dialect=dialect, source=source, strict=strict)


def read_ddl(path: Path, *, dialect: str | None = None, strict: bool = False) -> ParsedDdl:
    """Read the tables of a SQL file; see ``dataforge.parsers.sql.reading.read_ddl``."""
    from dataforge.parsers.sql import reading  # noqa: PLC0415  - keeps sqlglot out of start-up

    return reading.read_ddl(path, dialect=dialect, strict=strict)


def find_candidates(schema: Schema) -> tuple[KeyCandidate, ...]:
    """Return the undeclared foreign keys that are plain from the names."""
    from dataforge.parsers.sql import candidates as offered  # noqa: PLC0415  - as above

    return offered.find_candidates(schema)


def use_candidates(schema: Schema, candidates: Iterable[KeyCandidate]) -> Schema:
    """Add candidates to ``schema`` as inferred foreign keys."""
    from dataforge.parsers.sql import candidates as offered  # noqa: PLC0415  - as above

    return offered.use_candidates(schema, candidates)
