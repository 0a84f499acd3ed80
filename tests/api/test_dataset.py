from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

import dataforge
from dataforge.api.dataset import Dataset, Rows
from dataforge.errors import DataForgeError, UsageError
from dataforge.schema import Schema, Table
from sample_schemas import COLUMNS, column, key_column

pd = pytest.importorskip("pandas", reason="the extra pandas is not installed")
pl = pytest.importorskip("polars", reason="the extra polars is not installed")

TYPES = pa.schema([("id", pa.int64()), ("name", pa.string())])


def numbered(start: int, stop: int) -> Iterator[pa.RecordBatch]:
    for at in range(start, stop, 4):
        ids = list(range(at, min(at + 4, stop)))
        yield pa.record_batch([ids, [f"<{i}>" for i in ids]], schema=TYPES)


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(Schema(name="shop"), {"orders": Rows("orders", 10, TYPES, numbered)})


def test_rows_come_as_arrow_polars_and_pandas(dataset: Dataset) -> None:
    rows = dataset["orders"]
    assert rows.to_arrow().column("id").to_pylist() == list(range(10))
    assert rows.to_polars().equals(pl.DataFrame(rows.to_arrow()))
    pd.testing.assert_frame_equal(rows.to_pandas(), rows.to_arrow().to_pandas())


def test_other_libraries_take_rows_as_they_are(dataset: Dataset) -> None:
    assert pl.DataFrame(dataset["orders"]).shape == (10, 2)
    assert pa.table(dataset["orders"]).num_rows == 10


@pytest.mark.parametrize(
    ("start", "stop", "ids"),
    [(0, 3, [0, 1, 2]), (8, None, [8, 9]), (-2, None, [8, 9]), (10**9, 10**9 + 5, []), (5, 2, [])],
)
def test_any_range_alone(dataset: Dataset, start: int, stop: int | None, ids: list[int]) -> None:
    assert dataset["orders"].to_arrow(start, stop).column("id").to_pylist() == ids


def test_a_dataset_is_a_mapping(dataset: Dataset) -> None:
    assert list(dataset) == ["orders"]
    assert len(dataset) == 1
    assert len(dataset["orders"]) == 10
    assert "customers" not in dataset
    assert dataset.get("customers") is None
    assert set(dataset.to_arrow()) == set(dataset.to_polars()) == set(dataset.to_pandas())


@pytest.mark.parametrize("kind", [KeyError, DataForgeError])
def test_an_unknown_table_names_the_nearest(dataset: Dataset, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="did you mean 'orders'"):
        dataset["order"]


def test_what_a_notebook_and_a_shell_show(dataset: Dataset) -> None:
    assert "orders: 10 rows" in repr(dataset)
    assert "id, name" in repr(dataset["orders"])
    assert "<td>orders</td>" in dataset._repr_html_()
    assert "&lt;0&gt;" in dataset["orders"]._repr_html_()


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_missing_library_is_told_with_its_extra(
    dataset: Dataset, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(UsageError, match=rf"dataforge-studio\[{library}\]"):
        getattr(dataset["orders"], f"to_{library}")()


def test_every_type_reaches_every_library() -> None:
    columns = tuple(column(f"c{number}", facts, 0.3) for number, facts in enumerate(COLUMNS))
    table = Table(name="t", rows=200, columns=(key_column(), *columns), primary_key=("id",))
    rows = dataforge.generate(Schema(tables=(table,)))["t"]
    arrow, polars, pandas = rows.to_arrow(), rows.to_polars(), rows.to_pandas()
    assert polars.columns == list(pandas.columns) == arrow.column_names == rows.columns
    assert polars.to_arrow().num_rows == len(pandas) == 200
    for name in rows.columns:
        nulls = arrow[name].null_count
        assert polars[name].null_count() == int(pandas[name].isna().sum()) == nulls
    assert polars["c1"].to_list() == list(pandas["c1"].where(pandas["c1"].notna(), None))
    assert polars["id"].to_list() == pandas["id"].tolist() == arrow["id"].to_pylist()


def test_a_notebook_shows_pictures_and_tables_that_are_well_formed() -> None:
    orders = Table(name="<orders>", columns=(key_column(), column("note", COLUMNS[7])))
    schema = Schema(name="a & b", tables=(orders,), default_rows=3)
    svg = ET.fromstring(schema._repr_svg_())  # noqa: S314 - our own text
    assert svg.tag.endswith("svg")
    assert "<orders>" in "".join(svg.itertext())
    data = dataforge.generate(schema)
    for shown in (data._repr_html_(), data["<orders>"]._repr_html_()):
        found = ET.fromstring(shown)  # noqa: S314 - our own text
        assert "<orders>" in "".join(found.itertext())
