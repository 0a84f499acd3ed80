"""One part of one table, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from dataforge.schema import Table
from dataforge.sinks.excel.sheets import Sheet
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.layout import Part
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.places import Place
from dataforge.sinks.port import FileSink


class _RowCount:
    """Counts the rows that pass through."""

    def __init__(self) -> None:
        self.rows = 0

    def over(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self.rows += batch.num_rows
            yield batch


def write_book(
    sink: ExcelSink, sheets: Sequence[Sheet], place: Place, path: str
) -> tuple[PartEntry, ...]:
    """Write a workbook to ``path`` of a place; return an entry for each of its sheets."""
    with place.replacing(path) as stream:
        counts = sink.write_sheets(sheets, stream)
    return tuple(
        PartEntry(
            path=path,
            start=sheet.start,
            rows=count,
            size_bytes=stream.size_bytes,
            sha256=stream.sha256,
            sheet=sheet.name,
        )
        for sheet, count in zip(sheets, counts, strict=True)
    )


def write_part(
    sink: FileSink,
    table: Table,
    arrow_schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    place: Place,
    part: Part,
) -> PartEntry:
    """Write ``batches`` to ``part.path`` of a place and return its manifest entry.

    The bytes are hashed on the way and take the final name at the end; the manifest's hash tells
    whether they all arrived. OutputError when the file cannot be written; whatever fails, nothing
    half-written stays.
    """
    counted = _RowCount()
    with place.replacing(part.path) as stream:
        sink.write(table, arrow_schema, counted.over(batches), stream)
    return PartEntry(
        path=part.path,
        start=part.start,
        rows=counted.rows,
        size_bytes=stream.size_bytes,
        sha256=stream.sha256,
    )
