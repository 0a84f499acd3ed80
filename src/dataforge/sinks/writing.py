"""One part of one table, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from dataforge.schema import Table
from dataforge.sinks.atomic import HashingStream
from dataforge.sinks.excel.sheets import Sheet
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.layout import Part, piece_path
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.places import Place
from dataforge.sinks.port import FileSink

RowRange = Callable[[int, int], Iterable[pa.RecordBatch]]


class _TooLargeError(Exception):
    """A file has more bytes than it may have."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how the rows of a table are written; files have at most ``most_bytes``."""

    sink: FileSink
    table: Table
    arrow_schema: pa.Schema
    place: Place
    most_bytes: int | None = None


class _RowCount:
    """Counts the rows that pass through, and stops where the file is too large already."""

    def __init__(self, stream: HashingStream, most_bytes: int | None) -> None:
        self.rows = 0
        self._stream = stream
        self._most_bytes = most_bytes

    def over(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self.rows += batch.num_rows
            yield batch
            self.check()

    def check(self) -> None:
        if self._most_bytes is not None and self._stream.size_bytes > self._most_bytes:
            raise _TooLargeError


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


def write_parts(target: Target, rows: RowRange, part: Part) -> tuple[PartEntry, ...]:
    """Write the rows of a part, in halves, and halves of these, where a file would be too large.

    ``rows`` gives any range of them, which is made again where it is cut; a file of one row has
    the size it has. The cuts depend on the rows alone.
    """
    if target.most_bytes is None or part.stop - part.start <= 1:
        whole = rows(part.start, part.stop)
        return (_written(replace(target, most_bytes=None), whole, part),)
    try:
        return (_written(target, rows(part.start, part.stop), part),)
    except _TooLargeError:
        middle = (part.start + part.stop) // 2
    cuts = ((part.start, middle), (middle, part.stop))
    extension = target.sink.extension
    return tuple(
        entry
        for number, (start, stop) in enumerate(cuts)
        for entry in write_parts(
            target, rows, Part(piece_path(part.path, str(number), extension), start, stop)
        )
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
    return _written(Target(sink, table, arrow_schema, place), batches, part)


def _written(target: Target, batches: Iterable[pa.RecordBatch], part: Part) -> PartEntry:
    with target.place.replacing(part.path) as stream:
        counted = _RowCount(stream, target.most_bytes)
        target.sink.write(target.table, target.arrow_schema, counted.over(batches), stream)
        counted.check()
    return PartEntry(
        path=part.path,
        start=part.start,
        rows=counted.rows,
        size_bytes=stream.size_bytes,
        sha256=stream.sha256,
    )
