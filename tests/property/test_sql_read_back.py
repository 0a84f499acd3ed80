"""Law: whatever a column may hold, the verifier reads from SQL text what was written there."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.errors import VerificationError
from dataforge.schema import (
    ArrayType,
    BinaryType,
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
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.files.restore import lists_of
from dataforge.sinks.formats import file_sink
from dataforge.sinks.manifest import Manifest
from dataforge.verification import statement_values

LONG_AGO = datetime(1600, 1, 1)  # noqa: DTZ001 - of no zone, as the column
NASTY = st.sampled_from(
    [*"'\"\\\t\n\r,;()`N\0\x1a\x0b é🦀\ufeff", "NULL", "\\N", "', '", "),\n(", ");\n", "''"]
)
TEXTS = st.lists(NASTY | st.text(max_size=3), max_size=8).map("".join)
COLUMNS: tuple[tuple[str, ColumnType, st.SearchStrategy[Any]], ...] = (
    ("first", TextType(), TEXTS),
    ("number", IntegerType(bits=64), st.integers(-(1 << 63), (1 << 63) - 1)),
    ("it's", StringType(max_length=500), TEXTS),
    (
        "money",
        DecimalType(precision=12, scale=2),
        st.integers(-999, 999).map(lambda n: Decimal(n) / 4),
    ),
    ("wide", DecimalType(precision=30, scale=9), st.integers(0, 999).map(lambda n: Decimal(n) / 8)),
    ("real", FloatType(), st.floats(allow_nan=False, allow_infinity=False)),
    ("done", BooleanType(), st.booleans()),
    ("day", DateType(), st.dates(date(1600, 1, 1))),
    ("clock", TimeType(), st.times()),
    (
        "at",
        TimestampType(zoned=True, precision=6),
        st.datetimes(LONG_AGO).map(lambda t: t.replace(tzinfo=UTC)),
    ),
    ("local", TimestampType(precision=6), st.datetimes(LONG_AGO)),
    ("photo", BinaryType(), st.binary(max_size=6)),
    ("tags", ArrayType(item=TextType()), st.lists(TEXTS, max_size=3)),
    (
        "numbers",
        ArrayType(item=IntegerType()),
        st.lists(st.integers(-9, 9) | st.none(), max_size=3),
    ),
    ("days", ArrayType(item=DateType()), st.lists(st.dates(date(1600, 1, 1)), max_size=3)),
    ("last", TextType(), TEXTS),
)
ROWS = st.lists(
    st.fixed_dictionaries({name: values | st.none() for name, _, values in COLUMNS}), max_size=9
)
DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "oracle", "duckdb")


def written(table: Table, rows: list[dict[str, Any]], dialect: str, path: Path) -> None:
    types = arrow_schema_of(table)
    batches = pa.Table.from_pylist(rows, schema=types).to_batches(max_chunksize=4)
    with path.open("wb") as file:
        sink = file_sink("sql", Schema(tables=(table,), seed=1), dialect)
        sink.write(table, types, batches, file)


def read(table: Table, dialect: str, path: Path) -> list[pa.RecordBatch]:
    manifest = Manifest(
        engine_version="1",
        schema_hash="",
        seed=1,
        format="sql",
        dialect=dialect,
        created_by="a test",
        tables=(),
    )
    names = [column.name for column in table.columns]
    return list(statement_values(path, manifest, Schema(tables=(table,), seed=1), table, names))


def read_back(table: Table, rows: list[dict[str, Any]], dialect: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.sql"
        written(table, rows, dialect, path)
        return [row for batch in read(table, dialect, path) for row in plain(batch, table)]


def plain(batch: pa.RecordBatch, table: Table) -> list[dict[str, Any]]:
    """Return rows with bytes and lists instead of their texts."""
    columns = {}
    for column, array in zip(table.columns, batch.columns, strict=True):
        if isinstance(column.type, ArrayType):
            made = lists_of(array, arrow_schema_of(table).field(column.name).type).to_pylist()
        elif isinstance(column.type, BinaryType):
            made = [value and bytes.fromhex(value) for value in array.to_pylist()]
            made = [b"" if value == "" else value for value in made]
        else:
            made = array.to_pylist()
        columns[column.name] = made
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


TABLE = Table(name="all the types", columns=tuple(Column(name=n, type=t) for n, t, _ in COLUMNS))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=ROWS)
@settings(max_examples=25, deadline=None)
def test_every_value_is_read_as_it_was_written(dialect: str, rows: list[dict[str, Any]]) -> None:
    assert read_back(TABLE, rows, dialect) == rows


LONE = Table(name="lone", columns=(Column(name="text", type=TextType()),))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(texts=st.lists(TEXTS | st.none(), max_size=9))
@settings(max_examples=20, deadline=None)
def test_a_column_alone_keeps_its_empty_texts(dialect: str, texts: list[str | None]) -> None:
    rows = [{"text": text} for text in texts]
    assert read_back(LONE, rows, dialect) == rows


ROW = {
    "first": "it's\t'',\n\\",
    "number": 5,
    "it's": "),\n(",
    "money": Decimal("1.25"),
    "photo": b"ab",
    "tags": ["a", 'b"'],
    "at": datetime(2020, 1, 1, tzinfo=UTC),
}
SPOILS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 3),
        st.sampled_from([*b"'\"\\\t\n,;() N0x\xff\xfe\x00\xc3", 0x29]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(spoils=SPOILS)
@settings(max_examples=40, deadline=None)
def test_spoiled_text_is_values_or_a_fault_with_its_line(
    dialect: str, spoils: list[tuple[float, int, int]]
) -> None:
    rows = [dict.fromkeys(name for name, _, _ in COLUMNS) | ROW] * 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.sql"
        written(TABLE, rows, dialect, path)
        data = bytearray(path.read_bytes())
        for share, cut, byte in spoils:
            at = int(share * len(data))
            data[at : at + cut] = bytes([byte])
        path.write_bytes(data)
        try:
            read(TABLE, dialect, path)
        except VerificationError as error:
            assert "line" in error.message or "value" in error.message  # noqa: PT017 - either way
