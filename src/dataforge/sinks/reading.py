"""One part of one table, read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from dataforge.schema import Table
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.port import FileSink


def read_part(
    sink: FileSink, table: Table, directory: Path, part: PartEntry
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a part as batches of the table's Arrow schema."""
    path, arrow_schema = directory / part.path, arrow_schema_of(table)
    if isinstance(sink, ExcelSink):
        yield from sink.read_sheet(table, arrow_schema, path, part.sheet)
    else:
        yield from sink.read(table, arrow_schema, path)
