"""sqlglot's tree → expression tree, node by node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlglot import exp

from dataforge.errors import ParseError, did_you_mean
from dataforge.schema.expressions import nodes
from dataforge.schema.expressions.functions import ALIASES, DATE_PARTS, FUNCTIONS, UNITS
from dataforge.schema.expressions.like import glob_regex, similar_regex
from dataforge.schema.expressions.sql_reading import (
    UnsupportedError,
    excerpt,
    printed,
    read,
    without_brackets,
)
from dataforge.schema.expressions.sql_types import column_type
from dataforge.schema.types import DateType, StringType, TextType, TimestampType, TimeType

_SPAN_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_INT64 = 2**63
_OTHER_WAY: Mapping[nodes.ArithmeticOperator, nodes.ArithmeticOperator] = {"+": "-", "-": "+"}


def parse_sql(text: str, dialect: str) -> nodes.Expr:
    """Read ``text`` in ``dialect``; raises ParseError with what and where."""
    try:
        tree = read(text, dialect)
        if dialect == "tsql":
            tree = tree.transform(without_brackets)
        if dialect != "duckdb":
            tree = read(printed(tree), "duckdb")
        return _build(tree)
    except UnsupportedError as fault:
        what, node = fault.args
        msg = f"the expression language has no {what}: {excerpt(text, node)}"
        raise ParseError(msg) from None
    except RecursionError:
        msg = f"the expression is nested too deeply: {text[:60]}…"
        raise ParseError(msg) from None


def _build(node: exp.Expr) -> nodes.Expr:
    """Translate one node by the table below, else as a function."""
    builder = _BUILDERS.get(type(node))
    if builder is not None:
        return builder(node)
    if isinstance(node, exp.Func):
        return _call(node.sql_name().lower(), _arguments(node), node)
    raise UnsupportedError(_kind_name(node), node)


def _kind_name(node: exp.Expr) -> str:
    if isinstance(node, exp.Query):
        return "sub-queries"
    return type(node).__name__


def _arguments(node: exp.Expr) -> tuple[exp.Expr, ...]:
    """Return a function's arguments in the order in which it declares them."""
    return _present(node, tuple(node.arg_types))


def _present(node: exp.Expr, keys: tuple[str, ...]) -> tuple[exp.Expr, ...]:
    """Return the expressions that stand under ``keys``, lists flattened."""
    found: list[exp.Expr] = []
    for key in keys:
        value = node.args.get(key)
        members = value if isinstance(value, list) else [value]
        found.extend(member for member in members if isinstance(member, exp.Expr))
    return tuple(found)


def _call(name: str, arguments: tuple[exp.Expr, ...], node: exp.Expr) -> nodes.Expr:
    known = ALIASES.get(name, name)
    signature = FUNCTIONS.get(known)
    if signature is None:
        what = f"function {name!r}{did_you_mean(name, FUNCTIONS)}"
        raise UnsupportedError(what, node)
    count = len(arguments)
    if count < signature.least or (signature.most is not None and count > signature.most):
        what = f"{known}() with {count} argument{'s' if count != 1 else ''}"
        raise UnsupportedError(what, node)
    built = tuple(map(_build, arguments))
    for place in signature.constants:
        if place < count and not isinstance(built[place], nodes.Literal):
            what = f"{known}() whose argument {place + 1} is not a constant"
            raise UnsupportedError(what, node)
    if known in {"substring", "lpad", "rpad"} and _is_negative(built[2:3]):
        what = f"{known}() with a negative length"
        raise UnsupportedError(what, node)
    return nodes.Call(known, built)


def _is_negative(expressions: tuple[nodes.Expr, ...]) -> bool:
    """Tell whether one of the expressions is a constant below zero."""
    values = (part.value for part in expressions if isinstance(part, nodes.Literal))
    return any(isinstance(value, int) and value < 0 for value in values)


def _literal(node: exp.Expr) -> nodes.Expr:
    text = node.name
    if node.args.get("is_string"):
        return nodes.Literal(text)
    if text.isdigit():
        whole = int(text)
        return nodes.Literal(whole if whole < _INT64 else Decimal(whole))
    if "e" in text.lower():
        return nodes.Literal(float(text))
    return nodes.Literal(Decimal(text))


def _negate(node: exp.Expr) -> nodes.Expr:
    operand = _build(node.this)
    value = operand.value if isinstance(operand, nodes.Literal) else None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return nodes.Literal(-value)
    return nodes.Negate(operand)


