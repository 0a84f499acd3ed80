"""Expression tree → canonical DuckDB SQL; ``parse_expression`` reads it back to the same tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from dataforge.schema.expressions.nodes import (
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
)
from dataforge.schema.types import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Words that stand for something else when they are not quoted.
_RESERVED = frozenset(
    """all analyse analyze and any array as asc asymmetric between both by case cast check collate
    column constraint create cross current_date current_time current_timestamp date day default
    deferrable desc describe distinct div else end escape except exists extract false fetch for
    foreign from full glob grant group having hour if ilike in initially inner intersect interval
    into is isnull join lateral leading left like limit localtime localtimestamp minute month
    natural not notnull null offset on only or order outer over overlaps partition pivot placing
    primary qualify references regexp returning right rlike row rows second select session_user
    show similar some summarize symmetric table then time timestamp to trailing true try_cast union
    unique unpivot unnest user using values when where window with xor year""".split()
)
_INTEGERS = {8: "TINYINT", 16: "SMALLINT", 32: "INT", 64: "BIGINT"}
_OR, _AND, _NOT, _COMPARE, _CONCAT, _ADD, _MULTIPLY, _UNARY, _ATOM = range(9)
_PRECEDENCE = {
    "+": _ADD,
    "-": _ADD,
    "*": _MULTIPLY,
    "/": _MULTIPLY,
    "//": _MULTIPLY,
    "%": _MULTIPLY,
    "||": _CONCAT,
}


def to_sql(expr: Expr) -> str:
    """Return ``expr`` as DuckDB SQL with the fewest parentheses that keep its meaning."""
    return _text(expr)[0]


def quoted(name: str) -> str:
    """Return a column name as it is written in an expression."""
    if _PLAIN_NAME.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def _at(expr: Expr, least: int) -> str:
    """Render ``expr``, in parentheses if it binds more loosely than ``least``."""
    text, strength = _text(expr)
    return text if strength >= least else f"({text})"


def _listed(expressions: Sequence[Expr]) -> str:
    return ", ".join(map(to_sql, expressions))


def _text(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0912  - one line per node
    """Return the text and how strongly its outermost operator binds."""
    match expr:
        case Literal(value=value):
            return _literal(value)
        case Column(name=name):
            return quoted(name), _ATOM
        case Negate(operand=operand):
            return f"-{_at(operand, _ATOM)}", _UNARY
        case Binary(operator=operator, left=left, right=right):
            level = _PRECEDENCE[operator]
            return f"{_at(left, level)} {operator} {_at(right, level + 1)}", level
        case Compare(operator=operator, left=left, right=right):
            return f"{_at(left, _CONCAT)} {operator} {_at(right, _CONCAT)}", _COMPARE
        case Distinct(left=left, right=right):
            return f"{_at(left, _CONCAT)} IS DISTINCT FROM {_at(right, _CONCAT)}", _COMPARE
        case And(operands=operands):
            return " AND ".join(_at(operand, _NOT) for operand in operands), _AND
        case Or(operands=operands):
            return " OR ".join(_at(operand, _NOT) for operand in operands), _OR
        case Not(operand=operand):
            return _negated(operand)
        case InList(operand=operand, items=items):
            return f"{_at(operand, _CONCAT)} IN ({_listed(items)})", _COMPARE
        case Between(operand=operand, low=low, high=high):
            bounds = f"{_at(low, _CONCAT)} AND {_at(high, _CONCAT)}"
            return f"{_at(operand, _CONCAT)} BETWEEN {bounds}", _COMPARE
        case IsNull(operand=operand):
            return f"{_at(operand, _CONCAT)} IS NULL", _COMPARE
        case Like():
            return _like(expr, "")
        case RegexMatch(operand=operand, pattern=pattern, ignore_case=ignore_case):
            flag = ", 'i'" if ignore_case else ""
            return f"REGEXP_MATCHES({to_sql(operand)}, {_string(pattern)}{flag})", _ATOM
        case Case(branches=branches, default=default):
            return _case(branches, default), _ATOM
        case Call(name=name, arguments=arguments):
            return _call(name, arguments), _ATOM
        case Cast(operand=operand, target=target):
            return f"CAST({to_sql(operand)} AS {type_name(target)})", _ATOM
        case Interval(amount=amount, unit=unit):
            return f"INTERVAL {_amount(amount)} {unit.upper()}", _ATOM


def _amount(amount: Expr) -> str:
    is_plain = isinstance(amount, Literal) and isinstance(amount.value, int) and amount.value >= 0
    return f"'{to_sql(amount)}'" if is_plain else f"({to_sql(amount)})"


def _negated(operand: Expr) -> tuple[str, int]:
    match operand:
        case IsNull(operand=inner):
            return f"{_at(inner, _CONCAT)} IS NOT NULL", _COMPARE
        case InList(operand=inner, items=items):
            return f"{_at(inner, _CONCAT)} NOT IN ({_listed(items)})", _COMPARE
        case Between(operand=inner, low=low, high=high):
            bounds = f"{_at(low, _CONCAT)} AND {_at(high, _CONCAT)}"
            return f"{_at(inner, _CONCAT)} NOT BETWEEN {bounds}", _COMPARE
        case Like():
            return _like(operand, "NOT ")
        case Distinct(left=left, right=right):
            return f"{_at(left, _CONCAT)} IS NOT DISTINCT FROM {_at(right, _CONCAT)}", _COMPARE
        case _:
            return f"NOT {_at(operand, _CONCAT)}", _NOT


def _like(expr: Like, negation: str) -> tuple[str, int]:
    word = "ILIKE" if expr.ignore_case else "LIKE"
    escape = f" ESCAPE {_string(expr.escape)}" if expr.escape is not None else ""
    operand = _at(expr.operand, _CONCAT)
    return f"{operand} {negation}{word} {_string(expr.pattern)}{escape}", _COMPARE


def _case(branches: tuple[tuple[Expr, Expr], ...], default: Expr) -> str:
    parts = [f"WHEN {to_sql(when)} THEN {to_sql(then)}" for when, then in branches]
    if default != Literal(None):
        parts.append(f"ELSE {to_sql(default)}")
    return f"CASE {' '.join(parts)} END"


def _call(name: str, arguments: tuple[Expr, ...]) -> str:
    match name:
        case "current_date":
            return "CURRENT_DATE"
        case "now":
            return "CURRENT_TIMESTAMP"
        case _:
            return f"{name.upper()}({_listed(arguments)})"


def _literal(value: object) -> tuple[str, int]:
    match value:
        case None:
            return "NULL", _ATOM
        case bool():
            return str(value).upper(), _ATOM
        case int() | Decimal():
            text = format(value, "f") if isinstance(value, Decimal) else str(value)
            return text, _UNARY if value < 0 else _ATOM
        case float():
            text = repr(value)
            return text if "e" in text else f"{text}e0", _UNARY if value < 0 else _ATOM
        case datetime():
            kind = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
            return f"CAST({_string(value.isoformat(sep=' '))} AS {kind})", _ATOM
        case date():
            return f"CAST({_string(value.isoformat())} AS DATE)", _ATOM
        case time():
            return f"CAST({_string(value.isoformat())} AS TIME)", _ATOM
        case _:
            return _string(str(value)), _ATOM


def _string(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def type_name(target: ColumnType) -> str:
    """Return DuckDB's name of a type that expressions may cast to."""
    match target:
        case IntegerType():
            return ("" if target.signed else "U") + _INTEGERS[target.bits]
        case DecimalType():
            return f"DECIMAL({target.precision}, {target.scale})"
        case FloatType():
            return "REAL" if target.bits == 32 else "DOUBLE"
        case BooleanType():
            return "BOOLEAN"
        case DateType():
            return "DATE"
        case TimeType():
            return "TIME"
        case TimestampType():
            return "TIMESTAMPTZ" if target.zoned else "TIMESTAMP"
        case _:
            return "TEXT"
