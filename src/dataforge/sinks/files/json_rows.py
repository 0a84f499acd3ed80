"""JSON Lines, and JSON as one array of objects with an object on each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from dataforge.schema import (
    BinaryType,
    ColumnType,
    DecimalType,
    FloatType,
    GeometryType,
    JsonType,
    Table,
    TimestampType,
)
from dataforge.sinks.files.restore import read_json_lines
from dataforge.sinks.port import ByteStream
from dataforge.sinks.text.json_text import JSON, json_values
from dataforge.sinks.text.rows import RowText

_BLOCK_BYTES = 1 << 24
_EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class JsonSink:
    """Objects with the columns as members; ``array`` makes the file one JSON document."""

    kind: str
    extension: str
    array: bool = False

    def losses(self, table: Table) -> tuple[str, ...]:
        """Say what JSON has no type for."""
        return tuple(
            f"{column.name}: {loss}" for column in table.columns if (loss := _loss(column.type))
        )

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write the objects; within an array a comma ends every line but the last."""
        blocks = _row_text(table, arrow_schema.names, ",\n" if self.array else "\n").blocks(batches)
        if not self.array:
            for block in blocks:
                stream.write(block)
            return
        stream.write(b"[\n")
        held: memoryview[int] | None = None
        for block in blocks:
            if held is not None:
                stream.write(held)
            held = block
        stream.write(b"]\n" if held is None else bytes(held[:-2]) + b"\n]\n")

    def read(self, table: Table, arrow_schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the file back, types as in ``arrow_schema``."""
        raw = [c.name for c in table.columns if isinstance(c.type, JsonType)]
        raw = [name for name in raw if name in arrow_schema.names]
        with pa.input_stream(str(path), compression="detect") as file:
            for lines in _line_blocks(file):
                data = lines.replace(b"},\n", b"}\n") if self.array else lines
                read = _read_block(data, arrow_schema, raw)
                yield from read.to_batches()


def _read_block(data: bytes, arrow_schema: pa.Schema, raw: list[str]) -> pa.Table:
    """Read complete lines; the texts of JSON columns are taken as they stand."""
    parsed = pa.schema([field for field in arrow_schema if field.name not in raw])
    if not raw:
        return read_json_lines(data, parsed)
    from dataforge.sinks.files.raw_json import member_texts  # noqa: PLC0415 - loads DuckDB

    columns = {name: member_texts(data, name) for name in raw}
    if parsed:
        read = read_json_lines(data, parsed)
        columns |= dict(zip(read.schema.names, read.columns, strict=True))
    return pa.table([columns[name] for name in arrow_schema.names], schema=arrow_schema)


def _line_blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield blocks of whole object lines, without the brackets of an array."""
    rest = b""
    while chunk := file.read(_BLOCK_BYTES):
        lines, newline, rest = (rest + chunk).rpartition(b"\n")
        block = (lines + newline).removeprefix(b"[\n")
        block = block.removesuffix(b"]\n") if block.endswith((b"\n]\n", b"]\n")) else block
        if block:
            yield block
    if rest:
        yield rest


def _row_text(table: Table, names: list[str], after: str) -> RowText:
    encoders = [
        partial(json_values, logical=table.column(name).type, wording=JSON) for name in names
    ]
    keys = [json.dumps(name, ensure_ascii=False) + ":" for name in names]
    return RowText(
        encoders,
        before="{" + keys[0],
        between=["," + key for key in keys[1:]],
        after="}" + after,
        null="null",
    )


def _loss(logical: ColumnType) -> str:
    match logical:
        case BinaryType():
            return "bytes are written as hexadecimal digits"
        case DecimalType() if logical.precision > _EXACT_DIGITS:
            return f"{logical.precision} digits are written, many readers keep 15 to 17"
        case FloatType():
            return "NaN and infinities are written as null"
        case TimestampType(zoned=True):
            return "instants are written in UTC, marked Z"
        case GeometryType():
            return "shapes are written as well-known text"
        case _:
            return ""
