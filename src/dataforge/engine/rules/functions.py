"""The functions of the expression language, each on whole columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.rules.arithmetic import cast, number, text_of
from dataforge.engine.rules.temporal import (
    PART_NAMES,
    date_diff,
    date_part,
    date_trunc,
    last_day,
)
from dataforge.engine.rules.values import Value, constant, on_dictionary, plain, unify

_HALF_AWAY = "half_towards_infinity"
_Function = Callable[[list[Value]], Value]


def call(name: str, arguments: list[Value], now: datetime) -> Value:
    """Apply the function ``name`` to its arguments."""
    if name == "now":
        return constant(now)
    if name == "current_date":
        return constant(now.date())
    if name in PART_NAMES:
        return date_part(name, plain(arguments[0]))
    text_function = _TEXT.get(name)
    if text_function is not None:
        first = (
            arguments[0] if isinstance(arguments[0], pa.DictionaryArray) else text_of(arguments[0])
        )
        rest = [argument.as_py() for argument in arguments[1:]]
        return on_dictionary(first, partial(_applied, text_function, rest))
    return _FUNCTIONS[name]([plain(argument) for argument in arguments])


def _applied(function: Callable[..., Value], rest: list[object], text: Value) -> Value:
    return function(text, *rest)


def _number_of(arguments: list[Value]) -> Value:
    return number(arguments[0])


def _float_of(arguments: list[Value]) -> Value:
    return cast(number(arguments[0]), pa.float64())


def _round(arguments: list[Value]) -> Value:
    value = number(arguments[0])
    places = arguments[1].as_py() if len(arguments) > 1 else 0
    kind = value.type
    if pa.types.is_integer(kind):
        return value if places >= 0 else pc.round(value, places, _HALF_AWAY)
    if pa.types.is_decimal(kind) and places >= 0:
        scale = min(places, kind.scale)
        return cast(value, pa.decimal128(min(kind.precision + 1, 38), scale))
    return pc.round(value, places, _HALF_AWAY)


def _whole(step: Callable[[Value], Value]) -> _Function:
    """Return floor or ceil; decimals become whole decimals."""

    def apply(arguments: list[Value]) -> Value:
        value = number(arguments[0])
        if pa.types.is_integer(value.type):
            return value
        if not pa.types.is_decimal(value.type):
            return step(value)
        roomy = pa.decimal128(min(value.type.precision + 1, 38), value.type.scale)
        return cast(step(cast(value, roomy)), pa.decimal128(roomy.precision, 0))

    return apply


def _power(arguments: list[Value]) -> Value:
    base, exponent = (cast(number(argument), pa.float64()) for argument in arguments)
    return pc.power(base, exponent)


def _nullif(arguments: list[Value]) -> Value:
    first, second = unify(arguments)
    same = pc.fill_null(pc.equal(first, second), fill_value=False)
    return pc.if_else(same, pa.scalar(None, arguments[0].type), arguments[0])


def _concat(arguments: list[Value]) -> Value:
    texts = (pc.coalesce(text_of(argument), pa.scalar("")) for argument in arguments)
    return pc.binary_join_element_wise(*texts, "")


def _substring(text: Value, start: int, length: int | None = None) -> Value:
    """Count from 1, or from the end where ``start`` is negative."""
    begin = start - 1 if start > 0 else start
    if length is None:
        return pc.utf8_slice_codeunits(text, begin)
    if start == 0:
        return pc.utf8_slice_codeunits(text, 0, max(length - 1, 0))
    stop = begin + max(length, 0)
    if begin < 0 <= stop:
        return pc.utf8_slice_codeunits(text, begin)
    return pc.utf8_slice_codeunits(text, begin, stop)


def _left(text: Value, count: int) -> Value:
    return pc.utf8_slice_codeunits(text, 0, count)


def _right(text: Value, count: int) -> Value:
    if count == 0:
        return pc.utf8_slice_codeunits(text, 0, 0)
    return pc.utf8_slice_codeunits(text, -count)


def _replace(text: Value, old: str, new: str) -> Value:
    return text if old == "" else pc.replace_substring(text, old, new)


def _strpos(text: Value, wanted: str) -> Value:
    """Return the position (from 1) in characters, 0 where it does not occur."""
    if wanted == "":
        return pc.if_else(pc.is_null(text), pa.scalar(None, pa.int64()), pa.scalar(1, pa.int64()))
    is_missing = pc.less(pc.find_substring(text, wanted), 0)
    leading = pc.utf8_length(pc.list_element(pc.split_pattern(text, wanted, max_splits=1), 0))
    return pc.if_else(is_missing, 0, pc.add(leading.cast(pa.int64()), 1))


def _padded(pad: Callable[..., Value]) -> Callable[..., Value]:
    def apply(text: Value, width: int, fill: str) -> Value:
        return pc.utf8_slice_codeunits(pad(text, width, fill), 0, max(width, 0))

    return apply


_TEXT: dict[str, Callable[..., Value]] = {
    "lower": pc.utf8_lower,
    "upper": pc.utf8_upper,
    "trim": lambda text, characters=" ": pc.utf8_trim(text, characters=characters),
    "ltrim": lambda text, characters=" ": pc.utf8_ltrim(text, characters=characters),
    "rtrim": lambda text, characters=" ": pc.utf8_rtrim(text, characters=characters),
    "length": lambda text: pc.utf8_length(text).cast(pa.int64()),
    "reverse": pc.utf8_reverse,
    "substring": _substring,
    "left": _left,
    "right": _right,
    "replace": _replace,
    "strpos": _strpos,
    "starts_with": lambda text, wanted: pc.starts_with(text, pattern=wanted),
    "ends_with": lambda text, wanted: pc.ends_with(text, pattern=wanted),
    "contains": lambda text, wanted: pc.match_substring(text, pattern=wanted),
    "lpad": _padded(lambda text, width, fill: pc.utf8_lpad(text, width=width, padding=fill)),
    "rpad": _padded(lambda text, width, fill: pc.utf8_rpad(text, width=width, padding=fill)),
}
_FUNCTIONS: dict[str, _Function] = {
    "abs": lambda arguments: pc.abs(_number_of(arguments)),
    "sign": lambda arguments: cast(pc.sign(_number_of(arguments)), pa.int64()),
    "round": _round,
    "floor": _whole(pc.floor),
    "ceil": _whole(pc.ceil),
    "sqrt": lambda arguments: pc.sqrt(_float_of(arguments)),
    "exp": lambda arguments: pc.exp(_float_of(arguments)),
    "ln": lambda arguments: pc.ln(_float_of(arguments)),
    "power": _power,
    "greatest": lambda arguments: pc.max_element_wise(*unify(arguments)),
    "least": lambda arguments: pc.min_element_wise(*unify(arguments)),
    "coalesce": lambda arguments: pc.coalesce(*unify(arguments)),
    "nullif": _nullif,
    "concat": _concat,
    "date_trunc": lambda arguments: date_trunc(arguments[0].as_py(), arguments[1]),
    "date_diff": lambda arguments: date_diff(arguments[0].as_py(), arguments[1], arguments[2]),
    "last_day": lambda arguments: last_day(arguments[0]),
}
