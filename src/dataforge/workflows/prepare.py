"""A request's options, applied to a schema before it is run."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.errors import Problem, SchemaError, UnknownNameError
from dataforge.locales import locale_mix
from dataforge.parsers.meaning import assign_meaning
from dataforge.schema import Schema, normalize, validate


def prepare(
    schema: Schema,
    *,
    rows: int | None = None,
    table_rows: Mapping[str, int] | None = None,
    scale: float | None = None,
    seed: int | None = None,
    locale: str | None = None,
) -> Schema:
    """Return the schema that a run will use: meanings given to bare columns, options applied.

    ``rows`` replaces every table's row count and default, ``table_rows`` that of single tables,
    ``scale`` multiplies what is then there. Raises ``UnknownNameError`` for a table or a locale
    that does not exist and ``SchemaError`` with every problem of the schema.
    """
    schema = normalize(schema)
    if locale is not None:
        schema = schema.model_copy(update={"locale": str(locale_mix(locale))})
    errors = [problem for problem in validate(schema) if problem.severity == "error"]
    if errors:
        raise SchemaError.of(errors)
    schema = normalize(assign_meaning(schema))
    update: dict[str, object] = {}
    if seed is not None:
        update["seed"] = seed
    if rows is not None:
        update["default_rows"] = rows
    return _with_rows(schema.model_copy(update=update), rows, table_rows or {}, scale or 1.0)


def _with_rows(
    schema: Schema, rows: int | None, table_rows: Mapping[str, int], scale: float
) -> Schema:
    by_fold = {table.name.casefold(): table.name for table in schema.tables}
    wanted: dict[str, int] = {}
    for name, count in table_rows.items():
        if name.casefold() not in by_fold:
            raise UnknownNameError.of("table", name, schema.tables_by_name)
        wanted[by_fold[name.casefold()]] = count
    if scale < 0 or any(count < 0 for count in wanted.values()) or (rows or 0) < 0:
        raise SchemaError.of([Problem("rows", "row counts and the scale cannot be negative")])
    tables = []
    for table in schema.tables:
        asked = wanted.get(table.name)
        if asked is None and rows is None and table.rows is not None:
            asked = round(table.rows * scale)
        tables.append(table.model_copy(update={"rows": asked}))
    default = round(schema.default_rows * scale)
    return schema.model_copy(update={"tables": tuple(tables), "default_rows": default})
