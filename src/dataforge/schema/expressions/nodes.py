"""The expression tree: frozen values that compare and hash by content.

Everything that a rule or a derived column may say is one of these nodes; SQL's three-valued
logic applies throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal as OneOf

from dataforge.schema.types import ColumnType

LiteralValue = bool | int | float | Decimal | str | date | datetime | time | None
ArithmeticOperator = OneOf["+", "-", "*", "/", "//", "%", "||"]
ComparisonOperator = OneOf["=", "<>", "<", "<=", ">", ">="]
IntervalUnit = OneOf["year", "month", "week", "day", "hour", "minute", "second"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; ``None`` is NULL."""

    value: LiteralValue

    def __eq__(self, other: object) -> bool:
        """Compare by type and value: TRUE is not 1."""
        if not isinstance(other, Literal):
            return NotImplemented
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        """Hash by type and value."""
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Column:
    """The cell of another column of the same row."""

    name: str


@dataclass(frozen=True, slots=True)
class Negate:
    """Arithmetic minus."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, or ``||`` for joining strings; ``//`` is whole-number division."""

    operator: ArithmeticOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; null on either side gives null."""

    operator: ComparisonOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Distinct:
    """IS DISTINCT FROM: a comparison in which null equals null."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class And:
    """A conjunction of two or more conditions, flattened."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A disjunction of two or more conditions, flattened."""

    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; NOT null is null."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class InList:
    """``operand IN (items)``."""

    operand: Expr
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """``operand BETWEEN low AND high``, both inclusive."""

    operand: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class IsNull:
    """``operand IS NULL``; never null itself."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Like:
    """SQL LIKE (``%`` and ``_``); ``ignore_case`` is ILIKE. The pattern is a constant."""

    operand: Expr
    pattern: str
    ignore_case: bool = False
    escape: str | None = None


@dataclass(frozen=True, slots=True)
class RegexMatch:
    """True where the regular expression (RE2 syntax) matches a part of the operand."""

    operand: Expr
    pattern: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition is true, else ``default``."""

    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """A function of ``dataforge.schema.expressions.functions`` over arguments."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """A conversion; a value that does not convert is an error when it is evaluated."""

    operand: Expr
    target: ColumnType


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of ``amount`` units, to be added to or taken from a date or timestamp."""

    amount: Expr
    unit: IntervalUnit


Expr = (
    Literal
    | Column
    | Negate
    | Binary
    | Compare
    | Distinct
    | And
    | Or
    | Not
    | InList
    | Between
    | IsNull
    | Like
    | RegexMatch
    | Case
    | Call
    | Cast
    | Interval
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct sub-expressions, left to right."""
    match expr:
        case Literal() | Column():
            return ()
        case Binary() | Compare() | Distinct():
            return (expr.left, expr.right)
        case And() | Or():
            return expr.operands
        case InList():
            return (expr.operand, *expr.items)
        case Between():
            return (expr.operand, expr.low, expr.high)
        case Case():
            return (*(part for branch in expr.branches for part in branch), expr.default)
        case Call():
            return expr.arguments
        case Interval():
            return (expr.amount,)
        case _:
            return (expr.operand,)


def columns_of(expr: Expr) -> tuple[str, ...]:
    """Return the names of the columns that ``expr`` reads, each once, in order of appearance."""
    found: dict[str, None] = {}
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Column):
            found.setdefault(node.name)
        pending.extend(reversed(children(node)))
    return tuple(found)
