"""A small data set that keeps every kind of promise, written by hand in several formats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataforge.schema import (
    AggregateSpec,
    ArrayType,
    BinaryType,
    BooleanType,
    Column,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    ExpressionSpec,
    FloatType,
    ForeignKey,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    LookupSpec,
    OrdinalSpec,
    RangeLaw,
    Rule,
    RunningTotalSpec,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UnionKeySpec,
    UnionLabelSpec,
    UnionTarget,
    UniqueKey,
    UuidType,
)
from dataforge.schema.serialize import schema_hash, write_schema
from dataforge.sinks.manifest import Manifest, PartEntry, TableEntry, write_manifest
from dataforge.verification import Certificate, Check

Rows = dict[str, list[dict[str, Any]]]
INT, MONEY = IntegerType(bits=32), DecimalType(precision=10, scale=2)


def needed(name: str, kind: ColumnType, **facts: Any) -> Column:
    """Build a column that takes no null."""
    return Column(name=name, type=kind, nullable=False, **facts)


def total(function: str, column: str | None = None) -> AggregateSpec:
    """Build an aggregate over the lines of an order."""
    return AggregateSpec.model_validate({"table": "lines", "function": function, "column": column})


def reference(*columns: str, to: str, **facts: Any) -> ForeignKey:
    """Build a key to the ``id`` of another table."""
    return ForeignKey(columns=columns, parent=to, parent_columns=("id",), **facts)


CUSTOMERS = Table(
    name="customers",
    rows=4,
    columns=(
        needed("id", INT),
        Column(name="email", type=StringType(max_length=12)),
        Column(name="boss_id", type=INT),
        needed("nation", StringType(max_length=2, fixed=True)),
    ),
    primary_key=("id",),
    unique_keys=(UniqueKey(columns=("email",), name="email_once"),),
    foreign_keys=(reference("boss_id", to="customers", max_depth=1),),
)
ORDERS = Table(
    name="orders",
    columns=(
        needed("id", INT),
        needed("customer_id", INT),
        needed("total", MONEY, spec=total("sum", "amount")),
        needed("line_count", INT, spec=total("count")),
        Column(name="top", type=MONEY, spec=total("max", "amount")),
        Column(name="average", type=MONEY, spec=total("mean", "amount")),
        needed(
            "nation",
            StringType(max_length=2),
            spec=LookupSpec(foreign_key="customer_id", column="nation"),
        ),
        needed("tax", MONEY, spec=ExpressionSpec(expression="total * 0.1")),
        needed("placed", DateType()),
    ),
    primary_key=("id",),
    foreign_keys=(
        reference("customer_id", to="customers", owning=True, law=RangeLaw(minimum=0, maximum=2)),
    ),
    rules=(Rule(expression="placed <= CURRENT_DATE", name="placed_by_now"),),
)
LINES = Table(
    name="lines",
    columns=(
        needed("order_id", INT),
        needed("line", INT, spec=OrdinalSpec()),
        needed("amount", MONEY),
        needed("so_far", MONEY, spec=RunningTotalSpec(column="amount")),
    ),
    primary_key=("order_id", "line"),
    foreign_keys=(reference("order_id", to="orders", owning=True),),
    rules=(Rule(expression="amount > 0", name="amount_positive"),),
)
TARGETS = (UnionTarget(table="customers", label="C"), UnionTarget(table="orders", label="O"))
NOTES = Table(
    name="notes",
    columns=(
        needed("id", UuidType()),
        needed("about", INT, spec=UnionKeySpec(label_column="about_kind", targets=TARGETS)),
        needed("about_kind", StringType(max_length=1), spec=UnionLabelSpec(key_column="about")),
        Column(name="order_id", type=INT),
        Column(name="line", type=INT),
        Column(name="body", type=JsonType()),
        Column(name="tags", type=ArrayType(item=INT)),
        Column(name="at", type=TimestampType(zoned=True)),
        Column(name="clock", type=TimeType()),
        Column(name="done", type=BooleanType()),
        Column(name="photo", type=BinaryType(max_length=3)),
        Column(name="span", type=IntervalType()),
        Column(name="place", type=GeometryType()),
        Column(name="score", type=FloatType()),
        Column(name="tiny", type=IntegerType(bits=8)),
        Column(name="huge", type=IntegerType(bits=64)),
        Column(name="wide", type=DecimalType(precision=18, scale=2)),
        Column(name="mood", type=EnumType(values=("calm", "loud"))),
        Column(name="moods", type=EnumType(values=("calm", "loud"), multiple=True)),
        Column(name="prose", type=TextType()),
    ),
    primary_key=("id",),
    foreign_keys=(
        ForeignKey(
            columns=("order_id", "line"), parent="lines", parent_columns=("order_id", "line")
        ),
    ),
)
SCHEMA = Schema(tables=(CUSTOMERS, ORDERS, LINES, NOTES), seed=7)


def sound_rows() -> Rows:
    """Return rows that keep every promise; nulls, quotes and line breaks included."""
    note = {
        "id": "6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c01",
        "about": 3,
        "about_kind": "C",
        "order_id": 10,
        "line": 2,
        "body": '{"a": [1, "x"]}',
        "tags": [1, 2],
        "at": datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
        "clock": time(1, 2, 3),
        "done": True,
        "photo": b"\x00\xff",
        "span": "P3DT4H",
        "place": "POINT(13.4 52.5)",
        "score": 0.5,
        "tiny": -128,
        "huge": 9223372036854775807,
        "wide": Decimal("1234567890123456.78"),
        "mood": "loud",
        "moods": "calm,loud",
        "prose": 'a "quoted", text\nof two lines',
    }
    empty = dict.fromkeys(note) | {
        "id": "6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c02",
        "about": 11,
        "about_kind": "O",
        "line": 9,
        "prose": "",
    }
    return {
        "customers": [
            {"id": 1, "email": "a@x", "boss_id": None, "nation": "DE"},
            {"id": 2, "email": None, "boss_id": 1, "nation": "FR"},
            {"id": 3, "email": None, "boss_id": 3, "nation": "DE"},
            {"id": 4, "email": "b@x", "boss_id": 3, "nation": "PL"},
        ],
        "orders": [
            _order(10, 1, "7.50", 2, "5.00", "3.75"),
            _order(11, 1, "0.03", 3, "0.01", "0.01"),
            _order(12, 3, "0.00", 0, None, None),
        ],
        "lines": [
            _line(10, 1, "2.50", "2.50"),
            _line(10, 2, "5.00", "7.50"),
            _line(11, 1, "0.01", "0.01"),
            _line(11, 2, "0.01", "0.02"),
            _line(11, 3, "0.01", "0.03"),
        ],
        "notes": [note, empty],
    }


def _order(
    number: int, customer: int, money: str, count: int, top: str | None, mean: str | None
) -> dict[str, Any]:
    return {
        "id": number,
        "customer_id": customer,
        "total": Decimal(money),
        "line_count": count,
        "top": top and Decimal(top),
        "average": mean and Decimal(mean),
        "nation": "DE",
        "tax": (Decimal(money) / 10).quantize(Decimal("0.01")),
        "placed": date(2025, 5, 1),
    }


def _line(order: int, line: int, amount: str, so_far: str) -> dict[str, Any]:
    return {
        "order_id": order,
        "line": line,
        "amount": Decimal(amount),
        "so_far": Decimal(so_far),
    }


def word(value: Any) -> str:
    """Return a value as text files have it; a string is taken as it is."""
    match value:
        case bool():
            return str(value).lower()
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%SZ" if value.tzinfo else "%Y-%m-%d %H:%M:%S")
        case bytes():
            return value.hex()
        case list():
            return json.dumps(value)
        case _:
            return str(value)


def csv_bytes(table: Table, rows: list[dict[str, Any]]) -> bytes:
    """Write CSV: null is an empty field, an empty string is quoted."""

    def field(value: Any) -> str:
        if value is None:
            return ""
        text = word(value)
        nasty = text == "" or any(character in text for character in '",\n')
        return '"' + text.replace('"', '""') + '"' if nasty else text

    names = [column.name for column in table.columns]
    lines = [",".join(names)] + [",".join(field(row[name]) for name in names) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def json_lines(table: Table, rows: list[dict[str, Any]]) -> list[str]:
    """Write an object for each row."""

    def member(name: str, value: Any) -> str:
        kind = table.columns_by_name[name].type if name in table.columns_by_name else None
        if value is None:
            return "null"
        if isinstance(value, Decimal) or (isinstance(kind, JsonType) and isinstance(value, str)):
            return str(value)
        plain = isinstance(value, (bool, int, float, list))
        return json.dumps(value if plain else word(value))

    return [
        "{" + ",".join(f"{json.dumps(name)}:{member(name, v)}" for name, v in row.items()) + "}"
        for row in rows
    ]


SQL_DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "oracle")
_ZONES = {"postgres": "+00", "mysql": "", "sqlite": "Z", "tsql": "+00:00", "oracle": " +00:00"}
_BYTES = {"mysql": "X'{}'", "sqlite": "X'{}'", "tsql": "0x{}", "oracle": "HEXTORAW('{}')"}
_QUOTES = {"mysql": ("`", "`"), "tsql": ("[", "]")}


def sql_bytes(table: Table, rows: list[dict[str, Any]], dialect: str) -> bytes:
    """Write a COPY block, or INSERT statements of three rows (of one for Oracle)."""
    opening, closing = _QUOTES.get(dialect, ('"', '"'))
    quoted = [f"{opening}{column.name}{closing}" for column in table.columns]
    target = f"{opening}{table.name}{closing} ({', '.join(quoted)})"
    types = {column.name: column.type for column in table.columns}
    if dialect == "postgres":
        lines = ["\t".join(_copied(v, types[n]) for n, v in row.items()) for row in rows]
        return "\n".join([f"COPY {target} FROM stdin;", *lines, "\\.\n"]).encode()
    values = [
        "(" + ", ".join(_literal(v, types[n], dialect) for n, v in row.items()) + ")"
        for row in rows
    ]
    size, gap = (1, " ") if dialect == "oracle" else (3, "\n")
    return "".join(
        f"INSERT INTO {target} VALUES{gap}" + ",\n".join(values[at : at + size]) + ";\n"
        for at in range(0, len(values), size)
    ).encode()


def _copied(value: Any, kind: ColumnType) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else word(value)
    if isinstance(value, datetime):
        return text.replace("Z", "+00")
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _literal(value: Any, kind: ColumnType, dialect: str) -> str:
    if value is None:
        return "NULL"
    text = word(value)
    match kind:
        case IntegerType() | DecimalType() | FloatType() | BooleanType():
            plain = {"true": "TRUE" if dialect == "mysql" else "1"}
            return plain.get(text, text)
        case BinaryType():
            return _BYTES[dialect].format(text)
        case TimestampType(zoned=True) if isinstance(value, datetime):
            text = text.replace("Z", _ZONES[dialect])
    if dialect == "mysql":
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
    text = "'" + text.replace("'", "''") + "'"
    match kind, dialect:
        case GeometryType(), "mysql":
            return f"ST_GeomFromText({text})"
        case ((DateType() | TimestampType()), "oracle"):
            return f"{kind.kind.upper()} {text}"
        case _, "tsql":
            return f"N{text}"
    return text


def _arrow_type(kind: ColumnType) -> pa.DataType:
    """Return the type that carries a logical type in Parquet and Arrow files."""
    match kind:
        case IntegerType():
            return {8: pa.int8(), 32: pa.int32(), 64: pa.int64()}[kind.bits]
        case DecimalType():
            return pa.decimal128(kind.precision, kind.scale)
        case TimestampType():
            return pa.timestamp("us", tz="UTC" if kind.zoned else None)
        case ArrayType():
            return pa.list_(_arrow_type(kind.item))
        case _:
            plain = {
                "float": pa.float64(),
                "boolean": pa.bool_(),
                "date": pa.date32(),
                "time": pa.time64("us"),
                "binary": pa.binary(),
            }
            return plain.get(kind.kind, pa.string())


def arrow_table(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Return the rows as Arrow's own types."""
    fields = [(column.name, _arrow_type(column.type)) for column in table.columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _part(kind: str, table: Table, rows: list[dict[str, Any]]) -> bytes:
    sink = pa.BufferOutputStream()
    match kind:
        case "csv":
            return csv_bytes(table, rows)
        case "tsv":
            return csv_bytes(table, rows).replace(b",", b"\t")
        case "jsonl":
            return "".join(f"{line}\n" for line in json_lines(table, rows)).encode()
        case "json":
            return ("[\n" + ",\n".join(json_lines(table, rows)) + "\n]\n").encode()
        case sql if sql.startswith("sql-"):
            return sql_bytes(table, rows, sql.removeprefix("sql-"))
        case "parquet":
            pq.write_table(arrow_table(table, rows), sink)
        case _:
            data = arrow_table(table, rows)
            with pa.ipc.new_file(sink, data.schema) as writer:
                writer.write_table(data)
    return bytes(sink.getvalue().to_pybytes())


def write_data_set(
    directory: Path,
    rows: Rows,
    kind: str = "csv",
    schema: Schema = SCHEMA,
    part_rows: int = 2,
    spoil: Callable[[str, bytes], bytes] = lambda _path, data: data,
) -> Path:
    """Write a data set whose manifest is true of its files; ``spoil`` may change a part's bytes.

    ``kind`` is a format; that of SQL has the dialect behind it (``sql-mysql``).
    """
    form, _, dialect = kind.partition("-")
    entries = []
    for table in schema.tables:
        parts = []
        count = len(rows[table.name])
        for start in range(0, max(count, 1), part_rows):
            path = f"data/{table.name}/part-{start:05d}.{form}"
            data = spoil(path, _part(kind, table, rows[table.name][start : start + part_rows]))
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            stop = min(start + part_rows, count)
            parts.append(
                PartEntry(
                    path=path, start=start, rows=stop - start, size_bytes=len(data), sha256=digest
                )
            )
        names = tuple(column.name for column in table.columns)
        entries.append(TableEntry(name=table.name, rows=count, columns=names, parts=tuple(parts)))
    write_schema(schema, directory / "schema.yaml")
    manifest = Manifest(
        engine_version="1",
        schema_hash=schema_hash(schema),
        seed=schema.seed,
        format=form,
        dialect=dialect or None,
        created_by="a test",
        tables=tuple(entries),
    )
    write_manifest(manifest, directory)
    return directory


def failed(certificate: Certificate, kind: str, table: str = "") -> Check:
    """Return the one failed check of a kind, on a table where one is named."""
    found = [c for c in certificate.failures if c.kind == kind and table in {"", c.table}]
    assert len(found) == 1, (kind, table, certificate.summary())
    return found[0]
