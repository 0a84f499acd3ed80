"""Conditions of the schema's expression language in a dialect's words.

What a dialect cannot say, or would mean otherwise, is refused as a whole: a rule is declared
exactly or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from dataforge.schema import BooleanType, ColumnType, EnumType
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
)
from dataforge.schema.expressions.like import like_parts
from dataforge.sinks.ddl.column_types import sql_string
from dataforge.sinks.ddl.words import CONDITIONS, cast_type, function_sql

_ESCAPES = "\\!|~^#"
_BARE = (Column, Literal, Call, Cast, Case)
_TRUTHS = (Compare, Distinct, And, Or, Not, InList, Between, IsNull, Like, RegexMatch)
_WITHOUT_BOOLEANS = frozenset({"tsql", "oracle"})
_MONTHS = {"year": 12, "month": 1}
_DAYS = {"week": 7}


class CannotSayError(Exception):
    """The dialect has no words for a part of a condition."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The dialect, how it writes each column, and the columns' types where they are known."""

    dialect: str
    column: Callable[[str], str]
    types: Mapping[str, ColumnType]

    def condition(self, expr: Expr) -> str:
        """Write an expression that stands as a condition; ``CannotSayError`` if it cannot be."""
        if self.dialect in _WITHOUT_BOOLEANS:
            if isinstance(expr, Column):
                return f"{self.value(expr)} = 1"
            if isinstance(expr, Literal):
                return "1 = 1" if expr.value else "1 = 0"
        return self._text(expr)

    def value(self, expr: Expr) -> str:
        """Write an operand, in parentheses unless it is a single piece."""
        is_truth = isinstance(expr, _TRUTHS) or (isinstance(expr, Call) and expr.name in CONDITIONS)
        if is_truth and self.dialect in _WITHOUT_BOOLEANS:
            raise CannotSayError
        text = self._text(expr)
        return text if isinstance(expr, _BARE) else f"({text})"

    def _nested(self, expr: Expr) -> str:
        return f"({self.condition(expr)})" if isinstance(expr, And | Or) else self.condition(expr)

    def _truth(self, operand: Expr, other: Expr) -> Expr:
        """A column of truths is compared with truths: PostgreSQL takes no numbers there."""
        kind = self.types.get(operand.name) if isinstance(operand, Column) else None
        if isinstance(kind, BooleanType) and isinstance(other, Literal) and other.value in (0, 1):
            return Literal(bool(other.value))
        return other

    def _text(self, expr: Expr) -> str:  # noqa: C901, PLR0912 - one case a node
        match expr:
            case Literal(value=value):
                return self._literal(value)
            case Column(name=name):
                return self._column(name)
            case Negate(operand=operand):
                return f"-{self.value(operand)}"
            case Binary(operator=operator, left=left, right=right):
                return self._binary(operator, left, right)
            case Compare(operator=operator, left=left, right=right):
                first, second = self._truth(right, left), self._truth(left, right)
                return f"{self.value(first)} {operator} {self.value(second)}"
            case Distinct(left=left, right=right):
                return self._distinct(left, right)
            case And(operands=operands):
                return " AND ".join(map(self._nested, operands))
            case Or(operands=operands):
                return " OR ".join(map(self._nested, operands))
            case Not(operand=operand):
                return self._negated(operand)
            case InList(operand=operand, items=items):
                listed = (self.value(self._truth(operand, item)) for item in items)
                return f"{self.value(operand)} IN ({', '.join(listed)})"
            case Between(operand=operand, low=low, high=high):
                bounds = f"{self.value(low)} AND {self.value(high)}"
                return f"{self.value(operand)} BETWEEN {bounds}"
            case IsNull(operand=Column(name=name)):
                return f"{self.column(name)} IS NULL"
            case IsNull(operand=operand):
                return f"{self.value(operand)} IS NULL"
            case Like():
                return self._like(expr)
            case RegexMatch():
                return self._regex(expr)
            case Case(branches=branches, default=default):
                return self._case(branches, default)
            case Call(name=name, arguments=arguments):
                return self._call(name, arguments)
            case Cast(operand=operand, target=target):
                return self._cast(operand, target)
            case Interval():
                raise CannotSayError

    def _column(self, name: str) -> str:
        """PostgreSQL's own enums compare with nothing but their values: they stand as text."""
        kind = self.types.get(name)
        if self.dialect == "postgres" and isinstance(kind, EnumType) and kind.name:
            return f"CAST({self.column(name)} AS text)"
        return self.column(name)

    def _negated(self, operand: Expr) -> str:
        if isinstance(operand, IsNull) and isinstance(operand.operand, Column):
            return f"{self.column(operand.operand.name)} IS NOT NULL"
        if isinstance(operand, Distinct) and self.dialect != "oracle":
            return self._distinct(operand.left, operand.right, negation="NOT ")
        return f"NOT ({self.condition(operand)})"

    def _distinct(self, left: Expr, right: Expr, negation: str = "") -> str:
        first, second = self.value(left), self.value(right)
        match self.dialect:
            case "mysql":
                return f"{first} <=> {second}" if negation else f"NOT ({first} <=> {second})"
            case "sqlite":
                return f"{first} IS {'' if negation else 'NOT '}{second}"
            case "oracle":
                return f"DECODE({first}, {second}, 0, 1) = 1"
            case _:
                return f"{first} IS {negation}DISTINCT FROM {second}"

    def _binary(self, operator: str, left: Expr, right: Expr) -> str:  # noqa: C901, PLR0912 - a table
        if isinstance(right, Interval):
            return self._moved(operator, left, right)
        first, second = self.value(left), self.value(right)
        match operator, self.dialect:
            case "/", "postgres":
                return f"CAST({first} AS double precision) / {second}"
            case "/", "sqlite":
                return f"CAST({first} AS REAL) / {second}"
            case "/", "tsql":
                return f"CAST({first} AS float) / {second}"
            case "//", "postgres":
                return f"DIV(CAST({first} AS numeric), {second})"
            case "//", "mysql":
                return f"{first} DIV {second}"
            case "//", "sqlite":
                return f"CAST({first} AS INTEGER) / CAST({second} AS INTEGER)"
            case "//", "tsql":
                return f"CAST({first} AS bigint) / CAST({second} AS bigint)"
            case "//", "oracle":
                return f"TRUNC({first} / {second})"
            case "%", "oracle":
                return f"MOD({first}, {second})"
            case "||", "mysql":
                return f"CONCAT({first}, {second})"
            case "||", "tsql":
                return f"{first} + {second}"
            case _:
                return f"{first} {operator} {second}"

    def _moved(self, operator: str, moment: Expr, span: Interval) -> str:
        """Write a moment plus or minus a span of time."""
        at, amount, unit = self.value(moment), self.value(span.amount), span.unit
        is_constant = isinstance(span.amount, Literal)
        match self.dialect:
            case "postgres" if is_constant:
                return f"{at} {operator} INTERVAL '{amount} {unit}'"
            case "postgres":
                return f"{at} {operator} {amount} * INTERVAL '1 {unit}'"
            case "duckdb":
                return f"{at} {operator} INTERVAL ({amount}) {unit.upper()}"
            case "mysql":
                return f"{at} {operator} INTERVAL {amount} {unit.upper()}"
            case "tsql":
                return f"DATEADD({unit}, {'-' if operator == '-' else ''}{amount}, {at})"
            case "oracle" if unit in _MONTHS:
                months = f"{_MONTHS[unit]} * {amount}"
                return f"ADD_MONTHS({at}, {'-' if operator == '-' else ''}{months})"
            case "oracle":
                name = "DAY" if unit in _DAYS else unit.upper()
                return f"{at} {operator} NUMTODSINTERVAL({_DAYS.get(unit, 1)} * {amount}, '{name}')"
            case _:
                raise CannotSayError

    def _like(self, expr: Like) -> str:
        operand = self.value(expr.operand)
        pattern, escape = self._pattern(expr)
        folds = expr.ignore_case and self.dialect not in {"postgres", "duckdb"}
        if folds:
            operand, pattern = f"LOWER({operand})", pattern.lower()
        word = "ILIKE" if expr.ignore_case and not folds else "LIKE"
        written = self._literal(pattern)
        ending = f" ESCAPE {self._literal(escape)}" if escape else ""
        return f"{operand} {word} {written}{ending}"

    def _pattern(self, expr: Like) -> tuple[str, str]:
        """Return the pattern with an escape where any character of it needs one, else ''."""
        parts = like_parts(expr.pattern, expr.escape)
        special = "%_\\[" if self.dialect == "tsql" else "%_\\"
        if not any(char in special and not is_wildcard for char, is_wildcard in parts):
            return "".join(char for char, _ in parts), ""
        plain = {char for char, _ in parts}
        escape = next((each for each in _ESCAPES[1:] if each not in plain), "")
        if not escape:
            raise CannotSayError
        text = "".join(
            char if is_wildcard or char not in special else escape + char
            for char, is_wildcard in parts
        )
        return text, escape

    def _regex(self, expr: RegexMatch) -> str:
        operand, pattern = self.value(expr.operand), expr.pattern
        match self.dialect:
            case "postgres":
                return f"{operand} ~{'*' if expr.ignore_case else ''} {self._literal(pattern)}"
            case "mysql":
                folded = f"(?i){pattern}" if expr.ignore_case else pattern
                return f"{operand} REGEXP {self._literal(folded)}"
            case "oracle" | "duckdb":
                name = "REGEXP_LIKE" if self.dialect == "oracle" else "REGEXP_MATCHES"
                flag = ", 'i'" if expr.ignore_case else ""
                return f"{name}({operand}, {self._literal(pattern)}{flag})"
            case _:
                raise CannotSayError

    def _case(self, branches: tuple[tuple[Expr, Expr], ...], default: Expr) -> str:
        parts = [f"WHEN {self.condition(when)} THEN {self.value(then)}" for when, then in branches]
        return f"CASE {' '.join(parts)} ELSE {self.value(default)} END"

    def _call(self, name: str, arguments: tuple[Expr, ...]) -> str:
        if name == "date_diff" and self.dialect not in {"tsql", "duckdb"}:
            return self._days_between(arguments)
        if name == "date_diff":
            unit = arguments[0].value if isinstance(arguments[0], Literal) else ""
            rest = ", ".join(map(self.value, arguments[1:]))
            first = str(unit) if self.dialect == "tsql" else self._literal(unit)
            return f"{'DATEDIFF' if self.dialect == 'tsql' else 'DATE_DIFF'}({first}, {rest})"
        text = function_sql(name, list(map(self.value, arguments)), self.dialect)
        if text is None:
            raise CannotSayError
        return text

    def _days_between(self, arguments: tuple[Expr, ...]) -> str:
        unit, start, end = arguments
        first, second = self.value(start), self.value(end)
        if unit == Literal("day") and self.dialect == "postgres":
            return f"(CAST({second} AS date) - CAST({first} AS date))"
        if unit == Literal("year") and self.dialect == "postgres":
            return f"(EXTRACT(YEAR FROM {second}) - EXTRACT(YEAR FROM {first}))"
        if unit == Literal("day") and self.dialect == "mysql":
            return f"DATEDIFF({second}, {first})"
        raise CannotSayError

    def _cast(self, operand: Expr, target: ColumnType) -> str:
        name = cast_type(target, self.dialect)
        if name is None:
            raise CannotSayError
        return f"CAST({self.value(operand)} AS {name})"

    def _literal(self, value: object) -> str:
        match value:
            case None:
                return "NULL"
            case bool():
                words = ("0", "1") if self._counts_truth() else ("FALSE", "TRUE")
                return words[value]
            case int() | Decimal():
                return format(value, "f") if isinstance(value, Decimal) else str(value)
            case float():
                return repr(value)
            case datetime():
                return self._moment("TIMESTAMP", value.isoformat(sep=" "), zoned=value.tzinfo)
            case date():
                return self._moment("DATE", value.isoformat())
            case time():
                return self._moment("TIME", value.isoformat())
            case _:
                text = str(value)
                escaped = text.replace("\\", "\\\\") if self.dialect == "mysql" else text
                return ("N" if self.dialect == "tsql" else "") + sql_string(escaped)

    def _counts_truth(self) -> bool:
        return self.dialect in _WITHOUT_BOOLEANS or self.dialect == "sqlite"

    def _moment(self, word: str, text: str, *, zoned: object = None) -> str:
        if self.dialect in {"sqlite", "mysql", "tsql"}:
            return sql_string(text)
        if word == "TIME" and self.dialect == "oracle":
            return sql_string(text)
        name = f"{word}TZ" if zoned and self.dialect in {"postgres", "duckdb"} else word
        return f"CAST({sql_string(text)} AS {name})" if name.endswith("TZ") else f"{word} '{text}'"


def check_sql(
    expr: Expr, dialect: str, column: Callable[[str], str], types: Mapping[str, ColumnType]
) -> str | None:
    """Return a condition in ``dialect``; None where the dialect cannot say it.

    ``column`` writes a column's name, quoted; ``types`` are those the columns are declared with.
    """
    try:
        return Wording(dialect, column, types).condition(expr)
    except CannotSayError:
        return None
