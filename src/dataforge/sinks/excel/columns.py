"""Sheets read by columns: thousands of rows at a time, without a Python call for each cell.

Cells that stand one after the other in every row, as they are written here and by most others, are
taken apart by Arrow. Rows of another look (cells left out, formulas, rich text) go
through the parser of ``read``, chunk by chunk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.errors import UsageError
from dataforge.sinks.excel.read import Row, opened_sheet, rows_in, unescaped

_CHUNK_BYTES = 1 << 22
_MOST_LOOKS = 8
_ROW = re.compile(rb"</?row[^>]*>")
_LOOK = re.compile(r"<c(| [^>]*[^>/])>(?:(<v>)|<is><t(?: [^>]*)?>)")
_TYPE = re.compile(r'\bt="(\w+)"')
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_KINDS = {"": "n", "n": "n", "b": "b", "inlineStr": "s", "str": "s", "e": "s"}
_ROW_END = b"</row>"


@dataclass(frozen=True, slots=True)
class CellColumn:
    """Cells of a column, one a row: ``kinds`` as ``SheetCell`` has them, null where there is none.

    Both are string arrays of one length.
    """

    kinds: pa.Array
    texts: pa.Array


def sheet_columns(path: Path, sheet: str | None, width: int) -> Iterator[list[CellColumn]]:
    """Yield the first ``width`` columns of a sheet block by block, without the header.

    UsageError where the file is no workbook or has no such sheet.
    """
    try:
        with opened_sheet(path, sheet) as (file, strings):
            header = True
            for rows in _whole_rows(file):
                skipped, header = int(header), False
                yield _quick(rows, width, skipped) or _careful(rows, strings, width, skipped)
    except (BadZipFile, KeyError, expat.ExpatError) as error:
        msg = f"{path} is not an Excel workbook: {error}"
        raise UsageError(msg) from None


def _whole_rows(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the text of whole rows; what stands before the first and after the last is left out."""
    rest = b""
    begun = False
    while chunk := file.read(_CHUNK_BYTES):
        rest += chunk
        if not begun:
            start = rest.find(b"<row")
            begun = start >= 0
            rest = rest[start:] if begun else rest
        end = rest.rfind(_ROW_END)
        if begun and end >= 0:
            end += len(_ROW_END)
            yield rest[:end]
            rest = rest[end:]


def _quick(rows: bytes, width: int, skipped: int) -> list[CellColumn] | None:
    """Return the columns of rows that each have all cells in order; None for others."""
    if b"&#" in rows or b"\r" in rows or b"<!" in rows:
        return None
    counts = {row.count(b"<c") for row in rows.split(_ROW_END)[:-1]}
    if counts != {width}:
        return None
    bare = _ROW.sub(b"", rows).replace(b"<c/>", b"<c></c>").decode()
    cells = pc.split_pattern(pa.array([bare], pa.string()), "</c>").flatten()
    count, rest = divmod(len(cells) - 1, width)
    if rest or cells[-1].as_py().strip():
        return None
    places = np.arange(skipped, count) * width
    found = (_column(cells.take(pa.array(places + place))) for place in range(width))
    made = list(takewhile(lambda each: each is not None, found))
    return [each for each in made if each is not None] if len(made) == width else None


def _column(cells: pa.Array) -> CellColumn | None:
    """Take the values out of cells, all that begin in the same way at once; None for odd ones."""
    kinds = texts = pa.nulls(len(cells), pa.string())
    left = pc.not_equal(cells, "<c>")
    for _ in range(_MOST_LOOKS):
        waiting = cells.filter(left)
        if not len(waiting):
            return CellColumn(kinds, texts)
        look = _LOOK.match(waiting[0].as_py())
        kind = None if look is None else _kind(look)
        if look is None or kind is None:
            return None
        closing = "</v>" if look[2] else "</t></is>"
        alike = pc.and_(pc.starts_with(cells, look[0]), pc.ends_with(cells, closing))
        alike = pc.and_(left, alike)
        inner = cells.filter(alike).cast(pa.binary())
        if not len(inner):
            return None
        inner = pc.binary_slice(inner, len(look[0].encode()), -len(closing)).cast(pa.string())
        texts = pc.replace_with_mask(texts, alike, _plain(inner, kind))
        kinds = pc.if_else(alike, kind, kinds)
        left = pc.and_not(left, alike)
    return None


def _kind(look: re.Match[str]) -> str | None:
    found = _TYPE.search(look[1])
    return _KINDS.get("" if found is None else found[1])


def _plain(values: pa.Array, kind: str) -> pa.Array:
    """Undo what XML and ECMA-376 escape in text."""
    if kind != "s":
        return values
    if pc.any(pc.match_substring(values, "&")).as_py():
        for entity, character in _ENTITIES.items():
            values = pc.replace_substring(values, entity, character)
    if pc.any(pc.match_substring(values, "_x")).as_py():
        values = pa.array([unescaped(each) for each in values.to_pylist()], pa.string())
    return values


def _careful(rows: bytes, strings: list[str], width: int, skipped: int) -> list[CellColumn]:
    """Return the columns of any rows."""
    found = list(chain.from_iterable(rows_in([b"<sheetData>", rows, b"</sheetData>"], strings)))
    found = found[skipped:]
    return [_gathered(found, place) for place in range(width)]


def _gathered(rows: Sequence[Row], place: int) -> CellColumn:
    cells = [row[place] if place < len(row) else None for row in rows]
    kinds = [None if cell is None else cell.kind for cell in cells]
    texts = [None if cell is None else cell.text for cell in cells]
    return CellColumn(pa.array(kinds, pa.string()), pa.array(texts, pa.string()))
