# ruff: noqa: E501  - a case stays on one line, so that the table can be read

from __future__ import annotations

from pathlib import Path

import pytest

from dataforge.errors import ParseError, UnknownNameError
from dataforge.parsers.sql import detect_dialect, parse_ddl, read_ddl
from dataforge.schema.expressions import parse_expression
from dataforge.schema.model import Column, Table
from dataforge.schema.type_text import type_text


def only_table(text: str, dialect: str) -> Table:
    (table,) = parse_ddl(text, dialect=dialect).schema.tables
    return table


def column_of(kind: str, dialect: str) -> Column:
    return only_table(f"CREATE TABLE t (c {kind}, other int)", dialect).column("c")


TYPES = [
    ("serial", "postgres", "integer(32)"),
    ("double precision", "postgres", "float"),
    ("timestamp without time zone", "postgres", "timestamp(6)"),
    ("time with time zone", "postgres", "time"),
    ("integer[][]", "postgres", "integer(32)[]"),
    ("bit varying(5)", "postgres", "string(5)"),
    ("money", "postgres", "decimal(19, 2)"),
    ("public.geometry(MultiPolygon,4326)", "postgres", "multipolygon(4326)"),
    ("tinyint(1)", "mysql", "boolean"),
    ("tinyint unsigned", "mysql", "unsigned(8)"),
    ("bit(1)", "mysql", "boolean"),
    ("float(7,3)", "mysql", "decimal(7, 3)"),
    ("varbinary(16)", "mysql", "binary(16)"),
    ("longtext", "mysql", "text"),
    ("datetime2(7)", "tsql", "timestamp(6)"),
    ("datetimeoffset", "tsql", "timestamptz(6)"),
    ("varbinary(max)", "tsql", "binary"),
    ("bit", "tsql", "boolean"),
    ("[smallmoney]", "tsql", "decimal(10, 4)"),
    ("uniqueidentifier", "tsql", "uuid"),
    ("NUMBER(19,0)", "oracle", "integer"),
    ("NUMBER(3)", "oracle", "decimal(3, 0)"),
    ("NUMBER(10,2)", "oracle", "decimal(10, 2)"),
    ("NVARCHAR2(20)", "oracle", "string(20)"),
    ("LONG RAW", "oracle", "binary"),
    ("BINARY_DOUBLE", "oracle", "float"),
    ("INTERVAL DAY (2) TO SECOND (6)", "oracle", "interval"),
    ("SDO_GEOMETRY", "oracle", "point"),
    ("UNSIGNED BIG INT", "sqlite", "integer"),
    ("MEDIUMINT", "sqlite", "integer(16)"),
    ("STRING_OF_SORTS", "sqlite", "text"),
]


@pytest.mark.parametrize(("written", "dialect", "expected"), TYPES)
def test_types_become_logical(written: str, dialect: str, expected: str) -> None:
    column = column_of(written, dialect)
    assert type_text(column.type) == expected
    assert column.nullable


def test_a_typeless_column_is_text() -> None:
    assert only_table("CREATE TABLE t (a, b NOT NULL)", "sqlite").column("b").type.kind == "text"


def test_an_unknown_type_is_noted_once() -> None:
    parsed = parse_ddl("CREATE TABLE t (a cube, b cube NOT NULL)", dialect="postgres")
    (problem,) = parsed.problems
    assert "'cube'" in problem.message
    assert "1 more" in problem.message
    assert problem.severity == "warning"


REFERENCES = [
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (x int REFERENCES p ON DELETE SET NULL);",
    """CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (x int);
    ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (X) REFERENCES P ON DELETE SET NULL;""",
    """CREATE TABLE c (x int, FOREIGN KEY (x) REFERENCES p (id) MATCH FULL ON DELETE SET NULL);
    CREATE TABLE p (id int); ALTER TABLE p ADD PRIMARY KEY (id);""",
]


@pytest.mark.parametrize("text", REFERENCES)
def test_references_are_found_wherever_they_are_declared(text: str) -> None:
    schema = parse_ddl(text, dialect="postgres").schema
    (key,) = schema.table("c").foreign_keys
    assert (key.columns, key.parent, key.parent_columns) == (("x",), "p", ("id",))
    assert key.on_delete == "set_null"


