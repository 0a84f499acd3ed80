"""Excel: one workbook for a data set, a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dataforge.errors import Problem, UsageError
from dataforge.schema import (
    ArrayType,
    BinaryType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    Table,
    TextType,
    TimestampType,
)
from dataforge.sinks.excel.cells import EXACT_DIGITS, TEXT_CHARACTERS
from dataforge.sinks.excel.names import SHEET_COLUMNS
from dataforge.sinks.excel.package import write_workbook
from dataforge.sinks.excel.read import sheet_rows
from dataforge.sinks.excel.sheets import Sheet
from dataforge.sinks.excel.values import batches_of
from dataforge.sinks.port import ByteStream


@dataclass(frozen=True, slots=True)
class ExcelSink:
    """Workbooks that keep numbers, dates, times and truth values as such."""

    kind: str = "xlsx"
    extension: str = "xlsx"

    def losses(self, table: Table) -> tuple[str, ...]:
        """Say what a double or a cell cannot hold."""
        columns: dict[str, list[str]] = {}
        for column in table.columns:
            columns.setdefault(_loss(column.type), []).append(column.name)
        return tuple(f"{', '.join(names)}: {loss}" for loss, names in columns.items() if loss)

    def refuse(self, tables: Sequence[Table]) -> None:
        """UsageError lists the tables with more columns than a sheet has."""
        wide = [
            Problem(
                f"tables.{table.name}",
                f"has {len(table.columns):,} columns; a sheet of Excel has {SHEET_COLUMNS:,}",
                "write another format, or leave columns out",
            )
            for table in tables
            if len(table.columns) > SHEET_COLUMNS
        ]
        if wide:
            raise UsageError("the data set does not fit a workbook:", wide)

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write a workbook of one sheet."""
        self.write_sheets([Sheet("rows", table, arrow_schema, batches)], stream)

    def write_sheets(self, sheets: Sequence[Sheet], stream: ByteStream) -> list[int]:
        """Write a workbook; return the number of rows of each sheet."""
        return write_workbook(sheets, stream)

    def read(self, table: Table, arrow_schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the first sheet back, types as in ``arrow_schema``."""
        return self.read_sheet(table, arrow_schema, path, None)

    def read_sheet(
        self, table: Table, arrow_schema: pa.Schema, path: Path, sheet: str | None
    ) -> Iterator[pa.RecordBatch]:
        """Read a sheet back; UsageError where there is none of that name."""
        rows = sheet_rows(path, sheet)
        header = ["" if cell is None else cell.text for cell in next(rows, [])]
        yield from batches_of(rows, header, table, arrow_schema)


def _loss(logical: ColumnType) -> str:
    match logical:
        case IntegerType(bits=64):
            return f"numbers of more than {EXACT_DIGITS} digits are written as text"
        case DecimalType(precision=precision) if precision > EXACT_DIGITS:
            return f"numbers of more than {EXACT_DIGITS} digits are written as text"
        case FloatType():
            return "NaN and infinities are written as text; Excel shows 15 digits"
        case DateType():
            return "days before March 1900 are written as text"
        case TimestampType(zoned=zoned):
            moments = "moments before March 1900 are written as text"
            return f"{moments}; instants are in UTC, as Excel has no zones" if zoned else moments
        case BinaryType():
            return "bytes are written as hexadecimal digits"
        case ArrayType():
            return "lists are written as JSON text"
        case TextType():
            return f"text beyond {TEXT_CHARACTERS:,} characters is cut"
        case _:
            return ""
