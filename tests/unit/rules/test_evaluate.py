# ruff: noqa: DTZ001  - wall-clock times, as schemas hold them
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from dataforge.engine.rules.evaluate import evaluate
from dataforge.errors import SchemaError
from dataforge.schema.expressions import parse_expression

NOW = datetime(2026, 1, 1, 12)
CELLS: dict[str, pa.Array] = {
    "i": pa.array([1, None, -3], pa.int32()),
    "u": pa.array([1, 2, None], pa.uint64()),
    "price": pa.array([Decimal("9.99"), Decimal("0.05"), None], pa.decimal128(18, 2)),
    "rate": pa.array([Decimal("0.0750")] * 3, pa.decimal128(18, 4)),
    "f": pa.array([0.5, None, 2.0]),
    "s": pa.array(["Asia", None, "x%"]),
    "e": pa.array(["a", None, "b"]).dictionary_encode(),
    "b": pa.array([True, False, None]),
    "d": pa.array([date(2020, 1, 31), None, date(2026, 1, 1)]),
    "z": pa.array(
        [datetime(2020, 1, 31), None, datetime(2026, 1, 1)], pa.timestamp("us", tz="UTC")
    ),
}


def values(text: str) -> list[Any]:
    result: list[Any] = evaluate(parse_expression(text), CELLS.__getitem__, 3, NOW).to_pylist()
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b AND i > 0", [True, False, False]),
        ("b OR i > 0", [True, None, None]),
        ("NOT b", [False, True, None]),
        ("i IS NULL", [False, True, False]),
        ("i IN (1, NULL)", [True, None, None]),
        ("e IN ('a')", [True, None, False]),
        ("e = 'a'", [True, None, False]),
        ("e <> s", [True, None, True]),
        ("e || s", ["aAsia", None, "bx%"]),
        ("upper(e)", ["A", None, "B"]),
        ("s LIKE 'A%'", [True, None, False]),
        ("s LIKE '%!%' ESCAPE '!'", [False, None, True]),
        ("s ILIKE 'asia'", [True, None, False]),
        ("regexp_matches(s, '^[A-Z]')", [True, None, False]),
        ("CASE WHEN i > 0 THEN 'p' WHEN i < 0 THEN 'n' END", ["p", None, "n"]),
        ("coalesce(i, price, 7)", [Decimal("1.00"), Decimal("0.05"), Decimal("-3.00")]),
        ("round(price * (1 + rate), 2)", [Decimal("10.74"), Decimal("0.05"), None]),
        ("i / 2", [0.5, None, -1.5]),
        ("i // 2", [0, None, -1]),
        ("i % 0", [None, None, None]),
        ("u + 1", [2, 3, None]),
        ("d + INTERVAL 1 MONTH", [datetime(2020, 2, 29), None, datetime(2026, 2, 1)]),
        ("d >= '2020-02-01'", [False, None, True]),
        ("z >= d", [True, None, True]),
        ("d < CURRENT_DATE", [True, None, False]),
        ("CURRENT_TIMESTAMP", [NOW, NOW, NOW]),
        ("date_diff('month', d, CURRENT_DATE)", [72, None, 0]),
        ("NULL", [None, None, None]),
        ("1 = 1", [True, True, True]),
    ],
)
def test_expressions_follow_sql(text: str, expected: list[Any]) -> None:
    assert values(text) == expected


def test_sums_of_wide_decimals_are_exact() -> None:
    big = Decimal("9999999999999999.99")
    cells = pa.array([big], pa.decimal128(18, 2))
    expr = parse_expression("x * x + x")
    result = evaluate(expr, lambda _: cells, 1, NOW).to_pylist()
    assert result == [Decimal("100000000000000009799999999999999.9901")]


def test_only_the_columns_of_the_expression_are_asked_for() -> None:
    asked: list[str] = []

    def column(name: str) -> pa.Array:
        asked.append(name)
        return CELLS[name]

    evaluate(parse_expression("i + u > 0"), column, 3, NOW)
    assert asked == ["i", "u"]


@pytest.mark.parametrize("text", ["CAST(s AS INT)", "i + s * 1 > 0", "CAST(1e30 AS INT)"])
def test_failures_name_the_expression_but_no_value(text: str) -> None:
    with pytest.raises(SchemaError) as caught:
        values(text)
    assert "cannot be computed" in caught.value.message
    assert "Asia" not in str(caught.value)
