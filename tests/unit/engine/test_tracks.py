"""Tracks: things move from row to row as their speed and heading say, wherever a batch begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import compile_schema
from dataforge.engine.plan import Plan
from dataforge.schema import Schema, validate
from sample_schemas import rows_of
from track_schemas import fleet

EARTH_KM = 6371.0


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_schema(fleet(interval_s=20, speed_kmh=50))


def columns(plan: Plan) -> dict[str, Any]:
    rows = rows_of(plan, "fixes")
    return {name: rows[name].to_numpy() for name in rows.column_names}


def steps(made: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Return kilometres and degrees from row to row, and which rows follow their own thing's."""
    north = np.diff(np.radians(made["latitude"]))
    east = np.diff(np.radians(made["longitude"])) * np.cos(np.radians(made["latitude"][1:]))
    same = np.diff(made["thing_id"]) == 0
    return np.hypot(north, east) * EARTH_KM, np.degrees(np.arctan2(east, north)) % 360, same


def test_speed_and_heading_lead_from_row_to_row(plan: Plan) -> None:
    made = columns(plan)
    km, bearing, same = steps(made)
    assert np.abs(km * 3600 / 20 - made["speed"][1:])[same].max() < 1.0
    moving = same & (km > 0.02)
    off = np.abs((bearing - made["heading"][1:] + 180) % 360 - 180)
    assert off[moving].max() < 1.5
    assert made["speed"].max() < 150
    assert 30 < made["speed"].mean() < 60


def test_the_way_and_the_clock_only_grow(plan: Plan) -> None:
    made = columns(plan)
    km, _, same = steps(made)
    assert (np.diff(made["distance"])[same] >= 0).all()
    assert (np.diff(made["distance"])[same] >= km[same] * 0.99 - 0.002).all()
    assert (np.diff(made["timestamp"])[same] == np.timedelta64(20, "s")).all()


def test_things_start_at_home_and_apart(plan: Plan) -> None:
    made = columns(plan)
    first = np.flatnonzero(np.diff(made["thing_id"], prepend=-1))
    assert (made["speed"][first] == 0).all()
    assert (made["distance"][first] == 0).all()
    assert len(np.unique(made["latitude"][first])) == len(first)
    assert ((made["latitude"] > 46) & (made["latitude"] < 56)).all()


@given(start=st.integers(0, 4200), length=st.integers(0, 500))
@settings(max_examples=20, deadline=None)
def test_any_range_is_made_alone(plan: Plan, start: int, length: int) -> None:
    whole = rows_of(plan, "fixes")
    stop = min(start + length, len(whole))
    start = min(start, stop)
    assert rows_of(plan, "fixes", start, stop).equals(whole.slice(start, stop - start))


def test_a_base_may_be_given() -> None:
    made = columns(compile_schema(fleet(latitude=-33.9, longitude=18.4, speed_kmh=4)))
    assert np.abs(made["latitude"] + 33.9).max() < 0.2
    assert np.abs(made["longitude"] - 18.4).max() < 0.2


def test_a_thing_crosses_the_date_line() -> None:
    made = columns(compile_schema(fleet(latitude=-17.0, longitude=180.0, speed_kmh=90)))
    assert np.abs(made["longitude"]).max() <= 180
    assert (made["longitude"] > 179).any()
    assert (made["longitude"] < -179).any()


@pytest.mark.parametrize(
    ("track", "found"),
    [
        ({"interval_s": 3600, "speed_kmh": 900}, "216000 km long"),
        ({"latitude": 50.0}, "latitude without longitude"),
        ({"start": "2026-02-01T00:00:00", "end": "2026-01-01T00:00:00"}, "is above end"),
    ],
)
def test_impossible_tracks_are_refused(track: dict[str, Any], found: str) -> None:
    assert any(found in str(problem) for problem in validate(fleet(**track)))


def test_columns_of_a_thing_agree_on_it() -> None:
    schema = fleet().model_dump()
    schema["tables"][1]["columns"][1]["spec"]["speed_kmh"] = 90
    schema["tables"][1]["columns"][3]["type"] = {"kind": "text"}
    problems = [str(problem) for problem in validate(Schema.model_validate(schema))]
    assert any("'latitude' of the same group has 90" in text for text in problems)
    assert any(
        "is a timestamp, the column is a text" in text or "track" in text for text in problems
    )
    orphaned = fleet().model_dump()
    orphaned["tables"][1]["foreign_keys"] = []
    assert any("owning" in str(p) for p in validate(Schema.model_validate(orphaned)))
