"""The file formats there are, by name."""

from __future__ import annotations

from collections.abc import Callable

from dataforge.registry import Registry
from dataforge.schema import Schema
from dataforge.sinks.ddl.dialects import dialect_named
from dataforge.sinks.ddl.names import Names
from dataforge.sinks.files.arrow_ipc import ArrowSink
from dataforge.sinks.files.delimited import DelimitedSink
from dataforge.sinks.files.insert_sql import SqlSink
from dataforge.sinks.files.json_rows import JsonSink
from dataforge.sinks.files.parquet import ParquetSink
from dataforge.sinks.port import FileSink

Build = Callable[[Schema, str], FileSink]

FORMATS: Registry[Build] = Registry(
    "format",
    {
        "csv": lambda _schema, _dialect: DelimitedSink("csv", "csv", ","),
        "tsv": lambda _schema, _dialect: DelimitedSink("tsv", "tsv", "\t"),
        "jsonl": lambda _schema, _dialect: JsonSink("jsonl", "jsonl"),
        "json": lambda _schema, _dialect: JsonSink("json", "json", array=True),
        "parquet": lambda _schema, _dialect: ParquetSink(),
        "arrow": lambda _schema, _dialect: ArrowSink(),
        "sql": lambda schema, dialect: SqlSink(Names.of(schema, dialect), dialect),
    },
)


def file_sink(kind: str, schema: Schema, dialect: str | None = None) -> FileSink:
    """Return the sink of a format; UnknownNameError lists the formats and the nearest.

    ``dialect`` matters to SQL alone; without it the schema's own is taken, else PostgreSQL.
    """
    return FORMATS[kind](schema, dialect_named(dialect or schema.dialect or "postgres"))
