# ruff: noqa: DTZ001  - wall-clock times, as schemas hold them
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from dataforge.errors import ParseError
from dataforge.schema.expressions import (
    And,
    Column,
    Compare,
    Literal,
    Or,
    columns_of,
    fix_present,
    parse_expression,
    rename_columns,
    to_sql,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1", -1),
        ("1.50", Decimal("1.50")),
        ("1e3", 1000.0),
        ("'it''s'", "it's"),
        ("TRUE", True),
        ("NULL", None),
        ("DATE '2026-02-28'", date(2026, 2, 28)),
        ("TIMESTAMP '2026-02-28 10:00:00'", datetime(2026, 2, 28, 10)),
        ("'x'::text", "x"),
    ],
)
def test_constants_carry_their_type(text: str, value: object) -> None:
    assert parse_expression(text) == Literal(value)  # type: ignore[arg-type]


def test_a_truth_value_is_not_a_number() -> None:
    assert Literal(value=True) != Literal(1)


def test_conjunctions_are_flattened() -> None:
    expr = parse_expression("a AND (b AND c) AND d")
    assert expr == And(tuple(map(Column, "abcd")))


def test_long_disjunctions_are_read() -> None:
    text = " OR ".join(f"a = {number}" for number in range(800))
    expr = parse_expression(text)
    assert isinstance(expr, Or)
    assert len(expr.operands) == 800


def test_columns_come_once_in_order_of_appearance() -> None:
    expr = parse_expression("b > 0 AND CASE WHEN a THEN b ELSE c END IN (d, 1)")
    assert columns_of(expr) == ("b", "a", "c", "d")


def test_renaming_touches_columns_only() -> None:
    expr = rename_columns(parse_expression("a = 'a' AND b > 0"), {"a": "A z"})
    assert to_sql(expr) == "\"A z\" = 'a' AND b > 0"


def test_the_present_is_fixed() -> None:
    expr = fix_present(parse_expression("d < CURRENT_DATE"), datetime(2026, 1, 1, 12))
    assert expr == Compare("<", Column("d"), Literal(date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a >", "line 1, column"),
        ("a >= 1 AND\n  b = = 2", "line 2, column 7"),
        ("(a + 1", "line 1"),
        ("", "empty"),
        ("'open", "cannot be read"),
    ],
)
def test_unreadable_text_is_placed(text: str, place: str) -> None:
    with pytest.raises(ParseError, match=place):
        parse_expression(text)


def test_a_caret_marks_the_place() -> None:
    with pytest.raises(ParseError) as caught:
        parse_expression("a >= 1 AND b = = 2")
    shown, caret = caught.value.message.splitlines()[1:]
    assert shown[caret.index("^")] == "="


@pytest.mark.parametrize(
    "text", ["SELECT 1", "a; DROP TABLE t", "a IN (SELECT 1)", "sum(a) OVER ()", "system('ls')"]
)
def test_statements_queries_and_unknown_functions_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_expression(text)
