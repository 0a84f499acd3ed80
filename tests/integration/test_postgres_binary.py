"""Binary COPY into a real server stores what COPY text stores, whatever the types and values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dataforge.errors import DatabaseError
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
    IntervalType,
    JsonType,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.databases.connect import open_database
from servers import postgres_server

psycopg = pytest.importorskip("psycopg")
postgres = pytest.importorskip("dataforge.sinks.databases.postgres")

LONG = 10**38 - 1
TEXTS = ["", " ", "Zoë 🦊", "a\tb\nc\\d\r", "\\N", "NULL", "x" * 70_000]
UUIDS = [
    "6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c01",
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF",
]
CLOCKS = [
    datetime(2000, 1, 1),  # noqa: DTZ001 - wall clocks have no zone
    datetime(1999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001
    datetime(1969, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001
    datetime(1899, 2, 28, 0, 0, 0, 1),  # noqa: DTZ001
    datetime(1, 1, 1),  # noqa: DTZ001
    datetime(9999, 12, 31, 23, 59, 59, 123456),  # noqa: DTZ001
]
INSTANTS = [clock.replace(tzinfo=UTC) for clock in CLOCKS]
DOCUMENTS = ['{"a": "x\\ny", "b": [1, 2]}', "[]", "1.50", '"ë"']

# A name, the schema's type, values, and the type in a table of the user's own where it differs.
CASES: list[tuple[str, ColumnType, list[Any], str]] = [
    ("tiny", IntegerType(bits=8), [-128, 127, 0], "bigint"),
    ("tiny_u", IntegerType(bits=8, signed=False), [0, 255], "smallint"),
    ("small", IntegerType(bits=16), [-(2**15), 2**15 - 1], "integer"),
    ("small_u", IntegerType(bits=16, signed=False), [0, 2**16 - 1], "numeric"),
    ("whole", IntegerType(bits=32), [-(2**31), 2**31 - 1, 0], "bigint"),
    ("whole_u", IntegerType(bits=32, signed=False), [0, 2**32 - 1], "numeric(12,2)"),
    ("big", IntegerType(), [-(2**63), 2**63 - 1, 0, 10_000, -9999], "numeric"),
    ("big_u", IntegerType(signed=False), [0, 2**64 - 1, 10**19], "text"),
    ("money", DecimalType(precision=12, scale=2), ["-9999999999.99", "0.01", "0.00"], "numeric"),
    ("tiny_part", DecimalType(precision=9, scale=9), ["0.000000001", "-0.123456789"], "numeric"),
    ("five", DecimalType(precision=18, scale=5), ["-1.00001", "9999999999999.99999"], "text"),
    ("exact", DecimalType(precision=18, scale=0), ["-999999999999999999", "10000"], "numeric"),
    ("wide", DecimalType(precision=38, scale=10), [f"{'9' * 28}.{'9' * 10}", "-1E-10"], "numeric"),
    ("widest", DecimalType(precision=38, scale=0), [LONG, -LONG, 2**64, -(2**64)], "numeric"),
    ("part", DecimalType(precision=38, scale=37), [f"-9.{'9' * 37}", "-1E-37"], "numeric"),
    ("real", FloatType(bits=32), [0.1, -0.0, 3e38, float("nan"), float("inf")], "real"),
    ("double", FloatType(), [0.1, -1e300, 5e-324, float("-inf")], "double precision"),
    ("flag", BooleanType(), [True, False], "varchar(5)"),
    ("name", StringType(max_length=80_000), TEXTS, "text"),
    ("code", StringType(max_length=4, fixed=True), ["ab", "abcd", "é"], "varchar(9)"),
    ("prose", TextType(), TEXTS, "varchar"),
    ("mood", EnumType(values=("calm", "it's"), name="mood"), ["calm", "it's"], "own_mood"),
    ("size", EnumType(values=("S", "M")), ["S", "M"], "char(3)"),
    ("day", DateType(), [date(1, 1, 1), date(1899, 12, 31), date(1999, 12, 31)], "own_day"),
    ("hour", TimeType(), [time(0), time(23, 59, 59, 999999), time(6, 30)], "varchar(20)"),
    ("clock", TimestampType(precision=6), CLOCKS, "timestamptz"),
    ("clock_s", TimestampType(), CLOCKS, "timestamp"),
    ("clock_ms", TimestampType(precision=3), CLOCKS, "timestamp"),
    ("instant", TimestampType(precision=6, zoned=True), INSTANTS, "timestamp"),
    ("key", UuidType(), UUIDS, "char(36)"),
    ("photo", BinaryType(), [b"", b"\x00\xff\n\\'"], "bytea"),
    ("photo_text", BinaryType(), [b"", b"\x00\xff"], "text"),
    ("document", JsonType(), DOCUMENTS, "json"),
    ("answers", JsonType(), DOCUMENTS, "varchar(99)"),
]
SCHEMA = Schema(
    tables=tuple(
        Table(name=table, columns=tuple(Column(name=n, type=kind) for n, kind, _, _ in CASES))
        for table in ("binary way", "text way")
    )
)
OWN = "CREATE TYPE own_mood AS ENUM ('calm', 'it''s'); CREATE DOMAIN own_day AS date;" + "".join(
    f'CREATE TABLE "{table.name}" ({", ".join(f"{name} {own}" for name, _, _, own in CASES)});'
    for table in SCHEMA.tables
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    run(server, "DROP DATABASE IF EXISTS test_db")
    run(server, "CREATE DATABASE test_db")
    return server.removesuffix("postgres") + "test_db"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the COPY statements; tables named "text way" are kept from binary."""
    seen: list[str] = []
    real, copy = postgres.binary_types, psycopg.Cursor.copy

    def chosen(table: Table, *rest: Any) -> Any:
        return None if table.name == "text way" else real(table, *rest)

    def watched(cursor: Any, statement: bytes) -> Any:
        seen.append(statement.decode())
        return copy(cursor, statement)

    monkeypatch.setattr(postgres, "binary_types", chosen)
    monkeypatch.setattr(psycopg.Cursor, "copy", watched)
    return seen


