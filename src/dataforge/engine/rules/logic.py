"""Conditions in a form that is easy to narrow by: a list of conjuncts without outer negations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from dataforge.schema import (
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    StringType,
    Table,
    TextType,
)
from dataforge.schema.expressions import (
    And,
    Between,
    Cast,
    Column,
    Compare,
    Expr,
    IsNull,
    Literal,
    Not,
    Or,
    children,
    columns_of,
    fix_present,
    rewrite,
)
from dataforge.schema.expressions.nodes import ComparisonOperator

OPPOSITE: Mapping[ComparisonOperator, ComparisonOperator] = {
    "=": "<>",
    "<>": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
MIRRORED: Mapping[ComparisonOperator, ComparisonOperator] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


def conjuncts(rule: Expr, table: Table, now: datetime) -> Iterator[Expr]:
    """Split a rule into conditions that must all hold, simplified; equal meanings look equal.

    A row satisfies a rule that is null, so ``c IS NULL OR …`` says nothing more than ``…`` where
    the rest is null whenever ``c`` is.
    """
    plain = rewrite(fix_present(rule, now), lambda node: _without_text_cast(node, table))
    for part in _split(_pushed(plain, negate=False)):
        yield from _split(_null_tolerant(_as_comparison(part, table)))


def _without_text_cast(node: Expr, table: Table) -> Expr:
    """A string column cast to text is the column."""
    if not isinstance(node, Cast) or not isinstance(node.target, StringType | TextType):
        return node
    if not isinstance(node.operand, Column) or node.operand.name not in table.columns_by_name:
        return node
    kind = table.column(node.operand.name).type
    return node.operand if isinstance(kind, StringType | TextType | EnumType) else node


def _as_comparison(part: Expr, table: Table) -> Expr:
    """A number that stands as a condition is compared with zero."""
    inner = part.operand if isinstance(part, Not) else part
    known = table.columns_by_name
    if not isinstance(inner, Column) or inner.name not in known:
        return part
    if not isinstance(known[inner.name].type, IntegerType | DecimalType | FloatType):
        return part
    return Compare("=" if isinstance(part, Not) else "<>", inner, Literal(0))


def _pushed(expr: Expr, *, negate: bool) -> Expr:
    """Push negations down to the comparisons (De Morgan holds in three-valued logic)."""
    match expr:
        case Not(operand=operand):
            return _pushed(operand, negate=not negate)
        case And(operands=operands) | Or(operands=operands):
            joined = And if isinstance(expr, And) is not negate else Or
            return _flat(joined, tuple(_pushed(part, negate=negate) for part in operands))
        case Compare(operator=operator, left=left, right=right):
            effective = OPPOSITE[operator] if negate else operator
            return _constant_right(Compare(effective, left, right))
        case Between(operand=operand, low=low, high=high):
            lower = _constant_right(Compare("<" if negate else ">=", operand, low))
            upper = _constant_right(Compare(">" if negate else "<=", operand, high))
            return (Or if negate else And)((lower, upper))
        case Literal(value=bool() as truth):
            return Literal(truth is not negate)
        case _:
            return Not(expr) if negate else expr


def _flat(joined: type[And | Or], operands: tuple[Expr, ...]) -> Expr:
    parts: dict[Expr, None] = {}
    for operand in operands:
        inner = operand.operands if isinstance(operand, joined) else (operand,)
        parts.update(dict.fromkeys(inner))
    return joined(tuple(parts)) if len(parts) > 1 else next(iter(parts))


def _constant_right(comparison: Compare) -> Compare:
    """Write the constant on the right, and two columns with < or <=."""
    is_left = isinstance(comparison.left, Literal) and not isinstance(comparison.right, Literal)
    both = isinstance(comparison.left, Column) and isinstance(comparison.right, Column)
    if is_left or (both and comparison.operator in {">", ">="}):
        return Compare(MIRRORED[comparison.operator], comparison.right, comparison.left)
    return comparison


def _split(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, And):
        for operand in expr.operands:
            yield from _split(operand)
    else:
        yield expr


def _null_tolerant(expr: Expr) -> Expr:
    """Drop ``c IS NULL`` beside conditions that are null where ``c`` is."""
    if not isinstance(expr, Or):
        return expr
    tested = {
        part.operand.name
        for part in expr.operands
        if isinstance(part, IsNull) and isinstance(part.operand, Column)
    }
    rest = tuple(
        part
        for part in expr.operands
        if not (isinstance(part, IsNull) and isinstance(part.operand, Column))
    )
    if not tested or not rest or not all(_is_strict(part, tested) for part in rest):
        return expr
    return rest[0] if len(rest) == 1 else replace(expr, operands=rest)


def _is_strict(expr: Expr, tested: set[str]) -> bool:
    """Tell whether ``expr`` is null as soon as any of the columns is."""
    if isinstance(expr, And | Or):
        return all(_is_strict(part, tested) for part in expr.operands)
    return tested <= set(columns_of(expr)) and _propagates(expr)


def _propagates(expr: Expr) -> bool:
    """Tell whether every operand's null makes the whole null: plain comparisons and arithmetic."""
    inner = expr.operand if isinstance(expr, Not) else expr
    name = type(inner).__name__
    if name not in {
        "Compare",
        "InList",
        "Like",
        "RegexMatch",
        "Column",
        "Literal",
        "Binary",
        "Negate",
        "Cast",
    } and not _is_plain_call(inner):
        return False
    return all(_propagates(part) for part in children(inner))


def _is_plain_call(expr: Expr) -> bool:
    tolerant = {"coalesce", "concat", "greatest", "least", "nullif"}
    return type(expr).__name__ == "Call" and getattr(expr, "name", "") not in tolerant
