"""One condition on one column as ``Limits``: exact, or necessary only."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from dataforge.engine.cells import Limits
from dataforge.engine.regular.syntax import parse as parse_pattern
from dataforge.engine.rules.constants import fitted, listed
from dataforge.engine.rules.merging import merged
from dataforge.errors import ParseError
from dataforge.schema import (
    BooleanType,
    Column,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
)
from dataforge.schema.expressions import (
    And,
    Call,
    Compare,
    Distinct,
    Expr,
    InList,
    IsNull,
    Like,
    Not,
    Or,
    RegexMatch,
    columns_of,
)
from dataforge.schema.expressions import Column as ColumnExpr
from dataforge.schema.expressions import Literal as Constant
from dataforge.schema.expressions.like import like_parts

_ORDERED = (IntegerType, DecimalType, FloatType, DateType, TimestampType, TimeType)
_TEXTUAL = (StringType, TextType)
_ANY_TEXT = "[a-z]{0,8}"
_LONGEST_CODE = 8


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a condition says of one column; inexact ones must be checked on the rows besides."""

    column: str
    limits: Limits
    exact: bool = True


def fragment_of(expr: Expr, table: Table) -> Fragment | None:
    """Read a conjunct that speaks of one column of ``table`` only; None where it cannot be."""
    names = columns_of(expr)
    if len(names) != 1 or names[0] not in table.columns_by_name:
        return None
    return _read(expr, table.column(names[0]))


def _read(expr: Expr, column: Column) -> Fragment | None:
    for reader in _READERS:
        found = reader(expr, column)
        if found is not None:
            return found
    return None


def _names(expr: Expr, column: Column) -> bool:
    return expr == ColumnExpr(column.name)


def _compared(expr: Expr, column: Column) -> Fragment | None:
    """Read ``c = 1``, ``c <> 1`` and ``c < 1``."""
    if not isinstance(expr, Compare) or not isinstance(expr.right, Constant):
        return None
    value = fitted(expr.right.value, column.type)
    if value is None or not _names(expr.left, column):
        return None
    if expr.operator == "=":
        return Fragment(column.name, Limits(allowed=(listed(value),)))
    if expr.operator == "<>":
        return Fragment(column.name, _without(column.type, (value,)))
    if not isinstance(column.type, _ORDERED):
        return None
    return Fragment(column.name, _bound(expr.operator, value, column.type))


def _bound(operator: str, value: Any, kind: ColumnType) -> Limits:
    """Return a bound; open bounds of whole numbers are written as closed ones."""
    is_open = operator in "<>"
    if isinstance(kind, IntegerType) or (isinstance(kind, DecimalType) and kind.scale == 0):
        if operator.startswith(">"):
            least = math.floor(value) + 1 if is_open else math.ceil(value)
            return Limits(minimum=least)
        return Limits(maximum=math.ceil(value) - 1 if is_open else math.floor(value))
    if operator.startswith(">"):
        return Limits(minimum=value, minimum_open=is_open)
    return Limits(maximum=value, maximum_open=is_open)


def _without(kind: ColumnType, values: tuple[Any, ...]) -> Limits:
    """Exclude values; a closed set is written as what is left of it."""
    if isinstance(kind, EnumType) and not kind.multiple:
        return Limits(allowed=tuple(value for value in kind.values if value not in values))
    if isinstance(kind, BooleanType):
        return Limits(allowed=tuple(value for value in (False, True) if value not in values))
    return Limits(excluded=tuple(map(listed, values)))


def _contained(expr: Expr, column: Column) -> Fragment | None:
    """``c IN (…)`` and ``c NOT IN (…)``."""
    inner = expr.operand if isinstance(expr, Not) else expr
    if not isinstance(inner, InList) or not _names(inner.operand, column):
        return None
    known = [item for item in inner.items if item != Constant(None)]
    values = [
        fitted(item.value, column.type) if isinstance(item, Constant) else None for item in known
    ]
    if any(value is None for value in values):
        return None
    members = tuple(dict.fromkeys(values))
    if isinstance(expr, Not):
        return Fragment(column.name, _without(column.type, members))
    return Fragment(column.name, Limits(allowed=tuple(map(listed, members))))


