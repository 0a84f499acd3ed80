"""Translate a dialect's SQL conditions and expressions into the schema's (DuckDB's) SQL.

sqlglot does the translation; what PostgreSQL and T-SQL add when they print a stored condition
(casts of literals, ``= ANY (ARRAY[…])``, doubled parentheses) is taken away again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from dataforge.errors import ParseError
from dataforge.schema.expressions import parse_expression
from dataforge.schema.expressions.kinds import KindError, check_kinds
from dataforge.schema.types import (
    ColumnType,
    EnumType,
    IntegerType,
    StringType,
    TextType,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    "all analyse analyze and any array as asc asymmetric both case cast check collate column "
    "constraint create default deferrable desc describe distinct do else end except false fetch "
    "for foreign from grant group having in initially intersect into lambda lateral leading limit "
    "not null offset on only or order pivot placing primary qualify references returning select "
    "show some summarize symmetric table then to trailing true union unique unpivot using "
    "variadic when where window with date time timestamp interval value values".split()
)
_TEXT_TYPES = {exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR, exp.DataType.Type.CHAR}
_WHOLE_DIVISION = frozenset({"postgres", "tsql", "sqlite"})
_KNOWN_NAMES = re.compile(r"\s\((?:did you mean|known:)[^)]*\)")
_CLASS = re.compile(r"\[[^\]]+\]")


class Untranslatable(Exception):  # noqa: N818  - an internal signal, turned into a reason
    """An expression cannot be kept as one; the message says why."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns an expression may name.

    ``spell`` maps a written name to the schema's spelling, or None; ``types`` maps that spelling
    to the column's type; ``value`` is the column that a domain's VALUE stands for.
    """

    dialect: str
    spell: Callable[[str, bool], str | None]
    types: Mapping[str, ColumnType]
    value: str | None = None


Step = Callable[[exp.Expr, Scope], exp.Expr]


def read_node(text: str, scope: Scope) -> exp.Expr:
    """Parse and clean ``text``; raises ``Untranslatable``."""
    try:
        node: exp.Expr = sqlglot.parse_one(text, read=scope.dialect, into=exp.Condition)
    except SqlglotError as error:
        raise Untranslatable("the expression cannot be read") from error
    for step in _STEPS:
        node = _rewritten(node, step, scope)
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _rewritten(root: exp.Expr, step: Step, scope: Scope) -> exp.Expr:
    """Apply ``step`` to every node, children first."""
    for part in reversed(list(root.dfs())):
        new = step(part, scope)
        if part is root:
            return new
        if new is not part:
            part.replace(new)
    return root


def to_expression(node: exp.Expr, types: Mapping[str, ColumnType]) -> str:
    """Print ``node`` in the schema's SQL; raises ``Untranslatable`` with the reason."""
    text = to_text(node)
    try:
        check_kinds(parse_expression(text), types)
    except ParseError as error:
        raise Untranslatable(_KNOWN_NAMES.sub("", error.message).partition("\n")[0]) from error
    except KindError as error:
        raise Untranslatable(str(error)) from error
    return text


def to_text(node: exp.Expr) -> str:
    """Print ``node`` in DuckDB's SQL, whether or not the expression language has it."""
    try:
        return node.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE, comments=False)
    except SqlglotError as error:
        raise Untranslatable("it has no counterpart in the expression language") from error


def _named(node: exp.Expr, scope: Scope) -> exp.Expr:
    if not isinstance(node, exp.Column):
        return node
    identifier = node.this
    if not isinstance(identifier, exp.Identifier):
        return node
    written, quoted = identifier.this, bool(identifier.args.get("quoted"))
    if scope.value is not None and written.lower() == "value":
        return _column(scope.value)
    spelling = scope.spell(written, quoted)
    if spelling is not None:
        return _column(spelling)
    if quoted and scope.dialect == "sqlite":
        return exp.Literal.string(written)
    if written.lower() in {"true", "false"}:
        return exp.Boolean(this=written.lower() == "true")
    raise Untranslatable(f"it names {written!r}, which is no column of the table")


