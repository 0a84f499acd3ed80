"""Columns by segment: the values that they are told apart by."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.references import nested
from dataforge.schema.specs import BooleanSpec, CategoricalSpec, SegmentSpec
from dataforge.schema.types import BooleanType, EnumType
from dataforge.schema.validation.keys import unknown_column


def check_segments(schema: Schema) -> Iterator[Problem]:
    """Check that segments are values of the column that they are told by, and cover it."""
    for table in schema.tables:
        for column in table.columns:
            for spec in () if column.spec is None else nested(column.spec):
                if isinstance(spec, SegmentSpec):
                    path = f"tables.{table.name}.columns.{column.name}.spec"
                    yield from _check(spec, column, table, path)


def _check(spec: SegmentSpec, column: Column, table: Table, path: str) -> Iterator[Problem]:
    if spec.by not in table.columns_by_name:
        yield unknown_column(table, spec.by, f"{path}.by")
        return
    by = table.column(spec.by)
    values = _values(by)
    if values is None:
        if spec.otherwise is None and not column.nullable:
            yield _uncovered(path, f"other values of {spec.by!r} get null")
        return
    for key in spec.specs:
        if key not in values:
            found = f"{spec.by!r} has no value {key!r}{did_you_mean(key, values)}"
            yield Problem(f"{path}.specs", found, f"it has {', '.join(values)}")
    missing = [value for value in values if value not in spec.specs]
    missing += ["null"] if by.null_share else []
    if missing and spec.otherwise is None and not column.nullable:
        yield _uncovered(path, f"no spec for {', '.join(missing)} of {spec.by!r}")


def _uncovered(path: str, found: str) -> Problem:
    return Problem(path, f"{found}, and the column is not nullable", "add otherwise: a spec")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(by: Column) -> tuple[str, ...] | None:
    """Return the values of a column as text where they are known, null left out."""
    match by.spec:
        case CategoricalSpec(values=values):
            return tuple(_text(value) for value in values if value is not None)
        case BooleanSpec():
            return ("true", "false")
        case None if isinstance(by.type, EnumType) and not by.type.multiple:
            return by.type.values
        case None if isinstance(by.type, BooleanType):
            return ("true", "false")
        case _:
            return None
