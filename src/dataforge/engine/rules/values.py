"""Values of expressions and how two of them come to one type.

A value is an Arrow array or, for constants, an Arrow scalar. The promotions are DuckDB's, so that
the engine and the verifier agree: integers become decimals beside decimals, both become floats
beside floats, dates become timestamps, constants in quotes become whatever stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.rules.cast import cast_to

Value = Any  # pa.Array | pa.Scalar; pyarrow has no types

TIMESTAMP = pa.timestamp("us")
_INT64_DIGITS = 19
_MOST_DIGITS = 38


def constant(value: object) -> Value:
    """Return a scalar; aware datetimes become naive ones in UTC, integers are 64 bits wide."""
    if isinstance(value, datetime):
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return pa.scalar(naive, TIMESTAMP)
    return pa.scalar(value)


def is_array(value: Value) -> bool:
    """Tell arrays from scalars."""
    return isinstance(value, pa.Array)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether values of ``kind`` are strings, plain or as a dictionary."""
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def is_number(kind: pa.DataType) -> bool:
    """Tell whether ``kind`` is an integer, a decimal or a float."""
    types = pa.types
    return bool(types.is_integer(kind) or types.is_decimal(kind) or types.is_floating(kind))


def plain(value: Value) -> Value:
    """Decode a dictionary; all else stays."""
    return value.dictionary_decode() if isinstance(value, pa.DictionaryArray) else value


def naive(value: Value) -> Value:
    """Return zoned timestamps as naive ones in UTC; all else stays."""
    kind = value.type
    return value.cast(TIMESTAMP) if pa.types.is_timestamp(kind) and kind.tz else value


def on_dictionary(value: Value, apply: Callable[[Value], Value]) -> Value:
    """Apply an element-wise function once per distinct value where ``value`` is a dictionary."""
    if not isinstance(value, pa.DictionaryArray):
        return apply(value)
    return apply(value.dictionary).take(value.indices)


def unify(values: Sequence[Value]) -> list[Value]:
    """Cast values to the one type in which they compare, branch or stand in a list together."""
    ready = [naive(value) for value in values]
    target = common_type(ready)
    return [value if value.type == target else _cast(plain(value), target) for value in ready]


def common_type(values: Sequence[Value]) -> pa.DataType:
    """Return the type of ``unify``; quoted constants count only where nothing else does."""
    typed = [value.type for value in values if not _is_flexible(value)]
    if not typed:
        typed = [value.type for value in values if not pa.types.is_null(value.type)]
    if not typed:
        return pa.null()
    kind = _value_type(typed[0])
    for other in typed[1:]:
        kind = promoted(kind, _value_type(other))
    return kind


def promoted(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    """Return the type in which ``left`` and ``right`` meet."""
    types = pa.types
    if left == right:
        return left
    if is_text(left) or is_text(right):
        return right if is_text(left) else left
    if types.is_boolean(left) or types.is_boolean(right):
        return right if types.is_boolean(left) else left
    if is_number(left) and is_number(right):
        return promoted_number(left, right)
    if types.is_integer(left) or types.is_integer(right):
        return right if types.is_integer(left) else left
    return TIMESTAMP


def promoted_number(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    """Return the numeric type that holds both: float over decimal over integer."""
    types = pa.types
    floats = [kind for kind in (left, right) if types.is_floating(kind)]
    if floats:
        return pa.float64() if pa.float64() in floats else floats[0]
    if types.is_integer(left) and types.is_integer(right):
        mixed = pa.uint64() in (left, right)
        return decimal_type(20, 0) if mixed else pa.int64()
    (whole, scale), (other_whole, other_scale) = digits(left), digits(right)
    most_scale = max(scale, other_scale)
    return decimal_type(max(whole, other_whole) + most_scale, most_scale)


def digits(kind: pa.DataType) -> tuple[int, int]:
    """Return how many digits stand before and after the point in a decimal or integer type."""
    if pa.types.is_decimal(kind):
        return kind.precision - kind.scale, kind.scale
    return {1: 3, 2: 5, 4: 10}.get(kind.bit_width // 8, 20 if kind == pa.uint64() else 19), 0


def decimal_type(precision: int, scale: int) -> pa.DataType:
    """Return decimal128 where ``precision`` fits, else decimal256."""
    if precision <= _MOST_DIGITS:
        return pa.decimal128(precision, scale)
    return pa.decimal256(min(precision, 76), scale)


def as_boolean(value: Value) -> Value:
    """Read a value as a condition: numbers are true unless zero."""
    kind = value.type
    if pa.types.is_boolean(kind):
        return value
    if pa.types.is_null(kind):
        return value.cast(pa.bool_())
    if is_number(kind):
        return pc.not_equal(value, pa.scalar(0).cast(kind))
    return _cast(plain(value), pa.bool_())


def as_array(value: Value, row_count: int) -> pa.Array:
    """Repeat a scalar ``row_count`` times; arrays stay."""
    return value if is_array(value) else pa.repeat(value, row_count)


def _is_flexible(value: Value) -> bool:
    """Tell constants whose type yields to what stands beside them: NULL and quoted text."""
    return pa.types.is_null(value.type) or (not is_array(value) and is_text(value.type))


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _cast(value: Value, target: pa.DataType) -> Value:
    if is_array(value):
        return cast_to(value, target)
    return cast_to(pa.repeat(value, 1), target)[0]
