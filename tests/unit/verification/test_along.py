"""The example of markets and sensors is proven from its bytes, and a broken cell is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import dataforge
from dataforge.verification import Certificate

MARKETS = Path(__file__).parents[3] / "examples" / "markets.yaml"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("markets") / "data"
    dataforge.generate(dataforge.read_schema(MARKETS), out, format="parquet")
    return out


def test_the_markets_are_proven(written: Path) -> None:
    certificate = dataforge.verify(written)
    assert certificate.passed, certificate.summary()
    kinds = [check.kind for check in certificate.checks if check.verdict == "passed"]
    assert [kinds.count(kind) for kind in ("candle", "label", "calendar")] == [1, 2, 1]
    assert not [check for check in certificate.checks if check.verdict == "skipped"]


def broken(written: Path, tmp_path: Path, table: str, columns: str) -> Certificate:
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
    ("table", "columns", "kind"),
    [
        ("candles", "CAST(close * 0.9 AS DECIMAL(12,2)) AS high", "candle"),
        ("candles", "CAST(open + 1 AS DECIMAL(12,2)) AS low", "candle"),
        ("candles", "CAST(day + INTERVAL 1 DAY AS DATE) AS day", "calendar"),
        ("readings", "'fine' AS status", "label"),
        ("readings", "'normal' AS what", "label"),
        ("readings", "coalesce(celsius, 3) AS celsius", "label"),
    ],
)
def test_a_broken_cell_is_found(
    written: Path, tmp_path: Path, table: str, columns: str, kind: str
) -> None:
    certificate = broken(written, tmp_path, table, columns)
    failed = {check.kind for check in certificate.checks if check.verdict == "failed"}
    assert kind in failed
