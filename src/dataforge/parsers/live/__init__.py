"""The schema of a live database, from the definitions in its own catalogue.

SQLite, MySQL/MariaDB and DuckDB keep or print CREATE statements; PostgreSQL's are put together from
its catalogue as pg_dump does. Either goes through the DDL parser. Rows are counted, never read.
"""

from __future__ import annotations

from dataforge.parsers.sql.result import ParsedDdl

__all__ = ["reflect"]


def reflect(url: str, *, count_rows: bool = False, strict: bool = False) -> ParsedDdl:
    """Return the schema of the database at ``url``; see ``parsers.live.reflection.reflect``."""
    from dataforge.parsers.live import reflection  # noqa: PLC0415 - loads a driver

    return reflection.reflect(url, count_rows=count_rows, strict=strict)
