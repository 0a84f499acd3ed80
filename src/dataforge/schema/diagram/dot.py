"""A schema as a Graphviz digraph (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dataforge.schema.diagram.facts import Edge, edges, marks, type_label

if TYPE_CHECKING:
    from dataforge.schema.model import Column, Schema, Table

_HEAD = """\
digraph schema {
    graph [rankdir=RL, splines=true, nodesep=0.4, ranksep=1.2];
    node [shape=plain, fontname="Helvetica", fontsize=10];
    edge [dir=both, fontname="Helvetica", fontsize=9];
"""


def dot(schema: Schema) -> str:
    """Return the digraph; each edge runs from a foreign key's column to the parent's."""
    nodes = [_node(table) for table in schema.tables]
    arrows = [_edge(edge) for edge in edges(schema)]
    return _HEAD + "\n".join([*nodes, *arrows]) + "\n}\n"


def _node(table: Table) -> str:
    head = f'<tr><td bgcolor="#dbe7f3" colspan="3"><b>{escape(table.name)}</b></td></tr>'
    rows = "".join(_row(table, number, column) for number, column in enumerate(table.columns))
    label = f'<table border="0" cellborder="1" cellspacing="0" cellpadding="4">{head}{rows}</table>'
    return f"    {_quoted(table.name)} [label=<{label}>];"


def _row(table: Table, number: int, column: Column) -> str:
    name = escape(column.name)
    shown = name if column.nullable else f"<b>{name}</b>"
    return (
        f'<tr><td align="left" port="c{number}">{shown}</td>'
        f'<td align="left">{escape(type_label(column.type))}</td>'
        f'<td align="left">{" ".join(marks(table, column))}</td></tr>'
    )


def _edge(edge: Edge) -> str:
    tail = "teetee" if edge.is_single else "crowodot"
    head = "teeodot" if edge.is_optional else "teetee"
    style = "dashed" if edge.key.inferred else "solid"
    start = f"{_quoted(edge.child.name)}:{_port(edge.child, edge.key.columns[0])}"
    end = f"{_quoted(edge.parent.name)}:{_port(edge.parent, edge.key.parent_columns[0])}"
    return f"    {start} -> {end} [arrowtail={tail}, arrowhead={head}, style={style}];"


def _port(table: Table, column: str) -> str:
    return f"c{list(table.columns_by_name).index(column)}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
