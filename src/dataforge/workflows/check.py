"""Verify: prove what was written, and name the cells that are not what the schema makes.

The verdict comes from the verifier, which shares no code with the engine. Only where a file's
bytes are not the manifest's is the engine asked, as a witness, which cells were changed: any part
can be made again, so the differing rows and columns can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge._version import __version__
from dataforge.engine import Plan, compile_written
from dataforge.errors import DataForgeError, OutputError
from dataforge.schema import Schema, read_schema
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.files.restore import read_type, restored
from dataforge.sinks.formats import form_of, sink_of
from dataforge.sinks.manifest import MANIFEST_NAME, Manifest, PartEntry, TableEntry, read_manifest
from dataforge.sinks.objects.place import ObjectPlace
from dataforge.sinks.partitions import read_order
from dataforge.sinks.reading import read_part
from dataforge.streams import IntArray
from dataforge.verification import (
    CERTIFICATE_NAME,
    Certificate,
    Check,
    Violation,
    statement_values,
    verify_database,
    verify_directory,
)
from dataforge.workflows.bucket import Fetched, fetched
from dataforge.workflows.directory import CLEAN_NAME, SCHEMA_NAME, refuse_unfinished
from dataforge.workflows.events import EventLog, Listener, ignore

_MOST_EXAMPLES = 5


def verify_target(
    target: str | Path | ObjectPlace, schema: Schema | None = None, on_event: Listener = ignore
) -> Certificate:
    """Prove a data set or a database (a URL); return the certificate.

    A data set brings its schema, as does a database that keeps a manifest; ``schema`` is what to
    prove any other database against.

    A data set's certificate is also written into it, with a note where it cannot be. One in an
    object store is copied to this machine first. Raises
    ``UsageError`` where there is nothing to verify; broken constraints are failed checks, not
    exceptions.
    """
    log = EventLog(on_event)

    def progress(table: str, rows_done: int, rows_total: int) -> None:
        log.rows_total = rows_total
        log.append("progress", table, rows_done - log.rows_done)

    log.append("started")
    if isinstance(target, ObjectPlace):
        with fetched(target) as here:
            _fetch_all(here, target)
            certificate = _proven(here.directory, progress)
        _keep(log, lambda: target.write_bytes(CERTIFICATE_NAME, certificate.content()))
    elif isinstance(target, str) and "://" in target:
        certificate = verify_database(target, schema, on_progress=progress)
        certificate = _with_changed_rows(certificate, target)
    else:
        directory = Path(target)
        refuse_unfinished(directory)
        certificate = _proven(directory, progress)
        _keep(log, lambda: certificate.write(directory / CERTIFICATE_NAME))
    log.append("finished")
    return certificate


def _fetch_all(here: Fetched, place: ObjectPlace) -> None:
    """Copy every file of a data set and of its clean twin."""
    for path in _files(read_manifest(here.directory)):
        here.fetch(path)
    if place.read_bytes(f"{CLEAN_NAME}/{MANIFEST_NAME}") is not None:
        here.fetch(f"{CLEAN_NAME}/{MANIFEST_NAME}")
        for path in _files(read_manifest(here.directory / CLEAN_NAME)):
            here.fetch(f"{CLEAN_NAME}/{path}")


def _files(manifest: Manifest) -> Iterable[str]:
    return dict.fromkeys(part.path for table in manifest.tables for part in table.files)


def _proven(directory: Path, progress: Callable[[str, int, int], None]) -> Certificate:
    return _witnessed(verify_directory(directory, on_progress=progress), directory)


def _keep(log: EventLog, write: Callable[[], object]) -> None:
    try:
        write()
    except OutputError as error:  # what was proven is proven, kept or not
        log.append("note", message=f"the certificate is not kept: {error.message}")


def _witnessed(certificate: Certificate, directory: Path) -> Certificate:
    """Fill in the changed cells of files whose hash is not the manifest's."""
    changed = {check.constraint for check in certificate.failures if check.kind == "file"}
    if not changed:
        return certificate
    try:
        manifest = read_manifest(directory)
        plan = compile_written(read_schema(directory / SCHEMA_NAME))
    except DataForgeError:
        return certificate  # the schema is what was changed: the verifier has said so
    checks = tuple(
        _with_cells(check, plan, manifest, directory) if check.constraint in changed else check
        for check in certificate.checks
    )
    return certificate.model_copy(update={"checks": checks})


