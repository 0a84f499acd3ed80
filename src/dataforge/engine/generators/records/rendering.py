"""Writing a field in the Arrow type of its column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.decimals import decimal_array
from dataforge.engine.generators.records.fields import Day, Field, Number
from dataforge.engine.generators.records.fitting import Make, fitted, plain
from dataforge.schema import (
    BinaryType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    StringType,
    TimestampType,
)
from dataforge.schema.arrow_types import arrow_type

_SAFE_DIGITS = 18
_NO_LIMIT = 1 << 30


def rendered(field: Field, logical: ColumnType) -> Make:
    """Return the maker of ``field`` as values of ``logical``."""
    if isinstance(field, Number):
        return _number(field, logical)
    if isinstance(field, Day):
        return _day(field, logical)
    make = fitted(field, length_limit(logical))
    if isinstance(logical, IntegerType | DecimalType | FloatType):
        digits = Number(lambda draw: digits_of(make(draw)))
        return _number(field.number or digits, logical)
    if isinstance(logical, BinaryType):
        return lambda draw: pc.cast(_within(plain(make(draw)), logical.max_length), pa.binary())
    return make


def _within(strings: pa.Array, limit: int | None) -> pa.Array:
    """Drop letters from the end until each string takes at most ``limit`` bytes of UTF-8."""
    long = pc.greater(pc.binary_length(strings), limit or _NO_LIMIT)
    while pc.any(long).as_py():
        strings = pc.if_else(long, pc.utf8_slice_codeunits(strings, 0, -1), strings)
        long = pc.greater(pc.binary_length(strings), limit or _NO_LIMIT)
    return strings


def length_limit(logical: ColumnType) -> int | None:
    """Return the most characters that a column of text holds, of bytes that of binary ones."""
    return logical.max_length if isinstance(logical, StringType | BinaryType) else None


def digits_of(strings: pa.Array) -> npt.NDArray[np.int64]:
    """Return the digits of each string as a number, int64; none gives 0."""
    digits = pc.replace_substring_regex(plain(strings), "[^0-9]", "")
    filled = pc.if_else(pc.equal(digits, ""), "0", pc.utf8_slice_codeunits(digits, 0, _SAFE_DIGITS))
    numbers: npt.NDArray[np.int64] = pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _number(field: Number, logical: ColumnType) -> Make:
    if isinstance(logical, IntegerType):
        type_, modulus = arrow_type(logical), 1 << (logical.bits - logical.signed)
        return lambda draw: pa.array(_whole(field.make(draw), modulus, logical)).cast(type_)
    if isinstance(logical, DecimalType):
        return lambda draw: _decimal(field.make(draw), logical)
    if isinstance(logical, FloatType):
        return lambda draw: pa.array(field.make(draw).astype(np.float64)).cast(arrow_type(logical))
    limit = length_limit(logical)
    return lambda draw: _as_text(field.make(draw), field.decimals, limit)


def _whole(values: npt.NDArray[np.generic], modulus: int, logical: IntegerType) -> pa.Array:
    whole = np.rint(values).astype(np.int64)
    return whole if logical.bits == 64 else np.fmod(whole, modulus)


def _decimal(values: npt.NDArray[np.generic], logical: DecimalType) -> pa.Array:
    """Return decimals; what exceeds the precision keeps its last digits."""
    modulus = 10 ** min(logical.precision, _SAFE_DIGITS)
    scale = 10 ** min(logical.scale, _SAFE_DIGITS)
    if np.issubdtype(values.dtype, np.integer):
        scaled = np.fmod(values.astype(np.int64), max(1, modulus // scale)) * scale
    else:
        scaled = np.fmod(np.rint(values.astype(np.float64) * scale), modulus).astype(np.int64)
    return decimal_array(scaled, arrow_type(logical))


def _as_text(values: npt.NDArray[np.generic], decimals: int, limit: int | None) -> pa.Array:
    if decimals:
        scaled = np.rint(values.astype(np.float64) * 10**decimals).astype(np.int64)
        text = pc.cast(decimal_array(scaled, pa.decimal128(18, decimals)), pa.string())
    else:
        text = pc.cast(pa.array(values), pa.string())
    return text if limit is None else pc.utf8_slice_codeunits(text, 0, limit)


def _day(field: Day, logical: ColumnType) -> Make:
    writers: dict[type, Callable[[npt.NDArray[np.datetime64]], pa.Array]] = {
        DateType: pa.array,
        TimestampType: lambda days: pa.array(days.astype("datetime64[us]")).cast(
            arrow_type(logical)
        ),
    }
    write = writers.get(type(logical))
    if write is not None:
        return lambda draw: write(field.make(draw))
    if isinstance(logical, IntegerType | DecimalType | FloatType):
        return _number(Number(lambda draw: _compact(field.make(draw))), logical)
    limit = length_limit(logical)
    return lambda draw: _iso(field.make(draw), limit)


def _compact(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Return 19840229 for 1984-02-29."""
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1
    count = months.astype(np.int64)
    compact: npt.NDArray[np.int64] = (1970 + count // 12) * 10_000 + (count % 12 + 1) * 100 + day
    return compact


def _iso(days: npt.NDArray[np.datetime64], limit: int | None) -> pa.Array:
    text = pc.cast(pa.array(days), pa.string())
    return text if limit is None else pc.utf8_slice_codeunits(text, 0, limit)