def _column(name: str) -> exp.Column:
    quoted = _PLAIN.fullmatch(name) is None or name.lower() in _RESERVED
    return exp.column(exp.to_identifier(name, quoted=quoted))


def _plain_literals(node: exp.Expr, scope: Scope) -> exp.Expr:
    """``E'…'``, ``N'…'`` and ``_utf8'…'`` are strings, T-SQL's ``CAST(0 AS BIT)`` is false."""
    if isinstance(node, exp.National):
        return exp.Literal.string(node.name)
    if isinstance(node, exp.Introducer):
        plain: exp.Expr = node.expression
        return plain
    if isinstance(node, exp.ByteString) and scope.dialect == "postgres":
        return exp.Literal.string(node.name)
    if isinstance(node, exp.Cast) and scope.dialect == "tsql":
        inner = node.this.unnest()
        if node.to.this == exp.DataType.Type.BIT and isinstance(inner, exp.Literal):
            return exp.Boolean(this=inner.name != "0")
        if isinstance(node, exp.TryCast):
            kind = node.to
            if kind.this in _TEXT_TYPES:
                kind = exp.DataType(this=exp.DataType.Type.TEXT)
            return exp.Cast(this=node.this, to=kind)
    return node


def _without_casts(node: exp.Expr, scope: Scope) -> exp.Expr:
    if not isinstance(node, exp.Cast):
        return node
    inner = node.this.unnest() if isinstance(node.this, exp.Paren) else node.this
    target = node.to
    if isinstance(inner, exp.Literal):
        textual = target.this in _TEXT_TYPES or not inner.is_string
        return inner if textual or target.this == exp.DataType.Type.USERDEFINED else node
    if isinstance(inner, exp.Neg) and isinstance(inner.this, exp.Literal):
        return inner
    if isinstance(inner, exp.Array):
        return inner
    if target.this in _TEXT_TYPES and isinstance(inner, exp.Column):
        kind = scope.types.get(inner.name)
        return inner if isinstance(kind, StringType | TextType | EnumType) else node
    return node


def _membership(node: exp.Expr, _scope: Scope) -> exp.Expr:
    """``x = ANY (ARRAY[…])`` is ``x IN (…)``; ``x <> ALL (ARRAY[…])`` is its negation."""
    for kind, quantifier in ((exp.EQ, exp.Any), (exp.NEQ, exp.All)):
        if isinstance(node, kind) and isinstance(node.expression, quantifier):
            array = node.expression.this.unnest()
            while isinstance(array, exp.Cast | exp.Paren):
                array = array.this
            if isinstance(array, exp.Array):
                found = exp.In(this=node.this, expressions=array.expressions)
                return found if kind is exp.EQ else exp.Not(this=found)
    return node


def _without_parens(node: exp.Expr, _scope: Scope) -> exp.Expr:
    inner = node.this
    if not isinstance(node, exp.Paren):
        return node
    if isinstance(inner, exp.Binary) and not isinstance(inner, exp.RegexpLike):
        return node  # sqlglot counts AND, OR and other operators among the functions
    if isinstance(inner, exp.Paren | exp.Literal | exp.Column | exp.Func | exp.Null):
        return inner
    return node


def _classes_of_like(node: exp.Expr, scope: Scope) -> exp.Expr:
    """T-SQL's LIKE knows ``[A-Z]``, which elsewhere only regular expressions do."""
    if scope.dialect != "tsql" or not isinstance(node, exp.Like):
        return node
    pattern = node.expression.unnest()
    if not isinstance(pattern, exp.Literal) or not _CLASS.search(pattern.this):
        return node
    return exp.RegexpLike(this=node.this, expression=exp.Literal.string(_regex(pattern.this)))


