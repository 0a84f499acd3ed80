"""Columns that are computed from each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Schema, Table
from dataforge.schema.references import nested, parent_reads, row_columns, sql_columns
from dataforge.schema.specs import AggregateSpec, AsOfSpec, Spec
from dataforge.schema.validation.graphs import circles

Cell = tuple[str, str]


def check_dependencies(schema: Schema) -> Iterator[Problem]:
    """No column may need its own value, in its row or by way of parents and children."""
    edges = {
        (table.name, column.name): list(_needs(column.spec, table, schema))
        for table in schema.tables
        for column in table.columns
        if column.spec is not None
    }
    for circle in circles(edges):
        table, column = circle[0]
        shown = " → ".join(f"{name}.{field}" for name, field in circle)
        yield Problem(
            f"tables.{table}.columns.{column}.spec",
            f"columns are computed from each other in a circle: {shown}",
            "give one of them a spec of its own",
        )


def _needs(spec: Spec | None, table: Table, schema: Schema) -> Iterator[Cell]:
    if spec is None:
        return
    yield from ((table.name, name) for name in row_columns(spec))
    for each in nested(spec):
        yield from _of_parents(each, table)
        if isinstance(each, AsOfSpec):
            yield from ((each.table, name) for name in (each.column, each.valid_from))
        elif isinstance(each, AggregateSpec) and each.table in schema.tables_by_name:
            names = [each.column] if each.column else []
            names += list(sql_columns(each.expression)) if each.expression else []
            yield from ((each.table, name) for name in names)


def _of_parents(spec: Spec, table: Table) -> Iterator[Cell]:
    """What is read through a self-reference is another row's, nearer to the root."""
    parents = {key.label: key.parent for key in table.foreign_keys}
    owner = None if table.owner is None else table.owner.label
    for _, label, column in parent_reads(spec, owner):
        if label in parents and parents[label] != table.name:
            yield parents[label], column
