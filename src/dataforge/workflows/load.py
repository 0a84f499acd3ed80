"""Load: a data set directory goes into a database, with every constraint switched on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from dataforge.errors import UsageError
from dataforge.schema import Table, read_schema
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.databases.connect import open_database
from dataforge.sinks.formats import form_of, sink_of
from dataforge.sinks.manifest import TableEntry, read_manifest
from dataforge.sinks.port import FileSink
from dataforge.sinks.reading import read_part
from dataforge.workflows.directory import SCHEMA_NAME, refuse_unfinished
from dataforge.workflows.events import EventLog, Listener, LoadReport, ignore


def load(directory: Path, url: str, *, on_event: Listener = ignore) -> LoadReport:
    """Load a generated directory into a database; nothing stays of a load that fails.

    Raises ``UsageError`` where the directory is no finished data set or its format cannot be
    read back (SQL), ``DatabaseError`` where the server refuses.
    """
    refuse_unfinished(directory)
    manifest = read_manifest(directory)
    schema = read_schema(directory / SCHEMA_NAME)
    if manifest.format == "sql":
        msg = f"{directory} holds SQL scripts → run them with the database's own client"
        raise UsageError(msg)
    sink = sink_of(form_of(manifest), schema)
    log = EventLog(on_event, sum(entry.rows for entry in manifest.tables))
    log.append("started")
    loaded: dict[str, int] = {}
    with open_database(url) as target:
        target.create(schema)
        for note in target.notes:
            log.append("note", message=note)
        for entry in manifest.tables:
            table = schema.table(entry.name)
            batches = log.counted(entry.name, _batches(sink, table, entry, directory))
            loaded[entry.name] = target.load(table, arrow_schema_of(table), batches)
        log.append("progress", message="switching constraints on")
        target.finish(schema)
    log.append("finished")
    return LoadReport(target.dialect, loaded, target.notes)


def _batches(
    sink: FileSink, table: Table, entry: TableEntry, directory: Path
) -> Iterator[pa.RecordBatch]:
    for part in entry.parts:
        yield from read_part(sink, table, directory, part)
