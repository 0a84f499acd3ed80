"""Every file format: what goes in comes back, whole files or none."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dataforge.errors import OutputError, UsageError
from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanType,
    Column,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    JsonType,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)
from dataforge.sinks.atomic import replacing
from dataforge.sinks.formats import FORMATS, file_sink
from dataforge.sinks.layout import Part
from dataforge.sinks.places import LocalPlace
from dataforge.sinks.port import FileSink
from dataforge.sinks.writing import write_part

READABLE = [name for name in FORMATS if name != "sql"]
TEXT = ["csv", "tsv", "jsonl", "json"]
INT64 = 2**63 - 1

Case = tuple[ColumnType, pa.DataType, list[Any]]


def wall_clock(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - it has no zone


CASES: dict[str, Case] = {
    "bytes": (IntegerType(bits=8, signed=False), pa.uint8(), [0, 255, None]),
    "whole": (IntegerType(), pa.int64(), [-INT64 - 1, INT64, None]),
    "large": (IntegerType(signed=False), pa.uint64(), [2**64 - 1, 0, None]),
    "money": (
        DecimalType(precision=15, scale=2),
        pa.decimal128(15, 2),
        [Decimal("-0.05"), Decimal("9999999999999.99"), None],
    ),
    "exact": (
        DecimalType(precision=38, scale=10),
        pa.decimal128(38, 10),
        [Decimal("0E-10"), Decimal("-1234567890123456789012345678.0000000001"), None],
    ),
    "double": (FloatType(), pa.float64(), [0.1, -1e300, None]),
    "single": (FloatType(bits=32), pa.float32(), [0.5, 16777216.0, None]),
    "truth": (BooleanType(), pa.bool_(), [True, False, None]),
    "nasty": (
        TextType(),
        pa.string(),
        ['a "b", c\nd\re\tf', "\\ \u2028 \x01 Zoë 🦊 ä ' ; ", "plain"],
    ),
    "empty": (StringType(max_length=9), pa.string(), ["", None, " padded "]),
    "words": (StringType(), pa.string(), ["null", "NULL", "NA"]),
    "digits": (StringType(), pa.string(), ["007", "1e5", "2024-01-01"]),
    "mood": (EnumType(values=("ok", "a,b")), pa.string(), ["ok", "a,b", None]),
    "key": (UuidType(), pa.string(), ["6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c01", None, None]),
    "day": (DateType(), pa.date32(), [date(1, 1, 1), date(9999, 12, 31), None]),
    "clock": (TimeType(), pa.time64("us"), [time(0, 0), time(23, 59, 59, 999999), None]),
    "second": (TimestampType(), pa.timestamp("us"), [wall_clock(2024, 5, 1, 13, 45), None, None]),
    "fine": (
        TimestampType(precision=6),
        pa.timestamp("us"),
        [wall_clock(1969, 12, 31, 23, 59, 59, 1), wall_clock(2024, 2, 29), None],
    ),
    "instant": (
        TimestampType(precision=3, zoned=True),
        pa.timestamp("us", "UTC"),
        [datetime(2024, 5, 1, 13, 45, 0, 250000, UTC), None, None],
    ),
    "blob": (BinaryType(), pa.binary(), [b"\x00\xff", b"", None]),
    "tags": (
        ArrayType(item=StringType()),
        pa.list_(pa.string()),
        [['a "q", \\', None, ""], [], None],
    ),
    "grid": (
        ArrayType(item=ArrayType(item=IntegerType())),
        pa.list_(pa.list_(pa.int64())),
        [[[1, 2], [], None], [], None],
    ),
    "dates": (ArrayType(item=DateType()), pa.list_(pa.date32()), [[date(2024, 1, 2)], [], None]),
    "parts": (ArrayType(item=BinaryType()), pa.list_(pa.binary()), [[b"\x01", b""], [], None]),
    "prices": (
        ArrayType(item=DecimalType(precision=12, scale=2)),
        pa.list_(pa.decimal128(12, 2)),
        [[Decimal("1.10"), None], [], None],
    ),
    "document": (JsonType(), pa.string(), ['{"b":1,"a":[null,"x y"]}', "[1.5]", None]),
    'odd "name", ü': (IntegerType(bits=16), pa.int16(), [-5, 5, None]),
}


def table_of(names: list[str]) -> tuple[Table, pa.Schema]:
    columns = tuple(Column(name=name, type=CASES[name][0]) for name in names)
    arrow = pa.schema([(name, CASES[name][1]) for name in names])
    return Table(name="t", columns=columns), arrow


EVERYTHING = table_of(list(CASES))


def rows(names: list[str] | None = None) -> pa.RecordBatch:
    chosen = names or list(CASES)
    arrow = pa.schema([(name, CASES[name][1]) for name in chosen])
    return pa.RecordBatch.from_pydict({name: CASES[name][2] for name in chosen}, schema=arrow)


def sink_of(kind: str, table: Table, dialect: str | None = None) -> FileSink:
    return file_sink(kind, Schema(tables=(table,)), dialect)


def write(
    kind: str, table: Table, arrow: pa.Schema, batches: Any, home: Path, name: str = "t"
) -> Path:
    sink = sink_of(kind, table)
    path = f"data/{name}.{sink.extension}"
    entry = write_part(sink, table, arrow, batches, LocalPlace(home), Part(path, 0, 0))
    made = home / path
    assert entry.size_bytes == made.stat().st_size
    assert entry.sha256 == hashlib.sha256(made.read_bytes()).hexdigest()
    return made


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", READABLE)
def test_values_come_back(kind: str, name: str, tmp_path: Path) -> None:
    """A second column keeps a null first line from being a blank one."""
    names = [name, "whole" if name != "whole" else "large"]
    table, arrow = table_of(names)
    path = write(kind, table, arrow, [rows(names)], tmp_path)
    read = pa.Table.from_batches(sink_of(kind, table).read(table, arrow, path), arrow)
    assert read.column(name).to_pylist() == CASES[name][2]


@pytest.mark.parametrize("kind", READABLE)
def test_all_types_beside_each_other(kind: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    path = write(kind, table, arrow, [rows(), rows()], tmp_path)
    read = pa.Table.from_batches(sink_of(kind, table).read(table, arrow, path), arrow)
    read.validate(full=True)
    assert read.to_pylist() == rows().to_pylist() * 2


@pytest.mark.parametrize("kind", READABLE)
def test_no_rows_make_a_file_that_reads_as_no_rows(kind: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    path = write(kind, table, arrow, [], tmp_path)
    assert sum(batch.num_rows for batch in sink_of(kind, table).read(table, arrow, path)) == 0
    assert (path.stat().st_size > 0) == (kind != "jsonl")


@pytest.mark.parametrize("kind", READABLE)
def test_sliced_batches_are_written_as_their_own_rows_only(kind: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    path = write(kind, table, arrow, [rows().slice(1, 1), rows().slice(2)], tmp_path)
    read = pa.Table.from_batches(sink_of(kind, table).read(table, arrow, path), arrow)
    assert read.to_pylist() == rows().to_pylist()[1:]


def encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [c.dictionary_encode() if c.type == pa.string() else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


MIXES = {
    "encoded": [encoded(rows()), encoded(rows()), encoded(rows().slice(1))],
    "encoded first": [encoded(rows()), rows(), encoded(rows().slice(1))],
    "plain first": [rows(), encoded(rows()), rows().slice(1)],
}


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("kind", READABLE)
def test_dictionaries_change_no_value(kind: str, mix: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    path = write(kind, table, arrow, MIXES[mix], tmp_path)
    read = pa.Table.from_batches(sink_of(kind, table).read(table, arrow, path), arrow)
    assert read.to_pylist() == rows().to_pylist() * 2 + rows().to_pylist()[1:]


@pytest.mark.parametrize("kind", [*TEXT, "xlsx", "sql"])
def test_neither_dictionaries_nor_batches_change_a_byte(kind: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    many = pa.Table.from_batches([rows()] * 1000).combine_chunks()
    one = write(kind, table, arrow, many.to_batches(), tmp_path, "one")
    pieces = write(kind, table, arrow, many.to_batches(max_chunksize=7), tmp_path, "pieces")
    dictionary = [encoded(batch) for batch in many.to_batches(max_chunksize=700)]
    coded = write(kind, table, arrow, dictionary, tmp_path, "coded")
    assert one.read_bytes() == pieces.read_bytes() == coded.read_bytes()


def failing(batch: pa.RecordBatch, error: BaseException) -> Iterator[pa.RecordBatch]:
    yield batch
    raise error


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("broken generator")])
def test_a_write_that_fails_leaves_no_file(kind: str, error: BaseException, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    with pytest.raises(type(error)):
        write(kind, table, arrow, failing(rows(), error), tmp_path)
    assert [path.name for path in (tmp_path / "data").iterdir()] == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_full_disk_is_named_with_its_remedy(kind: str, tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OutputError, match=r"cannot write .*t\..*No space left.*--resume"):
        write(kind, table, arrow, failing(rows(), full), tmp_path)


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")
    with replacing(target) as stream:
        stream.write(b"new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_a_place_that_is_no_directory_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    table, arrow = EVERYTHING
    with pytest.raises(OutputError, match="cannot write"):
        write("csv", table, arrow, [rows()], tmp_path)


def test_csv_is_rfc_4180(tmp_path: Path) -> None:
    names = ["nasty", "empty", "truth", "tags", "second"]
    table, arrow = table_of(names)
    lines = write("csv", table, arrow, [rows(names)], tmp_path).read_bytes().decode()
    assert lines.split("\n")[0] == "nasty,empty,truth,tags,second"
    assert lines.partition("\n")[2] == (
        '"a ""b"", c\nd\re\tf","",true,"[""a \\""q\\"", \\\\"",null,""""]",2024-05-01 13:45:00\n'
        "\\ \u2028 \x01 Zoë 🦊 ä ' ; ,,false,[],\n"
        "plain, padded ,,,\n"
    )


