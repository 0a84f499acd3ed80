"""SQL text → sqlglot's tree, with messages that point at the place of a fault."""

from __future__ import annotations

import logging
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dataforge.errors import ParseError
from dataforge.schema.expressions.like import bracket_regex


class UnsupportedError(Exception):
    """A piece of SQL outside of the language; carries what and the node."""


def read(text: str, dialect: str) -> exp.Expr:
    """Parse one expression; ``ParseError`` gives line, column and a caret."""
    if not text.strip():
        msg = "the expression is empty"
        raise ParseError(msg)
    try:
        tree: exp.Expr = sqlglot.parse_one(text, read=dialect)
    except SqlglotError as fault:
        raise ParseError(_pointed(text, fault)) from None
    return tree


def printed(tree: exp.Expr) -> str:
    """Print as DuckDB SQL; what sqlglot would warn of, the builders refuse by name."""
    logger = logging.getLogger("sqlglot")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        return tree.sql(dialect="duckdb")
    finally:
        logger.setLevel(before)


def _pointed(text: str, fault: SqlglotError) -> str:
    """Say what is wrong with a caret under the place."""
    details: Any = getattr(fault, "errors", None) or [{}]
    first = details[0]
    what = str(first.get("description") or str(fault).split("\n", 1)[0]).rstrip(".")
    line, column = first.get("line"), first.get("col")
    if not line or not column:
        return f"the expression cannot be read: {what}: {text}"
    lines = text.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1]
    at = min(max(column - len(first.get("highlight") or " "), 0), len(shown))
    return (
        f"the expression cannot be read at line {line}, column {at + 1}: {what}\n"
        f"    {shown}\n    {' ' * at}^"
    )


def excerpt(text: str, node: exp.Expr) -> str:
    """Return the piece of ``text`` that ``node`` stands for, with its surroundings."""
    piece = printed(node)
    return piece if piece == text else f"{piece} (in {text})"


def without_brackets(node: exp.Expr) -> exp.Expr:
    """T-SQL's LIKE knows ``[a-z]``: write it as a regular expression."""
    pattern = node.args.get("expression")
    if not isinstance(node, exp.Like) or not isinstance(pattern, exp.Literal):
        return node
    if "[" not in pattern.name:
        return node
    match = exp.RegexpLike(
        this=node.this, expression=exp.Literal.string(bracket_regex(pattern.name))
    )
    return exp.Not(this=match) if node.args.get("negate") else match
