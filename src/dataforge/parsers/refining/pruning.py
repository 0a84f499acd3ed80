"""Taking things out of a schema together with what speaks of them."""

from __future__ import annotations

from dataforge.schema import Schema, Table, normalize, validate
from dataforge.schema.relations import ForeignKey

MOST_ROUNDS = 8


def without_table(schema: Schema, name: str) -> Schema:
    """Return the schema without a table, and without foreign keys to it and their columns."""
    tables = []
    for table in schema.tables:
        if table.name != name:
            keys = [key for key in table.foreign_keys if key.parent == name]
            tables.append(_without(table, {c for key in keys for c in key.columns}))
    return mended(schema.model_copy(update={"tables": tuple(tables)}))


def without_column(schema: Schema, table: str, column: str) -> Schema:
    """Return the schema without a column, and without keys and rules over it."""
    return mended(with_table(schema, _without(schema.table(table), {column})))


def with_table(schema: Schema, table: Table) -> Schema:
    """Return the schema with a table in the place of the one of that name, or as its last."""
    if table.name not in schema.tables_by_name:
        return schema.model_copy(update={"tables": (*schema.tables, table)})
    tables = tuple(table if each.name == table.name else each for each in schema.tables)
    return schema.model_copy(update={"tables": tables})


def mended(schema: Schema) -> Schema:
    """Return the schema without the specs, rules and keys that speak of what is gone."""
    for _ in range(MOST_ROUNDS):
        errors = [p for p in validate(normalize(schema)) if p.severity == "error"]
        paths = {tuple(p.path.split(".")) for p in errors}
        pruned = schema
        for table in schema.tables:
            own = {path[2:] for path in paths if path[:2] == ("tables", table.name)}
            pruned = with_table(pruned, _pruned(table, own)) if own else pruned
        if pruned == schema:
            return schema
        schema = pruned
    return schema


def _pruned(table: Table, faults: set[tuple[str, ...]]) -> Table:
    columns = {path[1] for path in faults if path[0] == "columns" and len(path) > 1}
    parts = {path[0] for path in faults}
    update: dict[str, object] = {
        "columns": tuple(
            c.model_copy(update={"spec": None}) if c.name in columns else c for c in table.columns
        )
    }
    for part in ("rules", "expectations", "correlations"):
        if part in parts:
            named = {path[1] for path in faults if path[0] == part and len(path) > 1}
            kept = tuple(
                each for at, each in enumerate(getattr(table, part))
                if named and not {str(at), getattr(each, "name", None)} & named
            )  # fmt: skip
            update[part] = kept
    return table.model_copy(update=update)


def _without(table: Table, columns: set[str]) -> Table:
    if not columns:
        return table

    def free(key: ForeignKey) -> bool:
        return not columns & set(key.columns)

    kept = tuple(column for column in table.columns if column.name not in columns)
    return table.model_copy(
        update={
            "columns": kept,
            "foreign_keys": tuple(key for key in table.foreign_keys if free(key)),
            "unique_keys": tuple(k for k in table.unique_keys if not columns & set(k.columns)),
            "primary_key": () if columns & set(table.primary_key) else table.primary_key,
        }
    )
