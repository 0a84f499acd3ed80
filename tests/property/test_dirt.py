"""The laws of dirt, on drawn configurations: any slice alone, and a truth that misses nothing."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine.rules.cast import cast_to
from dirty_schemas import (
    COLUMNS,
    DIRT,
    clean,
    dirty_plan,
    dirty_schema,
    made,
    outer_diff,
    told_cells,
    truth,
)

few = settings(max_examples=20, deadline=None)
RATES = st.sampled_from([0.0, 0.01, 0.2, 0.7, 1.0])
ROWS = st.integers(0, 300)
LOCALES = st.sampled_from(["en_US", "de_DE", "ja_JP", "ar_SA", "hi_IN", "pl_PL"])


@st.composite
def configurations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some kinds of dirt in any order, at any rates."""
    chosen = draw(st.lists(st.sampled_from(DIRT), max_size=7, unique_by=id))
    return [{**spec, "rate": draw(RATES)} for spec in chosen] or [{"kind": "typo", "rate": 0.5}]


@few
@given(configurations(), ROWS, LOCALES, st.integers(0, 9))
def test_the_truth_is_the_difference(
    dirt: list[dict[str, Any]], rows: int, locale: str, seed: int
) -> None:
    plan = dirty_plan(dirty_schema(dirt, rows=rows, locale=locale, seed=seed))
    told = truth(plan, "people")
    found = outer_diff(made(plan, "people"), clean(plan, "people"), told)
    kinds = {name: column.type for name, column in plan.tables["people"].columns.items()}

    def text(name: str, value: Any) -> Any:
        return cast_to(pa.array([value], kinds[name]), pa.string())[0].as_py()

    listed = told_cells(told)
    assert found.keys() == listed.keys()
    for (row, name), values in found.items():
        assert tuple(text(name, value) for value in values) == listed[row, name]


@few
@given(configurations(), ROWS, st.data())
def test_any_slice_is_the_same_alone(
    dirt: list[dict[str, Any]], rows: int, data: st.DataObject
) -> None:
    plan = dirty_plan(dirty_schema(dirt, rows=rows))
    whole, told = made(plan, "people"), truth(plan, "people")
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    cut = data.draw(st.integers(1, 100))
    assert made(plan, "people", start, stop, batch_rows=cut) == whole[start:stop]
    assert truth(plan, "people", start, stop) == [row for row in told if start <= row["row"] < stop]


@few
@given(configurations(), st.sampled_from([column["name"] for column in COLUMNS[1:]]))
def test_a_column_alone_is_the_same(dirt: list[dict[str, Any]], name: str) -> None:
    plan = dirty_plan(dirty_schema(dirt, rows=100))
    alone = [row[name] for row in made(plan, "people", columns=[name])]
    assert alone == [row[name] for row in made(plan, "people")]


@few
@given(configurations(), ROWS)
def test_clean_rows_do_not_depend_on_dirt(dirt: list[dict[str, Any]], rows: int) -> None:
    other = [{"kind": "case", "rate": 0.5}]
    first = clean(dirty_plan(dirty_schema(dirt, rows=rows)), "people")
    assert first == clean(dirty_plan(dirty_schema(other, rows=rows)), "people")


@few
@given(RATES, RATES)
def test_the_rate_of_one_kind_leaves_the_hits_of_another(first: float, second: float) -> None:
    typo = {"kind": "typo", "rate": 0.2, "columns": ["last_name"]}
    found = [
        told_cells(truth(dirty_plan(dirty_schema([case, typo], rows=200)), "people"))
        for case in (
            {"kind": "case", "rate": rate, "columns": ["city"]} for rate in (first, second)
        )
    ]
    kept = [{cell: v for cell, v in each.items() if cell[1] == "last_name"} for each in found]
    assert kept[0] == kept[1]