def run(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def everything(rows: int) -> pa.RecordBatch:
    """Return ``rows`` rows in which every column's values and null come in an order of its own."""
    chance = np.random.default_rng(7)
    arrow = arrow_schema_of(SCHEMA.tables[0])
    arrays = []
    for field, (_, kind, values, _) in zip(arrow, CASES, strict=True):
        exact = isinstance(kind, DecimalType)
        few = [Decimal(v) if exact and v is not None else v for v in [*values, None]]
        arrays.append(pa.array([few[i] for i in chance.integers(len(few), size=rows)], field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=arrow)


def coded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with its texts as dictionaries, as generators hand them out."""
    arrays = [a.dictionary_encode() if pa.types.is_string(a.type) else a for a in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def load(url: str, schema: Schema, batches: list[pa.RecordBatch]) -> list[int]:
    with open_database(url) as target:
        target.create(schema)
        counts = [target.load(t, arrow_schema_of(t), iter(batches)) for t in schema.tables]
        target.finish(schema)
    return counts


def row_texts(url: str, table: str) -> list[tuple[Any, ...]]:
    """Return the rows as the server writes them, which shows scale, padding and null."""
    return run(url, f'SELECT t::text, count(*) FROM "{table}" t GROUP BY 1 ORDER BY 1')


@pytest.mark.parametrize("owner", ["", OWN])
@pytest.mark.parametrize("few", [False, True])
def test_both_ways_store_the_same(
    url: str, statements: list[str], owner: str, *, few: bool
) -> None:
    run(url, owner)
    batch = everything(400)
    filled = batch.slice(0, 0) if few else batch.filter(pa.array([True, False] * 200))
    pieces = [batch.slice(0, 1), batch.slice(1), filled, batch.slice(5, 9)]
    if few:
        pieces = [coded(piece) for piece in pieces]
    counts = load(url, SCHEMA, pieces)
    assert counts == [sum(piece.num_rows for piece in pieces)] * 2
    assert [s.endswith("(FORMAT binary)") for s in statements] == [True, False]
    assert row_texts(url, "binary way") == row_texts(url, "text way")
    for one, other in (("binary way", "text way"), ("text way", "binary way")):
        casts = ", ".join(f'"{name}"::text' for name, _, _, _ in CASES)
        lost = f'SELECT {casts} FROM "{one}" EXCEPT ALL SELECT {casts} FROM "{other}"'
        assert run(url, lost) == []


def test_values_without_nulls_arrive(url: str, statements: list[str]) -> None:
    table = Table(
        name="t",
        columns=(
            Column(name="a", type=IntegerType()),
            Column(name="b", type=DecimalType(precision=38, scale=10)),
            Column(name="c", type=TextType()),
            Column(name="d", type=TimestampType(precision=6, zoned=True)),
        ),
    )
    wide = Decimal("-1234567890123456789012345678.0123456789")
    rows = {"a": [-1, 2], "b": [wide, Decimal("1E-10")], "c": ["", "é"], "d": INSTANTS[1:3]}
    batch = pa.RecordBatch.from_pydict(rows, schema=arrow_schema_of(table))
    assert load(url, Schema(tables=(table,)), [batch]) == [2]
    assert statements[0].endswith("(FORMAT binary)")
    assert run(url, "SELECT * FROM t ORDER BY a") == [
        (-1, wide, "", INSTANTS[1]),
        (2, Decimal("1E-10"), "é", INSTANTS[2]),
    ]


def test_no_rows_are_a_load_too(url: str, statements: list[str]) -> None:
    assert load(url, SCHEMA, []) == [0, 0]
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("kind", "own", "value", "stored"),
    [
        (ArrayType(item=IntegerType()), "", [1, None], "{1,NULL}"),
        (IntervalType(), "", "P1DT2H", "1 day 02:00:00"),
        (DecimalType(precision=9, scale=2), "money", Decimal("1.50"), "$1.50"),
        (StringType(), "inet", "10.0.0.1", "10.0.0.1/32"),
        (StringType(), "xml", "<a/>", "<a/>"),
        (StringType(), "tsvector", "a b", "'a' 'b'"),
        (StringType(), "bit(2)", "01", "01"),
        (StringType(), "int4range", "[1,3)", "[1,3)"),
        (StringType(), "integer", "17", "17"),
        (IntegerType(), "integer", 17, "17"),
        (FloatType(bits=32), "double precision", 0.1, "0.1"),
        (TimestampType(), "date", CLOCKS[0], "2000-01-01"),
    ],
)
def test_other_types_go_as_text(
    url: str, statements: list[str], kind: ColumnType, own: str, value: Any, stored: str
) -> None:
    if own:
        run(url, f"CREATE TABLE t (v {own})")
    table = Table(name="t", columns=(Column(name="v", type=kind),))
    batch = pa.RecordBatch.from_pydict({"v": [value, None]}, schema=arrow_schema_of(table))
    assert load(url, Schema(tables=(table,)), [batch]) == [2]
    assert statements[0].endswith("FROM STDIN")
    assert run(url, "SELECT v::text FROM t WHERE v IS NOT NULL") == [(stored,)]


@pytest.mark.parametrize("value", ["not a uuid", UUIDS[0][:-1] + "g", UUIDS[0].replace("-", "+")])
def test_a_wrong_uuid_is_named(url: str, value: str) -> None:
    table = Table(name="t", columns=(Column(name="v", type=UuidType()),))
    batch = pa.RecordBatch.from_pydict({"v": [UUIDS[0], None, value]})
    with pytest.raises(DatabaseError, match="loading t") as caught:
        load(url, Schema(tables=(table,)), [batch])
    assert value in str(caught.value)


def test_uuids_in_other_forms_are_read(url: str) -> None:
    table = Table(name="t", columns=(Column(name="v", type=UuidType()),))
    forms = [UUIDS[0].replace("-", ""), "{" + UUIDS[0].upper() + "}", None, UUIDS[0]]
    batch = pa.RecordBatch.from_pydict({"v": forms})
    load(url, Schema(tables=(table,)), [batch])
    assert run(url, "SELECT v::text, count(*) FROM t WHERE v IS NOT NULL GROUP BY 1") == [
        (UUIDS[0], 3)
    ]
