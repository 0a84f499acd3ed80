"""A schema as a picture: a box for each table, a line for each foreign key, as SVG 1.1."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dataforge.schema.diagram.facts import Edge, edges, marks, type_label
from dataforge.schema.diagram.layout import Lane, Place, Size, layout

if TYPE_CHECKING:
    from dataforge.schema.model import Schema, Table

MARGIN = 24
ROW = 18
HEAD = 26
PAD = 10
CHAR = 6.7
"""Width of a character of the 11-pixel monospaced font, rounded up."""

MOST_COLUMNS = 16
"""A longer table shows its keys and first columns, and counts the rest."""

_STYLE = """\
text{font:11px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1f2933}
.name{font-weight:700}.type{fill:#6b7785}.mark{fill:#9a6700;font-weight:700}
.box{fill:#fff;stroke:#8fa1b3}.head{fill:#dbe7f3;stroke:#8fa1b3}
.link{fill:none;stroke:#5b7083;stroke-width:1.2}.guess{stroke-dasharray:5 4}
.end{fill:#fff;stroke:#5b7083;stroke-width:1.2}
"""


Point = tuple[int, int]


class Line(NamedTuple):
    """A row of a box: a column's name, type and marks, or a count of columns left out."""

    name: str
    kind: str = ""
    mark: str = ""


class Box(NamedTuple):
    """A table as it is drawn."""

    title: str
    lines: tuple[Line, ...]
    size: Size


def svg(schema: Schema) -> str:
    """Return the picture as one ``<svg>`` element with its own white ground. Deterministic."""
    boxes = {table.name: _box(table) for table in schema.tables}
    links = list(edges(schema))
    places, widths, lanes = layout(
        {name: box.size for name, box in boxes.items()},
        [(edge.child.name, edge.parent.name) for edge in links],
    )
    # Boxes of one column are equally wide, so that no link begins behind a neighbour.
    for name, wide in widths.items():
        boxes[name] = boxes[name]._replace(size=Size(wide, boxes[name].size.height))
    width = max((places[n].x + boxes[n].size.width for n in boxes), default=0) + 2 * MARGIN
    height = max((places[n].y + boxes[n].size.height for n in boxes), default=0) + 2 * MARGIN
    body = [
        _link(edge, boxes, places, lanes.get((edge.child.name, edge.parent.name), ()))
        for edge in links
    ]
    body += [_drawn(box, places[name]) for name, box in boxes.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(schema.name)}">'
        f"<style>{_STYLE}</style>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<g transform="translate({MARGIN} {MARGIN})">{"".join(body)}</g></svg>'
    )


def _box(table: Table) -> Box:
    lines = [
        Line(column.name, type_label(column.type), " ".join(marks(table, column)))
        for column in table.columns
    ]
    if len(lines) > MOST_COLUMNS:
        plain = [line for line in lines if not line.mark]
        spare = max(0, MOST_COLUMNS - (len(lines) - len(plain)) - 1)
        hidden = set(plain[spare:])
        lines = [line for line in lines if line not in hidden]
        lines += [Line(f"… {len(hidden)} more columns")] if hidden else []
    marked = max(len(line.mark) for line in lines)
    characters = max(
        len(table.name), *(len(line.name) + len(line.kind) + marked + 4 for line in lines)
    )
    width = int(characters * CHAR) + 2 * PAD
    return Box(table.name, tuple(lines), Size(width, HEAD + ROW * len(lines)))


def _drawn(box: Box, place: Place) -> str:
    width, height = box.size
    parts = [
        f'<rect class="box" width="{width}" height="{height}" rx="4"/>',
        f'<path class="head" d="M0 {HEAD}V4a4 4 0 0 1 4-4h{width - 8}a4 4 0 0 1 4 4V{HEAD}z"/>',
        f'<text class="name" x="{PAD}" y="17">{escape(box.title)}</text>',
    ]
    mark_x = width - PAD
    type_x = mark_x - int((max(len(line.mark) for line in box.lines) + 1) * CHAR)
    for number, line in enumerate(box.lines):
        y = HEAD + ROW * number + 13
        parts.append(f'<text x="{PAD}" y="{y}">{escape(line.name)}</text>')
        parts.append(_at_end("type", type_x, y, line.kind))
        parts.append(_at_end("mark", mark_x, y, line.mark))
    return f'<g transform="translate({place.x} {place.y})">{"".join(parts)}</g>'


def _at_end(style: str, x: int, y: int, text: str) -> str:
    if not text:
        return ""
    return f'<text class="{style}" text-anchor="end" x="{x}" y="{y}">{escape(text)}</text>'


def _link(
    edge: Edge, boxes: dict[str, Box], places: dict[str, Place], lanes: tuple[Lane, ...]
) -> str:
    """Draw from the foreign key's first column to the parent column it holds."""
    child, parent = edge.child.name, edge.parent.name
    y1 = places[child].y + _height_of(boxes[child], edge.key.columns[0])
    y2 = places[parent].y + _height_of(boxes[parent], edge.key.parent_columns[0])
    left, right = places[child].x, places[parent].x + boxes[parent].size.width
    if right < left:
        path, x1, x2 = _through((left, y1), (right, y2), lanes), left, right
    else:
        x1, x2 = left + boxes[child].size.width, right
        out = max(x1, x2) + 34
        path = f"M{x1} {y1}C{out} {y1} {out} {y2} {x2} {y2}"
    side = -1 if right < left else 1
    guess = " guess" if edge.key.inferred else ""
    title = f"{child}.{', '.join(edge.key.columns)} → {parent}: {edge.meaning}"
    return (
        f'<g><title>{escape(title)}</title><path class="link{guess}" d="{path}"/>'
        f"{_foot(x1, y1, side, is_single=edge.is_single)}"
        f'<circle class="end" cx="{x2}" cy="{y2}" r="3.5"/></g>'
    )


def _through(child: Point, parent: Point, lanes: tuple[Lane, ...]) -> str:
    """Return a smooth way from the child to the left, level in every lane, to the parent."""
    points = [child]
    for lane in reversed(lanes):
        points += [(lane.right, lane.y), (lane.left, lane.y)]
    points.append(parent)
    path = f"M{child[0]} {child[1]}"
    for number, ((x1, y1), (x2, y2)) in enumerate(pairwise(points)):
        bend = max(28, (x1 - x2) // 2)
        curve = f"C{x1 - bend} {y1} {x2 + bend} {y2} {x2} {y2}"
        path += f"L{x2} {y2}" if number % 2 else curve
    return path


def _foot(x: int, y: int, side: int, *, is_single: bool) -> str:
    """Draw the child's end: a bar for at most one row, a crow's foot for many."""
    tip = x + side * 9
    if is_single:
        return f'<path class="link" d="M{tip} {y - 5}v10"/>'
    return f'<path class="link" d="M{x} {y - 5}L{tip} {y}L{x} {y + 5}"/>'


def _height_of(box: Box, column: str) -> int:
    """Return the middle of a column's row, of the last row where the column is left out."""
    rows = [number for number, line in enumerate(box.lines) if line.name == column]
    return HEAD + ROW * (rows[0] if rows else len(box.lines) - 1) + ROW // 2