def _truth(expr: Expr, column: Column) -> Fragment | None:
    """``c`` and ``NOT c`` of boolean columns, ``c IS TRUE``, ``c IS DISTINCT FROM 1``."""
    is_negated = isinstance(expr, Not)
    inner = expr.operand if isinstance(expr, Not) else expr
    if _names(inner, column) and isinstance(column.type, BooleanType):
        return Fragment(column.name, Limits(allowed=(not is_negated,)))
    if not isinstance(inner, Distinct) or not _names(inner.left, column):
        return None
    value = fitted(inner.right.value, column.type) if isinstance(inner.right, Constant) else None
    if value is None:
        return None
    if is_negated:
        return Fragment(column.name, Limits(allowed=(listed(value),), not_null=True))
    return Fragment(column.name, _without(column.type, (value,)))


def _present(expr: Expr, column: Column) -> Fragment | None:
    """``c IS NOT NULL``."""
    inner = expr.operand if isinstance(expr, Not) else None
    if not isinstance(inner, IsNull) or not _names(inner.operand, column):
        return None
    return Fragment(column.name, Limits(not_null=True))


def _matched(expr: Expr, column: Column) -> Fragment | None:
    """LIKE and regular expressions: a pattern to draw by, checked on the rows besides."""
    if not isinstance(expr, Like | RegexMatch) or not _names(expr.operand, column):
        return None
    pattern = _like_pattern(expr) if isinstance(expr, Like) else _drawable(expr.pattern)
    return _by_pattern(pattern, column)


def _by_pattern(pattern: str, column: Column) -> Fragment | None:
    if not isinstance(column.type, _TEXTUAL) or _is_natural(pattern, column):
        return None
    try:
        parse_pattern(pattern)
    except ParseError:
        return None
    return Fragment(column.name, Limits(pattern=pattern), exact=False)


def _is_natural(pattern: str, column: Column) -> bool:
    """E-mail addresses match what rules ask of them, and look better than drawn letters."""
    meaning = column.semantic or ""
    return "@" in pattern and "email" in meaning


def _like_pattern(expr: Like) -> str:
    wildcards = {"%": _ANY_TEXT, "_": "[a-z]"}
    parts = like_parts(expr.pattern, expr.escape)
    return "".join(
        wildcards[character] if is_wildcard else re.escape(character)
        for character, is_wildcard in parts
    )


def _drawable(pattern: str) -> str:
    """Return a pattern whose every match, taken whole, holds a match of ``pattern``."""
    body = pattern.removeprefix("^")
    is_anchored = body.endswith("$") and not body.endswith(r"\$")
    return body[:-1] if is_anchored else body


def _length(expr: Expr, column: Column) -> Fragment | None:
    """``length(c) >= 3``; of ``length(trim(c))`` the lower bound is necessary only."""
    if not isinstance(expr, Compare) or not isinstance(expr.right, Constant):
        return None
    if not isinstance(expr.left, Call) or expr.left.name != "length":
        return None
    if not isinstance(column.type, _TEXTUAL):
        return None
    count = fitted(expr.right.value, IntegerType())
    measured = expr.left.arguments[0]
    is_trimmed = isinstance(measured, Call) and measured.name in {"trim", "ltrim", "rtrim"}
    if count is None or not (is_trimmed or _names(measured, column)):
        return None
    limits = _length_limits(expr.operator, count)
    if limits is None:
        return None
    if is_trimmed:
        return Fragment(column.name, Limits(min_length=limits.min_length), exact=False)
    return Fragment(column.name, limits)


def _length_limits(operator: str, count: float) -> Limits | None:
    match operator:
        case "=":
            return Limits(min_length=int(count), max_length=int(count))
        case ">" | ">=":
            return Limits(min_length=math.floor(count) + 1 if operator == ">" else math.ceil(count))
        case "<" | "<=":
            return Limits(max_length=math.ceil(count) - 1 if operator == "<" else math.floor(count))
        case _:
            return Limits(min_length=1) if count == 0 else None


