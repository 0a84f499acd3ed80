"""A company as it lives: generated, proven from its files, and looked at by other queries."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from command_line import ran

LIFE = Path(__file__).parents[2] / "examples" / "life.yaml"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("life") / "data"
    code, _, err = ran("generate", "--schema", LIFE, "--format", "parquet", "--out", out)
    assert code == 0, err
    return out


def found(life: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        for file in (life / "data").glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        return connection.execute(sql).fetchall()


def test_every_promise_is_proven(life: Path) -> None:
    code, out, err = ran("verify", life, "--json")
    assert code == 0, err
    checks = json.loads(out)["checks"]
    assert {check["verdict"] for check in checks} == {"passed"}
    kinds = Counter(check["kind"] for check in checks)
    expected = {
        "chain": 2, "after": 7, "interval": 2, "balance": 2, "double_entry": 2, "as_of": 1,
        "path": 1, "rule": 2, "aggregate": 2,
    }  # fmt: skip
    assert {kind: kinds[kind] for kind in expected} == expected
    assert kinds["depth"] == 2


def test_pay_and_age_follow_the_grade(life: Path) -> None:
    grades = ["junior", "staff", "senior", "lead", "director", "chief"]
    rows = found(life, "SELECT grade, median(salary), median(born) FROM employees GROUP BY grade")
    by_grade = {row[0]: row[1:] for row in rows}
    pay = [float(str(by_grade[grade][0])) for grade in grades]
    assert pay == sorted(pay)
    assert str(by_grade["junior"][1]) > str(by_grade["lead"][1]) > str(by_grade["director"][1])
    spans = found(life, "SELECT count(*) c FROM employees GROUP BY manager_id ORDER BY c DESC")
    assert max(int(str(row[0])) for row in spans) <= 9


def test_orders_fall_between_signing_up_and_leaving(life: Path) -> None:
    joined = "FROM orders o JOIN customers c ON c.id = o.customer_id"
    outside = "o.ordered_at < c.signed_up_at OR o.ordered_at > c.churned_at"
    assert found(life, f"SELECT count(*) {joined} WHERE {outside}") == [(0,)]
    by_year = found(life, "SELECT year(ordered_at) y, count(*) FROM orders GROUP BY y ORDER BY y")
    counts = [int(str(row[1])) for row in by_year]
    assert counts == sorted(counts)
    hours = found(life, "SELECT hour(ordered_at) h, count(*) c FROM orders GROUP BY h ORDER BY c")
    assert [row[0] for row in hours][-1] in {19, 20, 21}
    holiday = "month(ordered_at) = 12 AND day(ordered_at)"
    christmas, before = (
        int(str(found(life, f"SELECT count(*) FROM orders WHERE {holiday} = {day}")[0][0]))
        for day in (25, 18)
    )
    assert 0 < christmas < before
    busiest = "SELECT sum(n) FROM (SELECT count(*) n FROM orders GROUP BY customer_id ORDER BY 1 DESC LIMIT 400)"  # noqa: E501
    assert int(str(found(life, busiest)[0][0])) > 20_000 * 0.3


def test_an_order_tells_one_story(life: Path) -> None:
    states = found(life, "SELECT status, count(*) c FROM orders GROUP BY status ORDER BY c DESC")
    assert [row[0] for row in states] == ["delivered", "cancelled", "returned"]
    late = "SELECT count(*) FROM order_history WHERE entered_at > '2026-01-01'"
    assert found(life, late) == [(0,)]
    days = (
        "SELECT median(epoch(d.entered_at - p.entered_at)) / 86400 FROM order_history p "
        "JOIN order_history d USING (order_id) WHERE p.state = 'placed' AND d.state = 'delivered'"
    )
    assert 2 < float(str(found(life, days)[0][0])) < 6


def test_the_books_close_and_the_stock_is_there(life: Path) -> None:
    sums = (
        "SELECT sum(debit) - sum(credit), sum(debit) - (SELECT sum(total) FROM orders) FROM entries"
    )
    assert [float(str(value)) for value in found(life, sums)[0]] == [0.0, 0.0]
    assert int(str(found(life, "SELECT min(stock) FROM stock_movements")[0][0])) >= 0
    still = found(life, "SELECT count(*) FROM stock_movements WHERE quantity = 0")
    assert int(str(still[0][0])) < 15_000 * 0.03
