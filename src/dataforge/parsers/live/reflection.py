"""From an open database to a schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dataforge.errors import ParseError
from dataforge.parsers.live.postgres import postgres_script
from dataforge.parsers.live.sources import Source, open_source
from dataforge.parsers.live.stored import duckdb_script, mysql_script, sqlite_script
from dataforge.parsers.sql.reading import parse_ddl
from dataforge.parsers.sql.result import ParsedDdl
from dataforge.schema import Schema, Table


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of database tells its definitions, and the dialect that they are in."""

    dialect: str
    script: Callable[[Source], str]
    quote: str = '"'


KINDS: Mapping[str, Kind] = {
    "postgres": Kind("postgres", postgres_script),
    "mysql": Kind("mysql", mysql_script, "`"),
    "sqlite": Kind("sqlite", sqlite_script),
    "duckdb": Kind("postgres", duckdb_script),
}


def reflect(url: str, *, count_rows: bool = False, strict: bool = False) -> ParsedDdl:
    """Return the schema of the database at ``url``, which is only read.

    ``count_rows`` gives every table as many rows as it has there; no other row is looked at.
    Raises ParseError where the database has no table, DatabaseError where it cannot be asked.
    """
    with open_source(url) as source:
        kind = KINDS[source.kind]
        script = kind.script(source)
        if not script.strip():
            msg = (
                f"the database {source.label} has no table that this user may see → check the "
                "database's name and the user's rights"
            )
            raise ParseError(msg)
        parsed = parse_ddl(script, dialect=kind.dialect, source=source.label, strict=strict)
        schema = _counted(parsed.schema, source, kind) if count_rows else parsed.schema
    return replace(parsed, schema=schema, detected=False)


def _counted(schema: Schema, source: Source, kind: Kind) -> Schema:
    tables = tuple(
        table.model_copy(update={"rows": _count(table, source, kind)}) for table in schema.tables
    )
    return schema.model_copy(update={"tables": tables})


def _count(table: Table, source: Source, kind: Kind) -> int:
    bare = table.name.removeprefix(f"{table.namespace}.") if table.namespace else table.name
    space = table.namespace or ("public" if source.kind == "postgres" else None)
    relation = ".".join(_quoted(part, kind.quote) for part in (space, bare) if part)
    (count,) = source.rows(f"SELECT count(*) FROM {relation}")[0]
    return int(count)


def _quoted(name: str, mark: str) -> str:
    return mark + name.replace(mark, mark * 2) + mark
