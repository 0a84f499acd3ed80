"""Numbers of a row that make sense beside each other: in order, parts of a whole, sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dataforge

Row = dict[str, Any]
TABLES = """
CREATE TABLE products (id int PRIMARY KEY, msrp numeric(10,2), list_price numeric(10,2),
  price numeric(10,2) NOT NULL, "salePrice" numeric(10,2), unit_cost numeric(10,2),
  qty_on_hand int, qty_reserved int, qty_available int, safety_stock int, reorder_point int,
  min_stock int, max_stock int, net_weight_kg numeric(8,3), gross_weight_kg numeric(8,3));
CREATE TABLE stats (id int PRIMARY KEY, total_operators smallint, level_one_operators smallint,
  level_two_operators smallint, total_tickets int, open_tickets int, closed_tickets int,
  min_latency_ms float, avg_latency_ms float, max_latency_ms float, p50_ms float, p95_ms float,
  p99_ms float, max_attempts int, attempts int);
CREATE TABLE quotas (id int PRIMARY KEY, data_quota_mb numeric(12), data_used_mb numeric(12),
  data_remaining_mb numeric(12), used_pct numeric(5,2), credit_limit numeric(10,2),
  balance numeric(10,2), available_credit numeric(10,2));
CREATE TABLE invoices (id int PRIMARY KEY, subtotal numeric(12,2) NOT NULL, tax numeric(12,2),
  shipping numeric(12,2), discount_amount numeric(12,2), total numeric(12,2) NOT NULL,
  amount_paid numeric(12,2), amount_due numeric(12,2));
CREATE TABLE works (id int PRIMARY KEY, labor_cost numeric(10,2), parts_cost numeric(10,2),
  total_cost numeric(10,2), estimated_hours int, actual_hours int, start_odometer_km int,
  end_odometer_km int, distance_km int, claimed_amount numeric(10,2),
  approved_amount numeric(10,2), paid_amount numeric(10,2));
CREATE TABLE rates (id int PRIMARY KEY, average_rate double precision NOT NULL,
  end_of_day_rate double precision NOT NULL, systolic_mmhg int, diastolic_mmhg int);
CREATE TABLE auction_items (id int PRIMARY KEY, initial_price double precision,
  current_price double precision);
