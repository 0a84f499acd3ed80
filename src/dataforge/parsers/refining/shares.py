"""A stated share, written into the column that says which rows it is about."""

from __future__ import annotations

from dataforge.parsers.refining.pruning import with_table
from dataforge.schema import (
    BooleanSpec,
    CategoricalSpec,
    Column,
    ConditionalSpec,
    Expectation,
    Schema,
    Spec,
    Table,
)


def with_share(
    schema: Schema, name: str, state: str, share: float, made: Table | None
) -> tuple[Schema, str]:
    """Return the schema whose ``state`` holds in ``share`` of a table's rows, and the path set.

    ``made`` is the table that the words alone would give: its column stands in where none has the
    state among its values. The path is empty where nothing could be set.
    """
    table = schema.table(name)
    for column in table.columns:
        revised = _weighted(column, state, share)
        if revised is not None:
            value, spec = revised
            condition = f"{column.name} = '{value}'" if value else column.name
            changed = _with(table, column.model_copy(update={"spec": spec}), condition, share)
            return with_table(schema, changed), f"tables.{name}.columns.{column.name}"
    new = _said(made)
    if new is None:
        return schema, ""
    grown = table.model_copy(update={"columns": (*table.columns, new)})
    path = f"tables.{name}.columns.{new.name}"
    return with_table(schema, _with(grown, new, new.name, share)), path


def _weighted(column: Column, state: str, share: float) -> tuple[str, Spec] | None:
    """Return the value that is the state and the column's new spec; None where it has no such."""
    spec = column.spec
    if isinstance(spec, BooleanSpec) and column.name.removeprefix("is_") == state.casefold():
        return "", BooleanSpec(true_share=share)
    return None if spec is None else _reweighted(spec, state, share)


def _reweighted(spec: Spec, state: str, share: float) -> tuple[str, Spec] | None:
    """Give the state its share in a list of values, or in every branch of a condition."""
    if isinstance(spec, CategoricalSpec):
        values = [str(value) for value in spec.values]
        at = next((i for i, v in enumerate(values) if v.casefold() == state.casefold()), None)
        if at is None:
            return None
        old = list(spec.weights or [1.0] * len(values))
        rest = sum(old) - old[at]
        weights = [w / rest * (1 - share) if rest else 0.0 for w in old]
        weights[at] = share
        return values[at], spec.model_copy(update={"weights": tuple(weights)})
    if not isinstance(spec, ConditionalSpec) or spec.otherwise is None:
        return None
    parts = [_reweighted(each, state, share) for each in (*_thens(spec), spec.otherwise)]
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    *thens, (value, otherwise) = told
    branches = tuple(
        branch.model_copy(update={"then": then})
        for branch, (_, then) in zip(spec.branches, thens, strict=True)
    )
    return value, spec.model_copy(update={"branches": branches, "otherwise": otherwise})


def _thens(spec: ConditionalSpec) -> tuple[Spec, ...]:
    return tuple(branch.then for branch in spec.branches)


def _with(table: Table, column: Column, condition: str, share: float) -> Table:
    """Return the table with the column in its place and the share to be proven."""
    columns = tuple(column if each.name == column.name else each for each in table.columns)
    name = f"{column.name}_share"
    expected = Expectation(name=name, expression=condition, share=share)
    kept = tuple(each for each in table.expectations if each.expression != condition)
    return table.model_copy(update={"columns": columns, "expectations": (*kept, expected)})


def _said(made: Table | None) -> Column | None:
    """Return the yes-or-no column that an expectation of the words' own table rests on."""
    for expected in made.expectations if made else ():
        column = made.columns_by_name.get(expected.expression) if made else None
        if column is not None:
            return column
    return None
