# ruff: noqa: DTZ001  - wall-clock times, as schemas hold them
from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dataforge.engine.cells import Limits
from dataforge.engine.rules.narrow import Analysis, Ordering, analyse
from dataforge.schema import Table
from dataforge.schema.expressions import parse_expression, to_sql

NOW = datetime(2026, 1, 1)
TYPES: dict[str, Any] = {
    "a": {"kind": "integer"},
    "b": {"kind": "integer"},
    "c": {"kind": "integer"},
    "p": {"kind": "decimal", "precision": 9, "scale": 2},
    "s": {"kind": "string", "max_length": 10},
    "e": {"kind": "enum", "values": ["x", "y", "z"]},
    "d": {"kind": "date"},
    "d2": {"kind": "date"},
    "flag": {"kind": "boolean"},
    "mail": {"kind": "string"},
}
TABLE = Table.model_validate(
    {
        "name": "t",
        "columns": [
            {"name": name, "type": kind, "semantic": "email" if name == "mail" else None}
            for name, kind in TYPES.items()
        ],
    }
)


def narrowed(*rules: str) -> Analysis:
    return analyse([parse_expression(rule, "postgres") for rule in rules], TABLE, NOW)


@pytest.mark.parametrize(
    ("rule", "column", "limits"),
    [
        ("a > 5 AND a <= 10", "a", Limits(minimum=6, maximum=10)),
        ("5 < a", "a", Limits(minimum=6)),
        ("a >= 0.5", "a", Limits(minimum=1)),
        ("p > 0", "p", Limits(minimum=0, minimum_open=True)),
        ("p BETWEEN 0.5 AND 1", "p", Limits(minimum=0.5, maximum=1)),
        ("NOT (a < 3 OR a > 5)", "a", Limits(minimum=3, maximum=5)),
        ("a = 7", "a", Limits(allowed=(7,))),
        ("a <> 0", "a", Limits(excluded=(0,))),
        ("a", "a", Limits(excluded=(0,))),
        ("NOT a", "a", Limits(allowed=(0,))),
        ("a NOT IN (1, NULL, 2)", "a", Limits(excluded=(1, 2))),
        ("a IN (1, 2, 3) AND a > 2", "a", Limits(minimum=3, allowed=(3,))),
        ("s = 'A' OR s = 'B' OR s IS NULL", "s", Limits(allowed=("A", "B"))),
        ("(s)::text = ANY (ARRAY['A'::text, 'B'])", "s", Limits(allowed=("A", "B"))),
        ("s IN (1, 2)", "s", Limits(allowed=("1", "2"))),
        ("e <> 'x'", "e", Limits(allowed=("y", "z"))),
        ("flag", "flag", Limits(allowed=(True,))),
        ("NOT flag", "flag", Limits(allowed=(False,))),
        ("flag = 1", "flag", Limits(allowed=(True,))),
        ("flag IS TRUE", "flag", Limits(allowed=(True,), not_null=True)),
        ("d >= '1900-01-01'", "d", Limits(minimum=datetime(1900, 1, 1))),
        ("d < CURRENT_DATE", "d", Limits(maximum=NOW, maximum_open=True)),
        ("d = DATE '2020-02-02'", "d", Limits(allowed=("2020-02-02",))),
        ("length(s) BETWEEN 3 AND 5", "s", Limits(min_length=3, max_length=5)),
        ("char_length(s) = 2", "s", Limits(min_length=2, max_length=2)),
        ("length(s) > 0", "s", Limits(min_length=1)),
        ("a IS NOT NULL", "a", Limits(not_null=True)),
        ("a IS NULL OR (a > 3 AND a < 5)", "a", Limits(minimum=4, maximum=4)),
    ],
)
def test_conditions_on_one_column_become_limits(rule: str, column: str, limits: Limits) -> None:
    found = narrowed(rule)
    assert found == Analysis({column: limits})


