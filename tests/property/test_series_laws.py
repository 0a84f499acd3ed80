"""The cell law of everything along time, on the table's rows and under parents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import Plan, compile_schema
from dataforge.schema import Column, ForeignKey, Schema, Table
from sample_schemas import INTEGER, MONEY, key_column, rows_of

LAWS: list[dict[str, Any]] = [
    {"kind": "poisson"},
    {"kind": "zipf", "exponent": 1.2},
    {"kind": "fixed", "count": 30},
]
ANOMALIES = [
    {"kind": "spike", "rate": 0.03, "size": 60},
    {"kind": "drift", "rate": 0.1, "size": 30, "length": [5, 60]},
    {"kind": "gap", "rate": 0.05, "length": [2, 9]},
]
FAILURES = [
    {"kind": "stuck", "rate": 0.1, "length": [3, 50]},
    {"kind": "dropout", "rate": 0.05, "length": [1, 5]},
]
SIGNAL: dict[str, Any] = {
    "level": 100,
    "spread": 0.2,
    "seasons": [{"period": 7, "amplitude": 9}],
    "noise": {"std": 4, "ar": [0.8, 0.1]},
}
SPECS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "at": ({"kind": "timestamp"}, {"kind": "timestep", "unit": "hour", "jitter": 0.5}),
    "day": ({"kind": "date"}, {"kind": "timestep", "calendar": "business_days"}),
    "sold": (
        {"kind": "float"},
        {
            **SIGNAL,
            "kind": "series",
            "anomalies": ANOMALIES,
            "time": "day",
            "holidays": [{"dates": ["01-01"], "factor": 0.5}],
        },
    ),
    "what": ({"kind": "text"}, {"kind": "series_label", "column": "sold"}),
    "index": ({"kind": "float"}, {"kind": "series", "trend": {"kind": "walk", "std": 1}}),
    "heat": (
        MONEY,
        {**SIGNAL, "kind": "sensor", "drift": 0.01, "maximum": 110, "failures": FAILURES},
    ),
    "status": ({"kind": "text"}, {"kind": "series_label", "column": "heat"}),
    "close": (MONEY, {"kind": "candle", "spread": 0.5}),
    "open": (MONEY, {"kind": "candle_field", "column": "close", "field": "open"}),
    "high": (MONEY, {"kind": "candle_field", "column": "close", "field": "high"}),
    "low": (MONEY, {"kind": "candle_field", "column": "close", "field": "low"}),
    "volume": (INTEGER, {"kind": "candle_field", "column": "close", "field": "volume"}),
    "date": ({"kind": "date"}, {"kind": "candle_field", "column": "close", "field": "date"}),
}
COLUMNS = tuple(
    Column.model_validate({"name": name, "type": type_, "spec": spec})
    for name, (type_, spec) in SPECS.items()
)


def plan_of(law: dict[str, Any] | None, *, rows: int = 900, keep: set[str] | None = None) -> Plan:
    columns = tuple(each for each in COLUMNS if keep is None or each.name in keep)
    if law is None:
        return compile_schema(Schema(tables=(Table(name="t", rows=rows, columns=columns),)))
    parent = Table(name="parent", rows=rows // 30, columns=(key_column(),), primary_key=("id",))
    owner = ForeignKey.model_validate(
        {"columns": ["p"], "parent": "parent", "parent_columns": ["id"], "owning": True, "law": law}
    )
    child = Table(name="t", rows=rows, columns=(key_column("p"), *columns), foreign_keys=(owner,))
    return compile_schema(Schema(tables=(parent, child)))


PLANS = [plan_of(law) for law in (None, *LAWS)]


@pytest.mark.parametrize("plan", PLANS)
@settings(max_examples=15, deadline=None)
@given(start=st.integers(0, 899), length=st.integers(0, 200), batch=st.integers(1, 300))
def test_any_rows_alone_are_those_of_the_whole(
    plan: Plan, start: int, length: int, batch: int
) -> None:
    whole = rows_of(plan, "t")
    part = rows_of(plan, "t", start, start + length, batch_rows=batch)
    assert part.equals(whole.slice(start, length))


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(st.integers(0, 899), min_size=1, max_size=40))
def test_scattered_rows_are_those_of_the_whole(rows: list[int]) -> None:
    for plan in PLANS[:2]:
        whole = rows_of(plan, "t").take(rows)
        frame = plan.frame("t", np.array(rows))
        for name in SPECS:
            made = frame.column(name)
            assert made.to_pylist() == whole[name].to_pylist()


@pytest.mark.parametrize("law", [None, LAWS[0]])
@pytest.mark.parametrize("dropped", ["what", "heat,status", "open", "index"])
def test_other_columns_change_no_cell(law: dict[str, Any] | None, dropped: str) -> None:
    kept = set(SPECS) - set(dropped.split(","))
    whole, part = rows_of(plan_of(law), "t"), rows_of(plan_of(law, keep=kept), "t")
    assert part.equals(whole.select(part.column_names))


def test_more_rows_keep_the_first() -> None:
    assert rows_of(plan_of(None, rows=1200), "t", 0, 900).equals(rows_of(PLANS[0], "t"))


def test_a_far_row_costs_no_more_than_a_near_one() -> None:
    plan = plan_of(None, rows=100_000)
    assert rows_of(plan, "t", 99_990).num_rows == 10
