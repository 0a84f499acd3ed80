"""Sheets of a workbook as Parquet files of text, which DuckDB reads in bounded memory.

Numbers keep their digits; dates, which a workbook has as days since 1899-12-30, become their usual
form by the standard library's own calendar, and truth values words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataforge.schema import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    IntegerType,
    Table,
    TimestampType,
    TimeType,
)
from dataforge.sinks.excel.read import SheetCell, sheet_rows

_ROWS_AT_ONCE = 1 << 16
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel has no zones
_DAY_US = 86_400_000_000
_MILLISECOND_US = 1000
_MILLISECOND_DIGITS = 3

Tell = Callable[[SheetCell], str]


def header_of(path: Path, sheet: str | None) -> list[str]:
    """Return the texts of a sheet's first row; UsageError where there is no such sheet."""
    return ["" if cell is None else cell.text for cell in next(sheet_rows(path, sheet), [])]


def sheet_as_parquet(path: Path, sheet: str, table: Table, folder: Path) -> Path:
    """Write the rows of a sheet as columns ``c0``, ``c1`` of text; return the file."""
    rows = sheet_rows(path, sheet)
    header = ["" if cell is None else cell.text for cell in next(rows, [])]
    tells = [_tell(table.column(name).type) for name in header]
    names = [f"c{number}" for number in range(len(header))]
    made = folder / f"{len(list(folder.glob('*.parquet')))}.parquet"
    with pq.ParquetWriter(made, pa.schema([(name, pa.string()) for name in names])) as writer:
        while block := list(islice(rows, _ROWS_AT_ONCE)):
            columns = [_texts(block, place, tell) for place, tell in enumerate(tells)]
            writer.write_table(pa.table(columns, names=names))
    return made


def _texts(rows: Sequence[Sequence[SheetCell | None]], place: int, tell: Tell) -> pa.Array:
    cells = (row[place] if place < len(row) else None for row in rows)
    return pa.array([None if cell is None else tell(cell) for cell in cells], pa.string())


def _tell(logical: ColumnType) -> Tell:
    match logical:
        case DateType() | TimestampType() | TimeType():
            return lambda cell: _moment(cell, logical)
        case BooleanType():
            return lambda cell: {"1": "true", "0": "false"}.get(cell.text, cell.text)
        case DecimalType() | IntegerType():
            return lambda cell: cell.digits
        case _:
            return lambda cell: cell.text


def _moment(cell: SheetCell, logical: ColumnType) -> str:
    if cell.kind != "n":
        return cell.text
    days, fraction = divmod(float(cell.text), 1)
    coarse = isinstance(logical, TimestampType) and logical.precision <= _MILLISECOND_DIGITS
    step = _MILLISECOND_US if coarse else 1  # what saves a workbook again may round what is finer
    microseconds = round(fraction * _DAY_US / step) * step
    moment = _EPOCH + timedelta(days=days, microseconds=microseconds)
    match logical:
        case DateType():
            return moment.date().isoformat() if not fraction else moment.isoformat()
        case TimeType():
            return moment.time().isoformat()
        case TimestampType(zoned=True):
            return f"{moment.isoformat(' ')}Z"
        case _:
            return moment.isoformat(" ")
