"""Aggregates over owned rows and totals along them: exact, and the same however rows are cut."""

from __future__ import annotations

import itertools
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from dataforge.engine import compile_schema
from dataforge.engine.generators import relatives
from dataforge.errors import RuleConflictError, RunError
from dataforge.schema import Column, ForeignKey, Rule, Schema, Table
from sample_schemas import INTEGER, MONEY, key_column, rows_of

FLOAT = {"kind": "float"}
NUMBERS: dict[str, dict[str, Any]] = {"integer": INTEGER, "decimal": MONEY, "float": FLOAT}
REDUCERS: dict[str, Any] = {"sum": sum, "min": min, "max": max, "count": len}


def books(
    type_: dict[str, Any],
    law: dict[str, Any] | None = None,
    rows: int = 900,
    parents: int = 200,
    **facts: Any,
) -> Schema:
    functions = ("sum", "count", "min", "max", "mean")
    types = {"count": INTEGER, "mean": FLOAT}
    aggregates = [
        Column(
            name=function,
            type=types.get(function, type_),
            spec={"kind": "aggregate", "table": "child", "function": function, "column": "v"},
        )
        for function in functions
    ]
    value = {"kind": "number", "minimum": -500, "maximum": 1000}
    child = Table(
        name="child",
        rows=rows,
        columns=(
            key_column(),
            key_column("parent_id"),
            Column(name="v", type=type_, spec=value, null_share=0.2),
            Column(name="so_far", type=type_, spec={"kind": "running_total", "column": "v"}),
        ),
        primary_key=("id",),
        foreign_keys=(
            ForeignKey(
                columns=("parent_id",),
                parent="parent",
                parent_columns=("id",),
                owning=True,
                law=law or {"kind": "geometric"},
            ),
        ),
        **facts,
    )
    parent = Table(
        name="parent", rows=parents, columns=(key_column(), *aggregates), primary_key=("id",)
    )
    return Schema(tables=(parent, child))


def families(schema: Schema) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(compile_schema(schema), "child").to_pylist():
        found[row["parent_id"]].append(row["v"])
    return found


@pytest.mark.parametrize("kind", NUMBERS)
def test_aggregates_equal_what_the_owned_rows_come_to(kind: str) -> None:
    schema = books(NUMBERS[kind])
    held = families(schema)
    rows = rows_of(compile_schema(schema), "parent").to_pylist()
    assert any(not held[row["id"]] for row in rows)
    for row in rows:
        values = [value for value in held[row["id"]] if value is not None]
        empty = {"sum": 0, "count": 0}
        for name, reduced in REDUCERS.items():
            assert row[name] == (reduced(values) if values else empty.get(name))
        mean = None if not values else float(sum(values)) / len(values)
        assert row["mean"] == (mean if mean is None else pytest.approx(mean, rel=1e-12))


@pytest.mark.parametrize("kind", NUMBERS)
def test_running_totals_add_up_in_row_order(kind: str) -> None:
    rows = rows_of(compile_schema(books(NUMBERS[kind])), "child").to_pylist()
    for _, family in itertools.groupby(rows, key=lambda row: row["parent_id"]):
        total: Any = Decimal(0) if kind == "decimal" else 0
        for row in family:
            total = total + (row["v"] or 0)
            assert row["so_far"] == total


