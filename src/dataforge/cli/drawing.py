"""A schema on stdout as a drawing, or its outline as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from dataforge.app.inputs import Reading
from dataforge.cli.output import print_json, show
from dataforge.cli.readings import explain, remarks_json
from dataforge.errors import UnknownNameError
from dataforge.schema import Schema
from dataforge.schema.diagram.dot import dot
from dataforge.schema.diagram.facts import Edge, edges
from dataforge.schema.diagram.mermaid import mermaid
from dataforge.schema.diagram.svg import svg
from dataforge.schema.diagram.terminal import terminal, text

WRITERS: dict[str, Callable[[Schema], str]] = {
    "text": text,
    "mermaid": mermaid,
    "dot": dot,
    "svg": svg,
}


def draw(reading: Reading, form: str, tables: Sequence[str], *, as_json: bool) -> None:
    """Print the drawing; remarks of the reader go to stderr."""
    schema = _around(reading.schema, tables) if tables else reading.schema
    if as_json:
        print_json({**outline(schema), **remarks_json(reading)})
        return
    explain(reading)
    if form == "terminal":
        show(terminal(schema))
    else:
        click.echo(WRITERS[form](schema), nl=form == "svg")


def outline(schema: Schema) -> dict[str, Any]:
    """Return tables, columns, keys and relations as plain values."""
    return {
        "name": schema.name,
        "tables": [
            {
                "name": table.name,
                "rows": table.rows,
                "columns": [
                    {"name": column.name, "type": column.type.kind, "nullable": column.nullable}
                    for column in table.columns
                ],
                "primary_key": table.primary_key,
            }
            for table in schema.tables
        ],
        "relations": [_relation(edge) for edge in edges(schema)],
    }


def _relation(edge: Edge) -> dict[str, Any]:
    return {
        "child": edge.child.name,
        "columns": edge.key.columns,
        "parent": edge.parent.name,
        "parent_columns": edge.key.parent_columns,
        "meaning": edge.meaning,
        "owning": edge.key.owning,
        "inferred": edge.key.inferred,
    }


def _around(schema: Schema, names: Sequence[str]) -> Schema:
    """Keep the named tables and those with a relation to one of them."""
    for name in names:
        if name not in schema.tables_by_name:
            raise UnknownNameError.of("table", name, schema.tables_by_name)
    wanted = set(names)
    near = {
        end.name
        for edge in edges(schema)
        if {edge.child.name, edge.parent.name} & wanted
        for end in (edge.child, edge.parent)
    }
    kept = tuple(table for table in schema.tables if table.name in wanted | near)
    return schema.model_copy(update={"tables": kept})
