"""Workbooks as openpyxl, which nobody here wrote, reads them: types kept, and a usable sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from dataforge.errors import UsageError
from dataforge.schema import (
    BooleanType,
    Column,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
)
from dataforge.schema.arrow_types import arrow_type
from dataforge.sinks.excel import names
from dataforge.sinks.excel.columns import sheet_columns
from dataforge.sinks.excel.names import sheet_cuts
from dataforge.sinks.excel.read import sheet_rows
from dataforge.sinks.excel.sheets import Sheet, column_letters
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.forms import Form
from dataforge.verification import verify_directory
from dataforge.workflows.generate import generate
from dataforge.workflows.load import load
from sample_schemas import COLUMNS, column, key_column

ODD = [
    "", "plain", "a & b < c > d", "_x0041_", "\x01bell", "line\nbreak", " spaces ", "日本", "'",
    '"q"', "</c>", 't="s"',
]  # fmt: skip


def test_sheets_by_columns_are_the_cells_of_their_rows(tmp_path: Path) -> None:
    count = 400
    columns: Columns = {
        "n": (IntegerType(), [None if n % 7 == 0 else n * 10**12 for n in range(count)]),
        "s": (TextType(), [None if n % 11 == 0 else ODD[n % len(ODD)] for n in range(count)]),
        "b": (BooleanType(), [None if n % 5 == 0 else n % 2 == 0 for n in range(count)]),
        "f": (FloatType(), [0.1 * n for n in range(count)]),
        "none": (TextType(), [None] * count),
        "d": (DateType(), [date(1899, 1, 1) + timedelta(days=n * 200) for n in range(count)]),
    }
    ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
    ours.write_bytes(workbook(("t", columns)))
    openpyxl.load_workbook(ours).save(theirs)
    for path in (ours, theirs):
        (_, *rows) = sheet_rows(path, "t")
        blocks = list(sheet_columns(path, "t", len(columns)))
        for place in range(len(columns)):
            cells = [row[place] if place < len(row) else None for row in rows]
            kinds = [kind for each in blocks for kind in each[place].kinds.to_pylist()]
            texts = [text for each in blocks for text in each[place].texts.to_pylist()]
            assert kinds == [None if cell is None else cell.kind for cell in cells]
            assert texts == [None if cell is None else cell.text for cell in cells]
    wider = next(sheet_columns(ours, "t", len(columns) + 1))
    assert wider[-1].texts.null_count == count


def wall_clock(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - it has no zone


Columns = Mapping[str, tuple[ColumnType, list[Any]]]


def workbook(*sheets: tuple[str, Columns]) -> bytes:
    made = []
    for name, columns in sheets:
        table = Table(
            name=name, columns=tuple(Column(name=n, type=t) for n, (t, _) in columns.items())
        )
        arrow = pa.schema([(n, arrow_type(t)) for n, (t, _) in columns.items()])
        batch = pa.RecordBatch.from_pydict({n: v for n, (_, v) in columns.items()}, schema=arrow)
        made.append(Sheet(name, table, arrow, [batch]))
    stream = BytesIO()
    ExcelSink().write_sheets(made, stream)
    return stream.getvalue()


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


KEPT: dict[str, tuple[ColumnType, list[Any]]] = {
    "whole": (IntegerType(bits=32), [-7, 2**31 - 1]),
    "id": (IntegerType(), [999_999_999_999_999, -12]),
    "price": (DecimalType(precision=15, scale=2), [Decimal("-0.05"), Decimal("9999999999999.99")]),
    "share": (FloatType(), [0.1, -1e300]),
    "truth": (BooleanType(), [True, False]),
    "day": (DateType(), [date(1900, 3, 1), date(9999, 12, 31)]),
    "moment": (TimestampType(), [wall_clock(2024, 5, 1, 13, 45, 1), wall_clock(1999, 12, 31)]),
    "fine": (TimestampType(precision=3), [wall_clock(2024, 5, 1, 13, 45, 1, 250_000), None]),
    "clock": (TimeType(), [time(0, 0), time(23, 59, 59)]),
    "name": (StringType(), ["=1+1", " <&> ]]> 'Zoë' 🦊\n\t\"x\" "]),
    "code": (StringType(), ["007", "1e5"]),
}


def value(kind: ColumnType, cell: Any) -> Any:
    if isinstance(kind, DecimalType):
        return Decimal(str(cell)).quantize(Decimal(1).scaleb(-kind.scale))
    if isinstance(kind, DateType):
        assert cell.time() == time(0)
        return cell.date()
    return cell


def test_types_are_kept() -> None:
    sheet = opened(workbook(("orders", KEPT)))["orders"]
    for position, (name, (kind, values)) in enumerate(KEPT.items(), 1):
        cells = [sheet.cell(row, position) for row in (1, 2, 3)]
        assert cells[0].value == name
        assert [
            value(kind, cell.value) if cell.value is not None else None for cell in cells[1:]
        ] == values
    assert isinstance(sheet["B2"].value, int)
    assert isinstance(sheet["C2"].value, float)
    assert sheet["E2"].data_type == "b"
    assert sheet["J2"].data_type == "s"  # text, not a formula
    assert [sheet[f"{letter}2"].number_format for letter in "ACFGHI"] == [
        "0",
        "0.00",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
        "yyyy-mm-dd hh:mm:ss.000",
        "hh:mm:ss",
    ]


TEXTS: list[tuple[ColumnType, Any, str]] = [
    (IntegerType(), 2**53 + 1, "9007199254740993"),
    (IntegerType(), -(2**63), "-9223372036854775808"),
    (IntegerType(signed=False), 2**64 - 1, "18446744073709551615"),
    (DecimalType(precision=38, scale=10), Decimal("12345678.0123456789"), "12345678.0123456789"),
    (FloatType(), float("nan"), "nan"),
    (FloatType(), float("-inf"), "-inf"),
    (DateType(), date(1900, 2, 28), "1900-02-28"),
    (TimestampType(zoned=True), datetime(1815, 6, 18, tzinfo=UTC), "1815-06-18 00:00:00Z"),
    (
        TimestampType(precision=6),
        wall_clock(2100, 1, 1, 0, 0, 0, 1),
        "2100-01-01 00:00:00.000001",
    ),
]


@pytest.mark.parametrize(("kind", "found", "text"), TEXTS)
def test_what_a_double_cannot_hold_is_text(kind: ColumnType, found: Any, text: str) -> None:
    sheet = opened(workbook(("t", {"c": (kind, [found])})))["t"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


def test_microseconds_until_2079_come_back(tmp_path: Path) -> None:
    kind = TimestampType(precision=6)
    table = Table(name="t", columns=(Column(name="c", type=kind),))
    arrow = pa.schema([("c", arrow_type(kind))])
    start = wall_clock(1900, 3, 1)
    moments = [start + timedelta(days=n * 3 + n / 7, microseconds=n * 7919) for n in range(20_000)]
    batch = pa.RecordBatch.from_pydict({"c": moments}, schema=arrow)
    with (tmp_path / "b.xlsx").open("wb") as file:
        ExcelSink().write(table, arrow, [batch], file)
    read = pa.Table.from_batches(ExcelSink().read(table, arrow, tmp_path / "b.xlsx"), arrow)
    assert read.column("c").to_pylist() == moments


def test_a_sheet_has_a_frozen_header_filters_and_widths() -> None:
    sheet = opened(workbook(("orders", KEPT)))["orders"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:K3"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["G"].width > 19
    assert sheet.column_dimensions["A"].width < 20


def test_a_long_text_is_cut_to_what_a_cell_holds_and_declared() -> None:
    columns: Columns = {"c": (TextType(), ["x" * 40_000])}
    assert len(opened(workbook(("t", columns)))["t"]["A2"].value) == 32_767
    table = Table(name="t", columns=(Column(name="c", type=TextType()),))
    assert ExcelSink().losses(table) == ("c: text beyond 32,767 characters is cut",)


def test_bytes_name_no_time_and_depend_on_values_alone() -> None:
    assert workbook(("orders", KEPT)) == workbook(("orders", KEPT))
    properties = opened(workbook(("orders", KEPT))).properties
    assert properties.created == wall_clock(2000, 1, 1)


def test_sheet_names_keep_to_excels_rules() -> None:
    tables = ["a/b", "A_B", "history", "x" * 40, "x" * 41, "'quoted'", "?"]
    found = [cut.name for cut in sheet_cuts(dict.fromkeys(tables, 1))]
    assert found == ["a_b", "A_B (2)", "history_", "x" * 31, "x" * 27 + " (2)", "quoted", "_"]


def test_a_table_goes_on_another_sheet_where_one_is_full() -> None:
    cuts = sheet_cuts({"t": names.SHEET_ROWS + 1, "empty": 0})
    assert [(cut.name, cut.start, cut.stop) for cut in cuts] == [
        ("t", 0, 1_048_575),
        ("t (2)", 1_048_575, 1_048_576),
        ("empty", 0, 0),
    ]


def test_columns_have_letters() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_what_excel_saved_again_is_read(tmp_path: Path) -> None:
    """Other writers share strings and name cells by row and column."""
    path = tmp_path / "saved.xlsx"
    book = opened(workbook(("one", {"c": (StringType(), ["x", None, "_x0041_"])}), ("two", KEPT)))
    book.save(path)
    assert [[cell and cell.text for cell in row] for row in sheet_rows(path, "one")][:2] == [
        ["c"],
        ["x"],
    ]
    assert len(list(sheet_rows(path, "two"))) == 3


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_workbook_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"b\.xlsx is not an Excel workbook"):
        list(sheet_rows(path))


def test_a_sheet_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(workbook(("one", KEPT), ("two", KEPT)))
    with pytest.raises(UsageError, match="no sheet 'three'; its sheets are one, two"):
        list(sheet_rows(path, "three"))


SCHEMA = Schema(
    name="shop",
    tables=(
        Table(
            name="everything",
            rows=60,
            primary_key=("id",),
            columns=(key_column(), *(column(f"c{n}", facts) for n, facts in enumerate(COLUMNS))),
        ),
        Table(name="empty", rows=0, columns=(key_column(),)),
    ),
)


def test_a_data_set_is_one_workbook_that_is_verified_and_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SHEET_ROWS", 50)
    out = tmp_path / "out"
    manifest = generate(SCHEMA, out, form=Form("xlsx"))
    assert [part.path for table in manifest.tables for part in table.parts] == [
        "data/shop.xlsx"
    ] * 3
    assert openpyxl.load_workbook(out / "data/shop.xlsx").sheetnames == [
        "everything",
        "everything (2)",
        "empty",
    ]
    certificate = verify_directory(out)
    assert certificate.passed, certificate.summary()
    assert load(out, f"sqlite:///{tmp_path / 'x.db'}").rows == {"everything": 60, "empty": 0}


def test_a_changed_cell_of_a_workbook_is_found(tmp_path: Path) -> None:
    generate(SCHEMA, tmp_path / "out", form=Form("xlsx"))
    path = tmp_path / "out/data/shop.xlsx"
    book = openpyxl.load_workbook(path)
    book["everything"]["A3"].value = book["everything"]["A2"].value
    book.save(path)
    failed = {check.kind for check in verify_directory(tmp_path / "out").failures}
    assert failed == {"file", "primary_key"}


def test_what_a_workbook_cannot_be_is_told_before_the_run(tmp_path: Path) -> None:
    wide = Table(name="w", columns=tuple(key_column(f"c{n}") for n in range(16_385)))
    with pytest.raises(UsageError, match="16,385 columns; a sheet of Excel has 16,384"):
        ExcelSink().refuse([wide])
    for form in (Form("xlsx", compression="gzip"), Form("xlsx", part_rows=10)):
        with pytest.raises(UsageError, match="leave out --"):
            generate(SCHEMA, tmp_path / "out", form=form)
    assert not (tmp_path / "out").exists()
