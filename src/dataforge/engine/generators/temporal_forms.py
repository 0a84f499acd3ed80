"""The forms in which a column keeps a moment: Arrow's own types, text, or epoch seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Site
from dataforge.engine.fixed_width import strings, write_digits, write_text
from dataforge.errors import Problem, SchemaError
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.types import (
    DateType,
    IntegerType,
    StringType,
    TextType,
    TimestampType,
    TimeType,
)
from dataforge.streams import IntArray

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US

_FIELDS = {"Y": 4, "M": 2, "D": 2, "h": 2, "m": 2, "s": 2}
_TEXTS = ("Y-M-D h:m:s", "YMDhms", "Y-M-D", "YMD", "Y-M", "YM", "Y")


@dataclass(frozen=True, slots=True)
class Form:
    """How moments are written, and the unit that tells two of them apart.

    ``write`` maps microseconds since 1970 (int64 (n,)) to the column's Arrow type. ``exact``
    says that different multiples of ``unit_us`` are written differently.
    """

    unit_us: int
    write: Callable[[IntArray], pa.Array]
    exact: bool = True


def form_of(site: Site) -> Form:
    """Return the form for the column's type; ``SchemaError`` when it cannot hold a moment."""
    match site.column.type:
        case DateType():
            return Form(DAY_US, _dates)
        case TimeType():
            return Form(SECOND_US, _direct(pa.time64("us")))
        case TimestampType(precision=precision) as logical:
            return Form(10 ** (6 - precision), _direct(arrow_type(logical)))
        case IntegerType(bits=bits) as logical if bits >= 32:
            return Form(SECOND_US, _epoch(arrow_type(logical)))
        case StringType(max_length=length) if length is None or length >= 4:
            return _text_form(length)
        case TextType():
            return _text_form(None)
        case other:
            path = f"tables.{site.table.name}.columns.{site.column.name}"
            found = f"a {other.kind} column of this size cannot hold a date or time"
            remedy = "use date, time, timestamp, integer(32) or a string of at least 4 characters"
            raise SchemaError.of([Problem(path, found, remedy)])


def _dates(moments: IntArray) -> pa.Array:
    days = (moments // DAY_US).astype(np.int32)
    return pa.Array.from_buffers(pa.date32(), len(days), [None, pa.py_buffer(days)])


def _direct(type_: pa.DataType) -> Callable[[IntArray], pa.Array]:
    def write(moments: IntArray) -> pa.Array:
        payload = pa.py_buffer(np.ascontiguousarray(moments))
        return pa.Array.from_buffers(type_, len(moments), [None, payload])

    return write


def _epoch(type_: pa.DataType) -> Callable[[IntArray], pa.Array]:
    return lambda moments: pa.array(moments // SECOND_US).cast(type_)


def _text_form(length: int | None) -> Form:
    layout = next(text for text in _TEXTS if length is None or _width(text) <= length)
    unit = SECOND_US if "s" in layout else DAY_US
    return Form(unit, lambda moments: _written(layout, moments), exact="D" in layout)


def _width(layout: str) -> int:
    return sum(_FIELDS.get(symbol, 1) for symbol in layout)


def _written(layout: str, moments: IntArray) -> pa.Array:
    matrix = np.empty((len(moments), _width(layout)), dtype=np.uint8)
    fields = _calendar_fields(moments)
    place = 0
    for symbol in layout:
        width = _FIELDS.get(symbol, 1)
        target = matrix[:, place : place + width]
        if symbol in _FIELDS:
            write_digits(target, fields[symbol], width)
        else:
            write_text(target, symbol)
        place += width
    return strings(matrix)


def _calendar_fields(moments: IntArray) -> dict[str, IntArray]:
    """Split moments into calendar fields (proleptic Gregorian, as NumPy's datetime64)."""
    days, within = np.divmod(moments, DAY_US)
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    seconds = within // SECOND_US
    return {
        "Y": months.astype("datetime64[Y]").astype(np.int64) + 1970,
        "M": months.astype(np.int64) % 12 + 1,
        "D": (dates - months).astype(np.int64) + 1,
        "h": seconds // 3600,
        "m": seconds // 60 % 60,
        "s": seconds % 60,
    }
