"""The text of any column, before a format quotes or escapes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)
from dataforge.sinks.text.numbers import decimal_text
from dataforge.sinks.text.scan import joined, text_bytes, text_offsets

_MICROSECONDS = 1_000_000
_FRACTION_START = 20
BARE = (
    IntegerType,
    DecimalType,
    FloatType,
    BooleanType,
    DateType,
    TimeType,
    TimestampType,
    BinaryType,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a format writes what is not plain text: each field is the text it uses."""

    true: str = "true"
    false: str = "false"
    clock: str = " "
    zone: str = "Z"
    binary: str = ""
    lists: Callable[[pa.Array, ArrayType], pa.Array] | None = None


def words(array: pa.Array, logical: ColumnType, wording: Wording) -> pa.Array:
    """Return the string array for a plain array of the logical type; null stays null."""
    match logical:
        case DecimalType():
            return decimal_text(array)
        case BooleanType():
            return pc.if_else(array, wording.true, wording.false)
        case TimeType():
            return _time_text(array)
        case TimestampType():
            return _timestamp_text(array, logical, wording)
        case BinaryType():
            return joined(wording.binary, hexadecimal(array))
        case ArrayType() if wording.lists is not None:
            return wording.lists(array, logical)
        case _:
            return array.cast(pa.string())


def _time_text(array: pa.Array) -> pa.Array:
    """Return ``HH:MM:SS``, with six decimals only for times between two seconds."""
    seconds = array.cast(pa.time32("s"), safe=False)
    whole = pc.equal(seconds.cast(pa.time64("us")), array)
    if pc.all(whole).as_py() is not False:
        return seconds.cast(pa.string())
    return pc.if_else(whole, seconds.cast(pa.string()), array.cast(pa.string()))


def _timestamp_text(array: pa.Array, logical: TimestampType, wording: Wording) -> pa.Array:
    """Return ``YYYY-MM-DD HH:MM:SS`` with as many decimals as the type has."""
    unit = "s" if logical.precision == 0 else "us"
    text = array.cast(pa.timestamp(unit), safe=False).cast(pa.string())
    if logical.precision:
        text = pc.utf8_slice_codeunits(text, 0, _FRACTION_START + logical.precision)
    if wording.clock != " ":
        text = pc.replace_substring(text, " ", wording.clock)
    return joined(text, wording.zone) if logical.zoned and wording.zone else text


_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint16)


def hexadecimal(array: pa.Array) -> pa.Array:
    """Return lower-case hexadecimal digits for a binary array."""
    offsets = text_offsets(array) if len(array) else np.zeros(1, np.int32)
    digits = _HEX[text_bytes(array)]
    doubled = ((offsets - offsets[0]) * 2).astype(np.int32)
    text = pa.StringArray.from_buffers(len(array), pa.py_buffer(doubled), pa.py_buffer(digits))
    return pc.if_else(array.is_valid(), text, None) if array.null_count else text
