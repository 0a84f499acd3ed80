"""New tables and columns of a follow-up, as the reader of prompts would make them."""

from __future__ import annotations

from dataforge.domains import domain, known
from dataforge.parsers.prompt import analyze, compose
from dataforge.parsers.refining.pruning import mended, with_table
from dataforge.schema import Schema, Table
from dataforge.schema.relations import ForeignKey


def with_new_tables(schema: Schema, said: str) -> tuple[Schema, tuple[str, ...]]:
    """Return the schema with the tables that words name and it lacks, and their names.

    Their foreign keys are those that the catalogue gives them among the tables that are there.
    """
    request = analyze(said)
    made = compose(request).schema_.tables_by_name
    added = []
    for entity in request.entities:
        table = made.get(entity.name)
        if entity.stated and table is not None and entity.name not in schema.tables_by_name:
            tied = _tied(_without_keys(table), schema)
            schema = mended(with_table(schema, tied))
            added.append(table.name)
    return schema, tuple(added)


def with_new_columns(schema: Schema, table: str, said: str) -> tuple[Schema, tuple[str, ...]]:
    """Return the schema with the columns that words name and a table lacks, and their names."""
    request = analyze(f"{table.replace('_', ' ')} with columns id, {said}")
    made = compose(request).schema_.tables_by_name
    home = schema.table(table)
    entity = next((each for each in request.entities if each.columns), None)
    if entity is None or entity.name not in made:
        return schema, ()
    known = made[entity.name].columns_by_name
    new = tuple(
        known[wish.name]
        for wish in entity.columns
        if wish.name in known and wish.name not in home.columns_by_name
    )
    grown = home.model_copy(update={"columns": (*home.columns, *new)})
    return mended(with_table(schema, grown)), tuple(column.name for column in new)


def _without_keys(table: Table) -> Table:
    """Return a table without foreign keys: what a few words leave open the catalogue knows."""
    bound = {column for key in table.foreign_keys for column in key.columns}
    free = tuple(c for c in table.columns if c.name not in bound or c.name in table.primary_key)
    return table.model_copy(update={"foreign_keys": (), "columns": free})


def _tied(table: Table, schema: Schema) -> Table:
    """Return a table with the foreign keys that a domain of the catalogue has among the tables."""
    homes = (domain(name) for name in known() if table.name in domain(name).words)
    twins = [home.schema.table(table.name) for home in homes]
    ties = [tuple(key for key in twin.foreign_keys if _fits(key, schema)) for twin in twins]
    if not any(ties):
        return table
    most = max(range(len(ties)), key=lambda at: len(ties[at]))
    wanted = {column for key in ties[most] for column in key.columns}
    new = tuple(
        column
        for column in twins[most].columns
        if column.name in wanted and column.name not in table.columns_by_name
    )
    key = len(table.primary_key)
    columns = (*table.columns[:key], *new, *table.columns[key:])
    return table.model_copy(update={"foreign_keys": ties[most], "columns": columns})


def _fits(key: ForeignKey, schema: Schema) -> bool:
    parent = schema.tables_by_name.get(key.parent)
    return parent is not None and key.parent_columns == parent.primary_key