def _with_changed_rows(certificate: Certificate, url: str) -> Certificate:
    """Name the cells of a database's tables whose digest is not the manifest's."""
    changed = {check.table for check in certificate.failures if check.kind == "content"}
    if not changed:
        return certificate
    # Both load drivers, which a run that only writes files does without.
    from dataforge.verification.loaded import LoadedTable, manifests_of  # noqa: PLC0415
    from dataforge.workflows.suspects import name_changes  # noqa: PLC0415

    named: dict[str, tuple[LoadedTable, Plan]] = {}
    for manifest in manifests_of(url):
        if manifest.engine_version == __version__:
            plan = compile_written(manifest.schema_of_rows())
            named |= {t.name: (t, plan) for t in manifest.tables if t.name in changed}
    checks = tuple(
        name_changes(check, url, *named[check.table])
        if check.kind == "content" and check.verdict == "failed" and check.table in named
        else check
        for check in certificate.checks
    )
    return certificate.model_copy(update={"checks": checks})


def _with_cells(check: Check, plan: Plan, manifest: Manifest, directory: Path) -> Check:
    entry = next((each for each in manifest.tables if each.name == check.table), None)
    parts = () if entry is None else entry.parts
    part = next((each for each in parts if each.path == check.constraint), None)
    if entry is None or part is None:
        return check
    try:
        cells = list(_changed_cells(plan, manifest, entry, part, directory))
    except (DataForgeError, pa.ArrowException, OSError, ValueError):
        return check  # the file cannot be read as its format: the verifier has said so
    if not cells:
        return check
    columns = tuple(dict.fromkeys(cell.column for cell in cells))
    return check.model_copy(
        update={
            "columns": columns,
            "violations": len(cells),
            "examples": tuple(cells[:_MOST_EXAMPLES]),
        }
    )


def _changed_cells(
    plan: Plan, manifest: Manifest, entry: TableEntry, part: PartEntry, directory: Path
) -> Iterator[Violation]:
    """Compare a part with what the schema makes, batch by batch."""
    numbers = _row_numbers(entry, part, directory)
    done = 0
    for written in _written(plan, manifest, entry, part, directory):
        rows = numbers[done : done + written.num_rows]
        if len(rows) < written.num_rows:
            return  # rows that the schema does not have: the verifier has said so
        if not len(rows):
            continue
        first, last = int(rows[0]), int(rows[-1])
        made = next(plan.batches(entry.name, first, last + 1, batch_rows=1 << 30))
        made = made.take(pa.array(rows - first))
        for name in made.schema.names[: written.num_columns]:
            yield from _differences(name, made.column(name), written.column(name), rows)
        done += written.num_rows


def _row_numbers(entry: TableEntry, part: PartEntry, directory: Path) -> IntArray:
    """Return the number in the table of each row of a part."""
    order = next((each for each in entry.order or () if each.start == part.start), None)
    if order is None:
        return np.arange(part.start, part.start + part.rows)
    beside = [each.path for each in entry.parts if each.start == part.start]
    places = read_order(directory / order.path)
    return np.flatnonzero(places == beside.index(part.path)) + part.start


def _written(
    plan: Plan, manifest: Manifest, entry: TableEntry, part: PartEntry, directory: Path
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a part; statements are read by the verifier, as no sink does."""
    table = plan.written_schema.table(entry.name)
    if manifest.format != "sql":
        sink = sink_of(form_of(manifest), plan.written_schema)
        yield from read_part(sink, table, directory, part)
        return
    types = arrow_schema_of(table)
    found = statement_values(directory / part.path, manifest, plan.schema, table, entry.columns)
    for batch in found:
        columns = [
            array.cast(read_type(types.field(name).type))
            for name, array in zip(batch.schema.names, batch.columns, strict=True)
        ]
        read = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
        yield restored(read, pa.schema([types.field(name) for name in entry.columns]))


def _differences(
    name: str, made: pa.Array, written: pa.Array, rows: IntArray
) -> Iterator[Violation]:
    if pa.types.is_nested(written.type):
        made_text, written_text = (pa.array(map(str, each.to_pylist())) for each in (made, written))
    else:
        made_text, written_text = made.cast(pa.string()), written.cast(pa.string())
    same = pc.equal(made_text.fill_null("\0"), written_text.fill_null("\0"))
    for row in pc.indices_nonzero(pc.invert(same)).to_pylist()[:_MOST_EXAMPLES]:
        found, expected = written_text[row].as_py(), made_text[row].as_py()
        told = f"{_shown(found)} where the schema makes {_shown(expected)}"
        yield Violation(row=int(rows[row]), column=name, found=told)


def _shown(value: str | None) -> str:
    return "null" if value is None else repr(value[:30])
