"""A schema for a terminal: a box for each table, then its relations as trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text
from rich.tree import Tree

from dataforge.schema.diagram.facts import Edge, edges, marks, type_label

if TYPE_CHECKING:
    from dataforge.schema.model import Column, Schema, Table

MARK_STYLES = {"PK": "bold yellow", "FK": "cyan", "UK": "magenta"}


def terminal(schema: Schema) -> RenderableType:
    """Return boxes side by side as the width allows, and below them who belongs to whom."""
    links = list(edges(schema))
    boxes = Columns([_box(table, links) for table in schema.tables], padding=(0, 1))
    count = f"{len(schema.tables)} tables, {len(links)} relations"
    return Group(boxes, Text(count, style="dim"), *_trees(schema, links))


def text(schema: Schema, width: int = 100) -> str:
    """Return the same drawing as plain text of at most ``width`` characters a line."""
    console = Console(width=width, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as captured:
        console.print(terminal(schema))
    return captured.get()


def _box(table: Table, links: list[Edge]) -> Panel:
    own = [edge for edge in links if edge.child is table]
    rows = [_row(table, column, _targets(column, own)) for column in table.columns]
    widths = [max(cell.cell_len for cell in cells) for cells in zip(*rows, strict=True)]
    return Panel(
        Text("\n").join(_aligned(cells, widths) for cells in rows),
        title=Text(table.name, style="bold"),
        title_align="left",
        subtitle=None if table.rows is None else f"{table.rows:,} rows",
        expand=False,
    )


def _targets(column: Column, own: list[Edge]) -> str:
    parents = [edge.parent.name for edge in own if column.name in edge.key.columns]
    return f"→ {', '.join(dict.fromkeys(parents))}" if parents else ""


def _row(table: Table, column: Column, target: str) -> tuple[Text, ...]:
    optional = "?" if column.nullable and column.name not in table.primary_key else ""
    return (
        Text(column.name),
        Text(type_label(column.type) + optional, style="dim"),
        Text(" ").join(Text(mark, MARK_STYLES[mark]) for mark in marks(table, column)),
        Text(target, style="cyan"),
    )


def _aligned(cells: tuple[Text, ...], widths: list[int]) -> Text:
    """Join cells to a line, each padded to its column's width; empty columns take no room."""
    line = Text(no_wrap=True, overflow="ellipsis")
    for cell, width in zip(cells, widths, strict=True):
        if width:
            line.append(" " if line else "").append_text(cell)
            line.append(" " * (width - cell.cell_len))
    return line


def _trees(schema: Schema, links: list[Edge]) -> list[Tree]:
    """Hang every child below its first parent; tables without a relation make no tree."""
    seat: dict[str, Edge] = {}
    for edge in sorted(links, key=lambda edge: not edge.key.owning):
        if edge.child.name not in seat and not _reaches(seat, edge.parent.name, edge.child.name):
            seat[edge.child.name] = edge
    related = {name for edge in links for name in (edge.child.name, edge.parent.name)}
    trees = {name: Tree(_root(name, links)) for name in related if name not in seat}
    nodes = dict(trees)
    waiting = [table.name for table in schema.tables if table.name in seat]
    while waiting:
        name = next(name for name in waiting if seat[name].parent.name in nodes)
        nodes[name] = nodes[seat[name].parent.name].add(_branch(seat[name], links))
        waiting.remove(name)
    return [trees[table.name] for table in schema.tables if table.name in trees]


def _reaches(seat: dict[str, Edge], start: str, goal: str) -> bool:
    """Whether the way up from ``start`` passes ``goal``."""
    while start != goal and start in seat:
        start = seat[start].parent.name
    return start == goal


def _root(name: str, links: list[Edge]) -> Text:
    own = [edge for edge in links if edge.child.name == name]
    return Text(name, style="bold").append_text(_besides(own))


def _branch(edge: Edge, links: list[Edge]) -> Text:
    label = Text(edge.child.name, style="bold")
    label.append(f"  {', '.join(edge.key.columns)}: {edge.meaning}", style="not bold dim")
    others = [other for other in links if other.child is edge.child and other is not edge]
    return label.append_text(_besides(others))


def _besides(others: list[Edge]) -> Text:
    """Name the relations that the tree itself does not show."""
    shown = (f"{', '.join(edge.key.columns)} → {edge.parent.name}" for edge in others)
    return Text(f"  (also {'; '.join(shown)})" if others else "", style="not bold cyan")
