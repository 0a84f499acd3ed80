"""Moments of a row happen in the order of their names, in any style and language."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import dataforge

WAYS = {
    "shipments": "order_date picked_at packed_at shipped_at delivered_at returned_at",
    "claims": "dtmLoss dtmReported dtmOpened dtmApproved dtmSettled dtmClosed",
    "visits": "firstSeenAt lastSeenAt",
    "emp": "birth_dt hire_dt promo_dt term_dt",
    "jobs": "created_at queued_at started_at finished_at",
    "calls": "CALL_START_TS CALL_ANSWER_TS CALL_END_TS",
    "appointments": "requested_at scheduled_start started_at",
    "policies": "signed_on valid_from valid_to",
    "sales": "sales_start sales_end",
    "users": "registered_at updated_at deleted_at",
    "bestellungen": "bestelldatum versanddatum lieferdatum",
    "facturas": "fecha_emision fecha_pago",
    "commandes": "date_commande date_expedition date_livraison",
    "ordini": "data_ordine data_spedizione data_consegna",
    "pedidos": "data_pedido data_envio data_entrega",
    "bestellingen": "besteldatum verzenddatum leverdatum",
    "zamowienia": "data_zamowienia data_wysylki data_dostawy",
    "订单": "下单时间 发货时间 收货时间",
    "注文": "注文日 発送日 配達日",
}


def made(ddl: str, table: str, rows: int = 300) -> list[dict[str, Any]]:
    data = dataforge.generate(dataforge.from_ddl(ddl, dialect="postgres"), rows=rows)
    found: list[dict[str, Any]] = data[table].to_arrow().to_pylist()
    return found


@pytest.mark.parametrize("kind", ["date", "timestamp"])
@pytest.mark.parametrize("table", WAYS)
def test_moments_follow_their_stages(table: str, kind: str) -> None:
    names = WAYS[table].split()
    columns = "".join(f', "{name}" {kind}' for name in reversed(names))
    for row in made(f'CREATE TABLE "{table}" (id int PRIMARY KEY{columns});', table):
        there = [row[name] for name in names if row[name] is not None]
        assert all(a <= b for a, b in pairwise(there)), row


def test_a_stage_that_needs_another_is_not_there_without_it() -> None:
    ddl = """CREATE TABLE parcels (id int PRIMARY KEY, ordered_on date NOT NULL,
      shipped_at timestamp, delivered_at timestamp, returned_at timestamp);"""
    rows = made(ddl, "parcels", 2000)
    assert all(row["shipped_at"] or not row["delivered_at"] for row in rows)
    assert all(row["delivered_at"] or not row["returned_at"] for row in rows)
    assert any(row["returned_at"] for row in rows)
    assert sum(row["returned_at"] is None for row in rows) > 1200


def test_guests_arrive_before_they_depart_and_trains_depart_first() -> None:
    stay = "CREATE TABLE hotel_stays (id int PRIMARY KEY, departure_date date, arrival_date date);"
    assert all(
        r["arrival_date"] <= r["departure_date"]
        for r in made(stay, "hotel_stays")
        if r["arrival_date"] and r["departure_date"]
    )
    trip = "CREATE TABLE trips (id int PRIMARY KEY, arrival_at timestamp, departure_at timestamp);"
    for row in made(trip, "trips"):
        if row["arrival_at"] and row["departure_at"]:
            assert 0 <= (row["arrival_at"] - row["departure_at"]).total_seconds() <= 90_000


def test_terms_last_long_and_calls_do_not() -> None:
    ddl = """CREATE TABLE bill_of_materials (id int PRIMARY KEY, effective_date date NOT NULL,
      end_date date);
    CREATE TABLE calls (id int PRIMARY KEY, start_time timestamp NOT NULL, end_time timestamp);"""
    terms = [r for r in made(ddl, "bill_of_materials") if r["end_date"]]
    assert min((row["end_date"] - row["effective_date"]).days for row in terms) >= 180
    calls = [r for r in made(ddl, "calls") if r["end_time"]]
    assert max((row["end_time"] - row["start_time"]).total_seconds() for row in calls) <= 1800


def test_the_order_is_proven(tmp_path: Path) -> None:
    ddl = "".join(
        f'CREATE TABLE "{table}" (id int PRIMARY KEY'
        + "".join(f', "{name}" timestamp' for name in names.split())
        + ");"
        for table, names in WAYS.items()
    )
    dataforge.generate(dataforge.from_ddl(ddl, dialect="postgres"), tmp_path / "d", rows=200)
    certificate = dataforge.verify(tmp_path / "d")
    assert certificate.passed, certificate.summary()
    assert sum(check.kind == "after" for check in certificate.checks) >= len(WAYS)


def test_moments_of_a_zone_are_ordered_as_others(tmp_path: Path) -> None:
    schema = dataforge.from_ddl(
        "CREATE TABLE jobs (id int PRIMARY KEY, queued_at timestamptz NOT NULL, "
        "started_at timestamptz, approved_at timestamptz, finished_at timestamptz, "
        "completed_at timestamptz, due_on timestamptz, completed boolean NOT NULL)"
    )
    dataforge.generate(schema, tmp_path / "jobs", rows=500)
    certificate = dataforge.verify(tmp_path / "jobs")
    assert certificate.passed, certificate.summary()
    rows = dataforge.preview(schema, 500)["jobs"].to_arrow().to_pylist()
    assert all(row["started_at"] is None or row["started_at"] >= row["queued_at"] for row in rows)
