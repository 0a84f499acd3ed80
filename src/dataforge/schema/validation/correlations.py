"""Correlation groups: matrices that are such, over columns that can take part."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.correlations import Correlation
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.references import nested
from dataforge.schema.types import (
    BooleanType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)
from dataforge.schema.validation.keys import unknown_column

_ONE_DRAW = {"number", "boolean", "categorical", "datetime", "offset", "series", "sensor"}
_TAKING = frozenset(_ONE_DRAW | {"conditional", "segment"})
_NUMBERS = IntegerType | DecimalType | FloatType
_ORDERED = _NUMBERS | BooleanType | EnumType | DateType | TimeType | TimestampType
_EXACT = 1e-9


def check_correlations(schema: Schema) -> Iterator[Problem]:
    """Check every group of every table."""
    for table in schema.tables:
        taken: dict[str, int] = {}
        for number, group in enumerate(table.correlations):
            path = f"tables.{table.name}.correlations.{number}"
            yield from _check_columns(group, table, path)
            for name in group.columns:
                if taken.setdefault(name, number) != number:
                    found = f"{name!r} is in group {taken[name]} already"
                    yield Problem(f"{path}.columns", found, "join the groups or drop it from one")
            yield from _check_matrix(group, path)
            yield from _check_pairs(group, path)


def _check_columns(group: Correlation, table: Table, path: str) -> Iterator[Problem]:
    keyed = {name for key in table.keys for name in key}
    keyed.update(name for key in table.foreign_keys for name in key.columns)
    for name in dict.fromkeys(group.columns):
        if group.columns.count(name) > 1:
            yield Problem(f"{path}.columns", f"{name!r} stands there twice", "name it once")
        if name not in table.columns_by_name:
            yield unknown_column(table, name, f"{path}.columns")
        elif name in keyed:
            found = f"{name!r} is part of a key, whose values the key decides"
            yield Problem(f"{path}.columns", found, "leave it out of the group")
        elif reason := _unable(table.column(name)):
            yield Problem(
                f"{path}.columns",
                f"{name!r} {reason}",
                f"leave it out, or give it one of the specs {', '.join(sorted(_TAKING))}",
            )


def _unable(column: Column) -> str:
    """Return why a column cannot take its draw from a group; nothing where it can."""
    if column.spec is None:
        able = isinstance(column.type, _ORDERED)
        return "" if able else f"is a {column.type.kind} without a spec, whose values have no order"
    unable = [each.kind for each in nested(column.spec) if each.kind not in _TAKING]
    return f"is made by {unable[0]!r}, which does not follow one draw in order" if unable else ""


def _check_matrix(group: Correlation, path: str) -> Iterator[Problem]:
    matrix, size = group.matrix, len(group.columns)
    if matrix is None:
        return
    path = f"{path}.matrix"
    if len(matrix) != size or any(len(row) != size for row in matrix):
        shape = f"{len(matrix)} rows of {', '.join(str(len(row)) for row in matrix)}"
        yield Problem(path, f"{shape} for {size} columns", f"give {size} rows of {size} numbers")
        return
    for i, name in enumerate(group.columns):
        if abs(matrix[i][i] - 1) > _EXACT:
            found = f"{name} has the correlation {matrix[i][i]:g} with itself"
            yield Problem(path, found, "write 1 in the diagonal")
        for j, other in enumerate(group.columns[:i]):
            pair = matrix[i][j], matrix[j][i]
            if not abs(pair[0] - pair[1]) <= _EXACT:
                found = f"{name} with {other} is {pair[0]:g}, {other} with {name} {pair[1]:g}"
                yield Problem(path, found, "a correlation has no direction: write the same twice")
            elif not abs(pair[0]) <= 1:
                found = f"{other} with {name} is {pair[0]:g}"
                yield Problem(path, found, "correlations lie in -1 to 1")


def _check_pairs(group: Correlation, path: str) -> Iterator[Problem]:
    path = f"{path}.pairs"
    if (group.matrix is None) == (not group.pairs):
        found = "both a matrix and pairs" if group.pairs else "neither a matrix nor pairs"
        yield Problem(path, found, "give one of the two")
    seen: set[frozenset[str]] = set()
    for pair in group.pairs:
        for name in pair.columns:
            if name not in group.columns:
                found = f"{name!r} is not in the group"
                yield Problem(path, found, f"it has {', '.join(group.columns)}")
        if len(set(pair.columns)) < len(pair.columns) or frozenset(pair.columns) in seen:
            found = f"{' with '.join(pair.columns)} is settled already"
            yield Problem(path, found, "name each pair of two columns once")
        seen.add(frozenset(pair.columns))
