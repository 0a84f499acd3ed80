"""Circles of foreign keys: those that can be loaded only in two passes, those that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Schema, Table
from dataforge.schema.owning import is_required
from dataforge.schema.validation.graphs import circles

Cell = tuple[str, str]


def check_load_cycles(schema: Schema) -> Iterator[Problem]:
    """Tables that require each other load only with their constraints added afterwards."""
    edges = {
        table.name: [
            key.parent
            for key in table.foreign_keys
            if is_required(table, key)
            and key.parent != table.name
            and key.parent in schema.tables_by_name
        ]
        for table in schema.tables
    }
    for circle in circles(edges):
        child = schema.table(circle[0])
        key = next(key for key in child.foreign_keys if key.parent == circle[1])
        yield Problem(
            f"tables.{circle[0]}.foreign_keys.{key.label}",
            f"the tables require each other in a circle with no nullable edge: "
            f"{' → '.join(circle)}; rows load only if constraints are added after the load",
            f"make {circle[0]}.{key.columns[0]} nullable",
            "warning",
        )


def check_value_cycles(schema: Schema) -> Iterator[Problem]:
    """Key columns that take their values from each other in a circle have no value at all."""
    edges: dict[Cell, list[Cell]] = {}
    for table in schema.tables:
        for cell, source in _sources(table, schema):
            edges.setdefault(cell, []).append(source)
    for circle in circles(edges):
        first, column = circle[0]
        shown = " → ".join(f"{name}.{field}" for name, field in circle)
        yield Problem(
            f"tables.{first}.columns.{column}",
            f"a cycle with no nullable edge: {shown}; each value would be copied from the next",
            f"make {first}.{column} nullable or drop one of the foreign keys",
        )


def _sources(table: Table, schema: Schema) -> Iterator[tuple[Cell, Cell]]:
    """Return (cell, cell that it copies) for the key columns that cannot be null."""
    for key in table.foreign_keys:
        parent = schema.tables_by_name.get(key.parent)
        if parent is None:
            continue
        for name, other in zip(key.columns, key.parent_columns, strict=False):
            column = table.columns_by_name.get(name)
            # Rows that refer to rows of their own kind may have a column in common with them.
            is_common = parent is table and name == other and len(key.columns) > 1
            if is_common or column is None or column.nullable:
                continue
            if other in parent.columns_by_name:
                yield (table.name, name), (parent.name, other)
