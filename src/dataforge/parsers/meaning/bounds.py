"""What a table's rules say about single columns: greatest values, lists of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dataforge.errors import DataForgeError
from dataforge.schema import Table
from dataforge.schema.expressions import (
    And,
    Between,
    Call,
    Cast,
    Compare,
    Expr,
    InList,
    IsNull,
    Literal,
    Or,
    columns_of,
    parse_expression,
)
from dataforge.schema.expressions import Column as Named

# What is done to a text before it is compared.
_SHAPES = frozenset({"lower", "upper", "trim"})


@dataclass(slots=True)
class Bounds:
    """Per column: its upper bound, the values it is restricted to, and rules beyond those.

    ``listed`` has lists of strings, ``numbers`` those of whole numbers.
    ``tied`` are columns of which a rule says more than that they are not negative, ``bound`` those
    of them of which some rule says more than that one is null or comes after another; ``orders``
    are such pairs, the earlier first.
    """

    most: dict[str, float] = field(default_factory=dict)
    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    tied: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    orders: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, table: Table) -> Bounds:
        """Read the enforced rules of a table; what cannot be read is left to the validator."""
        bounds = cls()
        for rule in table.rules:
            try:
                expr = parse_expression(rule.expression)
            except DataForgeError:
                continue
            for part in _parts(expr):
                bounds._read(part)
        return bounds

    def _read(self, expr: Expr) -> None:
        match expr:
            case Compare(operator=">" | ">=", left=Named(), right=Literal(value=0)):
                return
            case Compare(operator="<" | "<=", left=Named(name=name), right=Literal(value=most)):
                self._bound(name, most)
            case Between(operand=Named(name=name), high=Literal(value=most)):
                self._bound(name, most)
            case InList(operand=operand, items=options):
                self._list(operand, [each.value for each in options if isinstance(each, Literal)])
            case Or(operands=operands):
                self._alternatives(operands)
        self.orders.update(_orders(expr))
        self.tied.update(columns_of(expr))
        if not _is_order(expr):
            self.bound.update(columns_of(expr))

    def _list(self, operand: Expr, values: Sequence[object]) -> None:
        """Remember the values of ``sex IN ('f', 'm')``; case does not matter to what they mean."""
        while isinstance(operand, Cast) or (isinstance(operand, Call) and operand.name in _SHAPES):
            operand = operand.operand if isinstance(operand, Cast) else operand.arguments[0]
        if isinstance(operand, Named):
            strings = tuple(value for value in values if isinstance(value, str))
            self.listed[operand.name] = strings
            numbers = tuple(value for value in values if isinstance(value, int))
            if len(numbers) == len(values):
                self.numbers[operand.name] = numbers

    def _alternatives(self, operands: Sequence[Expr]) -> None:
        """Read ``sex = 'f' OR sex = 'm'`` as a list."""
        pairs = [pair for each in operands if (pair := _equality(each)) is not None]
        if len(pairs) == len(operands) and len({left for left, _ in pairs}) == 1:
            self._list(pairs[0][0], [value for _, value in pairs])

    def _bound(self, name: str, most: object) -> None:
        if isinstance(most, int | float | Decimal):
            self.most[name] = float(most)


def _equality(expr: Expr) -> tuple[Expr, object] | None:
    match expr:
        case Compare(operator="=", left=left, right=Literal(value=value)):
            return left, value
        case _:
            return None


def _is_order(expr: Expr) -> bool:
    """Tell whether a rule says that a column is null or not before another: null is allowed."""
    if isinstance(expr, Or):
        return all(isinstance(each, IsNull) or _is_order(each) for each in expr.operands)
    match expr:
        case Compare(operator=">" | ">=" | "<" | "<=", left=Named(), right=Named()):
            return True
        case _:
            return False


def _orders(expr: Expr) -> Iterator[tuple[str, str]]:
    match expr:
        case Or(operands=operands):
            for each in operands:
                yield from _orders(each)
        case Compare(operator=">" | ">=", left=Named(name=high), right=Named(name=low)):
            yield low, high
        case Compare(operator="<" | "<=", left=Named(name=low), right=Named(name=high)):
            yield low, high
        case _:
            pass


def _parts(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, And):
        for operand in expr.operands:
            yield from _parts(operand)
    else:
        yield expr
