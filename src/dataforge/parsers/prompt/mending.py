"""A schema of parts that come from several places, made whole: what points nowhere is let go."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dataforge.errors import Problem
from dataforge.schema import (
    AggregateSpec,
    AsOfSpec,
    Column,
    ForeignKey,
    Schema,
    Spec,
    Table,
    UnionKeySpec,
    normalize,
    validate,
)

_ROUNDS = 12
_PATH = re.compile(r"^tables\.(?P<table>[^.]+)\.(?P<part>[a-z_]+)(?:\.(?P<name>[^.]+))?")


def with_table(schema: Schema, table: Table) -> Schema:
    """Return the schema with a table in the place of the one of its name, or added last."""
    if table.name not in schema.tables_by_name:
        return schema.model_copy(update={"tables": (*schema.tables, table)})
    tables = tuple(table if each.name == table.name else each for each in schema.tables)
    return schema.model_copy(update={"tables": tables})


def with_column(table: Table, column: Column, after: str | None = None) -> Table:
    """Return the table with a column in the place of the one of its name, or added."""
    if column.name in table.columns_by_name:
        columns = tuple(column if each.name == column.name else each for each in table.columns)
        return table.model_copy(update={"columns": columns})
    names = [each.name for each in table.columns]
    at = names.index(after) + 1 if after in names else len(names)
    columns = (*table.columns[:at], column, *table.columns[at:])
    return table.model_copy(update={"columns": columns})


def renamed_tables(schema: Schema, names: dict[str, str]) -> Schema:
    """Return the schema with tables under other names, and what points to them likewise."""
    if not names:
        return schema
    tables = tuple(
        table.model_copy(
            update={
                "name": names.get(table.name, table.name),
                "foreign_keys": tuple(
                    key.model_copy(update={"parent": names.get(key.parent, key.parent)})
                    for key in table.foreign_keys
                ),
                "columns": tuple(_renamed(column, names) for column in table.columns),
            }
        )
        for table in schema.tables
    )
    return schema.model_copy(update={"tables": tables})


def _renamed(column: Column, names: dict[str, str]) -> Column:
    match column.spec:
        case AggregateSpec() | AsOfSpec() as spec if spec.table in names:
            return column.model_copy(
                update={"spec": spec.model_copy(update={"table": names[spec.table]})}
            )
        case UnionKeySpec() as spec:
            targets = tuple(
                each.model_copy(update={"table": names.get(each.table, each.table)})
                for each in spec.targets
            )
            return column.model_copy(update={"spec": spec.model_copy(update={"targets": targets})})
        case _:
            return column


def pruned(schema: Schema) -> Schema:
    """Return the schema without foreign keys to tables that it has not, nor their columns."""
    known = schema.tables_by_name
    return schema.model_copy(update={"tables": tuple(_pruned(t, known) for t in schema.tables)})


def _pruned(table: Table, known: dict[str, Table]) -> Table:
    lost = [key for key in table.foreign_keys if key.parent not in known]
    kept = tuple(key for key in table.foreign_keys if key.parent in known)
    needed = {name for key in kept for name in key.columns} | set(table.primary_key)
    gone = {name for key in lost for name in key.columns} - needed
    columns = tuple(column for column in table.columns if column.name not in gone)
    columns = tuple(_without_table(column, known) for column in columns)
    unique = tuple(key for key in table.unique_keys if not gone & set(key.columns))
    if not columns:
        return table.model_copy(update={"foreign_keys": kept})
    return table.model_copy(
        update={"foreign_keys": kept, "columns": columns, "unique_keys": unique}
    )


def _without_table(column: Column, known: dict[str, Table]) -> Column:
    spec = column.spec
    lost = isinstance(spec, AggregateSpec | AsOfSpec) and spec.table not in known
    return column.model_copy(update={"spec": None}) if lost else column


def mended(schema: Schema) -> tuple[Schema, tuple[str, ...]]:
    """Return the schema without the parts that do not validate, and what was let go.

    Names of foreign keys are settled first, so that specs find the keys that they speak of.
    """
    schema = normalize(schema)
    told: list[str] = []
    for _ in range(_ROUNDS):
        problems = [each for each in validate(schema) if each.severity == "error"]
        if not problems:
            break
        for problem in problems:
            schema = _without(schema, problem)
            told.append(str(problem))
        schema = normalize(schema)
    return schema, tuple(dict.fromkeys(told))


def _without(schema: Schema, problem: Problem) -> Schema:
    match = _PATH.match(problem.path)
    table = schema.tables_by_name.get(match["table"]) if match else None
    if match is None or table is None:
        return schema
    change = _LETTING_GO.get(match["part"])
    return schema if change is None else with_table(schema, change(table, match["name"] or ""))


def _no_spec(table: Table, name: str) -> Table:
    column = table.columns_by_name.get(name)
    if column is None:
        return table
    if column.spec is None and not any(name in key for key in table.keys):
        return table.model_copy(
            update={"rules": tuple(r for r in table.rules if name not in r.expression)}
        )
    return with_column(table, column.model_copy(update={"spec": None}))


def _no_rule(table: Table, name: str) -> Table:
    rules = tuple(
        rule for number, rule in enumerate(table.rules) if name not in {rule.name, str(number)}
    )
    return table.model_copy(update={"rules": rules if len(rules) < len(table.rules) else ()})


def _no_wish(table: Table, name: str) -> Table:
    wishes = tuple(each for each in table.expectations if each.name != name)
    return table.model_copy(update={"expectations": wishes})


def _no_reference(table: Table, name: str) -> Table:
    keys = tuple(key for key in table.foreign_keys if key.label != name)
    if len(keys) < len(table.foreign_keys):
        return table.model_copy(update={"foreign_keys": keys})
    owning = [key.model_copy(update={"owning": False}) for key in table.foreign_keys]
    return table.model_copy(update={"foreign_keys": tuple(owning)})


def _no_keys(table: Table, _: str) -> Table:
    return table.model_copy(update={"unique_keys": ()})


def _no_groups(table: Table, _: str) -> Table:
    return table.model_copy(update={"correlations": ()})


_LETTING_GO: dict[str, Callable[[Table, str], Table]] = {
    "columns": _no_spec,
    "rules": _no_rule,
    "expectations": _no_wish,
    "foreign_keys": _no_reference,
    "unique_keys": _no_keys,
    "correlations": _no_groups,
}


def key_between(child: Table, parent: str) -> ForeignKey | None:
    """Return the foreign key of a table to a parent, the owning one first."""
    keys = [key for key in child.foreign_keys if key.parent == parent]
    return next((key for key in keys if key.owning), keys[0] if keys else None)


def with_spec(table: Table, name: str, spec: Spec | None, **changes: Any) -> Table:
    """Return the table with a column's spec replaced."""
    column = table.column(name)
    return with_column(table, column.model_copy(update={"spec": spec, **changes}))
