"""Values that conditions speak of: where chance alone rarely meets a rule, these often do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dataforge.engine.cells import Limits
from dataforge.engine.rules.cast import cast_to
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.expressions import (
    Between,
    Compare,
    Expr,
    InList,
    IsNull,
    Literal,
    children,
    columns_of,
)
from dataforge.schema.types import ColumnType

_AFTER = {">": 1, "<": -1}
_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


@dataclass(frozen=True, eq=False)
class Hints:
    """By column: constants to try; and the columns whose being null matters."""

    values: Mapping[str, pa.Array] = field(default_factory=dict)
    nulls: frozenset[str] = frozenset()


def hints_of(
    conditions: Iterable[Expr], types: Mapping[str, ColumnType], limits: Mapping[str, Limits]
) -> Hints:
    """Collect the constants that conditions compare each column of ``types`` with.

    Those beyond a column's ``limits`` are left out: rules that limits express are not looked at
    again when a constant is tried.
    """
    found: dict[str, list[Any]] = {}
    nulls: set[str] = set()
    for condition in conditions:
        for name, value in _spoken(condition):
            if value is None:
                nulls.add(name)
            elif name in types:
                found.setdefault(name, []).append(value)
    values = {}
    for name, constants in found.items():
        array = _typed(constants, types[name])
        array = array.filter(pa.array([_within(each, limits[name]) for each in array.to_pylist()]))
        if len(array):
            values[name] = array
    return Hints(values, frozenset(nulls))


def _spoken(expr: Expr) -> Iterator[tuple[str, Any]]:  # noqa: C901 - one case a shape
    match expr:
        case IsNull(operand=operand):
            yield from ((name, None) for name in _only_column(operand))
        case Compare(operator=operator, left=left, right=Literal(value=value)):
            for name in _only_column(left):
                yield from _around(name, operator, value)
        case Compare(operator=operator, left=Literal(value=value), right=right):
            for name in _only_column(right):
                yield from _around(name, _TURNED.get(operator, operator), value)
        case InList(operand=operand, items=items):
            for name in _only_column(operand):
                yield from ((name, each.value) for each in items if isinstance(each, Literal))
        case Between(operand=operand, low=low, high=high):
            for name in _only_column(operand):
                yield from ((name, each.value) for each in (low, high) if isinstance(each, Literal))
    for child in children(expr):
        yield from _spoken(child)


def _only_column(expr: Expr) -> tuple[str, ...]:
    """Return the one column an operand is made of, in brackets of functions or not."""
    names = columns_of(expr)
    return names if len(names) == 1 else ()


def _within(value: Any, limits: Limits) -> bool:
    low, high, found = map(_moment, (limits.minimum, limits.maximum, value))
    if limits.allowed is not None and value not in limits.allowed:
        return False
    if low is not None and (found < low or (limits.minimum_open and found == low)):
        return False
    return not (high is not None and (found > high or (limits.maximum_open and found == high)))


def _moment(value: Any) -> Any:
    """Return a date as the moment that it begins, without a zone, to compare it with others."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value  # noqa: DTZ001 - wall clock


def _around(name: str, operator: str, value: Any) -> Iterator[tuple[str, Any]]:
    if operator in _AFTER and isinstance(value, int | float | Decimal):
        yield name, value + _AFTER[operator]
    elif operator in {"=", ">=", "<="}:
        yield name, value


def _typed(constants: list[Any], logical: ColumnType) -> pa.Array:
    """Return the distinct constants that the column's type can hold."""
    target = arrow_type(logical)
    kept = []
    for value in dict.fromkeys(constants):
        written = value.isoformat() if isinstance(value, date | datetime) else value
        try:
            kept.append(cast_to(pa.array([written]), target))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
            continue  # a comparison across types: nothing that this column can be
    return pa.concat_arrays(kept) if kept else pa.nulls(0, target)