@pytest.mark.parametrize(
    ("rule", "column", "limits"),
    [
        ("s LIKE 'A_%'", "s", Limits(pattern="A[a-z][a-z]{0,8}")),
        ("s ~ '^[A-Z]{3}$'", "s", Limits(pattern="[A-Z]{3}")),
        ("upper(s) = s", "s", Limits(pattern="[A-Z]{1,8}", case="upper")),
        ("length(trim(s)) > 0", "s", Limits(min_length=1)),
        ("a BETWEEN 1 AND 3 OR a = 7", "a", Limits(minimum=1, maximum=7)),
    ],
)
def test_what_limits_do_not_say_wholly_is_checked_besides(
    rule: str, column: str, limits: Limits
) -> None:
    found = narrowed(rule)
    assert found.limits == {column: limits}
    assert [residual.columns for residual in found.residual] == [(column,)]


@pytest.mark.parametrize(
    "rule",
    ["a * b > 3", "a <> b", "s > 'm'", "coalesce(a, 0) >= 0", "mail ~ '^.+@.+$'",
     "(a > 1 AND b > 1) OR c IS NULL"],
)  # fmt: skip
def test_the_rest_is_left_to_drawing_again(rule: str) -> None:
    found = narrowed(rule)
    assert dict(found.limits) == {}
    assert [residual.rule for residual in found.residual] == [0]


@pytest.mark.parametrize(
    ("rule", "ordering"),
    [
        ("a < b", Ordering("a", "b", strict=True, rule=0)),
        ("b >= a", Ordering("a", "b", strict=False, rule=0)),
        ("d2 IS NULL OR d2 >= d", Ordering("d", "d2", strict=False, rule=0)),
        ("a IS NULL OR b IS NULL OR a < b", Ordering("a", "b", strict=True, rule=0)),
    ],
)
def test_comparisons_of_two_columns_become_orderings(rule: str, ordering: Ordering) -> None:
    assert narrowed(rule) == Analysis(orderings=(ordering,))


def test_conditions_that_mean_the_same_count_once() -> None:
    found = narrowed("a * b > 3", "NOT (a * b <= 3)", "a < b", "b > a", "TRUE")
    assert len(found.residual) == 1
    assert len(found.orderings) == 1


def test_each_finding_tells_its_rule() -> None:
    found = narrowed("a > 0", "a * b > 3 AND b < c")
    assert found.residual[0].rule == 1
    assert to_sql(found.residual[0].expr) == "a * b > 3"
    assert found.orderings[0].rule == 1


@pytest.mark.parametrize(
    ("rules", "path", "named"),
    [
        (["a > 5", "a < 6"], "columns.a", ["a > 5", "a < 6"]),
        (["p >= 0.5", "p < 0.5"], "columns.p", ["p >= 0.5", "p < 0.5"]),
        (["a IN (1, 2)", "a IN (3)"], "columns.a", ["a IN (1, 2)", "a IN (3)"]),
        (["a IN (1, 2)", "a > 2"], "columns.a", ["a IN (1, 2)", "a > 2"]),
        (["a = 1", "a <> 1"], "columns.a", ["a = 1", "a <> 1"]),
        (["e NOT IN ('x', 'y', 'z')"], "columns.e", ["e NOT IN"]),
        (["e = 'w'"], "columns.e", ["e = 'w'"]),
        (["length(s) > 20"], "columns.s", ["LENGTH(s) > 20"]),
        (["length(s) > 5", "length(s) < 3"], "columns.s", ["LENGTH(s) > 5", "LENGTH(s) < 3"]),
        (["d > '2020-01-01'", "d < '2019-01-01'"], "columns.d", ["'2020-01-01'", "'2019-01-01'"]),
        (["a < b", "b < c", "c < a"], "rules", ["a < b", "b < c", "c < a"]),
        (["a <= b", "b < a"], "rules", ["a <= b", "b < a"]),
        (["a < b", "a >= 10", "b <= 5"], "rules", ["a < b"]),
        (["FALSE"], "rules", ["FALSE"]),
    ],
)
def test_rules_that_clash_are_named(rules: list[str], path: str, named: list[str]) -> None:
    (problem,) = narrowed(*rules).problems
    assert problem.path == path
    assert problem.remedy
    assert all(text in problem.message for text in named)


def test_columns_that_must_be_equal_do_not_clash() -> None:
    assert narrowed("a <= b", "b <= a").problems == ()
