"""How each dialect writes the functions and casts of the expression language.

A dialect that is not in a function's entry writes it like DuckDB unless ``MISSING`` says that it
has no such function, or means something else by the name. ``{0}`` stands for the first argument.
"""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.schema import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)
from dataforge.sinks.ddl.column_types import TYPE_OF

_PARTS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
_DATES = frozenset({*_PARTS, "dayofweek", "isodow", "dayofyear", "last_day", "date_diff"})
_POSTGRES_PARTS = {part: f"EXTRACT({part.upper()} FROM {{0}})" for part in _PARTS}

MISSING: Mapping[str, frozenset[str]] = {
    "postgres": frozenset(),
    "mysql": frozenset({"isodow", "dayofweek", "week", "now", "current_date", "date_trunc"}),
    "sqlite": _DATES
    | {"now", "current_date", "date_trunc", "reverse", "lpad", "rpad", "sign", "floor", "ceil"}
    | {"sqrt", "exp", "ln", "power", "concat"},
    "tsql": frozenset(
        {"lpad", "rpad", "greatest", "least", "isodow", "dayofweek", "date_trunc", "second"}
    ),
    "oracle": frozenset({"now", "current_date", "isodow", "dayofweek", "week", "date_trunc"})
    | {"date_diff", "left", "right", "concat"},
    "duckdb": frozenset(),
}

WORDING: Mapping[str, Mapping[str, str]] = {
    "postgres": {
        **_POSTGRES_PARTS,
        "dayofweek": "EXTRACT(DOW FROM {0})",
        "isodow": "EXTRACT(ISODOW FROM {0})",
        "dayofyear": "EXTRACT(DOY FROM {0})",
        "last_day": "CAST(DATE_TRUNC('month', {0}) + INTERVAL '1 month - 1 day' AS DATE)",
        "now": "CURRENT_TIMESTAMP",
        "current_date": "CURRENT_DATE",
        "contains": "(STRPOS({0}, {1}) > 0)",
        "ends_with": "(RIGHT({0}, LENGTH({1})) = {1})",
    },
    "mysql": {
        "length": "CHAR_LENGTH({0})",
        "strpos": "INSTR({0}, {1})",
        "contains": "(INSTR({0}, {1}) > 0)",
        "starts_with": "(LEFT({0}, CHAR_LENGTH({1})) = {1})",
        "ends_with": "(RIGHT({0}, CHAR_LENGTH({1})) = {1})",
        "second": "SECOND({0})",
    },
    "sqlite": {
        "greatest": "MAX({*})",
        "least": "MIN({*})",
        "strpos": "INSTR({0}, {1})",
        "contains": "(INSTR({0}, {1}) > 0)",
        "starts_with": "(SUBSTR({0}, 1, LENGTH({1})) = {1})",
        "ends_with": "(SUBSTR({0}, -LENGTH({1})) = {1})",
        "left": "SUBSTR({0}, 1, {1})",
        "right": "SUBSTR({0}, -{1})",
        "substring": "SUBSTR({*})",
    },
    "tsql": {
        "length": "LEN({0})",
        "ceil": "CEILING({0})",
        "ln": "LOG({0})",
        "strpos": "CHARINDEX({1}, {0})",
        "contains": "(CHARINDEX({1}, {0}) > 0)",
        "starts_with": "(LEFT({0}, LEN({1})) = {1})",
        "ends_with": "(RIGHT({0}, LEN({1})) = {1})",
        "now": "SYSDATETIME()",
        "current_date": "CAST(SYSDATETIME() AS date)",
        "quarter": "DATEPART(quarter, {0})",
        "week": "DATEPART(iso_week, {0})",
        "hour": "DATEPART(hour, {0})",
        "minute": "DATEPART(minute, {0})",
        "dayofyear": "DATEPART(dayofyear, {0})",
        "last_day": "EOMONTH({0})",
    },
    "oracle": {
        "substring": "SUBSTR({*})",
        "strpos": "INSTR({0}, {1})",
        "contains": "(INSTR({0}, {1}) > 0)",
        "starts_with": "(SUBSTR({0}, 1, LENGTH({1})) = {1})",
        "ends_with": "(SUBSTR({0}, -LENGTH({1})) = {1})",
        "year": "EXTRACT(YEAR FROM {0})",
        "month": "EXTRACT(MONTH FROM {0})",
        "day": "EXTRACT(DAY FROM {0})",
        "quarter": "TO_NUMBER(TO_CHAR({0}, 'Q'))",
        "hour": "TO_NUMBER(TO_CHAR({0}, 'HH24'))",
        "minute": "TO_NUMBER(TO_CHAR({0}, 'MI'))",
        "second": "TO_NUMBER(TO_CHAR({0}, 'SS'))",
        "dayofyear": "TO_NUMBER(TO_CHAR({0}, 'DDD'))",
    },
    "duckdb": {"now": "now()", "current_date": "current_date()"},
}


# Functions whose value is a condition: no dialect without booleans takes them as an operand.
CONDITIONS = frozenset({"contains", "starts_with", "ends_with"})


def function_sql(name: str, arguments: list[str], dialect: str) -> str | None:
    """Return a call in ``dialect``; None where it has no such function."""
    if name in MISSING[dialect]:
        return None
    form = WORDING[dialect].get(name)
    if form is None:
        return f"{name.upper()}({', '.join(arguments)})"
    return form.replace("{*}", ", ".join(arguments)).format(*arguments)


def cast_type(target: ColumnType, dialect: str) -> str | None:
    """Return the name of a type behind CAST … AS; None where the dialect casts otherwise."""
    if dialect == "mysql":
        return _mysql_cast(target)
    if dialect == "sqlite":
        return _sqlite_cast(target)
    if dialect in {"tsql", "oracle"} and isinstance(target, BooleanType):
        return None
    return TYPE_OF[dialect](target)


def _mysql_cast(target: ColumnType) -> str | None:
    match target:
        case IntegerType(signed=signed):
            return "SIGNED" if signed else "UNSIGNED"
        case DecimalType(precision=precision, scale=scale):
            return f"DECIMAL({precision}, {scale})"
        case FloatType():
            return "DOUBLE"
        case DateType():
            return "DATE"
        case TimeType():
            return "TIME"
        case TimestampType():
            return "DATETIME(6)"
        case BooleanType():
            return None
        case _:
            return "CHAR"


def _sqlite_cast(target: ColumnType) -> str | None:
    match target:
        case IntegerType():
            return "INTEGER"
        case DecimalType() | FloatType():
            return "REAL"
        case DateType() | TimeType() | TimestampType() | BooleanType():
            return None
        case _:
            return "TEXT"
