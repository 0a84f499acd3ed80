"""Cells of a sheet as Arrow columns of their logical types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import ColumnType, Table, TimestampType
from dataforge.sinks.excel.read import Row, SheetCell
from dataforge.sinks.files.restore import bytes_of, lists_of

_ROWS_AT_ONCE = 1 << 14
_EPOCH_DAY = 25_569
_DAY_US = 86_400_000_000
_MILLISECOND_DIGITS = 3

Column = Sequence[SheetCell | None]


def batches_of(
    rows: Iterable[Row], header: Sequence[str], table: Table, arrow_schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Yield the rows below the header as batches of ``arrow_schema``."""
    coming = iter(rows)
    places = [header.index(name) for name in arrow_schema.names]
    steps = [step_us(table.column(name).type) for name in arrow_schema.names]
    while block := list(islice(coming, _ROWS_AT_ONCE)):
        columns = [
            _array([row[place] if place < len(row) else None for row in block], field.type, step)
            for place, field, step in zip(places, arrow_schema, steps, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=arrow_schema)


def step_us(logical: ColumnType) -> int:
    """Return the steps that moments of a type are read in, microseconds.

    Where a second has three decimals at most these are Excel's own milliseconds: programs that
    save a workbook again may round what lies below.
    """
    coarse = isinstance(logical, TimestampType) and logical.precision <= _MILLISECOND_DIGITS
    return 1000 if coarse else 1


def _array(cells: Column, kind: pa.DataType, step: int) -> pa.Array:
    if pa.types.is_temporal(kind):
        return _moments(cells, kind, step)
    if pa.types.is_decimal(kind) or pa.types.is_integer(kind):
        digits = [None if cell is None else cell.digits for cell in cells]
        return pa.array(digits, pa.string()).cast(kind)
    text = pa.array([None if cell is None else cell.text for cell in cells], pa.string())
    if pa.types.is_binary(kind):
        return bytes_of(text)
    if pa.types.is_list(kind):
        return lists_of(text, kind)
    return text.cast(kind)


def _moments(cells: Column, kind: pa.DataType, step: int) -> pa.Array:
    """Read serial numbers, and text where a number could not hold the moment."""
    numbers = [float(c.text) if c is not None and c.kind == "n" else None for c in cells]
    moments = _from_serials(pa.array(numbers, pa.float64()), kind, step)
    texts = [None if c is None or c.kind == "n" else c.text.removesuffix("Z") for c in cells]
    if not any(texts):
        return moments
    written = pa.array(texts, pa.string())
    plain = pa.timestamp("us") if pa.types.is_timestamp(kind) else kind
    return pc.coalesce(moments, written.cast(plain).view(kind))


def _from_serials(serials: pa.Array, kind: pa.DataType, step: int) -> pa.Array:
    """Return what days since 1899-12-30 stand for; fractions are scaled apart."""
    values = serials.to_numpy(zero_copy_only=False)
    mask = np.isnan(values)
    filled = np.where(mask, 0.0, values)
    days = np.floor(filled)
    rest = np.rint((filled - days) * (_DAY_US / step)).astype(np.int64) * step
    if pa.types.is_time(kind):
        return pa.array(rest, mask=mask).cast(pa.int64()).view(kind)
    since = days.astype(np.int64) - _EPOCH_DAY
    if pa.types.is_date(kind):
        return pa.array(since.astype(np.int32), mask=mask).view(kind)
    return pa.array(since * _DAY_US + rest, mask=mask).view(kind)
