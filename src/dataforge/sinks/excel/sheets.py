"""One sheet as XML: a frozen header with filters, columns as wide as their first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import ColumnType, Table
from dataforge.sinks.excel.cells import EMPTY_CELL, WORDING, cells, texts
from dataforge.sinks.excel.styles import HEADER
from dataforge.sinks.text.coded import plain
from dataforge.sinks.text.rows import RowText
from dataforge.sinks.text.words import words

_SAMPLE_ROWS = 1000
_NARROWEST, _WIDEST = 8.0, 60.0
_FILTER_BUTTON = 3
_HEAD = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView>'
    '</sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a table from row number ``start`` on, and the name of their sheet.

    ``rows`` is how many are expected, 0 where that is not known.
    """

    name: str
    table: Table
    arrow_schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    start: int = 0
    rows: int = 0


def write_sheet(sheet: Sheet, write: Callable[[bytes | memoryview[int]], object]) -> int:
    """Hand the sheet's XML to ``write``; return the number of rows below the header."""
    types = [sheet.table.column(name).type for name in sheet.arrow_schema.names]
    first, batches = _first_rows(sheet.batches)
    write((_HEAD + _widths(sheet.arrow_schema.names, types, first)).encode())
    header = texts(pa.array(sheet.arrow_schema.names), HEADER)
    write(f"<sheetData><row>{''.join(header.to_pylist())}</row>".encode())
    encoders = [partial(cells, logical=logical) for logical in types]
    between = [""] * (len(encoders) - 1)
    rows = RowText(encoders, before="<row>", between=between, after="</row>", null=EMPTY_CELL)
    count = 0
    for batch in batches:
        count += batch.num_rows
        for block in rows.blocks([batch]):
            write(block)
    write(f'</sheetData><autoFilter ref="{area(len(types), count)}"/></worksheet>'.encode())
    return count


def area(columns: int, rows: int, mark: str = "") -> str:
    """Return the cells of a header and its rows as Excel names them; ``mark`` fixes them ($)."""
    return f"{mark}A{mark}1:{mark}{column_letters(columns)}{mark}{rows + 1}"


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 1: A, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _first_rows(
    batches: Iterable[pa.RecordBatch],
) -> tuple[list[pa.RecordBatch], Iterator[pa.RecordBatch]]:
    """Return the first ``_SAMPLE_ROWS`` rows however they are cut, and all batches."""
    coming = iter(batches)
    taken: list[pa.RecordBatch] = []
    sample: list[pa.RecordBatch] = []
    missing = _SAMPLE_ROWS
    while missing > 0 and (batch := next(coming, None)) is not None:
        taken.append(batch)
        sample.append(batch.slice(0, missing))
        missing -= batch.num_rows
    return sample, chain(taken, coming)


def _widths(
    names: Sequence[str], types: Sequence[ColumnType], sample: Sequence[pa.RecordBatch]
) -> str:
    found = [
        f'<col min="{number}" max="{number}" width="{width:.1f}" customWidth="1"/>'
        for number, width in enumerate(
            (_width(name, logical, sample, i) for i, (name, logical) in _numbered(names, types)), 1
        )
    ]
    return f"<cols>{''.join(found)}</cols>"


def _numbered(
    names: Sequence[str], types: Sequence[ColumnType]
) -> Iterator[tuple[int, tuple[str, ColumnType]]]:
    return enumerate(zip(names, types, strict=True))


def _width(
    name: str, logical: ColumnType, sample: Sequence[pa.RecordBatch], position: int
) -> float:
    """Return a width in characters; letters of three bytes (Han, Kana, Hangul) take two."""
    shown = [words(plain(batch.column(position)), logical, WORDING) for batch in sample]
    widest = _widest(pa.array([name])) + _FILTER_BUTTON
    return min(max(_NARROWEST, widest, *(_widest(each) + 1 for each in shown)), _WIDEST)


def _widest(array: pa.Array) -> float:
    both = pc.add(pc.utf8_length(array), pc.binary_length(array))
    return (pc.max(both).as_py() or 0) / 2
