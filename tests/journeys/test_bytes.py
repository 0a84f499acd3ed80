"""The same schema gives the same bytes: with any number of workers, in one go or in two."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from command_line import hashes
from dataforge.schema import ForeignKey, Schema, Table, write_schema
from dataforge.sinks import layout
from dataforge.sinks.formats import FORMATS
from dataforge.sinks.forms import Form
from dataforge.workflows.generate import generate
from sample_schemas import COLUMNS, column, key_column

PART_ROWS = 700
FILES = [form for form in FORMATS if form != "xlsx"]  # that is one file for all tables
ROWS = {
    "empty": 0,
    "one_part": PART_ROWS,
    "one_part_and_a_row": PART_ROWS + 1,
    "parent": 900,
    "child": 4000,
}
WORKERS = (1, 2, 5)

# A process of its own: one with other libraries' threads in it could not fork its workers.
PROGRAM = """
import json, sys
from pathlib import Path
from dataforge.engine import executors
from dataforge.schema import read_schema
from dataforge.sinks import layout
from dataforge.sinks.forms import Form
from dataforge.workflows.generate import generate

class Stop(Exception):
    pass

if __name__ == "__main__":
    out, formats, counts, method = json.loads(sys.argv[1])
    layout.PART_ROWS = %d
    executors._may_fork = lambda: method == "fork"
    schema = read_schema(Path(out, "schema.yaml"))
    for form in formats:
        for workers in counts:
            generate(schema, Path(out, form, str(workers)), form=Form(form), workers=workers)
        if method == "fork":
            resumed = Path(out, form, "resumed")
            seen = []
            def stopping(event):
                seen.append(event.kind)
                if seen.count("progress") == 5:
                    raise Stop
            try:
                generate(schema, resumed, form=Form(form), workers=2, on_event=stopping)
            except Stop:
                assert not (resumed / "manifest.json").exists()
            generate(schema, resumed, form=Form(form), workers=2, resume=True)
"""


def schema() -> Schema:
    columns = tuple(column(f"c{number}", facts, 0.2) for number, facts in enumerate(COLUMNS))
    key = ForeignKey(columns=("parent_id",), parent="parent", parent_columns=("id",), owning=True)
    tables = [
        Table(name=name, rows=rows, columns=(key_column(), *columns), primary_key=("id",))
        for name, rows in ROWS.items()
        if name != "child"
    ]
    child = Table(
        name="child",
        rows=ROWS["child"],
        columns=(
            key_column("parent_id"),
            key_column("line"),
            *columns,
        ),
        primary_key=("parent_id", "line"),
        foreign_keys=(key,),
    )
    return Schema(tables=(*tables, child), seed=5)


def made(out: Path, formats: list[str], counts: tuple[int, ...], method: str) -> Path:
    write_schema(schema(), out / "schema.yaml")
    wanted = json.dumps([str(out), formats, counts, method])
    subprocess.run(
        [sys.executable, "-c", PROGRAM % PART_ROWS, wanted],
        check=True,
        capture_output=True,
        text=True,
    )
    return out


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("forked"), FILES, WORKERS, "fork")


@pytest.mark.parametrize("form", FILES)
def test_the_number_of_workers_changes_no_byte(form: str, forked: Path) -> None:
    one, *others = (hashes(forked / form / str(workers)) for workers in WORKERS)
    assert len(one) == 3 + 1 + 1 + 2 + 2 + 6
    assert all(found == one for found in others)


@pytest.mark.parametrize("form", FILES)
def test_a_run_in_two_goes_gives_the_bytes_of_one_in_one(form: str, forked: Path) -> None:
    assert hashes(forked / form / "resumed") == hashes(forked / form / "1")


def test_how_workers_are_started_changes_no_byte(forked: Path, tmp_path: Path) -> None:
    spawned = made(tmp_path, ["csv", "parquet"], (2,), "spawn")
    for form in ("csv", "parquet"):
        assert hashes(spawned / form / "2") == hashes(forked / form / "1")


def test_parts_hold_all_rows_in_order(forked: Path) -> None:
    out = forked / "csv" / "1"
    manifest = json.loads((out / "manifest.json").read_text())
    counts = {}
    for table in manifest["tables"]:
        assert [part["start"] for part in table["parts"]] == [
            sum(each["rows"] for each in table["parts"][:number])
            for number in range(len(table["parts"]))
        ]
        counts[table["name"]] = [part["rows"] for part in table["parts"]]
        for part in table["parts"]:
            with (out / part["path"]).open(newline="") as file:
                assert len(list(csv.reader(file))) == part["rows"] + 1
    assert counts == {
        "empty": [0],
        "one_part": [PART_ROWS],
        "one_part_and_a_row": [PART_ROWS, 1],
        "parent": [700, 200],
        "child": [700, 700, 700, 700, 700, 500],
    }


def test_the_order_of_columns_and_tables_changes_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "PART_ROWS", 10_000)
    given = schema()
    turned = given.model_copy(
        update={
            "tables": tuple(
                table.model_copy(update={"columns": table.columns[::-1]})
                for table in given.tables[::-1]
            )
        }
    )
    for name, each in (("given", given), ("turned", turned)):
        generate(each, tmp_path / name, form=Form("parquet"), workers=1)
    for name in ROWS:
        one, two = (
            pq.read_table(tmp_path / which / "data" / f"{name}.parquet")
            for which in ("given", "turned")
        )
        assert two.column_names == one.column_names[::-1]
        assert two.select(one.column_names).equals(one)
