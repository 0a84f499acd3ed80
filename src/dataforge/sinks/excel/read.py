"""Workbooks read back, those that Excel saved again included: rows of cells, in bounded memory."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from dataforge.errors import UsageError

_CHUNK_BYTES = 1 << 18
_DIGITS = 15
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell: ``kind`` is ``n`` for numbers and dates, ``b`` for booleans, ``s`` for text."""

    kind: str
    text: str

    @property
    def digits(self) -> str:
        """The text with no more digits than a double keeps: others save 0.1 with seventeen."""
        if self.kind != "n" or len(self.text) <= _DIGITS:
            return self.text
        return format(Decimal(f"{float(self.text):.{_DIGITS}g}"), "f")


Row = list[SheetCell | None]


def sheet_rows(path: Path, sheet: str | None = None) -> Iterator[Row]:
    """Yield the rows of a sheet (the first where none is named), the header first.

    Rows end at their last cell. UsageError where the file is no workbook or has no such sheet.
    """
    try:
        with opened_sheet(path, sheet) as (file, strings):
            for rows in rows_in(iter(lambda: file.read(_CHUNK_BYTES), b""), strings):
                yield from rows
    except (BadZipFile, KeyError, expat.ExpatError) as error:
        msg = f"{path} is not an Excel workbook: {error}"
        raise UsageError(msg) from None


@contextmanager
def opened_sheet(path: Path, sheet: str | None) -> Iterator[tuple[IO[bytes], list[str]]]:
    """Open the XML of a sheet, and the strings that its cells may refer to."""
    with ZipFile(path) as book:
        part = _part_of(book, path, sheet)
        strings = _shared_strings(book)
        with book.open(part) as file:
            yield file, strings


def _part_of(book: ZipFile, path: Path, sheet: str | None) -> str:
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship"):
            targets[attributes["Id"]] = attributes["Target"]

    def listed(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            sheets[attributes["name"]] = attributes["r:id"]

    _each_element(book, "xl/_rels/workbook.xml.rels", relation)
    _each_element(book, "xl/workbook.xml", listed)
    chosen = next(iter(sheets), None) if sheet is None else sheet
    if chosen is None or chosen not in sheets:
        msg = f"{path} has no sheet {sheet!r}; its sheets are {', '.join(sheets) or 'none'}"
        raise UsageError(msg)
    target = targets[sheets[chosen]]
    return target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)


def _each_element(book: ZipFile, path: str, seen: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen
    parser.Parse(book.read(path), True)  # noqa: FBT003 - the parser takes it by position


def _shared_strings(book: ZipFile) -> list[str]:
    """Return the strings that cells refer to by number; files written here have none."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    found: list[str] = []
    state = _Text()

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            found.append("")
        state.inside = name == "t"

    def end(_name: str) -> None:
        state.inside = False

    def data(text: str) -> None:
        if state.inside:
            found[-1] += text

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    parser.Parse(book.read("xl/sharedStrings.xml"), True)  # noqa: FBT003 - as above
    return [unescaped(text) for text in found]


@dataclass(slots=True)
class _Text:
    inside: bool = False


@dataclass(slots=True)
class _SheetState:
    """What the parser has seen: whole rows, and the row and cell that it stands in."""

    strings: list[str]
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=list)
    column: int = 0
    kind: str = "n"
    pieces: list[str] = field(default_factory=list)
    inside: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            place = attributes.get("r")
            self.column = len(self.row) if place is None else _column_number(place)
            self.kind = attributes.get("t", "n")
            self.pieces = []
        elif name in {"v", "t"}:
            self.inside = True
        elif name == "row":
            self.row = []

    def data(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.inside = False
        elif name == "c":
            self.row += [None] * (self.column - len(self.row))
            self.row.append(self._cell())
        elif name == "row":
            self.rows.append(self.row)

    def _cell(self) -> SheetCell | None:
        text = "".join(self.pieces)
        match self.kind:
            case "s":
                return SheetCell("s", self.strings[int(text)])
            case "inlineStr" | "str":
                return SheetCell("s", unescaped(text))
            case _ if not text:
                return None
            case "b":
                return SheetCell("b", text)
            case "e":
                return SheetCell("s", text)
            case _:
                return SheetCell("n", text)


def rows_in(chunks: Iterable[bytes], strings: list[str]) -> Iterator[list[Row]]:
    """Yield the rows that end in each chunk of XML."""
    state = _SheetState(strings)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = state.start, state.end
    parser.CharacterDataHandler = state.data
    for chunk in chunks:
        parser.Parse(chunk)
        yield state.rows
        state.rows = []
    parser.Parse(b"", True)  # noqa: FBT003 - as above


def _column_number(place: str) -> int:
    """Return the column of a cell such as ``AB12``, counted from 0."""
    number = 0
    for letter in place:
        if letter.isdecimal():
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def unescaped(text: str) -> str:
    """Return text with the characters that ECMA-376 writes as ``_x0001_``."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
