"""Databases that keep or print their own CREATE statements."""

from __future__ import annotations

from collections.abc import Iterable

from dataforge.parsers.live.sources import Source
from dataforge.schema import MANIFEST_TABLE

_SQLITE = f"""
SELECT m.sql FROM sqlite_master m LEFT JOIN pragma_table_list t
ON t.schema = 'main' AND t.name = m.name AND m.type = 'table'
WHERE m.sql IS NOT NULL AND m.type IN ('table', 'index') AND substr(m.name, 1, 7) <> 'sqlite_'
AND coalesce(t.type, 'table') = 'table' AND m.tbl_name <> '{MANIFEST_TABLE}'
ORDER BY m.type DESC, m.rowid
"""
_MYSQL_TABLES = f"""
SELECT table_name FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
AND table_name <> '{MANIFEST_TABLE}' ORDER BY table_name
"""
_DUCKDB = f"""
SELECT sql FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal
AND table_name <> '{MANIFEST_TABLE}'
UNION ALL
SELECT sql FROM duckdb_indexes() WHERE database_name = current_database() AND is_unique
"""
_DUCKDB_ENUMS = """
SELECT type_name, labels FROM duckdb_types()
WHERE database_name = current_database() AND NOT internal AND logical_type = 'ENUM'
"""


def sqlite_script(source: Source) -> str:
    """Return what ``sqlite_master`` has, without the inner tables of virtual ones."""
    return _joined(sql for (sql,) in source.rows(_SQLITE))


def mysql_script(source: Source) -> str:
    """Return SHOW CREATE TABLE of every table of the database."""
    statements = []
    for (name,) in source.rows(_MYSQL_TABLES):
        quoted = str(name).replace("`", "``")
        statements.append(source.rows(f"SHOW CREATE TABLE `{quoted}`")[0][1])
    return _joined(statements)


def duckdb_script(source: Source) -> str:
    """Return the types, tables and unique indexes that the catalogue prints."""
    enums = [
        f"CREATE TYPE {_quoted(name)} AS ENUM ({', '.join(map(_literal, labels))})"
        for name, labels in source.rows(_DUCKDB_ENUMS)
    ]
    return _joined([*enums, *(sql for (sql,) in source.rows(_DUCKDB))])


def _joined(statements: Iterable[object]) -> str:
    return "".join(f"{str(each).rstrip().rstrip(';')};\n" for each in statements)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