def test_a_reference_to_a_missing_table_is_left_out_and_named() -> None:
    parsed = parse_ddl("CREATE TABLE c (x int REFERENCES hr.gone (id))", source="a.sql")
    assert parsed.schema.table("c").foreign_keys == ()
    assert "'hr.gone'" in parsed.problems[0].message
    assert parsed.problems[0].path == "a.sql:1"


def test_referenced_columns_become_a_key() -> None:
    text = "CREATE TABLE p (id int, n int); CREATE TABLE c (x int REFERENCES p (n));"
    parsed = parse_ddl(text)
    assert [key.columns for key in parsed.schema.table("p").unique_keys] == [("n",)]
    assert parsed.problems[0].severity == "warning"


RULES = [
    ("postgres", "a text CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'])::text[])))", "a IN ('x', 'y')"),
    ("postgres", "a text CHECK (a ~ E'^\\\\d{2}$')", "REGEXP_MATCHES(a, '^\\d{2}$')"),
    ("postgres", '"Größe" int CHECK ("Größe" > (0)::integer)', '"Größe" > 0'),
    ("mysql", "`a` varchar(3) CHECK (`a` <> 'x')", "a <> 'x'"),
    ("tsql", "[a] money CHECK (([a]>=(0.00)))", "a >= 0.00"),
    ("oracle", "A NUMBER CHECK (a BETWEEN 1 AND 5)", "A BETWEEN 1 AND 5"),
    ("sqlite", 'a text CHECK (a IN ("x"))', "a IN ('x')"),
    ("mysql", "a text CHECK (a in (_utf8mb4'x',_utf8mb4'y'))", "a IN ('x', 'y')"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "column", "expected"), RULES)
def test_checks_become_rules(dialect: str, column: str, expected: str) -> None:
    (rule,) = only_table(f"CREATE TABLE t ({column})", dialect).rules
    assert (rule.expression, rule.enforced) == (expected, True)


def test_a_check_outside_the_language_is_kept_with_its_reason() -> None:
    (rule,) = only_table("CREATE TABLE t (a int CHECK (my_own(a)))", "postgres").rules
    assert not rule.enforced
    assert rule.reason is not None
    assert "my_own" in rule.reason


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "oracle", "tsql"])
def test_a_not_null_check_is_no_rule(dialect: str) -> None:
    table = only_table("CREATE TABLE t (a int, CHECK ((a) IS NOT NULL))", dialect)
    assert (table.column("a").nullable, table.rules) == (False, ())


def test_partition_bounds_are_a_rule() -> None:
    text = """CREATE TABLE t (d date, x int) PARTITION BY RANGE (d);
    CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
    CREATE TABLE l (k text) PARTITION BY LIST (k); CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', 'b');
    CREATE TABLE h (k text) PARTITION BY LIST (k); CREATE TABLE h1 PARTITION OF h DEFAULT;"""
    parsed = parse_ddl(text, dialect="postgres")
    rules = [[rule.expression for rule in table.rules] for table in parsed.schema.tables]
    assert rules == [["d >= '2024-01-01' AND d < '2024-03-01'"], ["k IN ('a', 'b')"], []]
    assert parsed.passed_over["partition"] == 4


def test_a_json_check_makes_the_column_json() -> None:
    table = only_table("CREATE TABLE t (a longtext CHECK (json_valid(`a`)))", "mysql")
    assert (table.column("a").type.kind, table.rules) == ("json", ())


def test_namespaces_part_tables_of_one_name() -> None:
    text = "CREATE TABLE a.t (x int PRIMARY KEY); CREATE TABLE b.t (y int REFERENCES a.t);"
    schema = parse_ddl(text, dialect="postgres").schema
    assert list(schema.tables_by_name) == ["a.t", "b.t"]
    assert schema.table("b.t").foreign_keys[0].parent == "a.t"


def test_the_first_of_two_definitions_is_kept() -> None:
    parsed = parse_ddl("CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (b int);")
    assert list(parsed.schema.table("t").columns_by_name) == ["a"]
    assert "again" in parsed.problems[0].message