def _regex(pattern: str) -> str:
    out, place = "", 0
    for found in _CLASS.finditer(pattern):
        out += _like_part(pattern[place : found.start()]) + found.group()
        place = found.end()
    return f"^{out}{_like_part(pattern[place:])}$"


def _like_part(text: str) -> str:
    wild = {"%": ".*", "_": "."}
    return "".join(wild.get(letter) or re.escape(letter) for letter in text)


def _joined_text(node: exp.Expr, scope: Scope) -> exp.Expr:
    """T-SQL adds texts with ``+``."""
    if scope.dialect != "tsql" or not isinstance(node, exp.Add):
        return node
    if not (_is_text(node.this, scope) or _is_text(node.expression, scope)):
        return node
    return exp.DPipe(this=node.this, expression=node.expression)


def _is_text(node: exp.Expr, scope: Scope) -> bool:
    inner = node.unnest()
    if isinstance(inner, exp.Literal):
        return bool(inner.is_string)
    if isinstance(inner, exp.Cast):
        return inner.to.this in exp.DataType.TEXT_TYPES
    if isinstance(inner, exp.Column):
        return isinstance(scope.types.get(inner.name), StringType | TextType | EnumType)
    return isinstance(inner, exp.DPipe | exp.Concat | exp.Upper | exp.Lower | exp.Trim)


def _whole_division(node: exp.Expr, scope: Scope) -> exp.Expr:
    """Two whole numbers divide to a whole number in these dialects."""
    if scope.dialect not in _WHOLE_DIVISION or not isinstance(node, exp.Div):
        return node
    if not (_is_whole(node.this, scope) and _is_whole(node.expression, scope)):
        return node
    return exp.IntDiv(this=node.this, expression=node.expression)


def _is_whole(node: exp.Expr, scope: Scope) -> bool:
    inner = node.unnest()
    if isinstance(inner, exp.Literal):
        return not inner.is_string and inner.name.isdigit()
    if isinstance(inner, exp.Column):
        return isinstance(scope.types.get(inner.name), IntegerType)
    if isinstance(inner, exp.Neg):
        return _is_whole(inner.this, scope)
    if isinstance(inner, exp.Add | exp.Sub | exp.Mul | exp.Mod):
        return _is_whole(inner.this, scope) and _is_whole(inner.expression, scope)
    return isinstance(inner, exp.IntDiv)


def _counted_nulls(node: exp.Expr, scope: Scope) -> exp.Expr:
    """PostgreSQL's ``num_nonnulls(a, b)`` as a sum of ones."""
    if scope.dialect != "postgres" or not isinstance(node, exp.Anonymous):
        return node
    name = node.name.lower()
    if name not in {"num_nonnulls", "num_nulls"} or not node.expressions:
        return node
    ones = [
        exp.case().when(_tested(part, present=name == "num_nonnulls"), "1").else_("0")
        for part in node.expressions
    ]
    total: exp.Expr = ones[0]
    for one in ones[1:]:
        total = exp.Add(this=total, expression=one)
    return exp.Paren(this=total)


def _tested(node: exp.Expr, *, present: bool) -> exp.Expr:
    absent = exp.Is(this=node.copy(), expression=exp.Null())
    return exp.Not(this=absent) if present else absent


def _escaped_like(node: exp.Expr, scope: Scope) -> exp.Expr:
    """A backslash escapes in PostgreSQL's and MySQL's LIKE although nobody says so."""
    if scope.dialect not in {"postgres", "mysql"} or not isinstance(node, exp.Like | exp.ILike):
        return node
    pattern = node.expression.unnest()
    if isinstance(node.parent, exp.Escape) or not isinstance(pattern, exp.Literal):
        return node
    if "\\" not in pattern.this:
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))


_STEPS: tuple[Step, ...] = (
    _named,
    _plain_literals,
    _without_casts,
    _membership,
    _without_parens,
    _classes_of_like,
    _joined_text,
    _whole_division,
    _counted_nulls,
    _escaped_like,
)
