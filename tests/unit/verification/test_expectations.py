"""Shares that a schema expects are measured on what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

import dataforge
from dataforge.schema import (
    CategoricalSpec,
    Column,
    Expectation,
    IntegerType,
    Schema,
    SequenceSpec,
    StringType,
    Table,
    validate,
)
from dataforge.verification import Certificate

ROWS = 2_000


def orders(wish: Expectation, share: float) -> Schema:
    status = CategoricalSpec(values=("paid", "cancelled"), weights=(1 - share, share))
    table = Table(
        name="orders",
        rows=ROWS,
        primary_key=("id",),
        columns=(
            Column(name="id", type=IntegerType(), spec=SequenceSpec()),
            Column(name="Status", type=StringType(), nullable=False, spec=status),
        ),
        expectations=(wish,),
    )
    return Schema(tables=(table,))


def proven(schema: Schema, place: Path) -> Certificate:
    dataforge.generate(schema, place, format="parquet")
    return dataforge.verify(place)


def cancelled(share: float, where: str | None = None) -> Expectation:
    return Expectation(
        name="cancelled", expression="status = 'cancelled'", share=share, where=where
    )


def test_a_share_within_its_sampling_error_passes(tmp_path: Path) -> None:
    certificate = proven(orders(cancelled(0.05), 0.05), tmp_path / "data")
    (check,) = (each for each in certificate.checks if each.kind == "share")
    assert check.verdict == "passed"
    assert check.columns == ("Status",)


def test_a_share_beyond_it_fails_with_its_figures(tmp_path: Path) -> None:
    certificate = proven(orders(cancelled(0.05), 0.1), tmp_path / "data")
    (check,) = certificate.failures
    assert check.kind == "share"
    assert "of 2,000 rows" in check.reason


@pytest.mark.parametrize(("where", "verdict"), [("id <= 1000", "passed"), ("id < 0", "skipped")])
def test_a_share_of_some_rows(tmp_path: Path, where: str, verdict: str) -> None:
    certificate = proven(orders(cancelled(0.05, where), 0.05), tmp_path / "data")
    (check,) = (each for each in certificate.checks if each.kind == "share")
    assert check.verdict == verdict


def test_a_wish_about_no_column_is_a_problem() -> None:
    wish = Expectation(name="late", expression="paid_late", share=0.03)
    (problem,) = validate(orders(wish, 0.05))
    assert problem.path == "tables.orders.expectations.late"
