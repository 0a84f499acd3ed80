"""What a track promises is proven from the bytes, and missed where a reading breaks it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

import dataforge
from dataforge.verification import Certificate
from track_schemas import FIELDS, fleet


def failed(certificate: Certificate) -> set[str]:
    return {check.columns[0] for check in certificate.failures if check.kind == "track"}


def proven(certificate: Certificate) -> set[str]:
    assert certificate.passed, certificate.summary()
    made = [check for check in certificate.checks if check.kind == "track"]
    return {check.columns[0] for check in made if check.verdict == "passed"}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    "track",
    [
        {"interval_s": 20, "speed_kmh": 50},
        {"interval_s": 0.5, "speed_kmh": 900, "number": "decimal"},
        {"interval_s": 3600, "speed_kmh": 8, "latitude": 80.0, "longitude": 180.0},
    ],
)
def test_what_was_generated_is_proven(tmp_path: Path, kind: str, track: dict[str, Any]) -> None:
    dataforge.generate(fleet(readings=500, **track), tmp_path / "data", format=kind)
    assert proven(dataforge.verify(tmp_path / "data")) == set(FIELDS)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tracks") / "data"
    dataforge.generate(fleet(interval_s=20, speed_kmh=50), out, format="parquet")
    return out


ONE = "CASE WHEN distance BETWEEN 5 AND 5.3 THEN {} ELSE {} END AS {}"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ("latitude + 60 AS latitude", {"latitude"}),
        (ONE.format("latitude + 0.01", "latitude", "latitude"), {"latitude", "speed", "heading"}),
        (ONE.format("longitude - 0.01", "longitude", "longitude"), {"latitude", "speed"}),
        ("longitude * 400 AS longitude", {"longitude", "latitude"}),
        ("speed * 1.1 AS speed", {"speed"}),
        ("(heading + 5) % 360 AS heading", {"heading"}),
        ("timestamp + INTERVAL 1 DAY * distance AS timestamp", {"timestamp"}),
        ("distance * 0.9 AS distance", {"distance"}),
        ("distance * 3 AS distance", {"distance"}),
        ("distance + 1 AS distance", {"distance"}),
    ],
)
def test_a_broken_reading_is_found(
    written: Path, tmp_path: Path, changed: str, found: set[str]
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(written, copy)
    (file,) = copy.glob("data/fixes*.parquet")
    other = tmp_path / "changed.parquet"
    with duckdb.connect() as connection:
        rows = f"SELECT * REPLACE ({changed}) FROM '{file}'"
        connection.execute(f"COPY ({rows}) TO '{other}' (FORMAT parquet)")
    other.replace(file)
    assert failed(dataforge.verify(copy)) >= found


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_database_orders_readings_by_their_moment(
    written: Path, tmp_path: Path, kind: str
) -> None:
    url = f"{kind}:///{tmp_path / 'fleet.db'}"
    dataforge.load(written, url)
    told = proven(dataforge.verify(url, schema=written / "schema.yaml"))
    assert told >= set(FIELDS) - ({"timestamp"} if kind == "sqlite" else set())
