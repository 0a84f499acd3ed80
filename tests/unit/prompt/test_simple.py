"""Simple requests become the tables, columns and counts that their words name."""

from __future__ import annotations

from dataforge.parsers.prompt import Request, analyze, compose
from dataforge.schema import validate


def test_a_list_of_columns_is_the_table() -> None:
    request = analyze("200 payouts with the following fields: payout_id, amount, and day")
    schema = compose(request).schema_
    (table,) = schema.tables
    assert table.name == "payouts"
    assert table.rows == 200
    assert [column.name for column in table.columns] == ["payout_id", "amount", "day"]
    assert not validate(schema)


def test_a_request_is_json() -> None:
    request = analyze("an online bookstore with 5,000 customers; about 5% of orders are cancelled")
    assert Request.model_validate_json(request.model_dump_json()) == request
    assert request.entities[0].count is not None
    assert request.entities[0].count.value == 5_000


def test_a_share_is_an_expectation() -> None:
    request = analyze("an online bookstore with 5,000 customers; about 5% of orders are cancelled")
    composition = compose(request)
    (wish,) = composition.schema_.table("orders").expectations
    assert wish.share == 0.05
    assert "cancelled" in wish.expression
    assert any("expectations" in path for traced in composition.trace for path in traced.clauses)


def test_an_empty_request_is_refused() -> None:
    assert compose(analyze("  ")).refused is not None
