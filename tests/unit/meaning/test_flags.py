"""Flags and statuses say what the moments of their row say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import dataforge

NOW = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the schema's present, a wall-clock time
TABLES = """
CREATE TABLE employees (id int PRIMARY KEY, hire_date date NOT NULL, termination_date date,
  is_active boolean NOT NULL, "employmentStatus" varchar(20) NOT NULL);
CREATE TABLE accounts (id int PRIMARY KEY, created_at timestamp NOT NULL, deleted_at timestamp,
  enabled smallint NOT NULL, is_deleted boolean, active_flag char(1));
CREATE TABLE policies (id int PRIMARY KEY, valid_from date NOT NULL, expires_on date NOT NULL,
  current boolean NOT NULL, is_expired boolean NOT NULL);
CREATE TABLE issues (id int PRIMARY KEY, opened_at timestamp NOT NULL, closed_at timestamp,
  is_open boolean NOT NULL, is_closed boolean NOT NULL);
CREATE TABLE rechnung (id int PRIMARY KEY, rechnungsdatum date NOT NULL, bezahltdatum date,
  bezahlt boolean NOT NULL);
CREATE TABLE members (id int PRIMARY KEY, status varchar(12) NOT NULL
  CHECK (status IN ('active', 'inactive', 'pending')), active boolean NOT NULL);
CREATE TABLE fixed (id int PRIMARY KEY, deleted_at timestamp, active boolean NOT NULL,
  CHECK (active OR deleted_at IS NULL OR id > 0));
"""


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, Any]]]:
    data = dataforge.generate(dataforge.from_ddl(TABLES, dialect="postgres"), rows=600)
    return {name: data[name].to_arrow().to_pylist() for name in data}


def test_nobody_active_has_left(rows: dict[str, list[dict[str, Any]]]) -> None:
    gone = {"inactive", "terminated", "closed", "archived"}
    for row in rows["employees"]:
        left = row["termination_date"] is not None and row["termination_date"] <= NOW.date()
        assert row["is_active"] == (not left)
        assert (row["employmentStatus"] in gone) == left
    assert {row["is_active"] for row in rows["employees"]} == {True, False}


def test_flags_of_any_type_agree(rows: dict[str, list[dict[str, Any]]]) -> None:
    for row in rows["accounts"]:
        deleted = row["deleted_at"] is not None
        assert row["enabled"] == (0 if deleted else 1)
        assert row["is_deleted"] in {None, deleted}
        assert row["active_flag"] in {None, "N" if deleted else "Y"}


def test_what_has_expired_is_not_current(rows: dict[str, list[dict[str, Any]]]) -> None:
    for row in rows["policies"]:
        assert row["valid_from"] <= row["expires_on"]
        assert row["is_expired"] == (row["expires_on"] <= NOW.date())
        assert row["current"] != row["is_expired"]


def test_open_and_closed_paid_and_unpaid(rows: dict[str, list[dict[str, Any]]]) -> None:
    for row in rows["issues"]:
        assert row["is_closed"] == (row["closed_at"] is not None) == (not row["is_open"])
    for row in rows["rechnung"]:
        assert row["bezahlt"] == (row["bezahltdatum"] is not None)


def test_a_flag_without_moments_goes_by_the_status(rows: dict[str, list[dict[str, Any]]]) -> None:
    assert all(row["active"] == (row["status"] != "inactive") for row in rows["members"])


def test_columns_of_rules_stay_and_all_is_proven(
    rows: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    assert {row["active"] for row in rows["fixed"]} == {True, False}
    schema = dataforge.from_ddl(TABLES, dialect="postgres")
    dataforge.generate(schema, tmp_path / "data", rows=300)
    certificate = dataforge.verify(tmp_path / "data")
    assert certificate.passed, certificate.summary()
