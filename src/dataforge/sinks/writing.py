"""One part of one table, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from dataforge.schema import Table
from dataforge.sinks.atomic import replacing
from dataforge.sinks.layout import Part
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.port import FileSink


class _RowCount:
    """Counts the rows that pass through."""

    def __init__(self) -> None:
        self.rows = 0

    def over(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def write_part(
    sink: FileSink,
    table: Table,
    arrow_schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    directory: Path,
    part: Part,
) -> PartEntry:
    """Write ``batches`` to ``directory / part.path`` and return its manifest entry.

    The bytes go to a hidden file beside it, are hashed on the way and take the final name at the
    end; the disk takes them in its own time, and the manifest's hash tells whether it has.
    OutputError when the file cannot be written; whatever fails, nothing half-written stays.
    """
    counted = _RowCount()
    with replacing(directory / part.path, durable=False) as stream:
        sink.write(table, arrow_schema, counted.over(batches), stream)
    return PartEntry(
        path=part.path,
        start=part.start,
        rows=counted.rows,
        size_bytes=stream.size_bytes,
        sha256=stream.sha256,
    )
