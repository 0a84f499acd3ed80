"""A status and the moments named after its states agree in every row."""

from __future__ import annotations

from typing import Any

import dataforge

SHOP = """
CREATE TABLE orders (id int PRIMARY KEY, order_date timestamp NOT NULL,
  status varchar(20) NOT NULL
    CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled')),
  paid_at timestamp, shipped_at timestamp, delivered_at timestamp, cancelled_at timestamp,
  reviewed_at timestamp);
CREATE TYPE stage AS ENUM ('Open', 'In progress', 'Resolved', 'Closed');
CREATE TABLE tickets (id int PRIMARY KEY, "ticketStage" stage NOT NULL,
  created_at date NOT NULL, "resolvedAt" date, "closedDate" date);
CREATE TABLE jobs (id int PRIMARY KEY, status varchar(20) CHECK (status IN ('alpha', 'shipped')),
  shipped_at timestamp);
CREATE TABLE parcels (id int PRIMARY KEY, status varchar(20) CHECK (status IN ('new', 'shipped')),
  shipped_at timestamp NOT NULL);
"""


def rows(table: str) -> list[dict[str, Any]]:
    made = dataforge.generate(dataforge.from_ddl(SHOP, dialect="postgres"), rows=600)
    found: list[dict[str, Any]] = made[table].to_arrow().to_pylist()
    return found


def test_a_row_has_the_moments_of_the_states_it_has_reached() -> None:
    way = ["pending", "paid", "shipped", "delivered"]
    seen = set()
    for row in rows("orders"):
        seen.add(row["status"])
        reached = way[1 : way.index(row["status"]) + 1] if row["status"] in way else []
        for state in way[1:]:
            assert (row[f"{state}_at"] is not None) == (state in reached)
        assert (row["cancelled_at"] is not None) == (row["status"] == "cancelled")
        moments = [row["order_date"], *(row[f"{state}_at"] for state in reached)]
        assert moments == sorted(moments)
    assert seen == {*way, "cancelled"}


def test_names_and_states_may_be_written_in_any_way() -> None:
    way = ["Open", "In progress", "Resolved", "Closed"]
    for row in rows("tickets"):
        rank = way.index(row["ticketStage"])
        assert (row["resolvedAt"] is not None) == (rank >= 2)
        assert (row["closedDate"] is not None) == (rank >= 3)
        if rank == 3:
            assert row["created_at"] <= row["resolvedAt"] <= row["closedDate"]


def test_unknown_states_and_required_moments_are_left_alone() -> None:
    assert any(row["status"] == "alpha" and row["shipped_at"] for row in rows("jobs"))
    assert all(row["shipped_at"] for row in rows("parcels"))


def test_a_rule_that_puts_moments_in_order_leaves_them_to_the_story() -> None:
    ddl = """CREATE TABLE orders (id int PRIMARY KEY, ordered_at timestamp NOT NULL,
      status varchar(20) NOT NULL CHECK (status IN ('pending', 'shipped')), shipped_at timestamp,
      CHECK (shipped_at IS NULL OR shipped_at >= ordered_at));"""
    made = dataforge.generate(dataforge.from_ddl(ddl), rows=400)
    for row in made["orders"].to_arrow().to_pylist():
        assert (row["shipped_at"] is not None) == (row["status"] == "shipped")
        assert row["shipped_at"] is None or row["shipped_at"] >= row["ordered_at"]
