"""How results and remarks reach the terminal: results on stdout, all else on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import click
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from dataforge.cli.plain import visible

MOST_NOTES = 12


def print_json(value: object) -> None:
    """Print one JSON document on stdout; what JSON lacks is written as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_as_text))


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def show(*parts: RenderableType) -> None:
    """Print on stdout, in colour where it is a terminal."""
    Console(highlight=False).print(*parts, sep="\n")


def terminal_width() -> int:
    """Return the characters in a line of stdout, 80 where it is no terminal."""
    return Console().width


def remark(message: str) -> None:
    """Print a line on stderr."""
    click.echo(visible(message), err=True)


def remark_all(messages: Iterable[str], noun: str = "note") -> None:
    """Print notes on stderr, the first few in full and the rest as a count."""
    found = list(dict.fromkeys(messages))
    for message in found[:MOST_NOTES]:
        remark(f"{noun}: {message}")
    if len(found) > MOST_NOTES:
        remark(f"{noun}: … and {len(found) - MOST_NOTES} more (--json lists them all)")


def counted(count: int, noun: str) -> str:
    """Return ``1 table``, ``2,000 tables``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size_text(size_bytes: int) -> str:
    """Return a size for people: ``934 B``, ``12.3 KB``, ``1.2 GB`` (powers of 1000)."""
    size = float(size_bytes)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def grid(headers: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[str]) -> Table:
    """Return a plain table whose ``numbers`` columns are aligned to the right."""
    right = set(numbers)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table