def test_like_and_inherits_copy_columns() -> None:
    text = (
        "CREATE TABLE a (x int, y int CHECK (y > 0)); CREATE TABLE b (LIKE a INCLUDING ALL, z int);"
        "CREATE TABLE c (w int) INHERITS (a); CREATE TABLE d AS SELECT * FROM a;"
    )
    parsed = parse_ddl(text, dialect="postgres")
    assert list(parsed.schema.table("b").columns_by_name) == ["x", "y", "z"]
    assert list(parsed.schema.table("c").columns_by_name) == ["x", "y", "w"]
    assert parsed.passed_over["table as select"] == 1


BROKEN = "CREATE TABLE a (x int);\nCREATE TABLE b (y int,, (;\nCREATE TABLE c (123 int, z int);\n"


def test_a_broken_statement_costs_no_other_table() -> None:
    parsed = parse_ddl(BROKEN, dialect="postgres", source="broken.sql")
    assert list(parsed.schema.tables_by_name) == ["a", "c"]
    assert [problem.path for problem in parsed.problems] == ["broken.sql:2", "broken.sql:3"]
    assert {problem.severity for problem in parsed.problems} == {"error"}
    assert "CREATE TABLE b" in parsed.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        'CREATE TABLE a (x int); CREATE TABLE "" (y int);',
        'CREATE TABLE a (x int, "" int);',
        "CREATE TABLE a (x int); CREATE TABLE b (LIKE gone);",
        "CREATE TABLE a (x int); CREATE TABLE b (CHECK (y > 0));",
        "CREATE TABLE a (x int); CREATE TABLE b",
        "CREATE TABLE a (x int); CREATE TABLE b (y int",
    ],
)
def test_a_table_or_column_that_is_none_is_reported(text: str) -> None:
    parsed = parse_ddl(text, dialect="postgres")
    assert [(t.name, len(t.columns)) for t in parsed.schema.tables] == [("a", 1)]
    assert "error" in {problem.severity for problem in parsed.problems}


def test_strict_makes_it_fatal_with_all_problems() -> None:
    with pytest.raises(ParseError) as raised:
        parse_ddl(BROKEN, dialect="postgres", source="broken.sql", strict=True)
    assert [problem.path for problem in raised.value.problems] == ["broken.sql:2", "broken.sql:3"]


@pytest.mark.parametrize("text", ["", "-- nothing", "SELECT 1;", "\x00\x01", "(((", "'"])
def test_a_script_without_tables_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="no table"):
        parse_ddl(text)


def test_a_dialect_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="postgres"):
        parse_ddl("CREATE TABLE t (a int)", dialect="postgresq")


@pytest.mark.parametrize("name", ["postgresql", "MariaDB", "mssql", "SQLServer"])
def test_usual_names_of_dialects_are_taken(name: str) -> None:
    assert parse_ddl("CREATE TABLE t (a int)", dialect=name).schema.tables[0].name == "t"


DETECTED = [
    ("CREATE TABLE t (a int) ENGINE=InnoDB;", "mysql"),
    ("CREATE TABLE [dbo].[t] ([a] [int] IDENTITY(1,1))\nGO\n", "tsql"),
    ("CREATE TABLE t (a VARCHAR2(10));", "oracle"),
    ("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT);", "sqlite"),
    ("CREATE TABLE t (a bigserial, b timestamptz);", "postgres"),
    ("CREATE TABLE t (a int);", "postgres"),
    ("CREATE TABLE t (a text); INSERT INTO t VALUES ('ENGINE=InnoDB AUTO_INCREMENT');", "postgres"),
]


@pytest.mark.parametrize(("text", "expected"), DETECTED)
def test_dialects_are_found_by_their_words(text: str, expected: str) -> None:
    assert detect_dialect(text) == expected


NAMED = 'CREATE TABLE "Straße" ("größe" int, id int);'


