"""Where a database has the tables and columns of a schema."""

from __future__ import annotations

from collections.abc import Sequence

from dataforge.schema import Schema, Table
from dataforge.sinks.ddl.names import Names
from dataforge.verification.catalog import Catalog, Location


def located(schema: Schema, catalog: Catalog, dialect: str) -> dict[str, Location]:
    """Find each table by the name its DDL gives it, else by the one that differs in case alone."""
    names = Names.of(schema, dialect)
    folded = {(space.lower(), name.lower()): (space, name) for space, name in catalog.columns}
    found = {}
    for table in schema.tables:
        target = names.tables[table.name]
        space = target.namespace or catalog.default
        at = (space, target.name)
        if at not in catalog.columns:
            at = folded.get((space.lower(), target.name.lower()), at)
        if at in catalog.columns:
            found[table.name] = at
    return found


def matched(table: Table, actual: Sequence[str]) -> dict[str, str]:
    """Return the database's name of each column that it has, exact first, then whatever case."""
    folded = {name.lower(): name for name in actual}
    found = {}
    for column in table.columns:
        there = column.name if column.name in actual else folded.get(column.name.lower())
        if there is not None:
            found[column.name] = there
    return found