def _connected(kind: type[nodes.And | nodes.Or]) -> Callable[[exp.Expr], nodes.Expr]:
    def build(node: exp.Expr) -> nodes.Expr:
        operands: list[nodes.Expr] = []
        parts: Any = node.flatten()
        for part in parts:
            built = _build(part)
            operands.extend(built.operands if isinstance(built, kind) else (built,))
        return kind(tuple(operands))

    return build


def _comparison(operator: nodes.ComparisonOperator) -> Callable[[exp.Expr], nodes.Expr]:
    def build(node: exp.Expr) -> nodes.Expr:
        members = _quantified(node.expression, operator)
        if members is None:
            return nodes.Compare(operator, _build(node.this), _build(node.expression))
        contained = nodes.InList(_build(node.this), tuple(map(_build, members)))
        return contained if operator == "=" else nodes.Not(contained)

    return build


def _quantified(right: exp.Expr, operator: str) -> list[exp.Expr] | None:
    """Return the members of ``= ANY (ARRAY[…])`` and ``<> ALL (ARRAY[…])``, else None."""
    is_any = operator == "=" and isinstance(right, exp.Any)
    is_all = operator == "<>" and (
        isinstance(right, exp.All)
        or (isinstance(right, exp.Anonymous) and right.name.upper() == "ALL")
    )
    if not is_any and not is_all:
        return None
    inner: Any = right.expressions[0] if right.expressions else right.this
    while isinstance(inner, exp.Paren | exp.Cast):
        inner = inner.this
    if not isinstance(inner, exp.Array | exp.Tuple):
        raise UnsupportedError("ANY or ALL of anything but a list", right)
    return list(inner.expressions)


def _arithmetic(operator: nodes.ArithmeticOperator) -> Callable[[exp.Expr], nodes.Expr]:
    def build(node: exp.Expr) -> nodes.Expr:
        left, right = _build(node.this), _build(node.expression)
        ahead = _turned(right) if operator in _OTHER_WAY else None
        if ahead is not None:
            return nodes.Binary(_OTHER_WAY[operator], left, ahead)
        return nodes.Binary(operator, left, right)

    return build


def _turned(span: nodes.Expr) -> nodes.Interval | None:
    """Return a span below zero as the span ahead: not every database writes negative ones."""
    if not isinstance(span, nodes.Interval) or not isinstance(span.amount, nodes.Literal):
        return None
    amount = span.amount.value
    if not isinstance(amount, int) or amount >= 0:
        return None
    return nodes.Interval(nodes.Literal(-amount), span.unit)


def _is(node: exp.Expr) -> nodes.Expr:
    operand, other = _build(node.this), node.expression
    if isinstance(other, exp.Null):
        return nodes.IsNull(operand)
    if isinstance(other, exp.Boolean):
        return nodes.Not(nodes.Distinct(operand, nodes.Literal(bool(other.this))))
    return nodes.Not(nodes.Distinct(operand, _build(other)))


def _in(node: exp.Expr) -> nodes.Expr:
    if node.args.get("query") or node.args.get("unnest") or not node.expressions:
        raise UnsupportedError("IN over anything but a list of values", node)
    return nodes.InList(_build(node.this), tuple(map(_build, node.expressions)))


def _between(node: exp.Expr) -> nodes.Expr:
    low, high = _build(node.args["low"]), _build(node.args["high"])
    return nodes.Between(_build(node.this), low, high)


def _text_of(node: exp.Expr) -> str:
    built = _build(node)
    if isinstance(built, nodes.Literal) and isinstance(built.value, str):
        return built.value
    raise UnsupportedError("pattern that is not a constant", node)


def _like(*, ignore_case: bool) -> Callable[[exp.Expr], nodes.Expr]:
    def build(node: exp.Expr) -> nodes.Expr:
        match = nodes.Like(_build(node.this), _text_of(node.expression), ignore_case)
        return nodes.Not(match) if node.args.get("negate") else match

    return build


def _escape(node: exp.Expr) -> nodes.Expr:
    match = _build(node.this)
    escape = _text_of(node.expression)
    inner = match.operand if isinstance(match, nodes.Not) else match
    if not isinstance(inner, nodes.Like) or len(escape) != 1:
        raise UnsupportedError("ESCAPE of this form", node)
    escaped = nodes.Like(inner.operand, inner.pattern, inner.ignore_case, escape)
    return nodes.Not(escaped) if isinstance(match, nodes.Not) else escaped


def _regex(node: exp.Expr) -> nodes.Expr:
    flag = node.args.get("flag")
    flags = _text_of(flag) if flag is not None else ""
    if flags.strip("ics"):
        raise UnsupportedError(f"regular-expression flag {flags!r}", node)
    return nodes.RegexMatch(_build(node.this), _text_of(node.expression), "i" in flags)


