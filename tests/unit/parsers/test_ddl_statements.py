# ruff: noqa: E501  - a case stays on one line, so that the table can be read

from __future__ import annotations

import pytest

from dataforge.parsers.sql.lexer import Lexer
from dataforge.parsers.sql.statements import ClientCommand, Statement, split


def statements(text: str, dialect: str) -> list[str]:
    return [
        " ".join(token.text for token in part.tokens)
        for part in split(text, dialect)
        if isinstance(part, Statement)
    ]


SPLITS = [
    ("postgres", "SELECT 'a;b'; SELECT $x$;$x$; SELECT 1", ["SELECT 'a;b'", "SELECT $x$;$x$", "SELECT 1"]),
    ("postgres", "SELECT 1 /* ; /* ; */ ; */ + 2; -- ;\nSELECT 3;", ["SELECT 1 + 2", "SELECT 3"]),
    ("postgres", "COPY t FROM stdin;\n1\ta;b\n\\.\nSELECT 1;", ["COPY t FROM stdin", "SELECT 1"]),
    ("postgres", "\\connect x\nSELECT 1;", ["SELECT 1"]),
    ("mysql", "SELECT 'it\\'s;' # ;\n; SELECT \"b;\";", ["SELECT 'it\\'s;'", 'SELECT "b;"']),
    ("mysql", "DELIMITER //\nCREATE TRIGGER t x; y//\nDELIMITER ;\nSELECT 1;", ["CREATE TRIGGER t x ; y", "SELECT 1"]),
    ("mysql", "/*!40101 SET x = 1 */;", ["SET x = 1"]),
    ("mysql", "INSERT INTO t VALUES ('a;\\'b');SELECT 2;", ["INSERT INTO", "SELECT 2"]),
    ("sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END; SELECT 3;",
     ["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1 ; SELECT 2 ; END", "SELECT 3"]),
    ("tsql", "CREATE TABLE a (x int)\nCREATE TABLE b (y int)\nGO\nPRINT 'GO'\ngo", ["CREATE TABLE a ( x int )", "CREATE TABLE b ( y int )", "PRINT 'GO'"]),
    ("tsql", "CREATE PROC p AS\nCREATE TABLE n (x int)\nINSERT n VALUES (1)\nGO\nSELECT 1", ["CREATE PROC p AS CREATE TABLE n ( x int ) INSERT n VALUES ( 1 )", "SELECT 1"]),
    ("tsql", "ALTER TABLE [a;b] ADD x int NOT NULL", ["ALTER TABLE [a;b] ADD x int NOT NULL"]),
    ("oracle", "BEGIN x('a'); END;;\nSELECT 1\n/\nSELECT 2;", ["BEGIN x ( 'a' ) ; END", "SELECT 1", "SELECT 2"]),
    ("oracle", "REM don't\nPROMPT it's\nSELECT q'[a;'b]' FROM dual;", ["SELECT q'[a;'b]' FROM dual"]),
    ("oracle", "CREATE FUNCTION f RETURN NUMBER IS x NUMBER; BEGIN RETURN CASE WHEN 1=1 THEN 1 END; END;\n/\nSELECT 1;",
     ["CREATE FUNCTION f RETURN NUMBER IS x NUMBER ; BEGIN RETURN CASE WHEN 1 = 1 THEN 1 END ; END", "SELECT 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "expected"), SPLITS)
def test_statements_end_where_the_dialect_ends_them(
    dialect: str, text: str, expected: list[str]
) -> None:
    assert statements(text, dialect) == expected


def test_an_unclosed_definition_ends_where_the_next_table_starts() -> None:
    text = "CREATE TABLE a (x int,\nCREATE TABLE b (y int);\nCREATE TABLE c (z text DEFAULT 'oops);\nCREATE TABLE d (w int);"
    starts = [part.split(" (")[0] for part in statements(text, "postgres")]
    assert starts == ["CREATE TABLE a", "CREATE TABLE b", "CREATE TABLE c", "CREATE TABLE d"]


def test_lines_count_from_one_through_comments_and_strings() -> None:
    text = "/* 1\n2 */ SELECT 'a\nb',\n\n  x;"
    lexer = Lexer(text, "postgres")
    lines = {}
    while (token := lexer.next()) is not None:
        lines[token.text] = token.line
    assert (lines["SELECT"], lines["'a\nb'"], lines["x"]) == (2, 2, 5)


def test_copy_rows_are_counted_and_not_read() -> None:
    parts = list(split("COPY t (a) FROM stdin;\n1\nCREATE TABLE x (y int);\n\\.\n", "postgres"))
    assert [part.rows for part in parts if isinstance(part, Statement)] == [2]


def test_client_lines_are_told_apart() -> None:
    parts = list(split(":setvar X 'y'\nSELECT 1\n", "tsql"))
    assert [type(part) for part in parts] == [ClientCommand, Statement]
