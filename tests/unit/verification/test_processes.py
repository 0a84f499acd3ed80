"""Every promise of a process is proven from the bytes, and missed where a cell breaks it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import dataforge
from dataforge.verification import Certificate
from process_schemas import processes

KINDS = {"chain", "after", "interval", "balance", "double_entry", "as_of", "depth", "path"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("processes") / "data"
    dataforge.generate(processes(accounts=150, entries=900), out, format="parquet")
    return out


def test_what_was_generated_is_proven(written: Path) -> None:
    certificate = dataforge.verify(written)
    assert certificate.passed, certificate.summary()
    made = {check.kind for check in certificate.checks if check.verdict == "passed"}
    assert made >= KINDS
    assert not [check for check in certificate.checks if check.verdict == "skipped"]


def broken(written: Path, tmp_path: Path, table: str, columns: str) -> Certificate:
    """Prove a copy in which ``columns`` of a table are replaced."""
    copy = tmp_path / "data"
    shutil.copytree(written, copy)
    (file,) = copy.glob(f"data/{table}*.parquet")
    changed = tmp_path / "changed.parquet"
    with duckdb.connect() as connection:
        rows = f"SELECT * REPLACE ({columns}) FROM '{file}'"
        connection.execute(f"COPY ({rows}) TO '{changed}' (FORMAT parquet)")
    changed.replace(file)
    return dataforge.verify(copy)


@pytest.mark.parametrize(
    ("table", "columns", "kind", "column"),
    [
        ("event", "'paid' AS state", "chain", "state"),
        ("event", "CASE number WHEN 3 THEN 'placed' ELSE state END AS state", "chain", "state"),
        ("event", "moment - INTERVAL 90 DAY * (number - 1) AS moment", "chain", "moment"),
        ("event", "moment - INTERVAL 1 SECOND AS moment", "after", "moment"),
        ("event", "moment + INTERVAL 9 YEAR AS moment", "after", "moment"),
        ("account", "'lost' AS status", "chain", "status"),
        ("account", "CAST(NULL AS TIMESTAMP) AS paid_at", "chain", "paid_at"),
        ("account", "opened AS cancelled_at", "chain", "cancelled_at"),
        ("account", "shipped_at + INTERVAL 9 DAY AS paid_at", "chain", "paid_at"),
        ("account", "paid_at - INTERVAL 9 YEAR AS paid_at", "chain", "paid_at"),
        ("account", "delivered_at + INTERVAL 9 YEAR AS delivered_at", "chain", "delivered_at"),
        ("entry", "freed + 400 AS freed", "interval", "booked"),
        ("entry", "booked AS freed", "interval", "booked"),
        ("entry", "ended - INTERVAL 90 DAY AS ended", "interval", "began"),
        ("entry", "valid_to + 1 AS valid_to", "interval", "valid_from"),
        ("entry", "valid_to - 1 AS valid_to", "interval", "valid_from"),
        ("entry", "booked - 4000 AS booked", "after", "booked"),
        ("entry", "balance + 1 AS balance", "balance", "balance"),
        ("entry", "amount + 1 AS amount", "balance", "balance"),
        ("entry", "balance - 9000 AS balance", "balance", "balance"),
        ("line", "signed + 0.01 AS signed", "double_entry", "total"),
        ("line", "debit + 0.01 AS debit", "double_entry", "total"),
        ("line", "credit * 2 AS credit", "double_entry", "total"),
        ("note", "depth + 1 AS depth", "depth", "depth"),
        ("note", "path || '!' AS path", "path", "path"),
        ("note", "written - INTERVAL 9 YEAR AS written", "after", "written"),
        ("note", "written + INTERVAL 9 YEAR AS written", "after", "written"),
        ("note", "written_on - 4000 AS written_on", "after", "written_on"),
        ("note", "answered + INTERVAL 9 YEAR AS answered", "after", "answered"),
        ("note", "valid_amount + 1 AS valid_amount", "as_of", "valid_amount"),
    ],
)
def test_a_broken_cell_is_found(
    written: Path, tmp_path: Path, table: str, columns: str, kind: str, column: str
) -> None:
    certificate = broken(written, tmp_path, table, columns)
    found = {(check.kind, check.columns[0]) for check in certificate.failures if check.columns}
    assert (kind, column) in found


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_database_is_proven_as_well(written: Path, tmp_path: Path, kind: str) -> None:
    url = f"{kind}:///{tmp_path / 'processes.db'}"
    dataforge.load(written, url)
    certificate = dataforge.verify(url, schema=written / "schema.yaml")
    assert certificate.passed, certificate.summary()
    assert {check.kind for check in certificate.checks} >= KINDS
