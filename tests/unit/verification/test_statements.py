"""SQL files are read, never run: whatever is no row of literals is named with its line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from dataforge.verification import Certificate, verify_directory
from unit.verification.data_set import SQL_DIALECTS, failed, sound_rows, write_data_set

Spoil = Callable[[bytes], bytes]
INSERTING = SQL_DIALECTS[1:]


def certificate(
    directory: Path, dialect: str, spoil: Spoil, table: str, part_rows: int = 100
) -> Certificate:
    def change(path: str, data: bytes) -> bytes:
        return spoil(data) if path.startswith(f"data/{table}/") else data

    write_data_set(directory, sound_rows(), f"sql-{dialect}", part_rows=part_rows, spoil=change)
    return verify_directory(directory)


def replaced(old: str, new: str) -> Spoil:
    def replace(data: bytes) -> bytes:
        assert old.encode() in data, data
        return data.replace(old.encode(), new.encode(), 1)

    return replace


# Table, what is done to its text, the line that is named and what is said of it.
BROKEN_INSERTS: tuple[tuple[str, Spoil, int, str], ...] = (
    ("lines", replaced("(10, 2, 5.00, 7.50),", "(10, 2, 5.00, 7.50);"), 4, "neither a row nor"),
    ("lines", replaced("(10, 2, 5.00, 7.50),", "(10, 2, 5.00),"), 3, "3 values where"),
    ("lines", replaced("(10, 2, 5.00, 7.50),", "(10, 2, 5.00, 7.50, 1),"), 3, "5 values where"),
    ("lines", replaced("(10, 2, 5.00, 7.50),", "10, 2, 5.00, 7.50,"), 3, "no row of values"),
    ("lines", lambda data: data + b"DROP TABLE customers;\n", 8, ""),
    ("lines", replaced(";\nINSERT INTO", ";\nDELETE FROM"), 5, "neither a row nor"),
    ("lines", lambda data: data[:-3], 7, "a row without an end"),
    ("lines", lambda data: data[:-1], 7, "a row without an end"),
    ("lines", lambda data: data[: data.rindex(b"(")], 7, "neither a row nor"),
    ("lines", lambda data: b"DROP TABLE x;\n" + data, 1, "does not begin with"),
    ("lines", replaced("INSERT INTO", "REPLACE INTO"), 1, "does not begin with"),
    ("lines", replaced("10, 2, 5.00", "10, 2, '5.00'"), 3, "a text where none begins"),
    ("lines", replaced("10, 2, 5.00", "10, 2, 5\t.00"), 3, "text between values"),
    ("lines", replaced("10, 2, 5.00", "10, 2, \\N"), 3, "text between values"),
    ("customers", replaced("'DE'", "DE"), 2, "no literal of nation"),
    ("customers", replaced("'DE'", "'DE' 'FR'"), 2, "a text where none begins"),
    ("customers", replaced("'DE'", "'DE"), 2, ""),
    ("customers", replaced("'DE'", "DE'"), 2, ""),
    ("customers", replaced("'DE'", "'D'E'"), 2, ""),
    ("customers", replaced("'DE'", "CHAR(68)"), 2, "no literal of nation"),
    ("customers", lambda data: data.replace(b"DE", b"\xff\xfe"), 2, "no UTF-8"),
    ("customers", lambda data: data.replace(b"DE", b"\xc3("), 2, "no UTF-8"),
)


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
@pytest.mark.parametrize(("table", "spoil", "line", "said"), BROKEN_INSERTS)
def test_text_that_is_no_row_is_named_by_its_line(
    tmp_path: Path, dialect: str, table: str, spoil: Spoil, line: int, said: str
) -> None:
    found = failed(certificate(tmp_path, dialect, spoil, table), "format", table)
    (example,) = found.examples
    assert example.key == f"data/{table}/part-00000.sql, line {line}"
    assert said in example.found


BROKEN_COPIES: tuple[tuple[str, Spoil, int, str], ...] = (
    ("lines", replaced("10\t2\t5.00\t7.50", "10\t2\t5.00"), 3, "3 fields where"),
    ("lines", replaced("10\t2\t5.00\t7.50", "10\t2\t5.00\t7.50\t"), 3, "5 fields where"),
    ("lines", replaced("10\t2\t5.00\t7.50", "10\t2\t5.00\t7.50\r"), 3, "carriage return"),
    ("lines", lambda data: data[:-3], 7, "ends without"),
    ("lines", lambda data: data[:-5], 6, "a row without an end"),
    ("lines", lambda data: data + b"DROP TABLE customers;\n", 7, "1 fields where"),
    ("lines", replaced("FROM stdin", "FROM PROGRAM 'rm'"), 1, "does not begin with"),
    ("customers", replaced("DE", "\\N."), 2, "an unknown escape"),
    ("customers", replaced("DE", "\\x41"), 2, "an unknown escape"),
    ("customers", replaced("DE", "\\"), 2, ""),
    ("customers", lambda data: data.replace(b"DE", b"\xc3("), 2, "no UTF-8"),
)


@pytest.mark.parametrize(("table", "spoil", "line", "said"), BROKEN_COPIES)
def test_copy_text_that_is_no_row_is_named_by_its_line(
    tmp_path: Path, table: str, spoil: Spoil, line: int, said: str
) -> None:
    found = failed(certificate(tmp_path, "postgres", spoil, table), "format", table)
    (example,) = found.examples
    assert example.key == f"data/{table}/part-00000.sql, line {line}"
    assert said in example.found


def test_a_part_of_other_columns_is_told_by_their_names(tmp_path: Path) -> None:
    found = failed(
        certificate(tmp_path, "mysql", replaced("`so_far`", "`sum`"), "lines"), "columns"
    )
    assert [example.found for example in found.examples] == [
        "missing: so_far",
        "not in the schema: sum",
    ]


def test_the_other_statement_of_a_part_may_not_name_other_columns(tmp_path: Path) -> None:
    def swap(data: bytes) -> bytes:
        head, gap, rest = data.rpartition(b"`order_id`, `line`")
        return head + b"`line`, `order_id`" + rest if gap else data

    found = failed(certificate(tmp_path, "mysql", swap, "lines"), "format", "lines")
    assert found.examples[0].key.endswith("line 5")


@pytest.mark.parametrize("dialect", INSERTING)
def test_a_type_that_says_so_in_its_literal_has_to(tmp_path: Path, dialect: str) -> None:
    before, after = {
        "mysql": ("ST_GeomFromText('", "ST_AsText('"),
        "sqlite": ("X'", "'"),
        "tsql": ("0x", "0b"),
        "oracle": (" +00:00'", " +01:00'"),
    }[dialect]
    made = certificate(tmp_path, dialect, replaced(before, after), "notes")
    assert "no literal of" in failed(made, "format", "notes").examples[0].found


def test_what_a_bare_value_has_too_much_is_told_of_its_cell(tmp_path: Path) -> None:
    made = certificate(tmp_path, "mysql", replaced("7.50),\n", "7.50)),\n"), "lines")
    (example,) = failed(made, "type", "lines").examples
    assert (example.row, example.column, example.found) == (1, "so_far", "7.50)")


def test_parts_that_are_packed_are_read(tmp_path: Path) -> None:
    for dialect in SQL_DIALECTS:
        directory = tmp_path / dialect
        made = certificate(directory, dialect, lambda data: data, "lines")
        assert made.passed, made.summary()
        manifest = directory / "manifest.json"
        manifest.write_text(manifest.read_text().replace(".sql", ".sql.gz"))
        for path in directory.glob("data/*/*.sql"):
            path.with_suffix(".sql.gz").write_bytes(gzip.compress(path.read_bytes()))
            path.unlink()
        kinds = {check.kind for check in verify_directory(directory).failures}
        assert kinds == {"file"}  # their hashes are those of other bytes


def test_a_packed_part_that_is_cut_off_is_named(tmp_path: Path) -> None:
    certificate(tmp_path, "mysql", gzip.compress, "lines")
    directory = tmp_path
    manifest = directory / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace("data/lines/part-00000.sql", "data/lines/part-00000.sql.gz")
    )
    path = directory / "data/lines/part-00000.sql"
    path.with_suffix(".sql.gz").write_bytes(path.read_bytes()[:-12])
    found = failed(verify_directory(directory), "format", "lines")
    assert found.examples