@pytest.mark.parametrize("law", [{"kind": "geometric"}, {"kind": "zipf", "exponent": 2.0}], ids=str)
@pytest.mark.parametrize("kind", NUMBERS)
def test_no_digit_depends_on_where_rows_or_blocks_are_cut(
    kind: str, law: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = books(NUMBERS[kind], law, rows=3000, parents=90)
    whole = {name: rows_of(compile_schema(schema), name) for name in ("parent", "child")}
    monkeypatch.setattr(relatives, "_BLOCK_ROWS", 101)
    plan = compile_schema(schema)
    for name, rows in whole.items():
        assert rows_of(plan, name, batch_rows=37).equals(rows)
        assert rows_of(plan, name, batch_rows=512).equals(rows)
        assert rows_of(plan, name, 40, 61).equals(rows.slice(40, 21))
        assert rows_of(plan, name, 20, 50).equals(rows.slice(20, 30))


@pytest.mark.parametrize(
    ("function", "type_"),
    [
        (function, type_)
        for function in ("min", "max")
        for type_ in (
            {"kind": "date"},
            {"kind": "timestamp"},
            {"kind": "string"},
            {"kind": "boolean"},
        )
    ],
)
def test_extremes_of_other_types(function: str, type_: dict[str, Any]) -> None:
    schema = books(INTEGER)
    extreme = {"kind": "aggregate", "table": "child", "function": function, "column": "x"}
    parent, child = schema.tables
    changed = (
        parent.model_copy(update={"columns": (*parent.columns, Column.model_validate(
            {"name": "extreme", "type": type_, "spec": extreme}
        ))}),
        child.model_copy(update={"columns": (*child.columns, Column.model_validate(
            {"name": "x", "type": type_, "null_share": 0.3}
        ))}),
    )  # fmt: skip
    plan = compile_schema(schema.model_copy(update={"tables": changed}))
    held: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(plan, "child").to_pylist():
        held[row["parent_id"]] += [] if row["x"] is None else [row["x"]]
    for row in rows_of(plan, "parent").to_pylist():
        values = held[row["id"]]
        assert row["extreme"] == (REDUCERS[function](values) if values else None)


def test_an_expression_is_added_up_to_the_cent() -> None:
    schema = books(MONEY)
    parent, child = schema.tables
    spec = {
        "kind": "aggregate", "table": "child", "function": "sum",
        "expression": "CASE WHEN v > 0 THEN v * 2 ELSE 0 END",
    }  # fmt: skip
    total = Column.model_validate({"name": "t", "type": MONEY, "spec": spec})
    changed = parent.model_copy(update={"columns": (*parent.columns, total)})
    plan = compile_schema(schema.model_copy(update={"tables": (changed, child)}))
    held = families(schema)
    for row in rows_of(plan, "parent").to_pylist():
        assert row["t"] == sum((2 * v for v in held[row["id"]] if v is not None and v > 0), 0)


def test_a_sum_that_leaves_its_type_names_the_column() -> None:
    schema = books(MONEY)
    parent, child = schema.tables
    tight = {"kind": "decimal", "precision": 4, "scale": 2}
    columns = tuple(
        each.model_copy(update={"type": Column.model_validate({"name": "x", "type": tight}).type})
        if each.name == "sum"
        else each
        for each in parent.columns
    )
    changed = parent.model_copy(update={"columns": columns})
    plan = compile_schema(schema.model_copy(update={"tables": (changed, child)}))
    with pytest.raises(RunError, match=r"tables\.parent\.columns\.sum"):
        rows_of(plan, "parent")


def test_a_sum_beyond_64_bits_is_refused_and_not_wrapped() -> None:
    schema = books(INTEGER, {"kind": "fixed", "count": 9}, rows=90, parents=10)
    parent, child = schema.tables
    huge = {"kind": "number", "minimum": 2**61, "maximum": 2**61}
    value = Column.model_validate({"name": "v", "type": INTEGER, "spec": huge})
    columns = tuple(value if each.name == "v" else each for each in child.columns)
    changed = child.model_copy(update={"columns": columns})
    plan = compile_schema(schema.model_copy(update={"tables": (parent, changed)}))
    with pytest.raises(RunError, match="64 bits"):
        rows_of(plan, "parent", columns=["sum"])
    with pytest.raises(RunError, match="64 bits"):
        rows_of(plan, "child", columns=["so_far"])


def test_large_totals_of_many_families_are_exact() -> None:
    schema = books(INTEGER, {"kind": "fixed", "count": 2}, rows=2000, parents=1000)
    parent, child = schema.tables
    huge = {"kind": "number", "minimum": 2**60, "maximum": 2**61}
    value = Column.model_validate({"name": "v", "type": INTEGER, "spec": huge})
    columns = tuple(value if each.name == "v" else each for each in child.columns)
    changed = child.model_copy(update={"columns": columns})
    rows = rows_of(compile_schema(schema.model_copy(update={"tables": (parent, changed)})), "child")
    totals = rows["so_far"].to_pylist()
    values = rows["v"].to_pylist()
    assert totals[1::2] == [a + b for a, b in zip(values[::2], values[1::2], strict=True)]


def test_a_rule_over_a_total_and_what_it_adds_is_refused_before_the_run() -> None:
    with pytest.raises(RuleConflictError, match=r"so_far \+ v .* so_far adds up v of other rows"):
        compile_schema(books(MONEY, rules=(Rule(expression="so_far + v > 10"),)))
