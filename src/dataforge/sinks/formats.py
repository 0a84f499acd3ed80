"""The file formats there are, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dataforge.errors import UnknownNameError, UsageError
from dataforge.registry import Registry
from dataforge.schema import Schema
from dataforge.sinks.compression import EXTENSIONS, CompressedSink
from dataforge.sinks.ddl.dialects import dialect_named
from dataforge.sinks.ddl.names import Names
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.files.arrow_ipc import ArrowSink
from dataforge.sinks.files.delimited import DelimitedSink
from dataforge.sinks.files.insert_sql import SqlSink
from dataforge.sinks.files.json_rows import JsonSink
from dataforge.sinks.files.parquet import ParquetSink
from dataforge.sinks.forms import Form
from dataforge.sinks.manifest import Manifest
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
        "xlsx": lambda _schema, _dialect: ExcelSink(),
        "sql": lambda schema, dialect: SqlSink(Names.of(schema, dialect), dialect),
    },
)

CODECS = {
    "parquet": ("zstd", "gzip", "snappy", "none"),
    "arrow": ("lz4", "zstd", "none"),
}
"""What formats with compression of their own may use; the first is what they use unasked."""


def file_sink(kind: str, schema: Schema, dialect: str | None = None) -> FileSink:
    """Return the sink of a format; UnknownNameError lists the formats and the nearest.

    ``dialect`` matters to SQL alone; without it the schema's own is taken, else PostgreSQL.
    """
    return FORMATS[kind](schema, dialect_of(schema, dialect))


def dialect_of(schema: Schema, asked: str | None = None) -> str:
    """Return the name of the dialect to write: the one asked for, the schema's, or PostgreSQL's."""
    return dialect_named(asked or schema.dialect or "postgres")


def sink_of(form: Form, schema: Schema) -> FileSink:
    """Return the sink that writes and reads ``form``; UsageError where a format cannot do so."""
    sink = file_sink(form.format, schema, form.dialect)
    if form.defused:
        sink = _defused(sink)
    return sink if form.compression is None else _compressed(sink, form.compression)


def truth_form(form: Form) -> Form:
    """Return the form of the truth about dirty rows: theirs where that is a file of rows alone."""
    return form if form.format not in _TRUTHLESS else Form(format="parquet")


_TRUTHLESS = frozenset({"sql", "xlsx", "duckdb"})


def form_of(manifest: Manifest) -> Form:
    """Return the form that a data set was written in, as far as reading it needs."""
    return Form(
        format=manifest.format,
        dialect=manifest.dialect,
        compression=manifest.compression,
        defused=bool(manifest.defused),
    )


def _defused(sink: FileSink) -> FileSink:
    if not isinstance(sink, DelimitedSink):
        msg = (
            f"--defuse-formulas is for csv and tsv: no spreadsheet runs text of a {sink.kind} file "
            "as a formula → leave it out"
        )
        raise UsageError(msg)
    return replace(sink, defused=True)


def _compressed(sink: FileSink, compression: str) -> FileSink:
    if isinstance(sink, ExcelSink):
        raise UsageError("a workbook is packed already → leave out --compression")
    known = CODECS.get(sink.kind, tuple(EXTENSIONS))
    if compression not in known:
        raise UnknownNameError.of(f"compression of {sink.kind}", compression, known)
    codec = None if compression == "none" else compression
    if isinstance(sink, ArrowSink):
        return replace(sink, codec=codec)
    if isinstance(sink, ParquetSink):
        return replace(sink, codec=compression, level=sink.level if codec == "zstd" else None)
    return CompressedSink(sink, compression)
