"""Specs against the types of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dataforge.errors import Problem
from dataforge.schema.model import Column, Schema
from dataforge.schema.references import nested
from dataforge.schema.specs import (
    CategoricalSpec,
    ConditionalSpec,
    ConstantSpec,
    DatetimeSpec,
    ListSpec,
    NumberSpec,
    ObjectSpec,
    OffsetSpec,
    RecordSpec,
    SegmentSpec,
    ShareSpec,
    Signal,
    Spec,
    TextSpec,
)
from dataforge.schema.validation.fitting import FITTING, misfit, number_range

_SHOWN = 3


def check_specs(schema: Schema) -> Iterator[Problem]:
    """Specs must make values that their columns can hold, between bounds that leave some."""
    for table in schema.tables:
        for column in table.columns:
            if column.spec is not None:
                path = f"tables.{table.name}.columns.{column.name}.spec"
                yield from _check_fit(column, column.spec, path)
                for spec in nested(column.spec):
                    yield from _check_bounds(spec, path)


def _check_fit(column: Column, spec: Spec, path: str) -> Iterator[Problem]:
    """Check what makes the column's own values: the spec and the branches of a conditional."""
    if isinstance(spec, ConditionalSpec):
        for part in (*(branch.then for branch in spec.branches), spec.otherwise):
            yield from _check_fit(column, part, path)
        return
    if isinstance(spec, SegmentSpec):
        for part in spec.parts:
            yield from _check_fit(column, part, path)
        return
    fitting = FITTING.get(spec.kind)
    if fitting is not None and column.type.kind not in fitting:
        yield Problem(
            f"{path}.kind",
            f"{spec.kind!r} does not make values of type {column.type.kind}",
            f"it makes {', '.join(sorted(fitting))}; choose another spec or type",
        )
        return
    # Specs that came from a name's meaning are fitted to the column by the engine.
    if column.semantic is None:
        yield from _check_values(column, spec, path)


def _check_values(column: Column, spec: Spec, path: str) -> Iterator[Problem]:
    match spec:
        case CategoricalSpec(values=values):
            yield from _misfits(column, values, f"{path}.values")
        case RecordSpec(labels=dict() as labels):
            values = tuple(label for each in labels.values() for label in each)
            yield from _misfits(column, values, f"{path}.labels")
        case ConstantSpec(value=value):
            yield from _misfits(column, (value,), f"{path}.value")
        case NumberSpec():
            yield from _check_range(column, spec, path)
        case _:
            pass


def _misfits(column: Column, values: tuple[Any, ...], path: str) -> Iterator[Problem]:
    reasons = [(value, misfit(value, column.type)) for value in values]
    wrong = [f"{value!r} {reason}" for value, reason in reasons if reason is not None]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        message = f"does not fit the column: {'; '.join(wrong[:_SHOWN])}{more}"
        yield Problem(path, message, "change the values or the column's type")
    if None in values and not column.nullable:
        yield Problem(path, "null in a column that is not nullable", "drop it from the values")


def _check_range(column: Column, spec: NumberSpec, path: str) -> Iterator[Problem]:
    bounds = number_range(column.type)
    if bounds is None:
        return
    for field, value in (("minimum", spec.minimum), ("maximum", spec.maximum)):
        if value is not None and not bounds[0] <= Decimal(str(value)) <= bounds[1]:
            yield Problem(
                f"{path}.{field}",
                f"{value} is outside what the type holds ({bounds[0]} to {bounds[1]})",
                "narrow the bounds or widen the column's type",
            )


def _check_bounds(spec: Spec, path: str) -> Iterator[Problem]:
    for names, low, high in _pairs(spec):
        if low is not None and high is not None and low > high:
            yield Problem(path, f"{names[0]} {low} is above {names[1]} {high}", "swap the two")
    if isinstance(spec, ObjectSpec):
        names_ = [field.name for field in spec.fields]
        for name in sorted({name for name in names_ if names_.count(name) > 1}):
            yield Problem(f"{path}.fields", f"two fields are named {name!r}", "rename one of them")


def _pairs(spec: Spec) -> list[tuple[tuple[str, str], Any, Any]]:
    """Return what must not descend: (field names, low, high)."""
    match spec:
        case NumberSpec() | OffsetSpec() | ShareSpec() | TextSpec() | ListSpec() | Signal():
            return [(("minimum", "maximum"), spec.minimum, spec.maximum)]
        case DatetimeSpec(start=start, end=end):
            return [(("start", "end"), _naive(start), _naive(end))]
        case _:
            return _other_pairs(spec)


def _other_pairs(spec: Any) -> list[tuple[tuple[str, str], Any, Any]]:
    names = {"bytes": ("minimum", "maximum"), "point": ("south", "north")}.get(spec.kind)
    return [] if names is None else [(names, getattr(spec, names[0]), getattr(spec, names[1]))]


def _naive(moment: Any) -> Any:
    return None if moment is None else moment.replace(tzinfo=None)
