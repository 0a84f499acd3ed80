"""Rules hold in every row, or are refused before the first."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from dataforge.engine import compile_schema
from dataforge.errors import RuleConflictError
from dataforge.schema import Column, Rule, Schema, Table
from sample_schemas import INTEGER, MONEY, key_column, rows_of

NUMBER = {"kind": "number", "minimum": 0, "maximum": 100}
COLUMNS = (
    {"name": "a", "type": INTEGER, "spec": NUMBER, "null_share": 0.1},
    {"name": "b", "type": INTEGER, "spec": NUMBER, "nullable": False},
    {"name": "c", "type": INTEGER, "null_share": 0.3},
    {"name": "price", "type": MONEY},
    {"name": "total", "type": MONEY},
    {"name": "status", "type": {"kind": "string", "max_length": 12}},
    {"name": "starts", "type": {"kind": "date"}},
    {"name": "ends", "type": {"kind": "date"}, "null_share": 0.2},
    {"name": "ok", "type": {"kind": "boolean"}},
    {"name": "twice", "type": INTEGER, "spec": {"kind": "expression", "expression": "b * 2"}},
    {"name": "later", "type": INTEGER, "spec": {"kind": "offset", "column": "b", "maximum": 100}},
)


def table_of(*rules: str, rows: int = 400) -> Schema:
    columns = tuple(Column.model_validate(facts) for facts in COLUMNS)
    table = Table(
        name="t",
        rows=rows,
        columns=(key_column(), *columns),
        primary_key=("id",),
        rules=tuple(Rule(expression=rule) for rule in rules),
    )
    return Schema(tables=(table,))


HOLDING: list[tuple[str, ...]] = [
    ("a >= 10 AND a < 20",),
    ("a BETWEEN 10 AND 90", "a <> 50"),
    ("status IN ('new', 'open')",),
    ("status IN ('new', 'open', 'done')", "status <> 'open'"),
    ("a < b",),
    ("a <= b", "b <= c"),
    ("starts < ends",),
    ("total = price * 2",),
    ("price > 0 OR status = 'free'",),
    ("c IS NULL OR c > a",),
    ("c IS NOT NULL",),
    ("(ok AND a > 50) OR (NOT ok AND a <= 50)",),
    ("a + b < 90",),
    ("c >= 1", "c < 100", "c % 5 = 0"),
    ("price >= 1", "price < 100", "price % 0.5 = 0"),
    ("length(status) >= 3",),
    ("status LIKE 'A%'",),
    ("CASE WHEN ok THEN a > 20 ELSE b > 20 END",),
    ("ends IS NULL OR ends >= starts",),
]


@pytest.mark.parametrize("rules", HOLDING, ids=" & ".join)
def test_rules_hold_in_every_row_by_another_engines_judgement(rules: tuple[str, ...]) -> None:
    rows = rows_of(compile_schema(table_of(*rules)), "t")
    with duckdb.connect() as connection:
        connection.register("t", rows)
        for rule in rules:
            broken = connection.execute(f"SELECT count(*) FROM t WHERE NOT ({rule})").fetchone()
            assert broken == (0,)


@pytest.mark.parametrize("rules", HOLDING, ids=" & ".join)
def test_a_solved_cell_does_not_depend_on_the_rows_beside_it(rules: tuple[str, ...]) -> None:
    plan = compile_schema(table_of(*rules))
    whole = rows_of(plan, "t")
    assert rows_of(plan, "t", batch_rows=7).equals(whole)
    assert rows_of(plan, "t", 133, 134).equals(whole.slice(133, 1))
    grown = rows_of(compile_schema(table_of(*rules, rows=500)), "t", 0, 400)
    assert grown.equals(whole)


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (("a > 50", "a < 20"), ("a > 50", "a < 20")),
        (("status = 'x'", "status = 'y'"), ("status = 'x'", "status = 'y'")),
        (("a < b", "b < a"), ("a < b", "b < a")),
        (("1 = 2",), ("1 = 2", "names no column")),
    ],
    ids=str,
)
def test_what_no_row_can_satisfy_is_refused_before_the_run_with_the_rules(
    rules: tuple[str, ...], named: tuple[str, ...]
) -> None:
    with pytest.raises(RuleConflictError) as caught:
        compile_schema(table_of(*rules))
    words = str(caught.value).replace('"', "")
    assert all(rule in words for rule in named)


@pytest.mark.parametrize("rule", ["later < 50", "twice < 150"])
def test_limits_hold_in_computed_columns(rule: str) -> None:
    rows = rows_of(compile_schema(table_of(rule)), "t")
    with duckdb.connect() as connection:
        connection.register("t", rows)
        broken = connection.execute(f"SELECT count(*) FROM t WHERE NOT ({rule})").fetchone()
    assert broken == (0,)


def test_fields_of_one_record_still_agree_when_a_rule_draws_one_again() -> None:
    person = {"kind": "record", "record": "person"}
    columns = [
        Column.model_validate(
            {"name": name, "type": {"kind": "text"}, "spec": {**person, "field": name}}
        )
        for name in ("first_name", "last_name", "full_name")
    ]
    table = Table(
        name="t",
        rows=300,
        columns=(key_column(), *columns),
        primary_key=("id",),
        rules=(Rule(expression="length(last_name) > 6"),),
    )
    for row in rows_of(compile_schema(Schema(tables=(table,))), "t").to_pylist():
        assert len(row["last_name"]) > 6
        assert row["last_name"] in row["full_name"]


@pytest.mark.parametrize("rows", [0, 1])
def test_rules_over_no_rows_and_one(rows: int) -> None:
    made: Any = rows_of(compile_schema(table_of("a < b", rows=rows)), "t")
    assert made.num_rows == rows
