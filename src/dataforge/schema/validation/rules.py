"""Stated rules and shares: each must be readable and speak of columns that exist."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.expressions import parse_expression
from dataforge.schema.expressions.kinds import KindError, check_kinds
from dataforge.schema.model import Schema, Table
from dataforge.schema.validation.names_in_specs import check_sql


def check_rules(schema: Schema) -> Iterator[Problem]:
    """Rules that are enforced, and what is expected, must be in the expression language."""
    for table in schema.tables:
        for wish in table.expectations:
            path = f"tables.{table.name}.expectations.{wish.name}"
            for text in filter(None, (wish.expression, wish.where)):
                yield from list(check_sql(table, text, path)) or _check_truth(table, text, path)
        for index, rule in enumerate(table.rules):
            if rule.enforced:
                path = f"tables.{table.name}.rules.{rule.name or index}"
                faults = list(check_sql(table, rule.expression, path))
                yield from faults or _check_truth(table, rule.expression, path)


def _check_truth(table: Table, text: str, path: str) -> Iterator[Problem]:
    """A condition's value must be true or false."""
    types = {column.name: column.type for column in table.columns}
    try:
        kind = check_kinds(parse_expression(text), types)
    except KindError:
        return  # two kinds that the engine brings together where it can
    if kind not in {"truth", "any"}:
        found = f"({text}) is no condition: its value is a {kind}"
        yield Problem(path, found, "compare it with something, as in (…) <> 0")