"""


def near(one: float, other: float) -> bool:
    return abs(float(one) - float(other)) <= 0.05 * float(other) + 0.01


PROMISES: list[tuple[str, str, Callable[[Row], bool]]] = [
    ("products", "unit_cost salePrice", lambda r: r["unit_cost"] <= r["salePrice"]),
    ("products", "salePrice", lambda r: r["salePrice"] <= r["price"]),
    ("products", "list_price msrp", lambda r: r["price"] <= r["list_price"] <= r["msrp"]),
    ("products", "qty_on_hand qty_reserved", lambda r: r["qty_reserved"] <= r["qty_on_hand"]),
    (
        "products", "qty_on_hand qty_reserved qty_available",
        lambda r: r["qty_available"] == r["qty_on_hand"] - r["qty_reserved"],
    ),
    ("products", "safety_stock reorder_point", lambda r: r["safety_stock"] <= r["reorder_point"]),
    ("products", "min_stock max_stock", lambda r: r["min_stock"] <= r["max_stock"]),
    (
        "products", "net_weight_kg gross_weight_kg",
        lambda r: r["net_weight_kg"] <= r["gross_weight_kg"],
    ),
    (
        "stats", "total_operators level_one_operators level_two_operators",
        lambda r: r["total_operators"] == r["level_one_operators"] + r["level_two_operators"],
    ),
    (
        "stats", "total_tickets open_tickets closed_tickets",
        lambda r: r["open_tickets"] + r["closed_tickets"] == r["total_tickets"],
    ),
    (
        "stats", "min_latency_ms avg_latency_ms max_latency_ms",
        lambda r: r["min_latency_ms"] <= r["avg_latency_ms"] <= r["max_latency_ms"],
    ),
    ("stats", "p50_ms p95_ms p99_ms", lambda r: r["p50_ms"] <= r["p95_ms"] <= r["p99_ms"]),
    ("stats", "attempts max_attempts", lambda r: r["attempts"] <= r["max_attempts"]),
    (
        "quotas", "data_quota_mb data_used_mb data_remaining_mb",
        lambda r: r["data_quota_mb"] == r["data_used_mb"] + r["data_remaining_mb"],
    ),
    (
        "quotas", "data_quota_mb data_used_mb used_pct",
        lambda r: abs(r["used_pct"] - 100 * r["data_used_mb"] / r["data_quota_mb"]) < 1,
    ),
    (
        "quotas", "credit_limit balance available_credit",
        lambda r: r["available_credit"] == r["credit_limit"] - r["balance"],
    ),
    (
        "invoices", "tax shipping discount_amount",
        lambda r: r["total"] == r["subtotal"] + r["tax"] + r["shipping"] - r["discount_amount"],
    ),
    (
        "invoices", "amount_paid amount_due",
        lambda r: 0 <= r["amount_due"] == r["total"] - r["amount_paid"],
    ),
    (
        "works", "labor_cost parts_cost total_cost",
        lambda r: r["total_cost"] == r["labor_cost"] + r["parts_cost"],
    ),
    (
        "works", "estimated_hours actual_hours",
        lambda r: abs(r["actual_hours"] - r["estimated_hours"]) <= 1 + 0.3 * r["estimated_hours"],
    ),
    (
        "works", "start_odometer_km end_odometer_km distance_km",
        lambda r: r["distance_km"] == r["end_odometer_km"] - r["start_odometer_km"] > 0,
    ),
    (
        "works", "claimed_amount approved_amount paid_amount",
        lambda r: r["paid_amount"] <= r["approved_amount"] <= r["claimed_amount"],
    ),
    ("rates", "", lambda r: near(r["end_of_day_rate"], r["average_rate"])),
    ("rates", "systolic_mmhg diastolic_mmhg", lambda r: r["diastolic_mmhg"] < r["systolic_mmhg"]),
    (
        "auction_items", "initial_price current_price",
        lambda r: r["initial_price"] <= r["current_price"],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    data = dataforge.generate(dataforge.from_ddl(TABLES, dialect="postgres"), rows=400)
    return {name: data[name].to_arrow().to_pylist() for name in data}


@pytest.mark.parametrize(("table", "names", "holds"), PROMISES)
def test_numbers_agree(
    rows: dict[str, list[Row]], table: str, names: str, holds: Callable[[Row], bool]
) -> None:
    whole = [r for r in rows[table] if all(r[name] is not None for name in names.split())]
    assert len(whole) > 100
    broken = [row for row in whole if not holds(row)]
    assert not broken, broken[0]


def test_numbers_differ_from_row_to_row(rows: dict[str, list[Row]]) -> None:
    for name in ("unit_cost", "salePrice", "msrp", "qty_reserved"):
        assert len({row[name] for row in rows["products"]}) > 20


def test_what_follows_is_proven(tmp_path: Path) -> None:
    schema = dataforge.from_ddl(TABLES, dialect="postgres")
    dataforge.generate(schema, tmp_path / "data", rows=500)
    certificate = dataforge.verify(tmp_path / "data")
    assert certificate.passed, certificate.summary()
    assert sum(check.kind == "share_of" for check in certificate.checks) > 20


def test_rules_and_stated_specs_stay_as_they_are() -> None:
    ddl = """CREATE TABLE t (id int PRIMARY KEY, min_price numeric(8,2), max_price numeric(8,2),
      CHECK (max_price > min_price + 5));"""
    data = dataforge.generate(dataforge.from_ddl(ddl, dialect="postgres"), rows=200)
    for row in data["t"].to_arrow().to_pylist():
        if row["min_price"] is not None and row["max_price"] is not None:
            assert row["max_price"] > row["min_price"] + 5
