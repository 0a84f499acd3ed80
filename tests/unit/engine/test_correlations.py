"""Correlated columns: each keeps its own values, and their ranks go together as asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import Plan, compile_schema
from dataforge.engine.correlations import factor, valid_matrix
from dataforge.errors import SchemaError
from dataforge.schema import (
    Column,
    Correlation,
    ForeignKey,
    Rule,
    Schema,
    Table,
    UniqueKey,
    from_yaml,
    to_yaml,
)
from sample_schemas import INTEGER, MONEY, key_column, rows_of

FLOAT: dict[str, Any] = {"kind": "float"}
LOG: dict[str, Any] = {"kind": "log_normal", "median": 40_000, "sigma": 0.5}
NORMAL: dict[str, Any] = {"kind": "normal", "mean": 40, "std": 9}
GRADES = ["low", "middle", "high", "top"]
SPECS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "age": (INTEGER, {"kind": "number", "minimum": 18, "maximum": 70, "distribution": NORMAL}),
    "income": (MONEY, {"kind": "number", "minimum": 0, "maximum": 1e7, "distribution": LOG}),
    "code": (INTEGER, {"kind": "number", "minimum": 0, "maximum": 10**15}),
    "grade": ({"kind": "text"}, {"kind": "categorical", "values": GRADES, "weights": [4, 3, 2, 1]}),
    "owner": ({"kind": "boolean"}, {"kind": "boolean", "true_share": 0.3}),
    "since": ({"kind": "date"}, {"kind": "datetime", "start": "2010-01-01", "end": "2026-01-01"}),
    "share": (FLOAT, {"kind": "number", "minimum": 0, "maximum": 1}),
}
NAMES = tuple(SPECS)


def people(rows: int = 1000, drop: str = "", **facts: Any) -> Schema:
    columns = tuple(
        Column.model_validate({"name": name, "type": type_, "spec": spec})
        for name, (type_, spec) in SPECS.items()
        if name != drop
    )
    every = (key_column(), *columns)
    table = Table(name="t", rows=rows, columns=every, primary_key=("id",), **facts)
    return Schema(tables=(table,))


def tied(names: tuple[str, ...], value: float, **facts: Any) -> dict[str, Any]:
    matrix = [[1.0 if i == j else value for j in range(len(names))] for i in range(len(names))]
    return {"correlations": ({"columns": names, "matrix": matrix, **facts},)}


def ranks(table: pa.Table, name: str) -> Any:
    values = table[name]
    if name == "grade":
        values = pc.index_in(values, pa.array(GRADES))
    kind = pa.int32() if name == "since" else pa.float64()
    numbers = values.cast(kind).to_numpy()
    _, place, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def spearman(table: pa.Table, one: str, two: str) -> Any:
    return np.corrcoef(ranks(table, one), ranks(table, two))[0, 1]


def implied(value: float) -> float:
    return float(6 / np.pi * np.arcsin(value / 2))


@pytest.mark.parametrize("value", [0.6, 0.0, 0.9])
def test_ranks_of_continuous_columns_correlate_as_the_copula_says(value: float) -> None:
    names = ("age", "income", "code", "since", "share")
    table = rows_of(compile_schema(people(100_000, **tied(names, value))), "t")
    for number, one in enumerate(names):
        for two in names[:number]:
            assert spearman(table, one, two) == pytest.approx(implied(value), abs=0.02), (one, two)


def test_signs_are_kept_by_categories_and_booleans() -> None:
    pairs = [
        {"columns": ["income", "grade"], "value": 0.7},
        {"columns": ["income", "owner"], "value": 0.5},
        {"columns": ["income", "age"], "value": -0.6},
    ]
    group = {"columns": ["income", "grade", "owner", "age"], "pairs": pairs}
    table = rows_of(compile_schema(people(100_000, correlations=(group,))), "t")
    assert spearman(table, "income", "age") == pytest.approx(implied(-0.6), abs=0.02)
    assert spearman(table, "income", "grade") > 0.5
    assert spearman(table, "income", "owner") > 0.3
    assert spearman(table, "grade", "age") == pytest.approx(0, abs=0.02)


def test_a_measure_of_ranks_is_met() -> None:
    table = rows_of(
        compile_schema(people(100_000, **tied(("age", "income"), 0.5, measure="spearman"))), "t"
    )
    assert spearman(table, "age", "income") == pytest.approx(0.5, abs=0.02)


def test_each_column_keeps_its_own_distribution() -> None:
    loose = rows_of(compile_schema(people(100_000)), "t")
    table = rows_of(compile_schema(people(100_000, **tied(NAMES, 0.5))), "t")
    for name in ("age", "income", "share"):
        shown = [
            np.quantile(each[name].cast(pa.float64()), [0.1, 0.5, 0.9]) for each in (loose, table)
        ]
        assert shown[0] == pytest.approx(shown[1], rel=0.03)
    shares = [np.mean(each["owner"].to_pylist()) for each in (loose, table)]
    assert shares[0] == pytest.approx(shares[1], abs=0.01)


def plans() -> list[Plan]:
    ruled = tied(NAMES, 0.4) | {"rules": (Rule(expression="age > 30 OR income > 50000"),)}
    return [compile_schema(people(900, **facts)) for facts in (tied(NAMES, 0.4), ruled)]


PLANS = plans()


@pytest.mark.parametrize("plan", PLANS)
@settings(max_examples=20, deadline=None)
@given(start=st.integers(0, 899), length=st.integers(0, 200), batch=st.integers(1, 300))
def test_any_rows_alone_are_those_of_the_whole(
    plan: Plan, start: int, length: int, batch: int
) -> None:
    part = rows_of(plan, "t", start, start + length, batch_rows=batch)
    assert part.equals(rows_of(plan, "t").slice(start, length))


def test_columns_outside_of_the_group_change_nothing_and_stay_as_they_are() -> None:
    names = ("age", "income", "grade")
    whole = rows_of(compile_schema(people(**tied(names, 0.7))), "t")
    part = rows_of(compile_schema(people(drop="since", **tied(names, 0.7))), "t")
    assert part.equals(whole.select(part.column_names))
    loose = rows_of(compile_schema(people()), "t")
    outside = [name for name in whole.column_names if name not in names]
    assert whole.select(outside).equals(loose.select(outside))


def test_correlated_columns_are_drawn_again_together() -> None:
    ruled = tied(("age", "income"), 0.8) | {"rules": (Rule(expression="age > 40 OR income > 1e5"),)}
    table = rows_of(compile_schema(people(50_000, **ruled)), "t")
    ages, incomes = table["age"].to_numpy(), table["income"].cast(pa.float64()).to_numpy()
    assert ((ages > 40) | (incomes > 100_000)).all()
    assert spearman(table, "age", "income") > 0.5


def test_the_noise_of_several_series_is_correlated() -> None:
    spec = {"kind": "series", "noise": {"std": 1, "ar": [0.8]}}
    facts = [{"name": name, "type": FLOAT, "spec": spec} for name in ("a", "b", "c")]
    columns = tuple(map(Column.model_validate, facts))
    group = Correlation(columns=("a", "b", "c"), matrix=((1, 0.7, 0), (0.7, 1, 0.3), (0, 0.3, 1)))
    table = Table(name="t", rows=100_000, columns=columns, correlations=(group,))
    made = rows_of(compile_schema(Schema(tables=(table,))), "t")
    found = np.corrcoef([made[name].to_numpy() for name in ("a", "b", "c")])
    assert found == pytest.approx(np.array(group.matrix), abs=0.03)


def test_a_number_goes_with_the_noise_of_a_series_under_its_parent() -> None:
    series = {"kind": "series", "noise": {"std": 1, "ar": [0.8]}}
    specs = {"a": series, "b": {"kind": "number", "minimum": 0, "maximum": 1}}
    facts = [{"name": name, "type": FLOAT, "spec": spec} for name, spec in specs.items()]
    owner = ForeignKey(columns=("p",), parent="parent", parent_columns=("id",), owning=True)
    child = Table(
        name="t",
        rows=50_000,
        columns=(key_column("p"), *map(Column.model_validate, facts)),
        foreign_keys=(owner,),
        correlations=(Correlation.model_validate(tied(("a", "b"), 0.9)["correlations"][0]),),
    )
    parent = Table(name="parent", rows=50, columns=(key_column(),), primary_key=("id",))
    plan = compile_schema(Schema(tables=(parent, child)))
    made = rows_of(plan, "t")
    assert rows_of(plan, "t", 31_000, 31_050, batch_rows=7).equals(made.slice(31_000, 50))
    noise, p = made["a"].to_numpy(), made["p"].to_numpy()
    shocks = noise[1:] - 0.8 * noise[:-1]
    same = p[1:] == p[:-1]
    found = np.corrcoef(shocks[same], made["b"].to_numpy()[1:][same])[0, 1]
    assert found == pytest.approx(implied(0.9), abs=0.03)


def test_a_contradiction_is_repaired_to_the_nearest_matrix_with_a_notice() -> None:
    plan = compile_schema(people(1000, **tied(("age", "income", "share"), -0.9)))
    (note,) = [each for each in plan.notes if "correlations" in each.path]
    assert note.severity == "warning"
    assert "0.400 away" in note.message
    group = Correlation.model_validate(tied(("a", "b", "c"), -0.9)["correlations"][0])
    assert valid_matrix(group)[0, 1] == pytest.approx(-0.5, abs=1e-6)
    assert not compile_schema(people(1000, **tied(("age", "income"), -0.9))).notes


def test_a_known_nearest_matrix() -> None:
    # Higham (2002), the example of section 2.
    asked = ((1, 1, 0), (1, 1, 1), (0, 1, 1))
    group = Correlation(columns=("a", "b", "c"), matrix=asked)
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    assert valid_matrix(group) == pytest.approx(np.array(expected), abs=1e-4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_every_repaired_matrix_has_a_factor(values: list[float]) -> None:
    names = ("a", "b", "c", "d")
    matrix = np.eye(4)
    matrix[np.triu_indices(4, 1)] = values
    matrix = np.maximum(matrix, matrix.T) + np.minimum(matrix, matrix.T) - np.eye(4)
    group = Correlation(columns=names, matrix=tuple(map(tuple, matrix.tolist())))
    valid = valid_matrix(group)
    assert np.abs(np.diag(valid) - 1).max() < 1e-6
    lower = factor(valid)
    assert lower @ lower.T == pytest.approx(valid, abs=2e-4)


OUTSIDE = {"columns": ["age", "share"], "value": 0}
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"columns": ["age", "incme"], "matrix": [[1, 0.5], [0.5, 1]]}, "'income'"),
    ({"columns": ["age", "income"], "matrix": [[1, 0.5]]}, "1 rows of 2 for 2 columns"),
    ({"columns": ["age", "income"], "matrix": [[1, 0.5], [0.4, 1]]}, "0.4"),
    ({"columns": ["age", "income"], "matrix": [[2, 0.5], [0.5, 1]]}, "with itself"),
    ({"columns": ["age", "income"], "matrix": [[1, 1.5], [1.5, 1]]}, "is 1.5"),
    ({"columns": ["age", "income"], "matrix": [[1, float("nan")], [0, 1]]}, "nan"),
    ({"columns": ["age", "age"], "matrix": [[1, 1], [1, 1]]}, "twice"),
    ({"columns": ["age", "id"], "matrix": [[1, 0], [0, 1]]}, "part of a key"),
    ({"columns": ["age", "income"]}, "neither"),
    ({"columns": ["age", "income"], "pairs": [OUTSIDE]}, "'share'"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "message"), FAULTS)
def test_what_is_no_correlation_matrix_is_refused(group: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        compile_schema(people(correlations=(group,)))


def test_specs_that_follow_no_single_draw_are_refused() -> None:
    facts = {"name": "word", "type": {"kind": "text"}, "spec": {"kind": "text"}}
    name = Column.model_validate(facts)
    schema = people(**tied(("age", "word"), 0.5))
    table = schema.tables[0].model_copy(update={"columns": (*schema.tables[0].columns, name)})
    with pytest.raises(SchemaError, match="made by 'text'"):
        compile_schema(schema.model_copy(update={"tables": (table,)}))


def test_groups_are_written_and_read() -> None:
    schema = people(**tied(("age", "income"), 0.5), unique_keys=(UniqueKey(columns=("code",)),))
    assert from_yaml(to_yaml(schema)) == schema
