"""Primary and unique keys, null shares."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.model import Schema, Table


def check_keys(schema: Schema) -> Iterator[Problem]:
    """Keys must name columns of their table, each once."""
    for table in schema.tables:
        path = f"tables.{table.name}"
        yield from _check_key(table, table.primary_key, f"{path}.primary_key")
        for index, key in enumerate(table.unique_keys):
            yield from _check_key(table, key.columns, f"{path}.unique_keys.{key.name or index}")


def check_nulls(schema: Schema) -> Iterator[Problem]:
    """A column that must not be null can have no share of nulls."""
    for table in schema.tables:
        for column in table.columns:
            if column.null_share and not column.nullable:
                yield Problem(
                    f"tables.{table.name}.columns.{column.name}.null_share",
                    f"a share of {column.null_share:g} nulls in a column that is not nullable",
                    "make the column nullable or drop null_share",
                )
        for key in table.foreign_keys:
            fixed = [name for name in key.columns if _is_required(table, name)]
            if key.null_share and len(fixed) == len(key.columns):
                yield Problem(
                    f"tables.{table.name}.foreign_keys.{key.label}.null_share",
                    f"a share of {key.null_share:g} nulls but no column of the key is nullable",
                    f"make {fixed[0]} nullable or drop null_share",
                )


def unknown_column(table: Table, name: str, path: str) -> Problem:
    """Say that ``table`` has no column ``name`` and which is nearest."""
    hint = did_you_mean(name, table.columns_by_name)
    return Problem(path, f"table {table.name!r} has no column {name!r}{hint}", "correct the name")


def _check_key(table: Table, names: tuple[str, ...], path: str) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        if name not in table.columns_by_name:
            yield unknown_column(table, name, path)
        if names.count(name) > 1:
            yield Problem(path, f"column {name!r} stands in the key twice", "name it once")


def _is_required(table: Table, name: str) -> bool:
    column = table.columns_by_name.get(name)
    return column is not None and not column.nullable
