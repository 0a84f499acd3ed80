"""Load: a data set goes into a database, with every constraint switched on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from dataforge.errors import UsageError
from dataforge.schema import Table, dirtied, normalize, read_schema
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.databases.connect import open_database
from dataforge.sinks.formats import form_of, sink_of
from dataforge.sinks.manifest import TableEntry, read_manifest
from dataforge.sinks.objects.place import ObjectPlace
from dataforge.sinks.port import FileSink
from dataforge.sinks.reading import read_part
from dataforge.workflows.bucket import Fetched, fetched
from dataforge.workflows.directory import SCHEMA_NAME, refuse_unfinished
from dataforge.workflows.events import EventLog, Listener, LoadReport, ignore
from dataforge.workflows.filled import keep_manifest


def load(
    place: Path | ObjectPlace, url: str, *, manifest: bool = True, on_event: Listener = ignore
) -> LoadReport:
    """Load a generated data set into a database; nothing stays of a load that fails.

    ``manifest`` keeps the schema and a digest of every table in the database, for ``verify``.
    From an object store one file at a time is copied to this machine. Raises ``UsageError`` where
    there is no finished data set or its format cannot be read back (SQL), ``DatabaseError`` where
    the server refuses.
    """
    if isinstance(place, ObjectPlace):
        with fetched(place) as here:
            return _load(here.directory, str(place), url, EventLog(on_event), here, keep=manifest)
    refuse_unfinished(place)
    return _load(place, str(place), url, EventLog(on_event), None, keep=manifest)


def _load(
    directory: Path,
    label: str,
    url: str,
    log: EventLog,
    remote: Fetched | None,
    *,
    keep: bool,
) -> LoadReport:
    manifest = read_manifest(directory)
    described = read_schema(directory / SCHEMA_NAME)
    schema = dirtied(normalize(described))
    if manifest.format == "sql":
        msg = f"{label} holds SQL scripts → run them with the database's own client"
        raise UsageError(msg)
    sink = sink_of(form_of(manifest), schema)
    log.rows_total = sum(entry.rows for entry in manifest.tables)
    log.append("started")
    loaded: dict[str, int] = {}
    with open_database(url) as target:
        target.create(schema)
        for note in target.notes:
            log.append("note", message=note)
        for entry in manifest.tables:
            table = schema.table(entry.name)
            batches = log.counted(entry.name, _batches(sink, table, entry, directory, remote))
            loaded[entry.name] = target.load(table, arrow_schema_of(table), batches)
        log.append("progress", message="switching constraints on")
        target.finish(schema)
    if keep:
        keep_manifest(url, described, loaded, log)
    log.append("finished")
    return LoadReport(target.dialect, loaded, target.notes)


def _batches(
    sink: FileSink, table: Table, entry: TableEntry, directory: Path, remote: Fetched | None
) -> Iterator[pa.RecordBatch]:
    for part in entry.parts:
        if remote is not None:
            remote.fetch(part.path)
        yield from read_part(sink, table, directory, part)
        if remote is not None:
            remote.drop(part.path)
