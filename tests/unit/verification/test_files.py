"""Files that are missing, cut, changed or of other columns are named; nothing is a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dataforge.errors import DataForgeError, ParseError, UsageError, VerificationError
from dataforge.schema import Rule, Schema, Table
from dataforge.verification import verify_directory
from unit.verification.data_set import SCHEMA, failed, sound_rows, write_data_set

Spoil = Callable[[bytes], bytes]
ORDERS_0 = "data/orders/part-00000"


def part_spoiled(path: str, change: Spoil) -> Callable[[str, bytes], bytes]:
    return lambda here, data: change(data) if here.startswith(path) else data


def test_a_changed_byte_fails_the_files_hash_and_names_it(tmp_path: Path) -> None:
    write_data_set(tmp_path, sound_rows())
    path = tmp_path / f"{ORDERS_0}.csv"
    path.write_bytes(path.read_bytes().replace(b"2025-05-01", b"2025-05-02"))
    found = failed(verify_directory(tmp_path), "file")
    assert (found.table, found.constraint) == ("orders", f"{ORDERS_0}.csv")
    assert "sha256" in found.examples[0].found


def test_another_size_is_told_in_bytes(tmp_path: Path) -> None:
    write_data_set(tmp_path, sound_rows())
    with (tmp_path / f"{ORDERS_0}.csv").open("ab") as file:
        file.write(b"\n")
    assert "bytes" in failed(verify_directory(tmp_path), "file").examples[0].found


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "arrow"])
def test_a_missing_part_is_named_and_the_other_tables_are_still_proven(
    tmp_path: Path, kind: str
) -> None:
    write_data_set(tmp_path, sound_rows(), kind)
    (tmp_path / f"{ORDERS_0}.{kind}").unlink()
    certificate = verify_directory(tmp_path)
    assert failed(certificate, "file").examples[0].found == "there is no such file"
    skipped = [check for check in certificate.checks if check.verdict == "skipped"]
    assert [check.table for check in skipped] == ["orders"]
    assert any(c.kind == "primary_key" and c.table == "lines" for c in certificate.checks)


# Bytes that no reader takes, by format.
BROKEN: tuple[tuple[str, Spoil, str], ...] = (
    ("csv", lambda data: data.replace(b"10,1,", b"10,"), "line 2"),
    ("csv", lambda data: data.replace(b"10,1,", b"10,1,1,"), "line 2"),
    ("csv", lambda data: data + b'"13', "line 4"),
    ("csv", lambda data: b"\xff\xfe" + data, ""),
    ("jsonl", lambda data: data[:-20], "row=1"),
    ("jsonl", lambda _data: b"garbage\n", "row=0"),
    ("json", lambda data: data[:-20], ""),
    ("parquet", lambda data: data[: len(data) // 2], ""),
    ("parquet", lambda _data: b"", ""),
    ("arrow", lambda data: data[: len(data) // 2], ""),
    ("arrow", lambda _data: b"ARROW1 garbage", ""),
)


@pytest.mark.parametrize(("kind", "change", "place"), BROKEN)
def test_a_malformed_file_fails_as_such(
    tmp_path: Path, kind: str, change: Spoil, place: str
) -> None:
    write_data_set(tmp_path, sound_rows(), kind, spoil=part_spoiled(ORDERS_0, change))
    certificate = verify_directory(tmp_path)
    found = failed(certificate, "format", "orders")
    told = f"{found.reason} {found.examples}"
    assert "part-00000" in told or place
    assert place in told


# Headers that are not the schema's columns, and what is said about them.
HEADERS: tuple[tuple[bytes, str], ...] = (
    (b"id,email,boss_id,country", "missing: nation"),
    (b"id,email,boss_id", "missing: nation"),
    (b"id,email,boss_id,nation,more", "not in the schema: more"),
    (b"id,email,boss_id,id", "twice: id"),
    (b"email,id,boss_id,nation", "order email, id, boss_id, nation"),
)


@pytest.mark.parametrize(("header", "message"), HEADERS)
def test_a_wrong_header_is_named(tmp_path: Path, header: bytes, message: str) -> None:
    spoil = part_spoiled(
        "data/customers/", lambda data: data.replace(b"id,email,boss_id,nation", header)
    )
    certificate = verify_directory(write_data_set(tmp_path, sound_rows(), spoil=spoil))
    found = failed(certificate, "columns", "customers")
    assert message in {example.found for example in found.examples}
    assert found.examples[0].key.startswith("data/customers/part-00000")


def test_objects_with_other_members_are_named_by_row(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["customers"][1]["more"] = 1
    del rows["customers"][3]["email"]
    found = failed(verify_directory(write_data_set(tmp_path, rows, "jsonl")), "columns")
    assert [example.row for example in found.examples] == [1, 3]


def test_a_parquet_file_with_another_column_is_named(tmp_path: Path) -> None:
    write_data_set(tmp_path, sound_rows(), "parquet")
    lines, orders = (tmp_path / f"data/{name}/part-00000.parquet" for name in ("lines", "orders"))
    orders.write_bytes(lines.read_bytes())
    found = failed(verify_directory(tmp_path), "columns", "orders")
    assert "missing" in found.examples[0].found


def test_too_few_rows_name_the_part(tmp_path: Path) -> None:
    spoil = part_spoiled(
        "data/lines/part-00002", lambda data: b"\n".join(data.split(b"\n")[:-2]) + b"\n"
    )
    found = failed(verify_directory(write_data_set(tmp_path, sound_rows(), spoil=spoil)), "rows")
    assert (found.table, found.violations) == ("lines", 1)
    assert found.examples[0].key == "data/lines/part-00002.csv"


def manifest_changed(directory: Path, **facts: object) -> Path:
    path = directory / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))
    return directory


def test_a_manifest_of_another_schema_or_seed_fails(tmp_path: Path) -> None:
    write_data_set(tmp_path, sound_rows())
    manifest_changed(tmp_path, schema_hash="0" * 64, seed=8)
    told = {example.found for example in failed(verify_directory(tmp_path), "schema").examples}
    assert told == {"another schema_hash", "another seed"}


def test_a_table_that_was_not_written_fails(tmp_path: Path) -> None:
    write_data_set(tmp_path, sound_rows())
    manifest_changed(
        tmp_path, tables=json.loads((tmp_path / "manifest.json").read_text())["tables"][:3]
    )
    told = [example.found for example in failed(verify_directory(tmp_path), "schema").examples]
    assert told == ["table notes was not written"]


def unlinked(name: str) -> Callable[[Path], None]:
    return lambda directory: (directory / name).unlink()


def filled(name: str, text: str) -> Callable[[Path], None]:
    def fill(directory: Path) -> None:
        (directory / name).write_text(text)

    return fill


def binary_claimed(directory: Path) -> None:
    manifest_changed(directory, format="duckdb")


def part_outside(directory: Path) -> None:
    path = directory / "manifest.json"
    path.write_text(path.read_text().replace("data/notes/", "../notes/"))


REFUSED: tuple[tuple[Callable[[Path], None], type[DataForgeError], str], ...] = (
    (unlinked("manifest.json"), UsageError, "manifest.json does not exist"),
    (filled("manifest.json", "{"), UsageError, "not a manifest"),
    (unlinked("schema.yaml"), ParseError, "schema.yaml"),
    (filled("schema.yaml", "tables: ["), DataForgeError, "schema.yaml"),
    (binary_claimed, VerificationError, "cannot be read back"),
    (part_outside, UsageError, "leads out of"),
)


@pytest.mark.parametrize(("spoil", "error", "message"), REFUSED)
def test_what_is_no_data_set_is_refused_with_its_reason(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[DataForgeError], message: str
) -> None:
    write_data_set(tmp_path, sound_rows())
    spoil(tmp_path)
    with pytest.raises(error, match=message):
        verify_directory(tmp_path)


def with_rule(expression: str) -> Schema:
    tables: list[Table] = [
        table.model_copy(update={"rules": (Rule(expression=expression),)})
        if table.name == "customers"
        else table
        for table in SCHEMA.tables
    ]
    return SCHEMA.model_copy(update={"tables": tuple(tables)})


def test_a_rule_that_cannot_be_evaluated_is_skipped_with_its_reason(tmp_path: Path) -> None:
    schema = with_rule("no_such_function(nation) > 1")
    certificate = verify_directory(write_data_set(tmp_path, sound_rows(), schema=schema))
    (check,) = (c for c in certificate.checks if c.kind == "rule" and c.table == "customers")
    assert check.verdict == "skipped"
    assert "no_such_function" in check.reason


def test_a_rule_whose_evaluation_fails_for_a_row_does_not_hold(tmp_path: Path) -> None:
    schema = with_rule("CAST(nation AS INT) > 0")
    certificate = verify_directory(write_data_set(tmp_path, sound_rows(), schema=schema))
    assert "cannot be evaluated" in failed(certificate, "rule", "customers").reason


def test_an_empty_table_passes(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["notes"] = []
    for kind in ("csv", "jsonl", "json", "parquet", "arrow"):
        certificate = verify_directory(write_data_set(tmp_path / kind, rows, kind))
        assert certificate.passed, certificate.summary()


def test_summary_and_certificate_file_tell_the_failure(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["customers"][2]["nation"] = None
    certificate = verify_directory(write_data_set(tmp_path, rows))
    lines = certificate.summary()
    assert lines[0].startswith("FAILED: 4 tables, 14 rows")
    assert "  failed not_null customers(nation) NOT NULL: 1 violations" in lines
    assert "    row 2, column nation, found null" in lines
    written = certificate.write(tmp_path / "certificate.json")
    assert type(certificate).model_validate_json(written.read_bytes()) == certificate
