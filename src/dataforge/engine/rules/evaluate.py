"""Evaluating an expression on the columns of a batch: SQL's three-valued logic on Arrow arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.rules.arithmetic import binary, negated
from dataforge.engine.rules.cast import cast_to
from dataforge.engine.rules.functions import call
from dataforge.engine.rules.temporal import span
from dataforge.engine.rules.values import (
    Value,
    as_array,
    as_boolean,
    common_type,
    constant,
    is_array,
    is_text,
    on_dictionary,
    plain,
    unify,
)
from dataforge.errors import SchemaError
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.expressions import (
    And,
    Between,
    Binary,
    Call,
    Case,
    Cast,
    Column,
    Compare,
    Distinct,
    Expr,
    InList,
    Interval,
    IsNull,
    Like,
    Literal,
    Negate,
    Not,
    Or,
    RegexMatch,
    to_sql,
)
from dataforge.schema.expressions.like import like_parts

_COMPARISONS: dict[str, Callable[..., Value]] = {
    "=": pc.equal,
    "<>": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_TRUE, _FALSE = pa.scalar(value=True), pa.scalar(value=False)
_UNKNOWN = pa.scalar(None, pa.bool_())


def evaluate(
    expr: Expr, column: Callable[[str], pa.Array], row_count: int, now: datetime
) -> pa.Array:
    """Return one value a row: an Arrow array of ``row_count`` values of the expression's own type.

    ``column`` gives the cells of a column (string dictionaries are accepted); ``now`` is the
    present. Conditions come as nullable booleans. Deterministic, no loop over rows. Raises
    SchemaError where a value does not convert or overflows.
    """
    try:
        value = _Evaluation(column, now).of(expr)
    except pa.ArrowInvalid:
        # Arrow's message quotes the offending cell, which no message of ours may do.
        msg = (
            f"the expression {to_sql(expr)} cannot be computed: a value does not convert to the "
            "type that is needed or overflows it; widen the type or write the conversion with CAST"
        )
        raise SchemaError(msg) from None
    except pa.ArrowNotImplementedError as fault:
        msg = (
            f"the expression {to_sql(expr)} cannot be computed: {fault}; "
            "check that the types of its columns fit"
        )
        raise SchemaError(msg) from None
    return as_array(value, row_count)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One walk over an expression."""

    column: Callable[[str], pa.Array]
    now: datetime

    def of(self, expr: Expr) -> Value:  # noqa: C901, PLR0912  - one line per node
        match expr:
            case Literal(value=value):
                return constant(value)
            case Column(name=name):
                cells = self.column(name)
                return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
            case Negate(operand=operand):
                return negated(plain(self.of(operand)))
            case Binary(operator=operator, left=left, right=right):
                return binary(operator, self._term(left), self._term(right))
            case Compare(operator=operator, left=left, right=right):
                return self._compared(operator, left, right)
            case Distinct(left=left, right=right):
                return _distinct(self.of(left), self.of(right))
            case And(operands=operands):
                return self._joined(pc.and_kleene, operands)
            case Or(operands=operands):
                return self._joined(pc.or_kleene, operands)
            case Not(operand=operand):
                return pc.invert(as_boolean(self.of(operand)))
            case InList(operand=operand, items=items):
                return _contained(self.of(operand), [self.of(item) for item in items])
            case Between(operand=operand, low=low, high=high):
                value = self.of(operand)
                above = _compare(">=", value, self.of(low))
                return pc.and_kleene(above, _compare("<=", value, self.of(high)))
            case IsNull(operand=operand):
                return pc.is_null(self.of(operand))
            case Like():
                return on_dictionary(self._text(expr.operand), lambda text: _like(expr, text))
            case RegexMatch():
                return on_dictionary(self._text(expr.operand), lambda text: _regex(expr, text))
            case Case(branches=branches, default=default):
                return self._chosen(branches, default)
            case Call(name=name, arguments=arguments):
                return call(name, [self.of(argument) for argument in arguments], self.now)
            case Cast(operand=operand, target=target):
                return _cast(self.of(operand), arrow_type(target))
            case Interval():
                return self._term(expr).elapsed

    def _term(self, expr: Expr) -> Value:
        """Return an operand of arithmetic; spans of time keep their months apart."""
        if isinstance(expr, Interval):
            return span(self.of(expr.amount), expr.unit)
        return plain(self.of(expr))

    def _text(self, expr: Expr) -> Value:
        value = self.of(expr)
        return value if is_text(value.type) else _cast(value, pa.string())

    def _compared(self, operator: str, left: Expr, right: Expr) -> Value:
        return _compare(operator, self.of(left), self.of(right))

    def _joined(self, join: Callable[..., Value], operands: tuple[Expr, ...]) -> Value:
        result = as_boolean(self.of(operands[0]))
        for operand in operands[1:]:
            result = join(result, as_boolean(self.of(operand)))
        return result

    def _chosen(self, branches: tuple[tuple[Expr, Expr], ...], default: Expr) -> Value:
        values = unify([*(self.of(then) for _, then in branches), self.of(default)])
        result = values[-1]
        for (condition, _), value in zip(reversed(branches), values[-2::-1], strict=True):
            holds = pc.fill_null(as_boolean(self.of(condition)), fill_value=False)
            result = pc.if_else(holds, value, result)
        return result


