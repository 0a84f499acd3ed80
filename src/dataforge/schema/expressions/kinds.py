"""What kind of value an expression gives, and where two kinds cannot meet.

Databases convert between some kinds and refuse others, each in its own way; a condition that
needs such a conversion is one that nobody can promise to mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

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
    children,
)
from dataforge.schema.expressions.render import to_sql
from dataforge.schema.types import ColumnType

Kind = OneOf["number", "text", "truth", "moment", "time", "span", "opaque", "any"]

_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "decimal": "number",
    "float": "number",
    "boolean": "truth",
    "date": "moment",
    "timestamp": "moment",
    "time": "time",
    "string": "text",
    "text": "text",
    "enum": "text",
    "uuid": "text",
}
_TEXTS = frozenset({"lower", "upper", "trim", "ltrim", "rtrim", "reverse", "substring", "left"})
_MORE_TEXTS = frozenset({"right", "replace", "lpad", "rpad", "concat"})
_PARTS = frozenset({"year", "quarter", "month", "week", "day", "dayofweek", "isodow", "dayofyear"})
_MATHS = frozenset({"abs", "sign", "round", "floor", "ceil", "sqrt", "exp", "ln", "power"})
_COUNTS = frozenset({"length", "strpos", "date_diff", "hour", "minute", "second"})
_TESTS = frozenset({"starts_with", "ends_with", "contains"})
_SAME = frozenset({"greatest", "least", "coalesce", "nullif"})


class KindError(ValueError):
    """Two kinds of values meet that cannot; the message says which."""


def kind_of_type(kind: ColumnType) -> Kind:
    """Return the kind of a column's values; ``opaque`` ones can only be tested for null."""
    return _KINDS.get(kind.kind, "opaque")


def check_kinds(expr: Expr, types: Mapping[str, ColumnType]) -> Kind:
    """Return the kind of ``expr``; raises ``KindError`` where its parts cannot meet."""
    return _Check(types).of(expr)


@dataclass(frozen=True, slots=True)
class _Check:
    types: Mapping[str, ColumnType]

    def of(self, expr: Expr) -> Kind:  # noqa: C901, PLR0912 - one case a node
        match expr:
            case Literal(value=value):
                return _kind_of_value(value)
            case Column(name=name):
                return self._column(name)
            case IsNull(operand=Column()):
                return "truth"
            case Negate(operand=operand):
                return self._must(operand, {"number"}, expr)
            case Binary(operator="||", left=left, right=right):
                self.of(left)
                self.of(right)
                return "text"
            case Binary():
                return self._sum(expr)
            case Compare(left=left, right=right) | Distinct(left=left, right=right):
                self._meet((left, right), expr)
            case And() | Or() | Not() | IsNull() | Like() | RegexMatch():
                for part in children(expr):
                    self.of(part)
            case InList(operand=operand, items=items):
                self._meet((operand, *items), expr)
            case Between(operand=operand, low=low, high=high):
                self._meet((operand, low, high), expr)
            case Case(branches=branches, default=default):
                for when, _ in branches:
                    self.of(when)
                return self._meet((*(then for _, then in branches), default), expr)
            case Cast(operand=operand, target=target):
                self.of(operand)
                return kind_of_type(target)
            case Interval(amount=amount):
                self._must(amount, {"number"}, expr)
                return "span"
            case Call():
                return self._call(expr)
        return "truth"

    def _column(self, name: str) -> Kind:
        kind = kind_of_type(self.types[name]) if name in self.types else "any"
        if kind == "opaque":
            shown = self.types[name].kind
            msg = f"it looks into {name!r}, whose type ({shown}) conditions can only test for null"
            raise KindError(msg)
        return kind

    def _must(self, expr: Expr, accepted: set[Kind], whole: Expr) -> Kind:
        kind = self.of(expr)
        if kind not in accepted and kind != "any" and not _is_quoted(expr):
            msg = f"{to_sql(expr)} is a {kind} in {to_sql(whole)}"
            raise KindError(msg)
        return kind

    def _meet(self, parts: tuple[Expr, ...], whole: Expr) -> Kind:
        """Require one kind of all parts; constants in quotes become what stands beside them."""
        found: dict[Kind, Expr] = {}
        for part in parts:
            kind = self.of(part)
            if kind != "any" and not _is_quoted(part):
                found.setdefault(kind, part)
        if len(found) > 1 and not set(found) <= {"number", "truth"}:
            what = " and ".join(f"{to_sql(part)} ({kind})" for kind, part in found.items())
            msg = f"it compares {what} in {to_sql(whole)}"
            raise KindError(msg)
        return next(iter(found), "text" if parts and _is_quoted(parts[0]) else "any")

    def _sum(self, expr: Binary) -> Kind:
        left, right = self.of(expr.left), self.of(expr.right)
        if right == "span" and left in {"moment", "time", "any", "span"}:
            return left
        if left == "moment" and right in {"moment", "number", "any"}:
            return "any"
        if left == "any" or right == "any":
            return "any"
        self._must(expr.left, {"number", "truth"}, expr)
        self._must(expr.right, {"number", "truth"}, expr)
        return "number"

    def _call(self, expr: Call) -> Kind:
        name, arguments = expr.name, expr.arguments
        if name in _PARTS or name == "last_day":
            self._must(arguments[0], {"moment"}, expr)
            return "moment" if name == "last_day" else "number"
        if name in _MATHS:
            for argument in arguments:
                self._must(argument, {"number", "truth"}, expr)
            return "number"
        if name in _SAME:
            return self._meet(arguments, expr)
        kinds = [self.of(argument) for argument in arguments]
        if name in _COUNTS:
            return "number"
        if name in _TESTS:
            return "truth"
        if name in _TEXTS | _MORE_TEXTS:
            return "text"
        if name in {"now", "current_date", "date_trunc"}:
            return "moment"
        return kinds[0] if kinds else "any"


def _is_quoted(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str)


def _kind_of_value(value: object) -> Kind:
    if value is None:
        return "any"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, str):
        return "text"
    name = type(value).__name__
    return {"date": "moment", "datetime": "moment", "time": "time"}.get(name, "number")  # type: ignore[return-value]
