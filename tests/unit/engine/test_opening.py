"""Intervals that know opening hours begin and end within them, and still do not overlap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dataforge
from dataforge.engine import compile_schema
from dataforge.engine.generators.moments import Moments
from dataforge.engine.generators.opening import open_time
from dataforge.schema import Opening, Schema, validate
from dataforge.schema.serialize import from_document
from sample_schemas import rows_of

HOUR = 3600
HALF_DAYS = {"hours": [8.5, 18], "weekdays": [1, 1, 1, 1, 1, 0, 0]}
BOOKED = {"minimum": 900, "distribution": {"kind": "log_normal", "median": 4500, "sigma": 0.7}}


def rooms(bookings: int = 4000, kind: str = "timestamp", **law: Any) -> Schema:
    """Return rooms and what they are booked for in one year."""
    spec = {
        "kind": "interval_start",
        "start": "2025-01-01T00:00:00",
        "end": "2026-01-01T00:00:00",
        "opening": HALF_DAYS,
        **law,
    }
    owner = {"columns": ["room_id"], "parent": "rooms", "parent_columns": ["id"], "owning": True}
    key = {"name": "id", "type": "integer", "nullable": False}
    from_, until = (
        {"name": name, "type": kind, "nullable": False, "spec": each}
        for name, each in (
            ("from_at", spec),
            ("until_at", {"kind": "interval_end", "start_column": "from_at"}),
        )
    )
    bookings_table = {
        "name": "bookings",
        "rows": bookings,
        "columns": [{"name": "room_id", "type": "integer", "nullable": False}, from_, until],
        "foreign_keys": [owner],
    }
    tables = [{"name": "rooms", "rows": 8, "columns": [key], "primary_key": ["id"]}, bookings_table]
    return from_document({"version": 1, "tables": tables}, "rooms")


LAWS: dict[str, dict[str, Any]] = {
    "spread": {"length": BOOKED, "step": 900},
    "apart": {"length": BOOKED, "step": 900, "touching": False},
    "crowded": {"length": {"minimum": 1800, "maximum": 14_400}, "step": 1800},
    "in turn": {"length": BOOKED, "step": 900, "gap": {"maximum": 7200}},
    "tiling": {"tiling": True, "step": 900},
    "seconds": {"length": {"minimum": 60, "maximum": 9000}},
}


def seconds(moments: pa.Array) -> Any:
    clock = [pc.hour(moments), pc.minute(moments), pc.second(moments)]
    hours, minutes, rest = (np.asarray(each) for each in clock)
    return hours * HOUR + minutes * 60 + rest


@pytest.mark.parametrize("name", LAWS)
def test_intervals_begin_and_end_while_it_is_open(name: str, tmp_path: Path) -> None:
    rows = rows_of(compile_schema(rooms(**LAWS[name])), "bookings")
    for column in ("from_at", "until_at"):
        moments = rows[column].combine_chunks()
        assert pc.max(pc.day_of_week(moments)).as_py() <= 4
        assert seconds(moments).min() >= 8.5 * HOUR
        assert seconds(moments).max() <= 18 * HOUR
    dataforge.generate(rooms(**LAWS[name]), tmp_path, format="parquet")
    certificate = dataforge.verify(tmp_path)
    assert certificate.passed, certificate.summary()
    told = {check.constraint for check in certificate.checks if check.kind == "interval"}
    assert "begins and ends in opening hours" in told


def test_what_is_open_until_midnight_ends_with_its_day(tmp_path: Path) -> None:
    evenings = {"hours": [18, 24], "weekdays": [0, 0, 0, 0, 1, 1, 0]}
    schema = rooms(length={"minimum": 7200, "maximum": 7200}, step=1800, opening=evenings)
    dataforge.generate(schema, tmp_path, format="parquet")
    certificate = dataforge.verify(tmp_path)
    assert certificate.passed, certificate.summary()
    ends = rows_of(compile_schema(schema), "bookings")["until_at"].combine_chunks()
    at_midnight = seconds(ends) == 0
    assert at_midnight.any()
    assert set(np.asarray(pc.day_of_week(ends))[at_midnight]) == {5, 6}


def test_bookings_lie_within_one_day_and_on_the_quarter() -> None:
    rows = rows_of(compile_schema(rooms(**LAWS["spread"])), "bookings")
    start, end = (rows[name].to_numpy() for name in ("from_at", "until_at"))
    same_day = start.astype("datetime64[D]") == end.astype("datetime64[D]")
    assert same_day.all()
    assert (seconds(rows["from_at"].combine_chunks()) % 900 == 0).all()
    lengths = (end - start).astype("timedelta64[s]").astype(int)
    assert lengths.min() >= 900
    assert 3000 < np.median(lengths) < 6000


def test_work_in_turn_goes_on_the_next_day() -> None:
    law: dict[str, Any] = {
        "length": {"minimum": 6 * HOUR, "maximum": 9 * HOUR},
        "gap": {"maximum": HOUR},
    }
    rows = rows_of(compile_schema(rooms(bookings=800, **law)), "bookings")
    start, end = (rows[name].to_numpy() for name in ("from_at", "until_at"))
    days = end.astype("datetime64[D]") - start.astype("datetime64[D]")
    assert 0.2 < (days > np.timedelta64(0, "D")).mean() < 0.95


def test_dates_are_open_weekdays(tmp_path: Path) -> None:
    law = {"length": {"minimum": 1, "maximum": 9}, "opening": {"weekdays": [0, 1, 1, 1, 1, 1, 0]}}
    schema = rooms(bookings=300, kind="date", **law)
    rows = rows_of(compile_schema(schema), "bookings")
    for column in ("from_at", "until_at"):
        days = {*pc.day_of_week(rows[column].combine_chunks()).to_pylist()}
        assert days <= {1, 2, 3, 4, 5}
    dataforge.generate(schema, tmp_path, format="csv")
    assert dataforge.verify(tmp_path).passed


def test_a_booking_at_night_is_found(tmp_path: Path) -> None:
    dataforge.generate(rooms(**LAWS["spread"]), tmp_path, format="csv")
    path = tmp_path / "data/bookings.csv"
    lines = path.read_text("utf-8").splitlines()
    room, start, end = lines[5].split(",")
    lines[5] = f"{room},{start[:11]}05:00:00,{end}"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    failed = {check.constraint for check in dataforge.verify(tmp_path).failures}
    assert "begins and ends in opening hours" in failed


@given(start=st.integers(0, 4000), length=st.integers(0, 300), name=st.sampled_from(sorted(LAWS)))
@settings(max_examples=20, deadline=None)
def test_any_range_is_made_alone(start: int, length: int, name: str) -> None:
    plan = compile_schema(rooms(**LAWS[name]))
    whole = rows_of(plan, "bookings")
    stop = min(start + length, len(whole))
    start = min(start, stop)
    assert rows_of(plan, "bookings", start, stop).equals(whole.slice(start, stop - start))


@given(
    st.lists(st.integers(-(10**15), 10**16), min_size=1, max_size=50),
    st.lists(st.booleans(), min_size=7, max_size=7).filter(any),
)
@settings(deadline=None)
def test_open_time_only_passes_while_it_is_open(ticks: list[int], weekdays: list[bool]) -> None:
    moments = Moments(pa.timestamp("us"), 1, 1_000_000, 1_000_000, 0)
    opening = Opening(hours=(9, 17.5), weekdays=tuple(weekdays))
    clock = open_time(opening, moments, seamless=False)
    at = np.sort(np.array(ticks, dtype=np.int64))
    passed = clock.passed(at)
    assert (np.diff(passed) >= 0).all()
    assert (np.diff(passed) <= np.diff(at)).all()
    opened = clock.moment(passed)
    assert (opened >= at).all()
    assert (clock.passed(opened) == passed).all()
    assert (clock.passed(clock.closing(passed)) == passed).all()
    assert (clock.closing(passed) <= opened).all()


@pytest.mark.parametrize(
    ("law", "found"),
    [
        ({"opening": {"hours": [18, 9]}}, "18 to 9 are no hours of a day"),
        ({"opening": {"hours": [9, 25]}}, "no hours of a day"),
        ({"opening": {"weekdays": [0] * 7}}, "never open"),
        ({"length": {"minimum": 40_000}}, "longer than a day is open"),
    ],
)
def test_impossible_hours_are_refused(law: dict[str, Any], found: str) -> None:
    assert any(found in str(problem) for problem in validate(rooms(**law)))
