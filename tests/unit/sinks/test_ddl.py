"""A schema as SQL in each dialect."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from dataforge.errors import UnknownNameError
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
    ForeignKey,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    Rule,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UniqueKey,
    UuidType,
)
from dataforge.sinks.ddl.names import Names, shortened
from dataforge.sinks.ddl.order import comes_later, parents_first
from dataforge.sinks.ddl.writer import Ddl, write_ddl

DIALECTS = ["postgres", "mysql", "sqlite", "duckdb", "tsql", "oracle"]


def one(kind: ColumnType, dialect: str, **rest: Any) -> str:
    """Return the line of a column of this type."""
    table = Table(name="t", columns=(Column(name="c", type=kind, **rest),))
    [statement] = write_ddl(Schema(tables=(table,)), dialect).tables
    return statement.split("\n")[1].strip().rstrip(",")[4:]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            IntegerType(bits=8),
            ["smallint", "tinyint", "INTEGER", "TINYINT", "smallint", "NUMBER(3)"],
        ),
        (
            IntegerType(bits=32, signed=False),
            ["bigint", "int unsigned", "INTEGER", "UINTEGER", "bigint", "NUMBER(10)"],
        ),
        (
            IntegerType(bits=64, signed=False),
            ["numeric(20)", "bigint unsigned", "INTEGER", "UBIGINT", "decimal(20)", "NUMBER(20)"],
        ),
        (
            DecimalType(precision=9, scale=3),
            [
                "numeric(9,3)",
                "decimal(9,3)",
                "DECIMAL(9,3)",
                "DECIMAL(9,3)",
                "decimal(9,3)",
                "NUMBER(9,3)",
            ],
        ),
        (FloatType(), ["double precision", "double", "REAL", "DOUBLE", "float", "BINARY_DOUBLE"]),
        (BooleanType(), ["boolean", "boolean", "BOOLEAN", "BOOLEAN", "bit", "NUMBER(1)"]),
        (
            StringType(max_length=7, fixed=True),
            ["char(7)", "char(7)", "CHAR(7)", "VARCHAR", "nchar(7)", "CHAR(7 CHAR)"],
        ),
        (
            StringType(max_length=70),
            [
                "varchar(70)",
                "varchar(70)",
                "VARCHAR(70)",
                "VARCHAR",
                "nvarchar(70)",
                "VARCHAR2(70 CHAR)",
            ],
        ),
        (TextType(), ["text", "longtext", "TEXT", "VARCHAR", "nvarchar(max)", "CLOB"]),
        (
            TimestampType(precision=3),
            [
                "timestamp(3)",
                "datetime(3)",
                "DATETIME",
                "TIMESTAMP",
                "datetime2(3)",
                "TIMESTAMP(3)",
            ],
        ),
        (
            TimestampType(zoned=True),
            [
                "timestamp(0) with time zone",
                "datetime",
                "DATETIME",
                "TIMESTAMPTZ",
                "datetimeoffset(0)",
                "TIMESTAMP(0) WITH TIME ZONE",
            ],
        ),
        (DateType(), ["date", "date", "DATE", "DATE", "date", "DATE"]),
        (TimeType(), ["time", "time(6)", "TEXT", "TIME", "time", "VARCHAR2(15)"]),
        (
            IntervalType(),
            ["interval", "varchar(64)", "TEXT", "VARCHAR", "nvarchar(64)", "VARCHAR2(64)"],
        ),
        (UuidType(), ["uuid", "char(36)", "CHAR(36)", "UUID", "uniqueidentifier", "CHAR(36)"]),
        (
            BinaryType(max_length=16, fixed=True),
            ["bytea", "binary(16)", "BLOB", "BLOB", "binary(16)", "RAW(16)"],
        ),
        (JsonType(), ["jsonb", "json", "TEXT", "JSON", "nvarchar(max)", "CLOB"]),
        (GeometryType(), ["text", "point", "TEXT", "VARCHAR", "nvarchar(max)", "CLOB"]),
        (
            ArrayType(item=IntegerType(bits=32)),
            ["integer[]", "json", "TEXT", "INTEGER[]", "nvarchar(max)", "CLOB"],
        ),
        (
            EnumType(values=("a", "b"), multiple=True),
            ["varchar(3)", "set('a','b')", "TEXT", "VARCHAR", "nvarchar(3)", "VARCHAR2(3 CHAR)"],
        ),
    ],
)
def test_each_dialect_has_a_type_for_each_kind(kind: ColumnType, expected: list[str]) -> None:
    assert [one(kind, dialect) for dialect in DIALECTS] == expected


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        (IntegerType(bits=16), "-1", "smallint DEFAULT -1"),
        (IntegerType(bits=16), "70000", "smallint"),
        (IntegerType(bits=16), "nextval('s'::regclass)", "smallint"),
        (DecimalType(precision=4, scale=2), "0.00", "numeric(4,2) DEFAULT 0.00"),
        (DecimalType(precision=4, scale=2), "100", "numeric(4,2)"),
        (StringType(max_length=3), "'it''s'", "varchar(3)"),
        (StringType(max_length=4), "'it''s'::character varying", "varchar(4) DEFAULT 'it''s'"),
        (BooleanType(), "'t'", "boolean DEFAULT TRUE"),
        (BooleanType(), "now()", "boolean"),
        (TimestampType(), "now()", "timestamp(0) DEFAULT CURRENT_TIMESTAMP"),
        (DateType(), "'0000-00-00'", "date"),
        (TextType(), "some nonsense (", "text"),
    ],
)
def test_plain_defaults_are_kept_and_others_dropped(
    kind: ColumnType, default: str, expected: str
) -> None:
    table = Table(name="t", columns=(Column(name="c", type=kind, default=default),))
    ddl = write_ddl(Schema(tables=(table,), dialect="postgres"), "postgres")
    assert ddl.tables[0].split("\n")[1].strip()[4:] == expected
    assert bool(ddl.notes) == ("DEFAULT" not in expected)


def family() -> Schema:
    parent = Table(
        name="parent",
        columns=(Column(name="id", type=IntegerType(), nullable=False, identity=True),),
        primary_key=("id",),
    )
    child = Table(
        name="child",
        columns=(
            Column(name="parent_id", type=IntegerType(bits=32)),
            Column(name="other", type=TextType()),
        ),
        foreign_keys=(
            ForeignKey(
                columns=("parent_id",),
                parent="parent",
                parent_columns=("id",),
                on_delete="set_null",
                on_update="cascade",
            ),
            ForeignKey(columns=("other",), parent="nowhere", parent_columns=("id",)),
        ),
    )
    return Schema(tables=(child, parent))


@pytest.mark.parametrize(
    ("dialect", "actions"),
    [
        ("postgres", "ON DELETE SET NULL ON UPDATE CASCADE"),
        ("oracle", "ON DELETE SET NULL"),
        ("duckdb", None),
        ("tsql", ""),
    ],
)
def test_foreign_keys_come_after_the_tables(dialect: str, actions: str | None) -> None:
    ddl = write_ddl(family(), dialect)
    assert ddl.table_names == ("parent", "child")
    if actions is None:
        assert "REFERENCES" in ddl.tables[1]
        return
    [key] = ddl.constraints
    assert key.replace("[", '"').replace("]", '"') == (
        'ALTER TABLE "child" ADD CONSTRAINT "child_parent_id_fkey" FOREIGN KEY ("parent_id") '
        f'REFERENCES "parent" ("id") {actions}'.rstrip()
    )
    assert ddl.constraint_tables == ("child",)


def test_a_foreign_key_s_column_is_declared_like_its_parent() -> None:
    ddl = write_ddl(family(), "postgres")
    assert '"parent_id" bigint' in ddl.tables[1]
    assert any("declared like parent.id" in note for note in ddl.notes)
    assert any("nowhere is not in the schema" in note for note in ddl.notes)


def test_sqlite_has_its_foreign_keys_inline_and_runs() -> None:
    ddl = write_ddl(family(), "sqlite")
    assert ddl.constraints == ()
    connection = sqlite3.connect(":memory:")
    connection.executescript(ddl.script())
    keys = connection.execute("PRAGMA foreign_key_list(child)").fetchall()
    connection.close()
    assert [(key[2], key[3], key[4], key[6]) for key in keys] == [
        ("parent", "parent_id", "id", "SET NULL")
    ]


def ruled(*rules: Rule, **rest: Any) -> Table:
    columns = (
        Column(name="id", type=IntegerType(), identity=True, nullable=False),
        Column(name="from", type=DateType()),
        Column(name="size", type=EnumType(values=("S", "M"))),
    )
    return Table(name="order", columns=columns, primary_key=("id",), rules=rules, **rest)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("postgres", 'CHECK ("from" >= "id")'),
        ("tsql", "CHECK ([from] >= [id])"),
        ("sqlite", "CHECK (\"size\" IN ('S', 'M'))"),
    ],
)
def test_rules_become_checks_in_the_dialect(dialect: str, expected: str) -> None:
    table = ruled(Rule(expression='"from" >= id'))
    assert expected in write_ddl(Schema(tables=(table,)), dialect).tables[0]


@pytest.mark.parametrize("condition", ['"id" > 0', '"from" <= CURRENT_DATE'])
def test_mysql_drops_the_checks_that_it_cannot_have(condition: str) -> None:
    ddl = write_ddl(Schema(tables=(ruled(Rule(expression=condition)),)), "mysql")
    assert "CHECK" not in ddl.tables[0]
    assert any(condition in note for note in ddl.notes)


def test_rules_that_are_not_enforced_are_comments() -> None:
    rule = Rule(expression="f(x) =\n 1", enforced=False, reason="unknown function")
    ddl = write_ddl(Schema(tables=(ruled(rule),)), "postgres")
    assert "-- not enforced: f(x) = 1 (unknown function)\n" in ddl.tables[0]
    assert "CHECK (f" not in ddl.tables[0]


def keyed(*lengths: int | None) -> Table:
    columns = tuple(
        Column(name=f"c{n}", type=StringType(max_length=length)) for n, length in enumerate(lengths)
    )
    return Table(
        name="t", columns=columns, unique_keys=(UniqueKey(columns=tuple(c.name for c in columns)),)
    )


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [((768,), [768]), ((769,), [768]), ((None,), [255]), ((760, 20), [384, 20]), ((300, 9), None)],
)
def test_mysql_keys_are_kept_within_3072_bytes(
    lengths: tuple[int | None, ...], expected: list[int] | None
) -> None:
    statement = write_ddl(Schema(tables=(keyed(*lengths),)), "mysql").tables[0]
    for number, length in enumerate(expected or lengths):
        assert f"`c{number}` varchar({length})" in statement


def test_mysql_rows_are_kept_below_their_limit() -> None:
    columns = tuple(Column(name=f"c{n}", type=StringType(max_length=4000)) for n in range(6))
    ddl = write_ddl(Schema(tables=(Table(name="t", columns=columns),)), "mysql")
    assert ddl.tables[0].count("longtext") == 2
    assert len(ddl.notes) == 2


def test_names_are_shortened_and_stay_apart() -> None:
    long = "n" * 70
    columns = (Column(name=long, type=TextType()), Column(name=long + "2", type=TextType()))
    schema = Schema(tables=(Table(name=long, columns=columns),))
    names = Names.of(schema, "postgres")
    made = list(names.columns[long].values())
    assert all(len(name) <= 63 for name in made)
    assert len(set(made)) == 2
    assert shortened(long, 63) == made[0]


def test_two_namespaces_share_a_table_name() -> None:
    tables = tuple(
        Table(
            name=f"{space}.user",
            namespace=space,
            columns=(Column(name="id", type=IntegerType(), nullable=False),),
            primary_key=("id",),
        )
        for space in ("hr", "crm")
    )
    schema = Schema(tables=tables)
    postgres = write_ddl(schema, "postgres")
    assert postgres.prelude == (
        'CREATE SCHEMA IF NOT EXISTS "hr"',
        'CREATE SCHEMA IF NOT EXISTS "crm"',
    )
    assert postgres.tables[0].startswith('CREATE TABLE "hr"."user"')
    assert write_ddl(schema, "mysql").tables[1].startswith("CREATE TABLE `crm_user`")


@pytest.mark.parametrize(
    ("dialect", "quoted"),
    [
        ("postgres", '"a""b]`"'),
        ("mysql", '`a"b]```'),
        ("tsql", '[a"b]]`]'),
    ],
)
def test_quotes_in_names_are_doubled(dialect: str, quoted: str) -> None:
    assert Names.of(Schema(), dialect).quote('a"b]`') == quoted


def test_one_enum_name_with_two_lists_makes_two_types() -> None:
    columns = (
        Column(name="a", type=EnumType(values=("x",), name="kind")),
        Column(name="b", type=EnumType(values=("y",), name="kind")),
        Column(name="c", type=EnumType(values=("x",), name="kind")),
    )
    ddl = write_ddl(Schema(tables=(Table(name="t", columns=columns),)), "postgres")
    assert ddl.prelude == (
        "CREATE TYPE \"kind\" AS ENUM ('x')",
        "CREATE TYPE \"kind_enum\" AS ENUM ('y')",
    )
    assert '"c" "kind"' in ddl.tables[0]


def linked(name: str, *parents: str) -> Table:
    columns = (
        Column(name="id", type=IntegerType(), nullable=False),
        *(Column(name=parent, type=IntegerType()) for parent in parents),
    )
    keys = tuple(ForeignKey(columns=(p,), parent=p, parent_columns=("id",)) for p in parents)
    return Table(name=name, columns=columns, primary_key=("id",), foreign_keys=keys)


def test_parents_come_first_and_cycles_are_known() -> None:
    schema = Schema(
        tables=(
            linked("leaf", "middle"),
            linked("middle", "root"),
            linked("egg", "hen"),
            linked("hen", "egg"),
            linked("root", "self"),
            linked("self", "self"),
        )
    )
    order = [table.name for table in parents_first(schema)]
    assert order.index("self") < order.index("root") < order.index("middle") < order.index("leaf")
    later = {
        (table.name, key.parent)
        for table in schema.tables
        for key in table.foreign_keys
        if comes_later(schema, table, key.parent)
    }
    assert later == {("hen", "egg"), ("self", "self")}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_schema_gives_the_same_script(dialect: str) -> None:
    def script() -> Ddl:
        return write_ddl(family(), dialect)

    assert script() == script()
    assert script().script().count("CREATE TABLE") == 2


def test_aliases_are_understood_and_other_dialects_refused() -> None:
    assert write_ddl(family(), "MariaDB") == write_ddl(family(), "mysql")
    with pytest.raises(UnknownNameError, match="known: duckdb, mysql"):
        write_ddl(family(), "db2")
