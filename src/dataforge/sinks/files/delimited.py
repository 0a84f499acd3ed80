"""CSV as RFC 4180 has it, and the same with tabs.

Lines end in LF, not CRLF, as every reader accepts. A null is an empty field, an empty string is
``""``; other strings are quoted only where they hold a separator, a quote or a line break.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from dataforge.schema import ArrayType, BinaryType, ColumnType, FloatType, Table, TimestampType
from dataforge.sinks.files.restore import read_type, restored
from dataforge.sinks.port import ByteStream
from dataforge.sinks.text.defusing import DEFUSED_LOSS, armed_text, defused_text
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.rows import RowText
from dataforge.sinks.text.scan import joined, present, rows_with, text_offsets
from dataforge.sinks.text.words import BARE, Wording, words

CSV_WORDING = Wording(lists=json_lists)


def quoted(array: pa.Array, nasty: bytes) -> pa.Array:
    """Enclose in quotes the values that are empty or hold a byte of ``nasty``; double quotes."""
    lengths = np.diff(text_offsets(array)) if len(array) else np.ones(0, np.int32)
    empty = lengths == 0
    found = present(array, nasty)
    if not found and not (empty.any() and pc.any(pc.equal(array, "")).as_py()):
        return array
    mask = pa.array(rows_with(array, found) | empty)
    if array.null_count:
        mask = pc.and_(mask, array.is_valid())
    values = array.filter(mask)
    if b'"' in found:
        values = pc.replace_substring(values, '"', '""')
    return pc.replace_with_mask(array, mask, joined('"', values, '"'))


def delimited_text(
    array: pa.Array, logical: ColumnType, wording: Wording, nasty: bytes, *, defused: bool = False
) -> pa.Array:
    """Return the field of each value of a plain array; null stays null."""
    text = words(array, logical, wording)
    if isinstance(logical, BARE) and not isinstance(logical, BinaryType):
        return text
    return quoted(defused_text(text) if defused else text, nasty)


def row_text(
    table: Table,
    names: Iterable[str],
    delimiter: str,
    wording: Wording,
    *,
    defused: bool = False,
) -> RowText:
    """Return the encoder of a table's rows, fields in the order of ``names``."""
    nasty = f'"{delimiter}\n\r'.encode()
    encoders = [
        partial(
            delimited_text,
            logical=table.column(name).type,
            wording=wording,
            nasty=nasty,
            defused=defused,
        )
        for name in names
    ]
    return RowText(encoders, between=[delimiter] * (len(encoders) - 1))


@dataclass(frozen=True, slots=True)
class DelimitedSink:
    """Text with one line a row, fields between ``delimiter`` characters and a header.

    ``defused`` keeps spreadsheets from running text as a formula (``defusing``).
    """

    kind: str
    extension: str
    delimiter: str
    defused: bool = False

    def losses(self, table: Table) -> tuple[str, ...]:
        """Say what becomes text of another kind."""
        return (
            tuple(
                f"{column.name}: {loss}" for column in table.columns if (loss := _loss(column.type))
            )
            + (
                ("a null is written as an empty line: many readers skip it",)
                if len(table.columns) == 1 and table.columns[0].nullable
                else ()
            )
            + ((DEFUSED_LOSS,) if self.defused else ())
        )

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write the header and the rows."""
        nasty = f'"{self.delimiter}\n\r'.encode()
        header = quoted(pa.array(arrow_schema.names), nasty)
        stream.write((self.delimiter.join(header.to_pylist()) + "\n").encode())
        rows = row_text(
            table, arrow_schema.names, self.delimiter, CSV_WORDING, defused=self.defused
        )
        for block in rows.blocks(batches):
            stream.write(block)

    def read(self, table: Table, arrow_schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the file back, types as in ``arrow_schema``."""
        if path.stat().st_size == 0:
            return
        fused = [c.name for c in table.columns if not isinstance(c.type, BARE)]
        types = {field.name: read_type(field.type) for field in arrow_schema}
        reader = pyarrow.csv.open_csv(
            pa.input_stream(str(path), compression="detect"),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, ignore_empty_lines=len(types) > 1
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=types,
                include_columns=arrow_schema.names,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                timestamp_parsers=[pyarrow.csv.ISO8601],
            ),
        )
        for batch in reader:
            yield restored(_armed(batch, fused) if self.defused else batch, arrow_schema)


def _armed(batch: pa.RecordBatch, names: Collection[str]) -> pa.RecordBatch:
    """Take the apostrophes of defusing away again."""
    columns = [
        armed_text(column) if name in names else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _loss(logical: ColumnType) -> str:
    match logical:
        case BinaryType():
            return "bytes are written as hexadecimal digits"
        case ArrayType():
            return "lists are written as JSON text"
        case TimestampType(zoned=True):
            return "instants are written in UTC, marked Z"
        case FloatType():
            return "NaN and infinities are written as nan, inf and -inf"
        case _:
            return ""
