"""The expression language of rules and derived columns: an audited subset of SQL.

``parse_expression`` reads SQL of any dialect into a tree, ``to_sql`` writes the canonical text
(DuckDB's SQL). Comparison, Kleene logic, arithmetic, CASE, IN, BETWEEN, LIKE, regular expressions
and the functions of ``functions.FUNCTIONS``; no sub-queries, no aggregates, nothing that runs.
"""

from __future__ import annotations

from functools import lru_cache

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
    columns_of,
)
from dataforge.schema.expressions.render import quoted, to_sql
from dataforge.schema.expressions.rewrite import fix_present, rename_columns, rewrite

__all__ = [
    "And",
    "Between",
    "Binary",
    "Call",
    "Case",
    "Cast",
    "Column",
    "Compare",
    "Distinct",
    "Expr",
    "InList",
    "Interval",
    "IsNull",
    "Like",
    "Literal",
    "Negate",
    "Not",
    "Or",
    "RegexMatch",
    "children",
    "columns_of",
    "fix_present",
    "parse_expression",
    "quoted",
    "rename_columns",
    "rewrite",
    "to_sql",
]


@lru_cache(maxsize=4096)
def parse_expression(text: str, dialect: str = "duckdb") -> Expr:
    """Read one SQL expression.

    Raises ParseError with the place (line, column, a caret) for what cannot be read, and with the
    offending piece for what the language does not have. Pure: equal text gives an equal tree.
    """
    # sqlglot takes 0.3 s to import; a schema without expressions never pays for it.
    from dataforge.schema.expressions.from_sql import parse_sql  # noqa: PLC0415

    return parse_sql(text, dialect)
