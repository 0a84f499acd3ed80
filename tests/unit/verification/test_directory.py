"""A sound data set passes; one changed cell fails, naming table, row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dataforge.verification import verify_directory
from unit.verification.data_set import SQL_DIALECTS, Rows, failed, sound_rows, write_data_set

SQL = tuple(f"sql-{dialect}" for dialect in SQL_DIALECTS)
FORMATS = ("csv", "jsonl", "json", "parquet", "arrow", *SQL)
KINDS = {
    "schema",
    "file",
    "columns",
    "rows",
    "type",
    "not_null",
    "primary_key",
    "unique",
    "foreign_key",
    "rule",
    "expression",
    "cardinality",
    "aggregate",
    "lookup",
    "ordinal",
    "running_total",
    "union_key",
    "depth",
    "cycle",
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part_rows", [1, 2, 100])
def test_sound_data_passes_every_kind_of_check(tmp_path: Path, kind: str, part_rows: int) -> None:
    write_data_set(tmp_path, sound_rows(), kind, part_rows=part_rows)
    certificate = verify_directory(tmp_path)
    assert certificate.summary()[0].startswith("PASSED: 4 tables, 14 rows"), certificate.summary()
    assert {check.verdict for check in certificate.checks} == {"passed"}, certificate.summary()
    assert {check.kind for check in certificate.checks} == KINDS


def change(table: str, row: int, **cells: Any) -> Callable[[Rows], None]:
    def apply(rows: Rows) -> None:
        rows[table][row].update(cells)

    return apply


def append(table: str, like: int, **cells: Any) -> Callable[[Rows], None]:
    def apply(rows: Rows) -> None:
        rows[table].append(rows[table][like] | cells)

    return apply


# What is changed → the kind of check that fails, its table, row and column.
CHANGES: tuple[tuple[Callable[[Rows], None], str, str, int | None, str], ...] = (
    (change("customers", 2, nation=None), "not_null", "customers", 2, "nation"),
    (change("lines", 4, order_id=None), "not_null", "lines", 4, "order_id"),
    (change("customers", 3, id=1), "primary_key", "customers", 3, "id"),
    (change("lines", 3, line=1), "primary_key", "lines", 3, "order_id, line"),
    (change("customers", 3, email="a@x"), "unique", "customers", 3, "email"),
    (change("orders", 2, customer_id=99), "foreign_key", "orders", 2, "customer_id"),
    (change("notes", 0, line=3), "foreign_key", "notes", 0, "order_id, line"),
    (change("lines", 2, amount=Decimal("-0.01")), "rule", "lines", 2, "amount"),
    (change("orders", 1, placed=date(2026, 1, 2)), "rule", "orders", 1, "placed"),
    (change("orders", 1, tax=Decimal("0.01")), "expression", "orders", 1, "tax"),
    (append("orders", 2, id=13, customer_id=1), "cardinality", "customers", 0, "id"),
    (change("orders", 0, total=Decimal("7.51")), "aggregate", "orders", 0, "total"),
    (change("orders", 2, line_count=1), "aggregate", "orders", 2, "line_count"),
    (change("orders", 1, top=Decimal("0.02")), "aggregate", "orders", 1, "top"),
    (change("orders", 0, average=Decimal("3.76")), "aggregate", "orders", 0, "average"),
    (change("orders", 0, average=None), "aggregate", "orders", 0, "average"),
    (change("orders", 2, nation="FR"), "lookup", "orders", 2, "nation"),
    (change("lines", 4, line=4), "ordinal", "lines", 4, "line"),
    (change("lines", 1, so_far=Decimal("7.51")), "running_total", "lines", 1, "so_far"),
    (change("notes", 0, about=12), "union_key", "notes", 0, "about"),
    (change("notes", 1, about_kind="X"), "union_key", "notes", 1, "about"),
    (change("customers", 3, boss_id=2), "depth", "customers", 3, "boss_id"),
    (change("customers", 0, boss_id=2), "cycle", "customers", 0, "boss_id"),
    (change("customers", 1, email="x" * 13), "type", "customers", 1, "email"),
    (change("notes", 1, mood="angry"), "type", "notes", 1, "mood"),
    (change("notes", 1, moods="calm,angry"), "type", "notes", 1, "moods"),
    (change("notes", 0, id="6f1c1f0e8d4b4c1a9a510d9d5a1d6c01"), "type", "notes", 0, "id"),
    (change("notes", 0, span="3 days"), "type", "notes", 0, "span"),
    (change("notes", 0, place="POINT(13.4)"), "type", "notes", 0, "place"),
    (change("notes", 0, photo=b"four"), "type", "notes", 0, "photo"),
    (append("customers", 3, id=5, email=None), "rows", "customers", None, ""),
)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", *SQL])
@pytest.mark.parametrize(("spoil", "check", "table", "row", "column"), CHANGES)
def test_one_changed_cell_is_named(
    tmp_path: Path,
    kind: str,
    spoil: Callable[[Rows], None],
    check: str,
    table: str,
    row: int | None,
    column: str,
) -> None:
    rows = sound_rows()
    spoil(rows)
    write_data_set(tmp_path, rows, kind)
    found = failed(verify_directory(tmp_path), check, table)
    assert found.violations >= 1
    if row is not None:
        assert (found.examples[0].row, found.examples[0].column) == (row, column)


# Texts that are no value of their column's type: only formats without types can hold them.
UNREADABLE: tuple[tuple[str, str, str], ...] = (
    ("customers", "boss_id", "1.5"),
    ("customers", "boss_id", "one"),
    ("customers", "boss_id", "2147483648"),
    ("notes", "tiny", "128"),
    ("notes", "tiny", "1.04"),
    ("notes", "huge", "9223372036854775808"),
    ("notes", "huge", "7.5"),
    ("orders", "total", "7.501"),
    ("orders", "total", "7.5001"),
    ("orders", "total", "123456789.00"),
    ("notes", "wide", "1.001"),
    ("notes", "wide", "12345678901234567.00"),
    ("orders", "placed", "2025-02-30"),
    ("notes", "at", "yesterday"),
    ("notes", "at", "2024-02-29 23:59:59.5Z"),
    ("notes", "clock", "25:00:00"),
    ("notes", "done", "maybe"),
    ("notes", "photo", "abc"),
    ("notes", "score", "high"),
    ("notes", "tags", '[1, "x"]'),
    ("notes", "tags", "1"),
    ("notes", "id", "6f1c1f0e-8d4b-4c1a-9a51-0d9d5a1d6c0g"),
)


@pytest.mark.parametrize("kind", ["csv", "jsonl", *SQL[:2]])
@pytest.mark.parametrize(("table", "column", "text"), UNREADABLE)
def test_a_cell_that_is_no_value_of_its_type_is_named(
    tmp_path: Path, kind: str, table: str, column: str, text: str
) -> None:
    rows = sound_rows()
    rows[table][0][column] = text
    write_data_set(tmp_path, rows, kind)
    found = failed(verify_directory(tmp_path), "type", table)
    assert found.violations == 1
    (example,) = found.examples
    assert (example.row, example.column) == (0, column)
    assert example.found.startswith(text)


def test_broken_json_in_a_json_column_is_named(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["notes"][0]["body"] = "{broken"
    found = failed(verify_directory(write_data_set(tmp_path, rows)), "type", "notes")
    assert (found.examples[0].row, found.examples[0].column) == (0, "body")


def test_counts_all_violations_and_shows_five(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["lines"] = [
        {"order_id": 10, "line": n, "amount": Decimal(-1), "so_far": Decimal(-n)}
        for n in range(1, 9)
    ]
    found = failed(verify_directory(write_data_set(tmp_path, rows)), "rule", "lines")
    assert found.violations == 8
    assert [example.row for example in found.examples] == [0, 1, 2, 3, 4]


def test_long_found_values_are_cut(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["customers"][0]["email"] = "x" * 500
    found = failed(verify_directory(write_data_set(tmp_path, rows)), "type", "customers")
    assert len(found.examples[0].found) == 80


def test_money_closes_to_the_cent_beyond_what_floats_hold(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["notes"][0]["wide"] = Decimal("9999999999999999.99")
    for kind in ("csv", "jsonl", "parquet", *SQL):
        (tmp_path / kind).mkdir()
        certificate = verify_directory(write_data_set(tmp_path / kind, rows, kind))
        assert certificate.passed, certificate.summary()


def test_order_of_rows_does_not_matter_to_sequences_of_scattered_owners(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["lines"] = [rows["lines"][n] for n in (2, 0, 3, 1, 4)]
    certificate = verify_directory(write_data_set(tmp_path, rows))
    assert certificate.passed, certificate.summary()


def test_progress_counts_rows_over_all_tables(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    write_data_set(tmp_path, sound_rows())
    verify_directory(tmp_path, on_progress=lambda *event: seen.append(event))
    assert seen == [
        ("customers", 4, 14),
        ("orders", 7, 14),
        ("lines", 12, 14),
        ("notes", 14, 14),
    ]


def test_certificates_of_equal_bytes_are_equal_and_of_other_bytes_are_not(tmp_path: Path) -> None:
    first = verify_directory(write_data_set(tmp_path / "a", sound_rows()))
    again = verify_directory(write_data_set(tmp_path / "b", sound_rows()))
    rows = sound_rows()
    rows["notes"][0]["at"] = datetime(2024, 3, 1, tzinfo=UTC)
    other = verify_directory(write_data_set(tmp_path / "c", rows))
    assert first == again
    assert (other.verdict, other.schema_hash) == (first.verdict, first.schema_hash)
    assert other.data_hash != first.data_hash
