"""Dirty data from the doors: files, truth and twin agree, and the verifier proves it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import dataforge
from command_line import hashes
from dataforge.cli.main import main
from dataforge.schema import Schema, write_schema
from dataforge.sinks import layout
from dirty_schemas import (
    COLUMNS,
    DIRT,
    Rows,
    dirty_schema,
    outer_diff,
    read_rows,
    told_cells,
)
from process_schemas import processes

Ran = Callable[..., tuple[int, str, str]]
SMALL_PARTS = 300


@pytest.fixture
def ran(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def tables_of(directory: Path) -> dict[str, dict[str, Any]]:
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    return {table["name"]: table for table in manifest["tables"]}


def as_truth(rows: Rows) -> Rows:
    """CSV has every number as text."""
    numbers = ("row", "source_row", "duplicate_of")
    return [
        {**row, **{name: row[name] if row[name] is None else int(row[name]) for name in numbers}}
        for row in rows
    ]


@pytest.mark.parametrize("locale", ["de_DE", "ja_JP", "ar_SA"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_written_truth_is_the_full_outer_diff_of_the_written_files(
    form: str, locale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "PART_ROWS", SMALL_PARTS)
    schema = dirty_schema(locale=locale)
    dataforge.generate(schema, tmp_path / "out", format=form, clean_twin=True, workers=1)
    dirty, twin = tables_of(tmp_path / "out"), tables_of(tmp_path / "out/clean")
    assert len(dirty["people"]["truth"]) == len(dirty["people"]["parts"]) == 3
    for name in ("people", "visits"):
        told = as_truth(read_rows(tmp_path / "out", dirty[name], "truth"))
        found = outer_diff(
            read_rows(tmp_path / "out", dirty[name]),
            read_rows(tmp_path / "out/clean", twin[name]),
            told,
        )
        listed = told_cells(told)
        assert found.keys() == listed.keys()
        assert listed
        if form == "csv":
            assert found == listed


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "parquet", "arrow", "xlsx"])
def test_every_format_is_proven(form: str, ran: Ran) -> None:
    write_schema(dirty_schema(rows=400, locale="pl_PL"), "dirty.yaml")
    code, _, err = ran(
        "generate", "--schema", "dirty.yaml", "--out", "d", "--format", form, "--clean-twin"
    )
    assert code == 0, err
    code, out, err = ran("verify", "d")
    assert code == 0, out + err
    certificate = json.loads(Path("d/certificate.json").read_text("utf-8"))
    proven = [check["constraint"] for check in certificate["checks"] if check["kind"] == "dirt"]
    assert "dirty rows and truth are the clean twin" in proven
    assert any("typo in 20.00%" in each for each in proven)


def test_packed_and_defused_files_are_proven(ran: Ran) -> None:
    write_schema(dirty_schema(rows=200), "dirty.yaml")
    code, _, err = ran(
        "generate", "--schema", "dirty.yaml", "--out", "d", "--compression", "gzip",
        "--defuse-formulas", "--rows-per-file", "100", "--clean-twin",
    )  # fmt: skip
    assert code == 0, err
    code, out, err = ran("verify", "d")
    assert code == 0, out + err


def test_a_value_that_fits_no_column_is_found(tmp_path: Path) -> None:
    out = tmp_path / "d"
    dataforge.generate(dirty_schema(rows=30), out)
    path = out / "data/people.csv"
    lines = path.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[-2] = "perhaps"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    failed = [check.constraint for check in dataforge.verify(out).failures]
    assert "dirty values fit the columns that are left to them" in failed


def test_workers_and_batches_change_no_byte(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "PART_ROWS", SMALL_PARTS)
    write_schema(dirty_schema(), "dirty.yaml")
    found = []
    for workers in ("1", "2", "5"):
        out = f"d{workers}"
        code, _, err = ran(
            "generate", "--schema", "dirty.yaml", "--out", out, "--workers", workers,
            "--clean-twin",
        )  # fmt: skip
        assert code == 0, err
        found.append(hashes(Path(out)))
    assert found[0] == found[1] == found[2]


def test_what_the_truth_does_not_list_is_found(tmp_path: Path) -> None:
    out = tmp_path / "d"
    dataforge.generate(dirty_schema(rows=300), out, format="parquet", clean_twin=True)
    assert dataforge.verify(out).passed
    for path, change in (("data/people.parquet", -1), ("truth/people.parquet", 1)):
        file = out / path
        kept = file.read_bytes()
        table = pq.read_table(file)
        pq.write_table(table[change:] if change > 0 else table[: table.num_rows - 1], file)
        failed = {check.kind for check in dataforge.verify(out).failures}
        assert failed > {"file"}, path
        file.write_bytes(kept)
    assert dataforge.verify(out).passed


def test_the_twin_can_be_left_out_and_a_stale_one_goes(ran: Ran) -> None:
    write_schema(dirty_schema(rows=50), "dirty.yaml")
    assert ran("generate", "--schema", "dirty.yaml", "--out", "d", "--clean-twin")[0] == 0
    assert Path("d/clean/data/people.csv").exists()
    assert ran("verify", "d/clean")[0] == 0
    assert ran("generate", "--schema", "dirty.yaml", "--out", "d", "--overwrite")[0] == 0
    assert not Path("d/clean").exists()
    assert ran("verify", "d")[0] == 0
    assert "there is no clean twin" in Path("d/certificate.json").read_text("utf-8")


def test_the_clean_twin_is_the_data_set_of_the_schema_without_dirt(tmp_path: Path) -> None:
    dataforge.generate(dirty_schema(rows=80), tmp_path / "dirty", clean_twin=True)
    dataforge.generate(dirty_schema([], rows=80), tmp_path / "plain")
    wanted = (tmp_path / "plain/data/people.csv").read_bytes()
    assert (tmp_path / "dirty/clean/data/people.csv").read_bytes() == wanted


def test_dirty_rows_go_into_a_database_without_the_promises_they_break(ran: Ran) -> None:
    write_schema(dirty_schema(rows=100), "dirty.yaml")
    assert ran("generate", "--schema", "dirty.yaml", "--out", "sqlite:///x.db")[0] == 0
    assert ran("generate", "--schema", "dirty.yaml", "--out", "d")[0] == 0
    assert ran("load", "d", "sqlite:///y.db")[0] == 0
    for name in ("x.db", "y.db"):
        with sqlite3.connect(name) as database:
            (rows,) = database.execute("select count(*) from people").fetchone()
            assert rows == 110
    ddl = Path("d/ddl.sql").read_text("utf-8")
    assert "-- not enforced: PRIMARY KEY (id)" in ddl
    assert "-- not enforced: seen_at NOT NULL" in ddl
    assert "-- not enforced: FOREIGN KEY (person_id) REFERENCES people" in ddl


def test_the_python_door_hands_out_dirty_rows_and_their_truth() -> None:
    data = dataforge.generate(dirty_schema(rows=200))
    assert len(data["people"]) == 220
    truth = data.truth("people")
    assert set(truth.column("kinds").to_pylist()) >= {"typo", "duplicate"}
    part = data.truth("people", 50, 60)
    rows = truth.column("row").to_pylist()
    assert part.num_rows == sum(50 <= row < 60 for row in rows)
    assert data["visits"].to_arrow().column("is_dirty").to_pylist().count(True) > 0
    with pytest.raises(KeyError, match="people"):
        data.truth("peple")
    with pytest.raises(dataforge.UsageError, match="preview"):
        dataforge.preview(dirty_schema(rows=20)).truth("people")
    assert dataforge.preview(dirty_schema(rows=20), 5)["visits"].columns[-1] == "is_dirty"


def with_dirt(*specs: dict[str, Any], **facts: Any) -> Schema:
    return dirty_schema(list(specs), rows=10, **facts)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a rate above one": ({"kind": "typo", "rate": 1.5}, "less than or equal to 1"),
    "a rate below nothing": ({"kind": "typo", "rate": -0.1}, "greater than or equal to 0"),
    "no rate": ({"kind": "typo"}, "'rate' is missing"),
    "an unknown kind": ({"kind": "typoo", "rate": 0.1}, "did you mean 'typo'"),
    "an unknown column": (
        {"kind": "typo", "rate": 0.1, "columns": ["citty"]},
        "no column 'citty' (did you mean 'city'?",
    ),
    "a type that cannot take it": (
        {"kind": "typo", "rate": 0.1, "columns": ["price"]},
        "it can act on first_name, last_name, city",
    ),
    "numbers only": (
        {"kind": "outlier", "rate": 0.1, "columns": ["city"]},
        "it can act on id, price",
    ),
    "a swap of two types": (
        {"kind": "swap", "rate": 0.1, "columns": ["first_name", "born"]},
        "'first_name' is of type string, 'born' of type date",
    ),
    "a swap with itself": (
        {"kind": "swap", "rate": 0.1, "columns": ["city", "city"]},
        "stands twice",
    ),
    "mar without a condition": (
        {"kind": "missing", "rate": 0.1, "columns": ["city"], "pattern": "mar"},
        "needs a condition",
    ),
    "mar on an unknown column": (
        {"kind": "missing", "rate": 0.1, "columns": ["city"], "pattern": "mar", "when": "smal > 1"},
        "did you mean 'small'",
    ),
    "mar on itself": (
        {"kind": "missing", "rate": 0.1, "columns": ["price"], "pattern": "mar",
         "when": "price > 1"},
        "write pattern: mnar",
    ),
    "mnar on another": (
        {"kind": "missing", "rate": 0.1, "columns": ["city"], "pattern": "mnar",
         "when": "price > 1"},
        "write pattern: mar",
    ),
    "mcar with a condition": (
        {"kind": "missing", "rate": 0.1, "columns": ["city"], "when": "price > 1"},
        "write pattern mar or mnar",
    ),
    "a flip that is not known": (
        {"kind": "unit", "rate": 0.1, "columns": ["price"], "flip": "kg_to_stone"},
        "kg_to_lb",
    ),
    "a flip of nothing": ({"kind": "unit", "rate": 0.1, "columns": ["price"]}, "give one of"),
    "orphans of no key": (
        {"kind": "orphan", "rate": 0.1, "columns": ["small"]},
        "not a foreign key by itself",
    ),
    "orphans of nothing": ({"kind": "orphan", "rate": 0.1}, "no column of the table can take"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD)
def test_dirt_that_cannot_be_is_told_with_its_place_and_remedy(fault: str, ran: Ran) -> None:
    spec, message = BAD[fault]
    table = {"name": "people", "columns": COLUMNS, "dirt": [spec], "primary_key": ["id"]}
    Path("bad.json").write_text(json.dumps({"version": 1, "tables": [table]}), "utf-8")
    code, _, err = ran("generate", "--schema", "bad.json", "--out", "d")
    told = " ".join(err.split())
    assert code == 2
    assert "tables.people.dirt.0" in told
    assert message in told
    assert not Path("d").exists()


def test_what_stands_twice_or_labels_nothing_is_told() -> None:
    twice = [{"kind": "duplicate", "rate": 0.1}, {"kind": "duplicate", "rate": 0.2}]
    with pytest.raises(dataforge.SchemaError, match="'duplicate' stands twice"):
        with_dirt(*twice)
    schema = with_dirt(*DIRT)
    people = schema.table("people").model_copy(update={"dirt_label": "City"})
    clash = schema.model_copy(update={"tables": (people,)})
    with pytest.raises(dataforge.SchemaError, match="has a column 'City' already"):
        dataforge.generate(clash)


def test_orphans_need_a_key_that_is_not_used_up() -> None:
    columns = [
        {"name": "id", "type": "string(1)", "nullable": False,
         "spec": {"kind": "categorical", "values": list("abcdefghij")}},
    ]  # fmt: skip
    schema = dirty_schema(
        [{"kind": "case", "rate": 0, "columns": ["id"]}], rows=10, columns=columns
    )
    child = schema.table("visits")
    key = schema.table("people").column("id")
    person = child.column("person_id").model_copy(update={"type": key.type})
    child = child.model_copy(update={"columns": (child.columns[0], person)})
    tables = (schema.table("people"), child)
    with pytest.raises(dataforge.SchemaError, match="no keys to spare"):
        dataforge.generate(schema.model_copy(update={"tables": tables}))


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
@pytest.mark.parametrize("late", [[], ["opened"]])
def test_a_database_of_dirty_rows_is_proven_as_far_as_dirt_leaves_it(
    late: list[str], kind: str, ran: Ran, tmp_path: Path
) -> None:
    schema = processes(accounts=60, entries=300)
    dirt = {
        "account": [{"kind": "late", "rate": 0.1, "columns": [name]} for name in late],
        "entry": [{"kind": "duplicate", "rate": 0.1}],
        "note": [{"kind": "missing", "rate": 0.1, "columns": ["path", "written"]}],
    }
    tables = [{**table.model_dump(), "dirt": dirt.get(table.name, [])} for table in schema.tables]
    dirty = schema.model_validate({**schema.model_dump(), "tables": tables})
    write_schema(dirty, "dirty.yaml")
    url = f"{kind}:///{tmp_path}/x.db"
    assert ran("generate", "--schema", "dirty.yaml", "--out", url)[0] == 0
    certificate = dataforge.verify(url, schema=dirty)
    assert certificate.passed, certificate.summary()
    told = [check for check in certificate.checks if check.kind == "dirt"]
    assert {check.table for check in told} == {name for name, specs in dirt.items() if specs}
    assert all("verify the directory" in check.reason for check in told)
    proven = {check.table for check in certificate.checks if check.kind == "chain"}
    assert ("account" in proven) == (not late)


def test_what_dirt_leaves_is_found_broken_in_a_database(ran: Ran) -> None:
    write_schema(dirty_schema(rows=50), "dirty.yaml")
    assert ran("generate", "--schema", "dirty.yaml", "--out", "sqlite:///x.db")[0] == 0
    with sqlite3.connect("x.db") as database:
        database.execute("update people set single = 'much' where rowid = 3")
    code, out, _ = ran("verify", "sqlite:///x.db", "--schema", "dirty.yaml")
    assert code == 1
    assert "failed type people(single)" in out