def _full_regex(node: exp.Expr) -> nodes.Expr:
    return nodes.RegexMatch(_build(node.this), f"^(?:{_text_of(node.expression)})$")


def _wildcards(translate: Callable[[str], str]) -> Callable[[exp.Expr], nodes.Expr]:
    """Build GLOB and SIMILAR TO, whose patterns become regular expressions."""

    def build(node: exp.Expr) -> nodes.Expr:
        return nodes.RegexMatch(_build(node.this), translate(_text_of(node.expression)))

    return build


def _not(node: exp.Expr) -> nodes.Expr:
    operand = _build(node.this)
    return operand.operand if isinstance(operand, nodes.Not) else nodes.Not(operand)


def _case(node: exp.Expr) -> nodes.Expr:
    subject = _build(node.this) if node.this is not None else None
    branches = []
    for branch in node.args["ifs"]:
        condition = _build(branch.this)
        if subject is not None:
            condition = nodes.Compare("=", subject, condition)
        branches.append((condition, _build(branch.args["true"])))
    default = node.args.get("default")
    return nodes.Case(tuple(branches), nodes.Literal(None) if default is None else _build(default))


def _if(node: exp.Expr) -> nodes.Expr:
    otherwise = node.args.get("false")
    default = nodes.Literal(None) if otherwise is None else _build(otherwise)
    return nodes.Case(((_build(node.this), _build(node.args["true"])),), default)


def _cast(node: exp.Expr) -> nodes.Expr:
    target = column_type(node.args["to"])
    if target is None:
        raise UnsupportedError(f"type {node.args['to'].sql('duckdb')}", node)
    operand = _build(node.this)
    if isinstance(operand, nodes.Literal) and isinstance(operand.value, str):
        value = _folded(operand.value, target)
        if value is not None:
            return nodes.Literal(value)
    return nodes.Cast(operand, target)


def _folded(text: str, target: Any) -> str | date | time | None:
    """Read a string constant as the type it is cast to; None where that needs a real cast."""
    try:
        match target:
            case StringType() | TextType():
                return text
            case DateType():
                return datetime.fromisoformat(text).date()
            case TimeType():
                return time.fromisoformat(text)
            case TimestampType(zoned=zoned):
                return _moment(datetime.fromisoformat(text), zoned=zoned)
            case _:
                return None
    except ValueError:
        return None


def _moment(value: datetime, *, zoned: bool) -> datetime:
    if zoned:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value.replace(tzinfo=None)


def _unit(node: Any, known: tuple[str, ...]) -> str:
    name = (node.name if node is not None else "day").lower()
    singular = name.removesuffix("s")
    if singular not in known:
        raise UnsupportedError(f"unit {name!r}{did_you_mean(singular, known)}", node)
    return singular


def _interval(node: exp.Expr) -> nodes.Expr:
    if node.this is None:
        raise UnsupportedError("interval of this form", node)
    unit: Any = _unit(node.args.get("unit"), _SPAN_UNITS)
    amount = _build(node.this)
    if isinstance(amount, nodes.Literal) and isinstance(amount.value, str):
        if not amount.value.strip().lstrip("+-").isdigit():
            raise UnsupportedError("interval of this form", node)
        amount = nodes.Literal(int(amount.value))
    return nodes.Interval(amount, unit)


def _extract(node: exp.Expr) -> nodes.Expr:
    return _date_part(node.this.name, node.expression, node)


def _date_part(part: str, operand: exp.Expr, node: exp.Expr) -> nodes.Expr:
    name = DATE_PARTS.get(part.lower())
    if name is None:
        raise UnsupportedError(f"date part {part!r}{did_you_mean(part, DATE_PARTS)}", node)
    return nodes.Call(name, (_build(operand),))


def _anonymous(node: exp.Expr) -> nodes.Expr:
    name = node.name.lower()
    arguments = tuple(node.expressions)
    if name in {"date_part", "datepart"} and len(arguments) == 2:
        return _date_part(arguments[0].name, arguments[1], node)
    return _call(name, arguments, node)


def _date_diff(node: exp.Expr) -> nodes.Expr:
    # Databases disagree on what a week's border is.
    units = tuple(unit for unit in UNITS if unit != "week")
    unit = nodes.Literal(_unit(node.args.get("unit"), units))
    return nodes.Call("date_diff", (unit, _build(node.expression), _build(node.this)))


def _date_trunc(node: exp.Expr) -> nodes.Expr:
    unit = nodes.Literal(_unit(node.args.get("unit"), UNITS))
    return nodes.Call("date_trunc", (unit, _build(node.this)))


