"""Where files go and what the manifest says about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataforge.errors import OutputError, UsageError
from dataforge.sinks.layout import PART_ROWS, Part, file_stem, file_stems, parts
from dataforge.sinks.manifest import (
    Manifest,
    PartEntry,
    TableEntry,
    read_manifest,
    write_manifest,
)

MANIFEST = Manifest(
    engine_version="1.2.3",
    schema_hash="ab" * 32,
    seed=7,
    format="csv",
    created_by="dataforge",
    tables=(
        TableEntry(
            name="Order Details",
            rows=2,
            columns=("id", "Größe"),
            parts=(PartEntry(path="data/x.csv", start=0, rows=2, size_bytes=9, sha256="cd" * 32),),
            losses=("id: a loss",),
        ),
    ),
)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("orders", "orders"),
        ("Order Details", "Order%20Details"),
        ("../etc/passwd", "%2E.%2Fetc%2Fpasswd"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("a~2", "a%7E2"),
        (".hidden", "%2Ehidden"),
    ],
)
def test_stems_are_safe_file_names(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_names_that_differ_in_case_get_files_of_their_own() -> None:
    stems = file_stems(["User", "user", "USER", "other"])
    assert stems == {"User": "User", "user": "user~2", "USER": "USER~3", "other": "other"}


def test_long_names_stay_within_what_file_systems_take_and_stay_apart() -> None:
    stems = file_stems(["ü" * 100, "ü" * 99 + "x"])
    assert all(len(stem) <= 220 for stem in stems.values())
    assert len(set(stems.values())) == 2


@pytest.mark.parametrize("row_count", [0, 1, PART_ROWS])
def test_what_fits_a_part_is_one_file(row_count: int) -> None:
    assert parts("t", row_count, "csv") == (Part("data/t.csv", 0, row_count),)


def test_more_rows_are_cut_into_parts() -> None:
    made = parts("t", 2 * PART_ROWS + 1, "parquet")
    assert made[0] == Part("data/t/part-00000.parquet", 0, PART_ROWS)
    assert made[2] == Part("data/t/part-00002.parquet", 2 * PART_ROWS, 2 * PART_ROWS + 1)
    assert len(made) == 3


def test_the_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_manifest(MANIFEST, tmp_path)
    first = path.read_bytes()
    assert read_manifest(tmp_path) == MANIFEST
    write_manifest(MANIFEST, tmp_path)
    assert path.read_bytes() == first
    assert [entry.name for entry in tmp_path.iterdir()] == ["manifest.json"]


def test_a_directory_without_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist → name a directory"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", '{"format_version": 2}', "[1"])
def test_what_is_no_manifest_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UsageError, match="is not a manifest of format version 1"):
        read_manifest(tmp_path)


def test_a_manifest_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot write .*manifest\.json"):
        write_manifest(MANIFEST, tmp_path / "file")
