"""Casts as SQL makes them: decimals round half away from zero, text is trimmed before it is read.

``pyarrow``'s own casts refuse to round and write some values unlike SQL; the rules here are those
of DuckDB, which the verifier uses.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_HALF_AWAY = "half_towards_infinity"
_US_PER_DAY = 86_400_000_000


def cast_to(array: Any, target: pa.DataType) -> Any:
    """Return ``array`` as ``target``, same length, nulls kept.

    Decimals and floats that lose digits are rounded half away from zero (floats to integers half
    to even); text is read by SQL's forms. String dictionaries stay dictionaries where ``target``
    is a string. Raises ``pa.ArrowInvalid`` for a value that does not convert or fit.
    """
    kind = array.type
    if kind == target:
        return array
    if pa.types.is_dictionary(kind):
        return array if kind.value_type == target else cast_to(array.dictionary_decode(), target)
    if pa.types.is_null(kind):
        return pa.nulls(len(array), target)
    if pa.types.is_decimal(target):
        return _to_decimal(array, target)
    if pa.types.is_integer(target):
        return _to_integer(array, target)
    if pa.types.is_string(target):
        return to_text(array)
    if pa.types.is_string(kind):
        return _from_text(array, target)
    if pa.types.is_time(target) and pa.types.is_timestamp(kind):
        return _time_of_day(array).cast(target)
    return array.cast(target, safe=not pa.types.is_date(target))


def _to_decimal(array: Any, target: pa.DataType) -> Any:
    kind = array.type
    if pa.types.is_string(kind):
        array = pc.utf8_trim_whitespace(array).cast(pa.decimal256(76, 38))
        kind = array.type
    if pa.types.is_boolean(kind):
        return array.cast(pa.int8()).cast(pa.decimal128(3, 0)).cast(target)
    if pa.types.is_integer(kind):
        return array.cast(pa.decimal128(20, 0)).cast(target)
    if pa.types.is_floating(kind):
        rounded = pc.round(array.cast(pa.float64()), target.scale, _HALF_AWAY)
        return rounded.cast(target)
    return rounded_decimal(array, target.scale).cast(target)


def rounded_decimal(array: Any, scale: int) -> Any:
    """Round a decimal array half away from zero to ``scale`` digits, with room for the carry."""
    kind = array.type
    if kind.scale <= scale:
        return array
    roomy = pa.decimal256(min(kind.precision + 1, 76), kind.scale)
    if kind.precision < 38:
        roomy = pa.decimal128(kind.precision + 1, kind.scale)
    return pc.round(array.cast(roomy), scale, _HALF_AWAY)


def _to_integer(array: Any, target: pa.DataType) -> Any:
    kind = array.type
    if pa.types.is_string(kind):
        return _to_integer(_to_decimal(array, pa.decimal128(38, 6)), target)
    if pa.types.is_decimal(kind):
        return rounded_decimal(array, 0).cast(target)
    if pa.types.is_floating(kind):
        return pc.round(array, 0, "half_to_even").cast(target)
    return array.cast(target)


def to_text(array: Any) -> Any:
    """Return values as SQL prints them: ``1.50``, ``1.0``, ``true``, ``2026-01-01 10:00:00``."""
    kind = array.type
    if pa.types.is_floating(kind):
        # NumPy writes floats as DuckDB does; Arrow turns to exponents earlier.
        shown = np.asarray(array.fill_null(0)).astype("U32")
        return pa.array(shown, pa.string(), mask=np.asarray(array.is_null()))
    if pa.types.is_timestamp(kind):
        text = array.cast(pa.timestamp("us")).cast(pa.string())
        text = pc.replace_substring_regex(text, r"\.0{6}$|0+$", "")
        return pc.binary_join_element_wise(text, "+00", "") if kind.tz else text
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(array.cast(pa.string()), r"\.0{6}$|0+$", "")
    return array.cast(pa.string())


def _from_text(array: Any, target: pa.DataType) -> Any:
    trimmed = pc.utf8_trim_whitespace(array)
    if pa.types.is_date(target):
        return trimmed.cast(pa.timestamp("us")).cast(target, safe=False)
    if pa.types.is_timestamp(target):
        return _to_timestamp(trimmed, target)
    if pa.types.is_time(target):
        dated = pc.binary_join_element_wise("1970-01-01", trimmed, " ")
        return _time_of_day(dated.cast(pa.timestamp("us"))).cast(target)
    return trimmed.cast(target)


def _to_timestamp(text: Any, target: pa.DataType) -> Any:
    has_zone = pc.match_substring_regex(text, r"(Z|[0-9][+-][0-9]{2}(:?[0-9]{2})?)$")
    if pc.any(pc.and_(has_zone, pc.match_substring(text, ":"))).as_py():
        return text.cast(pa.timestamp("us", tz="UTC")).cast(target)
    return text.cast(pa.timestamp("us")).cast(target)


def _time_of_day(array: Any) -> Any:
    moments = np.asarray(array.cast(pa.timestamp("us")).cast(pa.int64()).fill_null(0))
    return pa.array(moments % _US_PER_DAY, pa.time64("us"), mask=np.asarray(array.is_null()))
