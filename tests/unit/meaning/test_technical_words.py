"""Columns of logs, metrics and deployments hold technical words, and numbers fit their units."""

from __future__ import annotations

import json
from typing import Any

import pytest

import dataforge

TABLES = """
CREATE TABLE database_log (id int PRIMARY KEY, event varchar(128) NOT NULL,
  "schema" varchar(128) NOT NULL, object varchar(128) NOT NULL, tsql varchar(4000) NOT NULL);
CREATE TABLE metrics (id int PRIMARY KEY, metric varchar(80) NOT NULL,
  index_name varchar(80) NOT NULL, command varchar(200) NOT NULL, context text NOT NULL,
  payload varchar(400) NOT NULL);
CREATE TABLE app_log (id int PRIMARY KEY, class varchar(120) NOT NULL,
  thread varchar(60) NOT NULL, query text NOT NULL, stack_trace text NOT NULL);
CREATE TABLE deployments (id int PRIMARY KEY, service varchar(60) NOT NULL,
  environment varchar(20) NOT NULL, branch varchar(60) NOT NULL, memory_limit_mb int NOT NULL);
CREATE TABLE vitals (id int PRIMARY KEY, "systolicMmhg" int NOT NULL,
  "oxygenSaturationPct" int NOT NULL, "dosageMg" int NOT NULL, "timesPerDay" int NOT NULL);
CREATE TABLE vehicles (id int PRIMARY KEY, purchase_price numeric(10,2) NOT NULL,
  current_value numeric(10,2) NOT NULL, weight_kg int NOT NULL, fuel_capacity_l int NOT NULL);
CREATE TABLE apartments (id int PRIMARY KEY, list_price numeric(12,2) NOT NULL,
  price_per_liter numeric(5,3) NOT NULL, width_mm int NOT NULL);
CREATE TABLE appointments (id int PRIMARY KEY, status varchar(20) NOT NULL);
"""


@pytest.fixture(scope="module")
def columns() -> dict[str, dict[str, list[Any]]]:
    data = dataforge.generate(dataforge.from_ddl(TABLES, dialect="postgres"), rows=200)
    return {name: data[name].to_arrow().to_pydict() for name in data}


@pytest.mark.parametrize(
    ("table", "column", "one_of"),
    [
        ("database_log", "event", "CREATE_TABLE"),
        ("database_log", "schema", "public"),
        ("database_log", "object", "orders"),
        ("metrics", "metric", "cpu_usage"),
        ("metrics", "index_name", "pk_orders"),
        ("metrics", "command", "npm run build"),
        ("app_log", "class", "com.example.orders.OrderService"),
        ("app_log", "thread", "main"),
        ("app_log", "query", "SELECT count(*) FROM sessions"),
        ("deployments", "service", "billing-api"),
        ("deployments", "environment", "production"),
        ("deployments", "branch", "main"),
        ("appointments", "status", "completed"),
    ],
)
def test_technical_columns_hold_technical_words(
    columns: dict[str, dict[str, list[Any]]], table: str, column: str, one_of: str
) -> None:
    assert one_of in columns[table][column]
    assert len(set(columns[table][column])) <= 12


def test_documents_read_as_json_and_traces_name_files(
    columns: dict[str, dict[str, list[Any]]],
) -> None:
    for column in ("context", "payload"):
        assert all(set(json.loads(text)) for text in columns["metrics"][column])
    assert all(".py:" in text for text in columns["app_log"]["stack_trace"])


@pytest.mark.parametrize(
    ("table", "column", "low", "high"),
    [
        ("deployments", "memory_limit_mb", 128, 8192),
        ("vitals", "systolicMmhg", 90, 190),
        ("vitals", "oxygenSaturationPct", 80, 100),
        ("vitals", "dosageMg", 5, 500),
        ("vitals", "timesPerDay", 1, 4),
        ("vehicles", "purchase_price", 4_000, 95_000),
        ("vehicles", "weight_kg", 900, 3_200),
        ("vehicles", "fuel_capacity_l", 4, 90),
        ("apartments", "list_price", 60_000, 2_500_000),
        ("apartments", "price_per_liter", 1, 2.3),
        ("apartments", "width_mm", 4, 2_400),
    ],
)
def test_numbers_fit_their_units(
    columns: dict[str, dict[str, list[Any]]], table: str, column: str, low: float, high: float
) -> None:
    values = [float(value) for value in columns[table][column]]
    assert low <= min(values) <= max(values) <= high


def test_a_car_is_worth_less_than_it_was_bought_for(
    columns: dict[str, dict[str, list[Any]]],
) -> None:
    cars = columns["vehicles"]
    pairs = zip(cars["current_value"], cars["purchase_price"], strict=True)
    assert all(now < then for now, then in pairs)


def test_columns_of_xml_hold_xml() -> None:
    ddl = "CREATE TABLE t (id int PRIMARY KEY, note xml NOT NULL);"
    data = dataforge.generate(dataforge.from_ddl(ddl, dialect="postgres"), rows=20)
    assert all(text.startswith("<event id=") for text in data["t"].to_arrow()["note"].to_pylist())
