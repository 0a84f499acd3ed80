"""Defaults in a dialect's words, by way of sqlglot."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

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
    TextType,
    TimestampType,
)

_NUMBERS = (IntegerType, DecimalType, FloatType)
_NOW = {"postgres", "sqlite", "duckdb", "oracle", "tsql", "mysql"}
_UNQUALIFIED_LENGTH = 4000


def default_sql(column: Column, logical: ColumnType, source: str | None, dialect: str) -> str:
    """Return a column's default in ``dialect``, or an empty string where it must be dropped.

    Kept are numbers for numeric columns, strings that fit for strings and enums, booleans, and the
    present for timestamps.
    """
    if column.default is None or column.identity or column.generated:
        return ""
    try:
        tree = sqlglot.parse_one(column.default, read=source)
    except SqlglotError:
        return ""
    while isinstance(tree, exp.Cast | exp.Paren):
        tree = tree.this
    return _literal(tree, logical, dialect)


def _literal(tree: exp.Expr, logical: ColumnType, dialect: str) -> str:
    match logical:
        case BooleanType():
            truth = _truth(tree)
            words = ("0", "1") if dialect in {"tsql", "oracle"} else ("FALSE", "TRUE")
            return "" if truth is None else words[truth]
        case TimestampType() if isinstance(tree, exp.CurrentTimestamp) and dialect in _NOW:
            digits = f"({logical.precision})" if dialect == "mysql" and logical.precision else ""
            return f"CURRENT_TIMESTAMP{digits}"
        case DateType() if isinstance(tree, exp.CurrentDate) and dialect != "tsql":
            return "(CURRENT_DATE)" if dialect == "mysql" else "CURRENT_DATE"
        case _ if isinstance(logical, _NUMBERS):
            return _number(tree, logical)
        case StringType() | EnumType() | TextType() if _is_text(tree):
            return _text(tree, logical, dialect)
        case _:
            return ""


def _truth(tree: exp.Expr) -> bool | None:
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    value = str(tree.this).lower() if isinstance(tree, exp.Literal) else ""
    return {"0": False, "1": True, "f": False, "t": True, "false": False, "true": True}.get(value)


def _number(tree: exp.Expr, logical: ColumnType) -> str:
    sign = "-" if isinstance(tree, exp.Neg) else ""
    literal = tree.this if isinstance(tree, exp.Neg) else tree
    if not isinstance(literal, exp.Literal):
        return ""
    text = str(literal.this)
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdigit() or not (whole + fraction).isascii():
        return ""
    return sign + text if _holds(logical, int(whole or 0), fraction) else ""


def _holds(logical: ColumnType, whole: int, fraction: str) -> bool:
    """Tell whether a number's whole part, either sign, surely fits the type."""
    if isinstance(logical, IntegerType):
        return not fraction.strip("0") and whole < 1 << (logical.bits - 1)
    if isinstance(logical, DecimalType):
        return len(str(whole)) <= logical.precision - logical.scale or whole == 0
    return True


def _is_text(tree: exp.Expr) -> bool:
    return isinstance(tree, exp.Literal | exp.National) and not (
        isinstance(tree, exp.Literal) and not tree.is_string
    )


def _text(tree: exp.Expr, logical: ColumnType, dialect: str) -> str:
    value = str(tree.this)
    if isinstance(logical, EnumType) and not logical.multiple and value not in logical.values:
        return ""
    limit = logical.max_length if isinstance(logical, StringType) else _UNQUALIFIED_LENGTH
    long_text = dialect in {"mysql", "oracle"} and (
        isinstance(logical, TextType) or limit is None or limit > _UNQUALIFIED_LENGTH
    )
    if long_text or (limit is not None and len(value) > limit):
        return ""
    return exp.Literal.string(value).sql(dialect=dialect)
