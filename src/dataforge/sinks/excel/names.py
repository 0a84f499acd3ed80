"""Sheets of a workbook: names that Excel accepts, and tables cut where a sheet ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SHEET_ROWS = 1_048_575
SHEET_COLUMNS = 16_384
_NAME_LENGTH = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class SheetCut:
    """Rows [``start``, ``stop``) of a table, and the sheet that gets them."""

    table: str
    name: str
    start: int
    stop: int


def sheet_cuts(row_counts: Mapping[str, int]) -> tuple[SheetCut, ...]:
    """Give every table a sheet, and another for every further ``SHEET_ROWS`` rows."""
    taken: set[str] = set()
    return tuple(
        SheetCut(table, _free_name(table, taken), start, stop)
        for table, count in row_counts.items()
        for start, stop in _cuts(count)
    )


def _cuts(row_count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, max(row_count, 1), SHEET_ROWS):
        yield start, min(start + SHEET_ROWS, row_count)


def _free_name(table: str, taken: set[str]) -> str:
    r"""Return the table's name as a sheet may have it, numbered where it is taken.

    At most 31 characters, none of ``[]:*?/\``, no apostrophe at an end, not ``History``; names
    that differ in case alone are the same.
    """
    bare = _FORBIDDEN.sub("_", table).strip("'") or "_"
    if bare.lower() == "history":
        bare += "_"
    name, number = bare[:_NAME_LENGTH].rstrip("'"), 1
    while name.lower() in taken:
        number += 1
        ending = f" ({number})"
        name = bare[: _NAME_LENGTH - len(ending)] + ending
    taken.add(name.lower())
    return name
