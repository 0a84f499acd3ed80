"""The workbook around the sheets: a zip of XML parts (ECMA-376, part 2) without a time of day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, cast
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from dataforge.sinks.blocks import Blocks
from dataforge.sinks.excel.sheets import Sheet, area, write_sheet
from dataforge.sinks.excel.styles import styles_xml
from dataforge.sinks.port import ByteStream

_LEVEL = 4
_LARGE_CELLS = 20_000_000
_UNIX = 3
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>DataForge Studio'
    '</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z'
    "</dcterms:created></cp:coreProperties>"
)


def write_workbook(sheets: Sequence[Sheet], stream: ByteStream) -> list[int]:
    """Write a workbook; return the number of rows of each sheet.

    The zip goes to the stream as it is made: nothing is held but a block of a sheet.
    """
    counts = []
    file = cast("BinaryIO", _Forward(stream))
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
        _part(book, "[Content_Types].xml", _content_types(len(sheets)))
        _part(book, "_rels/.rels", _package_relations())
        _part(book, "docProps/core.xml", _CORE)
        for number, sheet in enumerate(sheets, 1):
            large = _expected_cells(sheet) > _LARGE_CELLS
            path = f"xl/worksheets/sheet{number}.xml"
            with book.open(path, "w", force_zip64=large) as part:
                part.write(_XML.encode())
                blocks = Blocks(part.write)
                counts.append(write_sheet(sheet, blocks.write))
                blocks.finish()
        _part(book, "xl/styles.xml", styles_xml())
        _part(book, "xl/workbook.xml", _workbook(sheets, counts))
        _part(book, "xl/_rels/workbook.xml.rels", _workbook_relations(len(sheets)))
        for each in book.filelist:
            each.create_system = _UNIX  # the same bytes whatever system writes them
    return counts


class _Forward:
    """What ``zipfile`` needs of a stream that cannot be sought in."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def write(self, data: Any) -> int:
        return self._stream.write(data)

    def flush(self) -> None:
        """The stream below is flushed by who opened it."""


def _expected_cells(sheet: Sheet) -> int:
    return (sheet.rows or 0) * len(sheet.arrow_schema)


def _part(book: ZipFile, path: str, content: str) -> None:
    with book.open(path, "w") as part:
        part.write((_XML + content).encode())


def _content_types(sheets: int) -> str:
    parts = {
        "/xl/workbook.xml": f"{_TYPES}.sheet.main+xml",
        "/xl/styles.xml": f"{_TYPES}.styles+xml",
        "/docProps/core.xml": _CORE_TYPE,
    }
    for number in range(1, sheets + 1):
        parts[f"/xl/worksheets/sheet{number}.xml"] = f"{_TYPES}.worksheet+xml"
    overrides = "".join(
        f'<Override PartName="{path}" ContentType="{kind}"/>' for path, kind in parts.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _package_relations() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        [(f"{_OFFICE}/officeDocument", "xl/workbook.xml"), (core, "docProps/core.xml")]
    )


def _workbook_relations(sheets: int) -> str:
    targets = [(f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    return _relations([*targets, (f"{_OFFICE}/styles", "styles.xml")])


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'


def _workbook(sheets: Sequence[Sheet], counts: Sequence[int]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{i}" hidden="1">'
        f"{_reference(sheet, count)}</definedName>"
        for i, (sheet, count) in enumerate(zip(sheets, counts, strict=True))
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{filters}</definedNames></workbook>"
    )


def _reference(sheet: Sheet, count: int) -> str:
    name = sheet.name.replace("'", "''")
    return escape(f"'{name}'!{area(len(sheet.arrow_schema), count, '$')}")