def _compare(operator: str, left: Value, right: Value) -> Value:
    """Compare two values; a dictionary beside a constant is compared once per distinct value."""
    if isinstance(left, pa.DictionaryArray) and not is_array(right):
        return on_dictionary(left, lambda distinct: _compare(operator, distinct, right))
    if isinstance(right, pa.DictionaryArray) and not is_array(left):
        return on_dictionary(right, lambda distinct: _compare(operator, left, distinct))
    first, second = unify([plain(left), plain(right)])
    if pa.types.is_null(first.type):
        return _unknown(first)
    return _COMPARISONS[operator](first, second)


def _unknown(like: Value) -> Value:
    return pa.nulls(len(like), pa.bool_()) if is_array(like) else _UNKNOWN


def _distinct(left: Value, right: Value) -> Value:
    differs = pc.fill_null(_compare("<>", left, right), fill_value=False)
    return pc.or_(differs, pc.xor(pc.is_null(left), pc.is_null(right)))


def _contained(value: Value, items: list[Value]) -> Value:
    if any(is_array(item) for item in items):
        result = _compare("=", value, items[0])
        for item in items[1:]:
            result = pc.or_kleene(result, _compare("=", value, item))
        return result
    return on_dictionary(value, lambda distinct: _in_constants(distinct, items))


def _in_constants(value: Value, items: list[Value]) -> Value:
    kind = common_type([value, *items])
    known = [item for item in items if item.is_valid]
    members = [_cast(item, kind) for item in known]
    found = pc.is_in(_cast(value, kind), pa.array([m.as_py() for m in members], kind))
    missing = _UNKNOWN if len(known) < len(items) else _FALSE
    return pc.if_else(pc.is_null(value), _UNKNOWN, pc.if_else(found, _TRUE, missing))


def _like(expr: Like, text: Value) -> Value:
    """Match with Arrow's LIKE, whose escape is always a backslash."""
    parts = (
        character if is_wildcard or character not in "%_\\" else f"\\{character}"
        for character, is_wildcard in like_parts(expr.pattern, expr.escape)
    )
    return pc.match_like(text, "".join(parts), ignore_case=expr.ignore_case)


def _regex(expr: RegexMatch, text: Value) -> Value:
    return pc.match_substring_regex(text, expr.pattern, ignore_case=expr.ignore_case)


def _cast(value: Value, target: pa.DataType) -> Value:
    if value.type == target:
        return value
    return cast_to(value, target) if is_array(value) else cast_to(pa.repeat(value, 1), target)[0]
