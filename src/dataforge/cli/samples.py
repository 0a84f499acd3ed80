"""Rows as they are shown in a terminal or written as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from dataforge.cli.output import counted
from dataforge.cli.plain import visible

WIDEST_CELL = 28
GAP = 1
DIVIDER = 1
NO_VALUE = Text("null", style="dim italic")


def sample(name: str, rows: pa.Table, room: int) -> Table:
    """Return rows as a table of as many columns as ``room`` characters hold."""
    cells = [
        [_cell(value) for value in rows.column(i).to_pylist()] for i in range(rows.num_columns)
    ]
    widths = [
        max(Text(header).cell_len, *(cell.cell_len for cell in column), 0)
        for header, column in zip(rows.column_names, cells, strict=True)
    ]
    kept = _fitting(widths, room)
    table = Table(
        title=_title(name, rows.num_columns - kept),
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, GAP, 0, 0),
    )
    for header, kind in zip(rows.column_names[:kept], rows.schema.types, strict=False):
        table.add_column(header, justify="right" if _is_number(kind) else "left", no_wrap=True)
    for line in zip(*cells[:kept], strict=True):
        table.add_row(*line)
    return table


def _title(name: str, left_out: int) -> Text:
    more = f"  + {counted(left_out, 'column')}" if left_out else ""
    return Text.assemble((name, "bold not italic"), (more, "dim not italic"))


def _fitting(widths: Sequence[int], room: int) -> int:
    """Count the columns, at least one, that fit in ``room`` characters."""
    used = 0
    for number, width in enumerate(widths):
        used += width + GAP + DIVIDER
        if used > room and number:
            return number
    return len(widths)


def _cell(value: Any) -> Text:
    if value is None:
        return NO_VALUE
    text = value.hex() if isinstance(value, bytes) else str(value)
    text = visible(text.replace("\n", "⏎"))
    return Text(text if len(text) <= WIDEST_CELL else f"{text[: WIDEST_CELL - 1]}…")


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def plain_rows(tables: Mapping[str, pa.Table]) -> dict[str, list[dict[str, Any]]]:
    """Return rows as dictionaries, table by table."""
    return {name: rows.to_pylist() for name, rows in tables.items()}
