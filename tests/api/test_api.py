from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import dataforge
from dataforge.workflows.events import Event

SHOP = Path(__file__).parents[2] / "examples" / "shop.sql"
SMALL = {"countries": 20, "categories": 10, "suppliers": 10}


@pytest.fixture(scope="module")
def schema() -> dataforge.Schema:
    return dataforge.from_ddl(SHOP)


def test_ddl_comes_from_a_file_or_as_text(schema: dataforge.Schema) -> None:
    assert len(schema.tables) == 11
    assert dataforge.from_ddl(str(SHOP)) == schema
    from_text = dataforge.from_ddl("CREATE TABLE t (id integer PRIMARY KEY)")
    assert [table.name for table in from_text.tables] == ["t"]


def test_a_missing_file_is_an_error_of_ours() -> None:
    with pytest.raises(dataforge.ParseError, match="cannot be opened"):
        dataforge.from_ddl("missing.sql")


def test_generate_without_a_place_makes_rows_when_they_are_read(schema: dataforge.Schema) -> None:
    data = dataforge.generate(schema, rows={**SMALL, "orders": 500})
    assert data.directory is None
    assert len(data["orders"]) == 500
    customers = set(data["customers"].to_arrow().column("customer_id").to_pylist())
    assert set(data["orders"].to_arrow().column("customer_id").to_pylist()) <= customers


def test_written_rows_are_the_rows_that_are_read(schema: dataforge.Schema, tmp_path: Path) -> None:
    out = tmp_path / "data"
    data = dataforge.generate(schema, out, rows=100, seed=3, format="parquet")
    assert data.directory == out
    again = dataforge.generate(schema, rows=100, seed=3)
    for name in data:
        assert data[name].to_arrow().equals(again[name].to_arrow())
    written = pa.parquet.read_table(out / "data" / "orders.parquet")
    assert written.column("order_id").to_pylist() == (
        data["orders"].to_arrow().column("order_id").to_pylist()
    )


def test_another_seed_is_other_data(schema: dataforge.Schema) -> None:
    one, two = (dataforge.generate(schema, rows=50, seed=seed) for seed in (1, 2))
    assert not one["payments"].to_arrow().equals(two["payments"].to_arrow())


def test_preview_is_the_beginning_of_the_whole(schema: dataforge.Schema) -> None:
    first = dataforge.preview(schema, 5)
    whole = dataforge.generate(schema)
    assert list(first) == list(whole)
    assert first["orders"].to_arrow().equals(whole["orders"].to_arrow(0, 5))
    assert list(dataforge.preview(schema, tables=["reviews"])) == ["reviews"]


def test_verify_and_events(schema: dataforge.Schema, tmp_path: Path) -> None:
    events: list[Event] = []
    dataforge.generate(schema, tmp_path / "d", rows=100, on_event=events.append)
    assert events[-1].kind == "finished"
    assert events[-1].rows_done == events[-1].rows_total
    assert dataforge.verify(tmp_path / "d").passed


def test_load_into_sqlite(schema: dataforge.Schema, tmp_path: Path) -> None:
    dataforge.generate(schema, tmp_path / "d", rows=50)
    report = dataforge.load(tmp_path / "d", f"sqlite:///{tmp_path / 'shop.db'}")
    assert report.rows["orders"] == 50


def test_schema_files_are_taken_as_they_are(schema: dataforge.Schema, tmp_path: Path) -> None:
    from dataforge.schema import write_schema

    file = tmp_path / "shop.yaml"
    write_schema(schema, file)
    assert dataforge.read_schema(file) == schema
    assert list(dataforge.preview(file, 1)) == list(dataforge.preview(SHOP, 1))
    assert not dataforge.diff(schema, dataforge.read_schema(file))
    assert not [p for p in dataforge.validate(schema) if p.severity == "error"]


@pytest.mark.parametrize(
    ("ending", "start"), [(".svg", "<svg"), (".mmd", "erDiagram"), (".dot", "digraph")]
)
def test_pictures(schema: dataforge.Schema, tmp_path: Path, ending: str, start: str) -> None:
    picture = dataforge.show(schema)
    assert picture._repr_svg_() == schema._repr_svg_()
    assert "11 tables" in repr(picture)
    assert picture.save(tmp_path / f"shop{ending}").read_text().startswith(start)
    with pytest.raises(dataforge.UnknownNameError, match=r"\.png"):
        picture.save(tmp_path / "shop.png")