def _trim(node: exp.Expr) -> nodes.Expr:
    position = str(node.args.get("position") or "").upper()
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(position, "trim")
    parts = [node.this] if node.expression is None else [node.this, node.expression]
    return _call(name, tuple(parts), node)


def _pad(node: exp.Expr) -> nodes.Expr:
    fill = node.args.get("fill_pattern") or exp.Literal.string(" ")
    name = "lpad" if node.args.get("is_left") else "rpad"
    return _call(name, (node.this, node.expression, fill), node)


def _named(name: str, *keys: str) -> Callable[[exp.Expr], nodes.Expr]:
    """Build a call whose arguments stand under ``keys`` of the node."""

    def build(node: exp.Expr) -> nodes.Expr:
        return _call(name, _present(node, keys), node)

    return build


def _log(node: exp.Expr) -> nodes.Expr:
    raise UnsupportedError("log() (its base differs between databases; write ln())", node)


def _zoned(node: exp.Expr) -> nodes.Expr:
    operand = _build(node.this)
    if operand == nodes.Call("now", ()):
        return operand
    raise UnsupportedError("AT TIME ZONE", node)


def _not_distinct(node: exp.Expr) -> nodes.Expr:
    return nodes.Not(nodes.Distinct(_build(node.this), _build(node.expression)))


_BUILDERS: Mapping[type[exp.Expr], Callable[[Any], nodes.Expr]] = {
    exp.Paren: lambda node: _build(node.this),
    exp.Column: lambda node: nodes.Column(node.name),
    exp.Identifier: lambda node: nodes.Column(node.name),
    exp.Literal: _literal,
    exp.Boolean: lambda node: nodes.Literal(bool(node.this)),
    exp.Null: lambda _: nodes.Literal(None),
    exp.Neg: _negate,
    exp.Not: _not,
    exp.And: _connected(nodes.And),
    exp.Or: _connected(nodes.Or),
    exp.EQ: _comparison("="),
    exp.NEQ: _comparison("<>"),
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.NullSafeEQ: _not_distinct,
    exp.NullSafeNEQ: lambda node: nodes.Distinct(_build(node.this), _build(node.expression)),
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _arithmetic("/"),
    exp.IntDiv: _arithmetic("//"),
    exp.Mod: _arithmetic("%"),
    exp.DPipe: _arithmetic("||"),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Like: _like(ignore_case=False),
    exp.ILike: _like(ignore_case=True),
    exp.Escape: _escape,
    exp.Glob: _wildcards(glob_regex),
    exp.SimilarTo: _wildcards(similar_regex),
    exp.RegexpLike: _regex,
    exp.RegexpFullMatch: _full_regex,
    exp.Case: _case,
    exp.If: _if,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Collate: lambda node: _build(node.this),
    exp.AtTimeZone: _zoned,
    exp.Interval: _interval,
    exp.Extract: _extract,
    exp.Anonymous: _anonymous,
    exp.DateDiff: _date_diff,
    exp.TimestampDiff: _date_diff,
    exp.DateTrunc: _date_trunc,
    exp.TimestampTrunc: _date_trunc,
    exp.Trim: _trim,
    exp.Pad: _pad,
    exp.Log: _log,
    exp.CurrentDate: lambda _: nodes.Call("current_date", ()),
    exp.CurrentTimestamp: lambda _: nodes.Call("now", ()),
    exp.Concat: _named("concat", "expressions"),
    exp.Coalesce: _named("coalesce", "this", "expressions"),
    exp.Greatest: _named("greatest", "this", "expressions"),
    exp.Least: _named("least", "this", "expressions"),
    exp.Pow: _named("power", "this", "expression"),
    exp.Length: _named("length", "this"),
    exp.Ceil: _named("ceil", "this"),
    exp.Floor: _named("floor", "this"),
    exp.Round: _named("round", "this", "decimals"),
    exp.StrPosition: _named("strpos", "this", "substr"),
    exp.Substring: _named("substring", "this", "start", "length"),
    exp.Replace: _named("replace", "this", "expression", "replacement"),
    exp.StartsWith: _named("starts_with", "this", "expression"),
    exp.EndsWith: _named("ends_with", "this", "expression"),
    exp.Contains: _named("contains", "this", "expression"),
    exp.DayOfWeekIso: _named("isodow", "this"),
    exp.DayOfWeek: _named("dayofweek", "this"),
    exp.DayOfYear: _named("dayofyear", "this"),
    exp.DayOfMonth: _named("day", "this"),
    exp.WeekOfYear: _named("week", "this"),
    exp.LastDay: _named("last_day", "this"),
}
