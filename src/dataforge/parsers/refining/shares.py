"""A stated share, written into the column that says which rows it is about."""

from __future__ import annotations

from dataforge.parsers.refining.pruning import with_table
from dataforge.schema import BooleanSpec, CategoricalSpec, Column, Expectation, Schema, Table


def with_share(
    schema: Schema, name: str, state: str, share: float, made: Table | None
) -> tuple[Schema, str]:
    """Return the schema whose ``state`` holds in ``share`` of a table's rows, and the path set.

    ``made`` is the table that the words alone would give: its column stands in where none has the
    state among its values.
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
        return schema, f"tables.{name}"
    grown = table.model_copy(update={"columns": (*table.columns, new)})
    path = f"tables.{name}.columns.{new.name}"
    return with_table(schema, _with(grown, new, new.name, share)), path


def _weighted(column: Column, state: str, share: float) -> tuple[str, object] | None:
    spec = column.spec
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
    if isinstance(spec, BooleanSpec) and column.name.removeprefix("is_") == state.casefold():
        return "", BooleanSpec(true_share=share)
    return None


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
