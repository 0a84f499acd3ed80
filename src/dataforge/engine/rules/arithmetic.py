"""Arithmetic: exact on integers and decimals, DuckDB's types (``/`` always gives a float)."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.rules.cast import cast_to, to_text
from dataforge.engine.rules.temporal import Span, moved, temporal
from dataforge.engine.rules.values import (
    Value,
    decimal_type,
    digits,
    is_array,
    is_text,
    promoted_number,
)

_EXACT: dict[str, Callable[..., Value]] = {
    "+": pc.add_checked,
    "-": pc.subtract_checked,
    "*": pc.multiply_checked,
}
_MOST_DIGITS = 38


def binary(operator: str, left: Value, right: Value) -> Value:
    """Return ``left operator right``; null where either is null or an integer divisor is zero."""
    if operator == "||":
        return pc.binary_join_element_wise(text_of(left), text_of(right), "")
    if isinstance(left, Span) or isinstance(right, Span):
        return moved(operator, left, right)
    if _is_temporal(left.type) or _is_temporal(right.type):
        return temporal(operator, left, right)
    first, second = number(left), number(right)
    if operator == "/":
        return pc.divide(cast(first, pa.float64()), cast(second, pa.float64()))
    if operator == "//":
        return _quotient(first, second)
    if operator == "%":
        return _remainder(first, second)
    return _exact(operator, first, second)


def negated(value: Value) -> Value:
    """Return the value with its sign turned."""
    return pc.negate_checked(number(value))


def number(value: Value) -> Value:
    """Return integers as int64, texts as float64, truth values as 0 and 1; the rest stays."""
    kind = value.type
    if kind == pa.uint64():
        return cast(value, decimal_type(20, 0))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return cast(value, pa.int64()) if not pa.types.is_boolean(kind) else _bit(value)
    return cast(value, pa.float64()) if is_text(kind) else value


def text_of(value: Value) -> Value:
    """Return the value as SQL prints it."""
    if is_text(value.type):
        return value
    return to_text(value) if is_array(value) else to_text(pa.repeat(value, 1))[0]


def cast(value: Value, target: pa.DataType) -> Value:
    """Cast arrays and scalars alike."""
    if value.type == target:
        return value
    return cast_to(value, target) if is_array(value) else cast_to(pa.repeat(value, 1), target)[0]


def _bit(value: Value) -> Value:
    return value.cast(pa.int8()).cast(pa.int64())


def _is_temporal(kind: pa.DataType) -> bool:
    return bool(pa.types.is_temporal(kind))


def _exact(operator: str, left: Value, right: Value) -> Value:
    """Add, subtract or multiply; decimals work with as many digits as the result can have."""
    apply = _EXACT[operator]
    kind = promoted_number(left.type, right.type)
    if not pa.types.is_decimal(kind):
        return apply(cast(left, kind), cast(right, kind))
    (whole, scale), (other_whole, other_scale) = digits(left.type), digits(right.type)
    if operator == "*":
        precision = whole + scale + other_whole + other_scale + 1
        result_scale = scale + other_scale
    else:
        result_scale = max(scale, other_scale)
        precision = max(whole, other_whole) + result_scale + 1
    is_wide = precision > _MOST_DIGITS
    result = apply(_widened(left, wide=is_wide), _widened(right, wide=is_wide))
    return _fitted(result, result_scale)


def _widened(value: Value, *, wide: bool) -> Value:
    whole, scale = digits(value.type)
    precision = min(whole + scale, _MOST_DIGITS - 1) if wide else whole + scale
    if wide:
        return cast(value, pa.decimal256(max(precision, whole + scale), scale))
    return cast(value, pa.decimal128(precision, scale))


def _fitted(value: Value, scale: int) -> Value:
    """Bring a result back to 38 digits; a value that needs more is an overflow."""
    if not pa.types.is_decimal256(value.type) or scale > _MOST_DIGITS:
        return value
    return value.cast(pa.decimal128(_MOST_DIGITS, scale))


def _nonzero(value: Value) -> Value:
    zero = pa.scalar(0).cast(value.type)
    return pc.if_else(pc.equal(value, zero), pa.scalar(None, value.type), value)


def _quotient(left: Value, right: Value) -> Value:
    """Divide whole numbers towards zero; anything else as ``/``."""
    if pa.types.is_integer(left.type) and pa.types.is_integer(right.type):
        return pc.divide_checked(left, _nonzero(right))
    return pc.divide(cast(left, pa.float64()), cast(right, pa.float64()))


def _remainder(left: Value, right: Value) -> Value:
    """Return the remainder with the sign of the dividend."""
    kind = promoted_number(left.type, right.type)
    first, second = cast(left, kind), cast(right, kind)
    if pa.types.is_floating(kind):
        whole = pc.multiply(pc.trunc(pc.divide(first, second)), second)
        return pc.subtract(first, whole)
    if pa.types.is_decimal(kind):
        return _decimal_remainder(first, second)
    divisor = _nonzero(second)
    return pc.subtract(first, pc.multiply(pc.divide(first, divisor), divisor))


def _decimal_remainder(left: Value, right: Value) -> Value:
    """Work on the scaled whole numbers: both sides have the same scale here."""
    kind = left.type
    if kind.precision - kind.scale > 18 - kind.scale:
        left, right = _shrunk(left), _shrunk(right)
    factor = pa.scalar(10**kind.scale, pa.int64())
    first, second = (_scaled(value, factor) for value in (left, right))
    divisor = _nonzero(second)
    rest = pc.subtract(first, pc.multiply(pc.divide(first, divisor), divisor))
    return _unscaled(rest, kind.scale)


def _shrunk(value: Value) -> Value:
    return value.cast(pa.decimal128(18, value.type.scale))


def _scaled(value: Value, factor: Value) -> Value:
    return cast(_exact("*", value, factor), pa.int64())


def _unscaled(value: Value, scale: int) -> Value:
    whole = cast(value, pa.decimal128(19, 0))
    unit = pa.scalar(1).cast(pa.decimal128(19, 0)).as_py().scaleb(-scale)
    return _exact("*", whole, pa.scalar(unit, pa.decimal128(max(scale, 1), scale)))
