"""What specs refer to: columns of the row, other tables, SQL expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dataforge.errors import ParseError, Problem, did_you_mean
from dataforge.schema.expressions import columns_of, parse_expression
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.references import expressions_in, nested, placeholders
from dataforge.schema.specs import (
    AggregateSpec,
    LookupSpec,
    OffsetSpec,
    OrdinalSpec,
    RecordSpec,
    RunningTotalSpec,
    ShareSpec,
    TemplateSpec,
    UnionKeySpec,
    UnionLabelSpec,
)
from dataforge.schema.validation.keys import unknown_column

_FORMS = ("", "slug", "initial", "lower", "upper")

_NUMBERS = frozenset({"integer", "decimal", "float"})


def check_references(schema: Schema) -> Iterator[Problem]:
    """Whatever a spec names must exist."""
    for table in schema.tables:
        for column in table.columns:
            path = f"tables.{table.name}.columns.{column.name}.spec"
            for spec in nested(column.spec) if column.spec is not None else ():
                for text in expressions_in(spec):
                    yield from check_sql(table, text, path)
                check = _CHECKS.get(type(spec))
                if check is not None:
                    yield from check(spec, column, table, schema)


def check_sql(table: Table, text: str, path: str) -> Iterator[Problem]:
    """An expression must be readable and speak of columns that its table has."""
    try:
        names = columns_of(parse_expression(text))
    except ParseError as fault:
        yield Problem(path, fault.message, "write SQL as DuckDB does, without sub-queries")
        return
    for name in names:
        if name not in table.columns_by_name:
            yield unknown_column(table, name, path)


def _path(table: Table, column: Column) -> str:
    return f"tables.{table.name}.columns.{column.name}.spec"


def _known(table: Table, name: str, path: str) -> Iterator[Problem]:
    if name not in table.columns_by_name:
        yield unknown_column(table, name, path)


def _column(spec: Any, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    yield from _known(table, spec.column, f"{_path(table, column)}.column")


def _offset(spec: OffsetSpec, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    path = _path(table, column)
    if spec.foreign_key is None:  # else it is the parent's column: see ``processes``
        yield from _known(table, spec.column, f"{path}.column")
    for name in spec.after:
        yield from _known(table, name, f"{path}.after")


def _share(spec: ShareSpec, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    path = _path(table, column)
    for field, name in (("column", spec.column), ("above", spec.above)):
        if name is None:
            continue
        yield from _known(table, name, f"{path}.{field}")
        kind = table.columns_by_name[name].type.kind if name in table.columns_by_name else "integer"
        if kind not in _NUMBERS:
            remedy = "name a column of numbers"
            yield Problem(f"{path}.{field}", f"{name!r} is {kind}, which has no shares", remedy)


def _running_total(spec: Any, column: Column, table: Table, schema: Schema) -> Iterator[Problem]:
    yield from _column(spec, column, table, schema)
    yield from _ordinal(spec, column, table, schema)


def _ordinal(spec: Any, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    if table.owner is None:
        yield Problem(
            _path(table, column),
            f"{spec.kind!r} counts within an owning parent, and {table.name!r} has none",
            "set owning: true on one of its foreign keys",
        )


def _template(spec: Any, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    path = f"{_path(table, column)}.template"
    for name, form in placeholders(spec.template):
        yield from _known(table, name, path)
        if form not in _FORMS:
            message = f"unknown form {form!r}{did_you_mean(form, _FORMS[1:])}"
            yield Problem(
                path, message, "write {column}, {column:slug}, :initial, :lower or :upper"
            )


def _lookup(spec: Any, column: Column, table: Table, schema: Schema) -> Iterator[Problem]:
    path = _path(table, column)
    keys = {key.label: key for key in table.foreign_keys}
    key = keys.get(spec.foreign_key)
    if key is None:
        hint = did_you_mean(spec.foreign_key, keys)
        message = f"table {table.name!r} has no foreign key {spec.foreign_key!r}{hint}"
        yield Problem(f"{path}.foreign_key", message, "name one of the table's foreign keys")
    elif key.parent in schema.tables_by_name:
        yield from _known(schema.table(key.parent), spec.column, f"{path}.column")


def _record(spec: Any, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    """A place is that of the row or of another table's row: parents' columns see ``processes``."""
    place = spec.place
    if place is None:
        return
    path = f"{_path(table, column)}.place"
    if place.foreign_key is None:
        yield from _known(table, place.column, path)
    elif any(k.label == place.foreign_key and k.parent == table.name for k in table.foreign_keys):
        message = f"{place.foreign_key!r} points to {table.name!r} itself"
        yield Problem(path, message, "name a foreign key to another table")


def _aggregate(spec: Any, column: Column, table: Table, schema: Schema) -> Iterator[Problem]:
    path = _path(table, column)
    child = schema.tables_by_name.get(spec.table)
    if child is None:
        hint = did_you_mean(spec.table, schema.tables_by_name)
        yield Problem(f"{path}.table", f"there is no table {spec.table!r}{hint}", "correct it")
        return
    if child.owner is None or child.owner.parent != table.name:
        yield Problem(
            f"{path}.table",
            f"only owned rows can be aggregated, and {table.name!r} does not own {child.name!r}",
            f"set owning: true on the foreign key of {child.name!r} to {table.name!r}",
        )
    if spec.column is not None:
        yield from _known(child, spec.column, f"{path}.column")
    if spec.expression is not None:
        yield from check_sql(child, spec.expression, f"{path}.expression")
    if spec.column is None and spec.expression is None and spec.function != "count":
        message = f"{spec.function} of what? neither column nor expression is given"
        yield Problem(path, message, "add column or expression")


def _union_key(spec: Any, column: Column, table: Table, schema: Schema) -> Iterator[Problem]:
    path = _path(table, column)
    yield from _known(table, spec.label_column, f"{path}.label_column")
    label = table.columns_by_name.get(spec.label_column)
    if label is not None and not isinstance(label.spec, UnionLabelSpec):
        message = f"{label.name!r} is the label of this reference but makes something else"
        remedy = f"give it spec {{kind: union_label, key_column: {column.name}}}"
        yield Problem(f"{path}.label_column", message, remedy)
    for target in spec.targets:
        if target.table not in schema.tables_by_name:
            hint = did_you_mean(target.table, schema.tables_by_name)
            message = f"there is no table {target.table!r}{hint}"
            yield Problem(f"{path}.targets", message, "correct the name or drop the target")
        elif len(schema.table(target.table).primary_key) != 1:
            message = f"{target.table!r} has no primary key of one column to refer to"
            yield Problem(f"{path}.targets", message, "drop the target or give it such a key")


def _union_label(spec: Any, column: Column, table: Table, _: Schema) -> Iterator[Problem]:
    path = f"{_path(table, column)}.key_column"
    yield from _known(table, spec.key_column, path)
    key = table.columns_by_name.get(spec.key_column)
    pairs = key is not None and isinstance(key.spec, UnionKeySpec)
    if key is not None and not (
        pairs and isinstance(key.spec, UnionKeySpec) and key.spec.label_column == column.name
    ):
        message = f"{key.name!r} is no polymorphic reference labelled by {column.name!r}"
        remedy = f"give it spec {{kind: union_key, label_column: {column.name}, targets: …}}"
        yield Problem(path, message, remedy)


_CHECKS: Mapping[type, Callable[[Any, Column, Table, Schema], Iterator[Problem]]] = {
    OffsetSpec: _offset,
    ShareSpec: _share,
    RunningTotalSpec: _running_total,
    OrdinalSpec: _ordinal,
    TemplateSpec: _template,
    LookupSpec: _lookup,
    RecordSpec: _record,
    AggregateSpec: _aggregate,
    UnionKeySpec: _union_key,
    UnionLabelSpec: _union_label,
}
