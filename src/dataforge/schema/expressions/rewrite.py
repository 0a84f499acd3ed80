"""Rewriting expression trees: renaming columns, fixing the present."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from dataforge.schema.expressions.nodes import (
    And,
    Between,
    Binary,
    Call,
    Case,
    Column,
    Compare,
    Distinct,
    Expr,
    InList,
    Interval,
    Literal,
    Or,
)


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Apply ``change`` to every node from the leaves up."""

    def inner(part: Expr) -> Expr:
        return rewrite(part, change)

    match expr:
        case Literal() | Column():
            return change(expr)
        case Binary() | Compare() | Distinct():
            return change(replace(expr, left=inner(expr.left), right=inner(expr.right)))
        case And() | Or():
            return change(replace(expr, operands=tuple(map(inner, expr.operands))))
        case InList():
            items = tuple(map(inner, expr.items))
            return change(InList(inner(expr.operand), items))
        case Between():
            return change(Between(inner(expr.operand), inner(expr.low), inner(expr.high)))
        case Case():
            branches = tuple((inner(when), inner(then)) for when, then in expr.branches)
            return change(Case(branches, inner(expr.default)))
        case Call():
            return change(replace(expr, arguments=tuple(map(inner, expr.arguments))))
        case Interval():
            return change(replace(expr, amount=inner(expr.amount)))
        case _:
            return change(replace(expr, operand=inner(expr.operand)))


def rename_columns(expr: Expr, names: Mapping[str, str]) -> Expr:
    """Replace column names by ``names``; those it does not hold stay."""

    def change(node: Expr) -> Expr:
        return Column(names.get(node.name, node.name)) if isinstance(node, Column) else node

    return rewrite(expr, change)


def fix_present(expr: Expr, now: datetime) -> Expr:
    """Replace CURRENT_DATE and CURRENT_TIMESTAMP by ``now``, so that any day gives the same."""
    present: Mapping[str, Literal] = {"current_date": Literal(now.date()), "now": Literal(now)}

    def change(node: Expr) -> Expr:
        return present.get(node.name, node) if isinstance(node, Call) else node

    return rewrite(expr, change)
