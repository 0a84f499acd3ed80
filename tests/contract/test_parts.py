"""Folders by value keep the order of the rows, files by size keep to it: the same rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dataforge
from command_line import hashes
from dataforge.errors import UsageError
from dataforge.schema import Column, Schema, Table
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.sinks.formats import sink_of
from dataforge.sinks.forms import Form
from dataforge.sinks.manifest import Manifest
from dataforge.sinks.reading import read_part
from dataforge.verification import Certificate, verify_directory
from dataforge.workflows.events import Event
from dataforge.workflows.generate import generate
from dirty_schemas import dirty_schema
from process_schemas import processes
from sample_schemas import COLUMNS, INTEGER, column, key_column
from track_schemas import fleet

FORMATS = ("csv", "jsonl", "json", "parquet", "arrow")
ORDERED = {"chain", "interval", "balance"}
KINDS = (key_column(), *(column(f"c{number}", facts) for number, facts in enumerate(COLUMNS)))
SCHEMA = Schema(tables=(Table(name="t", rows=300, primary_key=("id",), columns=KINDS),))


def skipped(certificate: Certificate) -> set[str]:
    assert certificate.passed, certificate.summary()
    return {check.kind for check in certificate.checks if check.verdict == "skipped"}


@pytest.mark.parametrize("kind", FORMATS)
def test_what_depends_on_order_is_proven_of_folders(kind: str, tmp_path: Path) -> None:
    form = Form(kind, part_rows=250, partition_by=("status", "state", "number"))
    generate(processes(accounts=150, entries=900), tmp_path, form=form)
    certificate = verify_directory(tmp_path)
    assert not skipped(certificate)
    assert {check.kind for check in certificate.checks} >= ORDERED
    texts = {check.constraint for check in certificate.checks if check.kind == "balance"}
    assert "opening and amount so far" in texts
    assert list(tmp_path.glob("data/event/state=*/number=*/*"))


def test_many_rows_come_back_in_order(tmp_path: Path) -> None:
    schema = fleet(readings=100_000, things=4)
    form = Form("parquet", part_rows=150_000, partition_by=("sector",))
    fixes = schema.table("fixes")
    spec = {"kind": "number", "minimum": 1, "maximum": 40}
    sector = Column(name="sector", type=INTEGER, spec=spec)
    binned = fixes.model_copy(update={"columns": (*fixes.columns, sector)})
    generate(schema.model_copy(update={"tables": (schema.tables[0], binned)}), tmp_path, form=form)
    assert not skipped(verify_directory(tmp_path))


def broken(folder: Path, pattern: str, change: str) -> Certificate:
    """Prove a data set after a change of the first file that ``pattern`` finds."""
    path = min(folder.glob(pattern))
    rows = pq.read_table(path, partitioning=None)
    place = rows.schema.get_field_index(change)
    values = rows[change].to_pylist()
    moved = pa.array([*values[1:], values[0]], rows.schema.field(place).type)
    changed = rows.set_column(place, rows.schema.field(place), moved)
    pq.write_table(changed, path)
    return dataforge.verify(folder)


@pytest.fixture(scope="module")
def in_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("parts") / "data"
    form = Form("parquet", part_rows=250, partition_by=("number",))
    generate(processes(accounts=150, entries=900), out, form=form)
    return out


def test_a_broken_sequence_in_folders_is_found_and_its_cells_named(
    in_folders: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(in_folders, tmp_path / "data")
    certificate = broken(copy, "data/entry/number=2/*", "amount")
    assert {"balance", "file"} <= {check.kind for check in certificate.failures}
    named = [check for check in certificate.failures if check.kind == "file"]
    assert named[0].columns == ("amount",)
    assert "where the schema makes" in named[0].examples[0].found


def test_an_order_that_was_changed_is_found(in_folders: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(in_folders, tmp_path / "data")
    path = copy / "order/entry/part-00000.parquet"
    places = pq.read_table(path)["part"].to_numpy() // 2
    pq.write_table(pa.table({"part": places}), path)
    failed = {check.constraint for check in dataforge.verify(copy).failures}
    assert "the order tells of every row of the partitioned files" in failed
    path.unlink()
    assert not dataforge.verify(copy).passed


@pytest.mark.parametrize("kind", FORMATS)
def test_dirty_rows_in_folders_are_proven(kind: str, tmp_path: Path) -> None:
    form = Form(kind, part_rows=200, partition_by=("country",))
    generate(_dirty(), tmp_path, form=form, clean_twin=True)
    certificate = verify_directory(tmp_path)
    assert not skipped(certificate), certificate.summary()
    assert any(check.constraint.endswith("are the clean twin") for check in certificate.checks)


def _dirty() -> Schema:
    schema = dirty_schema(rows=500)
    people = schema.table("people")
    values = {"kind": "categorical", "values": ["DE", "FR", "x/y"]}
    country = Column(name="country", type={"kind": "string"}, null_share=0.2, spec=values)
    more = people.model_copy(update={"columns": (*people.columns, country)})
    return schema.model_copy(update={"tables": (more, *schema.tables[1:])})


def rows_of(folder: Path, manifest: Manifest, form: Form, schema: Schema) -> list[pa.Table]:
    """Read every table back, its parts one after the other."""
    sink = sink_of(form, schema)
    return [
        pa.Table.from_batches(
            [
                batch
                for part in entry.parts
                for batch in read_part(sink, schema.table(entry.name), folder, part)
            ],
            arrow_schema_of(schema.table(entry.name)),
        )
        for entry in manifest.tables
    ]


MOST = 20_000


@pytest.mark.parametrize("compression", [None, "zstd"])
@pytest.mark.parametrize("kind", FORMATS)
def test_files_of_a_size_hold_the_rows_of_the_whole(
    kind: str, compression: str | None, tmp_path: Path
) -> None:
    sized = Form(kind, compression=compression, part_bytes=MOST)
    whole = Form(kind, compression=compression)
    for workers in (1, 2):
        manifest = generate(SCHEMA, tmp_path / str(workers), form=sized, workers=workers)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")
    one = generate(SCHEMA, tmp_path / "whole", form=whole)
    parts = manifest.tables[0].parts
    assert all(part.size_bytes <= MOST or part.rows == 1 for part in parts)
    assert [part.start for part in parts] == [
        sum(p.rows for p in parts[:n]) for n, _ in enumerate(parts)
    ]
    made, wanted = (
        rows_of(tmp_path / folder, entry, sized, SCHEMA)
        for folder, entry in (("1", manifest), ("whole", one))
    )
    assert all(a.equals(b) for a, b in zip(made, wanted, strict=True))
    certificate = verify_directory(tmp_path / "1")
    assert certificate.passed, certificate.summary()


def uneven(rows: int = 3000) -> Schema:
    """Return a table whose first rows are much longer than its last, which are measured."""
    return Schema.model_validate(
        {
            "tables": [
                {
                    "name": "a.b",
                    "rows": rows,
                    "primary_key": ["id"],
                    "columns": [
                        {"name": "id", "type": {"kind": "integer"}, "nullable": False},
                        {
                            "name": "long",
                            "type": {"kind": "text"},
                            "nullable": False,
                            "spec": {
                                "kind": "expression",
                                "expression": "CASE WHEN id < 300 THEN 'longer than the others by "
                                "far, so that no estimate holds' ELSE 'x' END",
                            },
                        },
                    ],
                }
            ]
        }
    )


@pytest.mark.parametrize("part_bytes", [10_000, 30_000])
def test_a_part_that_is_too_large_is_cut_again(part_bytes: int, tmp_path: Path) -> None:
    form = Form("csv", part_bytes=part_bytes)
    for workers in (1, 2):
        manifest = generate(uneven(), tmp_path / str(workers), form=form, workers=workers)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")
    parts = manifest.tables[0].parts
    assert len(parts) > 1
    assert max(part.size_bytes for part in parts) <= part_bytes
    assert sum(part.rows for part in parts) == 3000
    assert any(part.path.endswith("-1.csv") for part in parts) or part_bytes == 30_000
    assert verify_directory(tmp_path / "1").passed
    generate(uneven(), tmp_path / "1", overwrite=True)
    assert [path.name for path in (tmp_path / "1/data").rglob("*.csv")] == ["a.b.csv"]


def test_a_stopped_run_of_sized_parts_is_taken_up(tmp_path: Path) -> None:
    form = Form("csv", part_bytes=10_000)

    def stopping(event: Event) -> None:
        if event.kind == "progress":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(uneven(), tmp_path / "a", form=form, on_event=stopping)
    generate(uneven(), tmp_path / "a", form=form, resume=True)
    generate(uneven(), tmp_path / "b", form=form)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_folders_keep_to_a_size_as_well(tmp_path: Path) -> None:
    form = Form("csv", part_bytes=10_000, partition_by=("c11",))
    manifest = generate(SCHEMA, tmp_path, form=form)
    assert max(part.size_bytes for part in manifest.tables[0].parts) <= 10_000
    assert not skipped(verify_directory(tmp_path))


def test_what_cannot_be_cut_by_size_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="mostly head → --part-size 64MB"):
        Form(part_bytes=100)
    with pytest.raises(UsageError, match="one file → leave out --part-size"):
        generate(SCHEMA, tmp_path / "out", form=Form("xlsx", part_bytes=20_000))