@pytest.mark.parametrize(
    "data",
    [
        NAMED.encode(),
        NAMED.encode("utf-8-sig"),
        NAMED.encode("utf-16"),
        NAMED.encode("utf-16-le"),
        NAMED.encode("utf-16-be"),
        NAMED.encode("cp1252"),
        ("SET client_encoding = 'ISO-8859-15';\n" + NAMED).encode("iso8859-15"),
        ("SET NAMES win1250;\n" + NAMED).encode("cp1250"),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "stated", "names"],
)
def test_encodings_are_found(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "names.sql"
    path.write_bytes(data)
    (table,) = read_ddl(path, dialect="postgres").schema.tables
    assert (table.name, list(table.columns_by_name)) == ("Straße", ["größe", "id"])


def test_a_stated_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "cyrillic.sql"
    path.write_bytes(
        'SET client_encoding = "WIN1251"; CREATE TABLE "Город" (a int);'.encode("cp1251")
    )
    assert read_ddl(path).schema.tables[0].name == "Город"


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="cannot be opened"):
        read_ddl(tmp_path / "gone.sql")


@pytest.mark.parametrize(
    ("dialect", "body", "reason"),
    [
        ("postgres", "a text[], CHECK (a ~ 'x')", "array"),
        ("postgres", "a text, CHECK (a > 5)", "compares"),
        ("sqlite", "a date, b int, CHECK (a < b)", "compares"),
    ],
)
def test_a_check_across_kinds_is_kept_with_its_reason(dialect: str, body: str, reason: str) -> None:
    (rule,) = parse_ddl(f"CREATE TABLE t ({body})", dialect=dialect).schema.tables[0].rules
    assert not rule.enforced
    assert rule.reason is not None
    assert reason in rule.reason


@pytest.mark.parametrize(
    ("dialect", "body", "expected"),
    [
        ("postgres", "a int, b int, CHECK (a / b > 2)", "a // b > 2"),
        ("mysql", "a int, b int, CHECK (a / b > 2)", "a / NULLIF(b, 0) > 2"),
        ("postgres", r"a text, CHECK (a LIKE 'x\_%')", r"a LIKE 'x\_%' ESCAPE '\'"),
        ("tsql", "a varchar(9), CHECK ('x' + a = 'xy')", "'x' || a = 'xy'"),
        (
            "postgres",
            "a int, b int, CHECK (((a = 1) = ((b IS NOT NULL) AND (b > 2))))",
            "(a = 1) = ((NOT b IS NULL) AND (b > 2))",
        ),
    ],
)
def test_a_check_keeps_its_dialects_meaning(dialect: str, body: str, expected: str) -> None:
    (rule,) = parse_ddl(f"CREATE TABLE t ({body})", dialect=dialect).schema.tables[0].rules
    assert parse_expression(rule.expression) == parse_expression(expected)


def test_elements_that_cannot_be_read_are_reported_with_line_and_text() -> None:
    text = "CREATE TABLE b (\n  id int,,\n  x !!,\n  y int\n)"
    parsed = parse_ddl(text, dialect="postgres", source="f.sql")
    assert [column.name for column in parsed.schema.tables[0].columns] == ["id", "y"]
    found = [(problem.path, problem.severity) for problem in parsed.problems]
    assert found == [("f.sql:2", "error"), ("f.sql:3", "error")]
    with pytest.raises(ParseError, match="!!"):
        parse_ddl(text, dialect="postgres", strict=True)


def test_types_in_use_are_not_passed_over() -> None:
    text = (
        "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE gone AS ENUM ('b'); CREATE TABLE t (m mood);"
    )
    assert dict(parse_ddl(text, dialect="postgres").passed_over) == {"type": 1}


def test_a_binary_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_bytes(b"PGDMP\x01\x0e\x00\x04\x08\x01" + bytes(range(256)) * 9)
    with pytest.raises(ParseError) as caught:
        read_ddl(path)
    assert [problem.path for problem in caught.value.problems] == ["dump.sql"]
    assert "zero bytes" in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "expression", "enforced"),
    [
        ("flag", "(flag) <> 0", True),
        ("1", "(1) <> 0", True),
        ("NULL", "NULL", True),
        ("'Radio'", "'Radio'", False),
        ("name", "name", False),
    ],
)
def test_a_condition_is_true_or_false(condition: str, expression: str, *, enforced: bool) -> None:
    text = f"CREATE TABLE t (id int, flag int, name varchar(9), CHECK ({condition}));"
    (rule,) = parse_ddl(text).schema.tables[0].rules
    assert (rule.expression, rule.enforced) == (expression, enforced)
