"""Rows come after their parents by default, wherever that is plain, and never in a circle."""

from __future__ import annotations

from pathlib import Path

import dataforge
from dataforge.parsers.sql import parse_ddl
from dataforge.schema import Bound, DatetimeSpec, OffsetSpec, Schema, Spec
from dataforge.workflows.prepare import prepare

SHOP = """
CREATE TABLE customers (id int PRIMARY KEY, created_at timestamp NOT NULL,
  updated_at timestamp NOT NULL, CHECK (updated_at >= created_at));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,
  order_date timestamp NOT NULL, CHECK (order_date >= '2020-01-01'));
CREATE TABLE order_items (order_id int REFERENCES orders, item_no int,
  created_at timestamp NOT NULL, updated_at timestamp, PRIMARY KEY (order_id, item_no));
CREATE TABLE payments (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders,
  customer_id int NOT NULL REFERENCES customers, paid_at timestamp NOT NULL);
CREATE TABLE shipments (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders,
  shipped_at timestamp NOT NULL);
CREATE TABLE visits (id int PRIMARY KEY, customer_id int REFERENCES customers,
  created_at timestamp NOT NULL, left_at timestamp, reason int,
  CHECK (created_at <= left_at OR reason > 3));
CREATE TABLE logins (created_at timestamp PRIMARY KEY, customer_id int REFERENCES customers);
"""
CIRCLE = """
CREATE TABLE teams (id int PRIMARY KEY, lead_id int, created_at timestamp NOT NULL);
CREATE TABLE members (id int PRIMARY KEY, team_id int NOT NULL REFERENCES teams,
  created_at timestamp NOT NULL);
ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES members;
"""


def prepared(ddl: str) -> Schema:
    return prepare(parse_ddl(ddl, dialect="postgres").schema)


def spec_of(schema: Schema, table: str, column: str) -> Spec | None:
    return schema.table(table).column(column).spec


def test_what_is_there_before_and_what_follows_it() -> None:
    schema = prepared(SHOP)
    order = spec_of(schema, "orders", "order_date")
    assert isinstance(order, DatetimeSpec)
    assert order.growth > 1
    assert order.after == (Bound(column="created_at", foreign_key="fk_orders_customer_id"),)
    soon = {"order_items": "created_at", "payments": "paid_at", "shipments": "shipped_at"}
    for table, column in soon.items():
        spec = spec_of(schema, table, column)
        assert isinstance(spec, OffsetSpec)
        assert spec.foreign_key == f"fk_{table}_order_id"
        assert spec.column == "order_date"
        assert spec.past
    updated = spec_of(schema, "order_items", "updated_at")
    assert isinstance(updated, OffsetSpec)
    assert (updated.column, updated.foreign_key) == ("created_at", None)


def test_columns_of_keys_and_of_other_rules_stay_as_they_are() -> None:
    schema = prepared(SHOP)
    visit = spec_of(schema, "visits", "created_at")
    assert isinstance(visit, DatetimeSpec)
    assert not visit.after
    login = spec_of(schema, "logins", "created_at")
    assert login is None or (isinstance(login, DatetimeSpec) and not login.after)


def test_a_circle_is_cut_where_it_closes() -> None:
    schema = prepared(CIRCLE)
    specs = [spec_of(schema, table, "created_at") for table in ("teams", "members")]
    bound = [isinstance(spec, DatetimeSpec) and bool(spec.after) for spec in specs]
    assert sorted(bound) == [False, True]
    assert not [each for each in dataforge.validate(schema) if each.severity == "error"]


def test_a_shop_of_which_only_the_ddl_is_known_is_proven(tmp_path: Path) -> None:
    schema = parse_ddl(SHOP, dialect="postgres").schema
    dataforge.generate(schema, tmp_path / "shop", rows=2000)
    certificate = dataforge.verify(tmp_path / "shop")
    assert certificate.passed, certificate.summary()
    # Of the order's own date a rule speaks, which goes before its customer's.
    assert sum(check.kind == "after" for check in certificate.checks) == 5