def test_json_is_an_array_with_an_object_a_line(tmp_path: Path) -> None:
    names = ["empty", "money", "document", "instant"]
    table, arrow = table_of(names)
    text = write("json", table, arrow, [rows(names).slice(0, 2)], tmp_path).read_text()
    assert text == (
        '[\n{"empty":"","money":-0.05,"document":{"b":1,"a":[null,"x y"]},'
        '"instant":"2024-05-01T13:45:00.250Z"},\n'
        '{"empty":null,"money":9999999999999.99,"document":[1.5],"instant":null}\n]\n'
    )


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("mysql", "('a','it''s \\\\ x\\ny',TRUE,X'00ff')"),
        ("sqlite", "('a','it''s \\ x\ny',1,X'00ff')"),
        ("tsql", "(N'a',N'it''s \\ x\ny',1,0x00ff)"),
        ("oracle", "('a','it''s \\ x\ny',1,HEXTORAW('00ff'))"),
    ],
)
def test_sql_literals_follow_the_dialect(dialect: str, expected: str, tmp_path: Path) -> None:
    columns = (
        Column(name="e", type=EnumType(values=("a",))),
        Column(name="s", type=TextType()),
        Column(name="b", type=BooleanType()),
        Column(name="x", type=BinaryType()),
    )
    table = Table(name="t", columns=columns)
    batch = pa.RecordBatch.from_pydict(
        {"e": ["a"], "s": ["it's \\ x\ny"], "b": [True], "x": [b"\x00\xff"]}
    )
    sink = sink_of("sql", table, dialect)
    write_part(sink, table, batch.schema, [batch], LocalPlace(tmp_path), Part("t.sql", 0, 1))
    written = (tmp_path / "t.sql").read_text()
    assert expected.replace(",", ", ") in written or expected in written


def test_sql_is_not_read_back(tmp_path: Path) -> None:
    table, arrow = EVERYTHING
    with pytest.raises(UsageError, match="client"):
        list(sink_of("sql", table).read(table, arrow, tmp_path / "t.sql"))


@pytest.mark.parametrize("kind", TEXT)
def test_what_is_not_kept_is_declared(kind: str) -> None:
    losses = sink_of(kind, EVERYTHING[0]).losses(EVERYTHING[0])
    assert any(loss.startswith("blob: ") for loss in losses)


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'parquet'"):
        file_sink("parkett", Schema())
