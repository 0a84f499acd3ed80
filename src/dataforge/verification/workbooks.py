"""Sheets of a workbook as Parquet files of text, which DuckDB reads in bounded memory.

Numbers keep their digits; dates, which a workbook has as days since 1899-12-30, become their usual
form by Arrow's calendar, and truth values words.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
from dataforge.sinks.excel.columns import CellColumn, sheet_columns
from dataforge.sinks.excel.read import sheet_rows

_EPOCH = -25_569  # 1899-12-30 in days since 1970
_DAY_US = 86_400_000_000
_MILLISECOND_US = 1000
_MILLISECOND_DIGITS = 3
_DIGITS = 15

Tell = Callable[[CellColumn], pa.Array]


def header_of(path: Path, sheet: str | None) -> list[str]:
    """Return the texts of a sheet's first row; UsageError where there is no such sheet."""
    return ["" if cell is None else cell.text for cell in next(sheet_rows(path, sheet), [])]


def sheet_as_parquet(path: Path, sheet: str, table: Table, folder: Path) -> Path:
    """Write the rows of a sheet as columns ``c0``, ``c1`` of text; return the file."""
    header = header_of(path, sheet)
    tells = [_tell(table.column(name).type) for name in header]
    names = [f"c{number}" for number in range(len(header))]
    made = folder / f"{len(list(folder.glob('*.parquet')))}.parquet"
    with pq.ParquetWriter(made, pa.schema([(name, pa.string()) for name in names])) as writer:
        for columns in sheet_columns(path, sheet, len(header)):
            texts = [tell(column) for tell, column in zip(tells, columns, strict=True)]
            writer.write_table(pa.table(texts, names=names))
    return made


def _tell(logical: ColumnType) -> Tell:
    match logical:
        case DateType() | TimestampType() | TimeType():
            return lambda column: _moments(column, logical)
        case BooleanType():
            return _truths
        case DecimalType() | IntegerType():
            return _digits
        case _:
            return lambda column: column.texts


def _truths(column: CellColumn) -> pa.Array:
    words = pc.replace_with_mask(column.texts, _is(column.texts, "1"), pa.scalar("true"))
    return pc.replace_with_mask(words, _is(words, "0"), pa.scalar("false"))


def _is(texts: pa.Array, text: str) -> pa.Array:
    return pc.equal(texts, text).fill_null(fill_value=False)


def _digits(column: CellColumn) -> pa.Array:
    """Return numbers with no more digits than a double keeps: others save 0.1 with seventeen."""
    long = pc.and_(_is(column.kinds, "n"), pc.greater(pc.utf8_length(column.texts), _DIGITS))
    long = long.fill_null(fill_value=False)
    if not pc.any(long).as_py():
        return column.texts
    shorter = [
        format(Decimal(f"{float(text):.{_DIGITS}g}"), "f")
        for text in column.texts.filter(long).to_pylist()
    ]
    return pc.replace_with_mask(column.texts, long, pa.array(shorter, pa.string()))


def _moments(column: CellColumn, logical: ColumnType) -> pa.Array:
    """Return serial numbers as moments; text, of what a number could not hold, as it stands."""
    numbers = _is(column.kinds, "n")
    serials = column.texts.filter(numbers).cast(pa.float64()).to_numpy(zero_copy_only=False)
    days = np.floor(serials)
    coarse = isinstance(logical, TimestampType) and logical.precision <= _MILLISECOND_DIGITS
    step = _MILLISECOND_US if coarse else 1  # what saves a workbook again may round what is finer
    rest = np.rint((serials - days) * (_DAY_US / step)).astype(np.int64) * step
    told = _written((days + _EPOCH).astype(np.int64), rest, logical)
    return pc.replace_with_mask(column.texts, numbers, told)


def _written(
    days: np.ndarray[tuple[int], np.dtype[np.int64]],
    rest: np.ndarray[tuple[int], np.dtype[np.int64]],
    logical: ColumnType,
) -> pa.Array:
    moments = pa.array(days * _DAY_US + rest).cast(pa.timestamp("us"))
    match logical:
        case DateType():
            dates = pa.array(days.astype(np.int32)).cast(pa.date32()).cast(pa.string())
            return pc.if_else(pa.array(rest == 0), dates, moments.cast(pa.string()))
        case TimeType():
            return pa.array(rest % _DAY_US).cast(pa.time64("us")).cast(pa.string())
        case TimestampType(zoned=True):
            return pc.binary_join_element_wise(moments.cast(pa.string()), "Z", "")
        case _:
            return moments.cast(pa.string())
