"""Stated rules: each must be readable and speak of columns that exist."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Schema
from dataforge.schema.validation.names_in_specs import check_sql


def check_rules(schema: Schema) -> Iterator[Problem]:
    """Rules that are enforced must be in the expression language."""
    for table in schema.tables:
        for index, rule in enumerate(table.rules):
            if rule.enforced:
                path = f"tables.{table.name}.rules.{rule.name or index}"
                yield from check_sql(table, rule.expression, path)