def _cased(expr: Expr, column: Column) -> Fragment | None:
    """``upper(c) = c`` and ``lower(c) = c``: values are brought to that case as they are made."""
    if not isinstance(expr, Compare) or expr.operator != "=":
        return None
    calls = [side for side in (expr.left, expr.right) if isinstance(side, Call)]
    if len(calls) != 1 or not isinstance(column.type, _TEXTUAL):
        return None
    other = expr.right if calls[0] is expr.left else expr.left
    if not _names(calls[0].arguments[0], column) or not _names(other, column):
        return None
    match calls[0].name:
        case "upper" | "lower" as case:
            return Fragment(column.name, _in_case(case, column), exact=False)
        case _:
            return None


def _in_case(case: Literal["upper", "lower"], column: Column) -> Limits:
    """Return the case, and a pattern of letters where nothing says what the values look like."""
    if column.semantic or column.spec is not None:
        return Limits(case=case)
    letters = "[A-Z]" if case == "upper" else "[a-z]"
    longest = getattr(column.type, "max_length", None) or _LONGEST_CODE
    is_fixed = getattr(column.type, "fixed", False)
    most = longest if is_fixed else min(longest, _LONGEST_CODE)
    return Limits(case=case, pattern=f"{letters}{{{most if is_fixed else 1},{most}}}")


def _both(expr: Expr, column: Column) -> Fragment | None:
    """An AND of conditions on the column, as it stands inside an OR."""
    if not isinstance(expr, And):
        return None
    parts = [_read(part, column) for part in expr.operands]
    found = [part for part in parts if part is not None]
    limits = Limits()
    for part in found:
        limits = merged(limits, part.limits)
    is_exact = len(found) == len(parts) and all(part.exact for part in found)
    return Fragment(column.name, limits, is_exact)


def _either(expr: Expr, column: Column) -> Fragment | None:
    """An OR of conditions on the column: a longer list, or the range around all of them."""
    if not isinstance(expr, Or):
        return None
    parts = [
        _read(part, column)
        for part in expr.operands
        if not (isinstance(part, IsNull) and _names(part.operand, column))
    ]
    found = [part.limits for part in parts if part is not None]
    if not found or len(found) < len(parts):
        return None
    is_exact = all(part is not None and part.exact for part in parts)
    if is_exact and all(_is_list(limits) for limits in found):
        members = dict.fromkeys(value for limits in found for value in limits.allowed or ())
        return Fragment(column.name, Limits(allowed=tuple(members)))
    pattern = _union(found) if isinstance(column.type, _TEXTUAL) else None
    if pattern is not None:
        return _by_pattern(pattern, column)
    return Fragment(column.name, _hull(found, column.type), exact=False)


def _union(found: list[Limits]) -> str | None:
    """Return a pattern for lists and patterns that stand side by side in an OR."""
    branches: list[str] = []
    for limits in found:
        if _is_list(limits):
            branches.extend(re.escape(str(value)) for value in limits.allowed or ())
        elif limits.pattern is not None and limits == Limits(pattern=limits.pattern):
            branches.append(limits.pattern)
        else:
            return None
    return f"({'|'.join(branches)})"


def _is_list(limits: Limits) -> bool:
    return bool(limits.allowed) and limits == Limits(allowed=limits.allowed)


def _hull(found: list[Limits], kind: ColumnType) -> Limits:
    """Return the bounds that every alternative keeps."""
    if not isinstance(kind, _ORDERED):
        return Limits()
    lows = [_end(limits, kind, min, limits.minimum) for limits in found]
    highs = [_end(limits, kind, max, limits.maximum) for limits in found]
    return Limits(
        minimum=None if None in lows else min(lows),
        maximum=None if None in highs else max(highs),
    )


def _end(limits: Limits, kind: ColumnType, choose: Callable[..., Any], bound: Any) -> Any:
    if limits.allowed:
        return choose(fitted(value, kind) for value in limits.allowed)
    return bound


_READERS: tuple[Callable[[Expr, Column], Fragment | None], ...] = (
    _compared,
    _contained,
    _truth,
    _present,
    _matched,
    _length,
    _cased,
    _both,
    _either,
)
