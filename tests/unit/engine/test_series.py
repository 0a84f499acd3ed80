"""Values along time: what their regression, autocorrelation and counts give back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine import compile_schema
from dataforge.errors import SchemaError
from dataforge.schema import Column, ForeignKey, Schema, Table, validate
from sample_schemas import MONEY, key_column, rows_of

FLOAT = {"kind": "float"}
TEXT = {"kind": "text"}
DAY = {"kind": "date"}


def column(name: str, type_: dict[str, Any], **spec: Any) -> Column:
    return Column.model_validate({"name": name, "type": type_, "spec": spec})


def along(*columns: Column, rows: int = 100_000) -> Schema:
    return Schema(tables=(Table(name="t", rows=rows, columns=columns),))


def made(*columns: Column, rows: int = 100_000) -> pa.Table:
    return rows_of(compile_schema(along(*columns, rows=rows)), "t")


def owned(*columns: Column, rows: int = 20_000, devices: int = 40) -> Schema:
    parent = Table(name="device", rows=devices, columns=(key_column(),), primary_key=("id",))
    child = Table(
        name="t",
        rows=rows,
        columns=(key_column("device_id"), *columns),
        foreign_keys=(
            ForeignKey(
                columns=("device_id",), parent="device", parent_columns=("id",), owning=True
            ),
        ),
    )
    return Schema(tables=(parent, child))


def numbers(table: pa.Table, name: str) -> Any:
    return table[name].cast(pa.float64()).to_numpy()


@pytest.mark.parametrize("ar", [[0.7], [0.95], [-0.5], [0.6, 0.3], [1.2, -0.6], [0.4, 0.2, 0.2]])
def test_noise_has_the_correlations_that_were_asked_for(ar: list[float]) -> None:
    noise = {"std": 2.0, "ar": ar}
    x = numbers(made(column("v", FLOAT, kind="series", noise=noise)), "v")
    lags = np.column_stack([x[len(ar) - k - 1 : x.size - k - 1] for k in range(len(ar))])
    found = np.linalg.lstsq(lags, x[len(ar) :], rcond=None)[0]
    assert found == pytest.approx(ar, abs=0.012)
    assert x.std() == pytest.approx(2.0, rel=0.08)
    innovations = x[len(ar) :] - lags @ found
    assert abs(np.corrcoef(innovations[1:], innovations[:-1])[0, 1]) < 0.01


@pytest.mark.parametrize("ar", [[0.97], [1.2, -0.6], [0.5, 0.1, 0.3]])
def test_noise_is_stationary_from_the_first_step(ar: list[float]) -> None:
    table = rows_of(
        compile_schema(
            owned(
                column("i", {"kind": "integer"}, kind="ordinal"),
                column("v", FLOAT, kind="series", noise={"std": 1.0, "ar": ar}),
                rows=40_000,
                devices=10_000,
            )
        ),
        "t",
    )
    first = numbers(table, "v")[numbers(table, "i") == 1]
    second = numbers(table, "v")[numbers(table, "i") == 2]
    assert first.std() == pytest.approx(1.0, rel=0.04)
    assert second.std() == pytest.approx(1.0, rel=0.04)


def test_trend_and_seasons_are_found_by_regression() -> None:
    seasons = [{"period": 24, "amplitude": 5, "phase": 0.25}, {"period": 168, "amplitude": 3}]
    spec = {"level": 50, "trend": {"kind": "linear", "slope": 0.002}, "seasons": seasons}
    x = numbers(made(column("v", FLOAT, kind="series", noise={"std": 1, "ar": [0.5]}, **spec)), "v")
    t = np.arange(x.size)
    parts = [np.ones(x.size), t, np.cos(2 * np.pi * t / 24), np.sin(2 * np.pi * t / 168)]
    found = np.linalg.lstsq(np.column_stack(parts), x, rcond=None)[0]
    assert found == pytest.approx([50, 0.002, 5, 3], rel=0.01)


def test_a_bent_trend_a_growing_one_and_a_profile() -> None:
    bent = {"kind": "piecewise", "slope": 1, "changes": [{"at": 10, "slope": -2}]}
    growing = {"kind": "exponential", "rate": 0.1}
    week = {"period": 7, "profile": [0, 0, 0, 0, 1, 4, 3], "amplitude": 10}
    table = made(
        column("bent", FLOAT, kind="series", trend=bent),
        column("growing", FLOAT, kind="series", level=100, trend=growing),
        column("week", FLOAT, kind="series", seasons=[week]),
        rows=20,
    )
    assert numbers(table, "bent")[[0, 10, 15]].tolist() == [0, 10, 0]
    assert numbers(table, "growing")[2] == pytest.approx(121)
    assert numbers(table, "week")[[0, 4, 5, 12]] == pytest.approx([0, 10, 40, 40])


def test_anomalies_cover_their_rates_and_are_told() -> None:
    anomalies = [
        {"kind": "spike", "rate": 0.01, "size": 50},
        {"kind": "level_shift", "rate": 0.05, "size": 30, "length": [20, 60]},
        {"kind": "gap", "rate": 0.03, "length": [2, 12]},
    ]
    table = made(
        column("v", FLOAT, kind="series", level=100, noise={"std": 1}, anomalies=anomalies),
        column("what", TEXT, kind="series_label", column="v"),
        column("odd", {"kind": "boolean"}, kind="series_label", column="v"),
    )
    values, what = numbers(table, "v"), np.array(table["what"].to_pylist())
    for each in anomalies:
        assert (what == each["kind"]).mean() == pytest.approx(each["rate"], rel=0.15)
    assert (np.isnan(values) == (what == "gap")).all()
    assert np.abs(values[what == "normal"] - 100).max() < 6
    assert (values[what == "spike"] > 130).all()
    assert (np.abs(values[what == "level_shift"] - 100) > 15).all()
    assert table["odd"].to_pylist() == (what != "normal").tolist()


def test_holidays_and_multiplied_seasons() -> None:
    table = made(
        column("day", DAY, kind="timestep", start="2024-12-20"),
        column(
            "v",
            FLOAT,
            kind="series",
            level=100,
            mode="multiplicative",
            time="day",
            seasons=[{"period": 2, "profile": [0.5, -0.5]}],
            holidays=[{"dates": ["12-25", "2025-01-06"], "factor": 0.1}],
        ),
        rows=400,
    )
    rows = dict(zip(table["day"].to_pylist(), numbers(table, "v"), strict=True))
    assert rows[date(2024, 12, 24)] == pytest.approx(150)
    assert rows[date(2024, 12, 25)] == pytest.approx(5)
    assert rows[date(2025, 12, 25)] == pytest.approx(15, abs=10.1)
    assert rows[date(2025, 1, 6)] in (pytest.approx(5), pytest.approx(15))
    assert rows[date(2026, 1, 6)] > 40


def test_each_parent_has_a_series_of_its_own() -> None:
    schema = owned(column("v", FLOAT, kind="series", level=100, spread=0.3, noise={"std": 1}))
    table = rows_of(compile_schema(schema), "t")
    device, values = numbers(table, "device_id"), numbers(table, "v")
    means = np.array([values[device == each].mean() for each in np.unique(device)])
    assert 0.2 < means.std() / means.mean() < 0.45
    assert values[device == 1][:5].tolist() != values[device == 2][:5].tolist()


def test_a_sensor_drifts_saturates_sticks_and_drops_out() -> None:
    failures = [
        {"kind": "stuck", "rate": 0.04, "length": [5, 30]},
        {"kind": "dropout", "rate": 0.02, "length": [1, 9]},
    ]
    spec = {"level": 20, "seasons": [{"period": 96, "amplitude": 6}], "noise": {"std": 0.3}}
    table = made(
        column(
            "v",
            MONEY,
            kind="sensor",
            minimum=15,
            maximum=25,
            resolution=0.25,
            drift=0.001,
            calibrated_every=1000,
            failures=failures,
            **spec,
        ),
        column("status", TEXT, kind="series_label", column="v"),
    )
    values, status = numbers(table, "v"), np.array(table["status"].to_pylist())
    assert (np.isnan(values) == (status == "dropout")).all()
    assert (status == "stuck").mean() == pytest.approx(0.04, rel=0.15)
    assert np.isin(values[status == "saturated"], [15, 25]).all()
    assert ((values[status == "ok"] > 15) & (values[status == "ok"] < 25)).all()
    assert np.allclose(np.nan_to_num(values) * 4 % 1, 0)
    both = (status[1:] == "stuck") & (status[:-1] == "stuck")
    assert (values[1:][both] == values[:-1][both]).mean() > 0.99


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ({"every": 15, "unit": "minute"}, ["2024-02-28 00:00", "2024-02-28 00:15"]),
        (
            {"calendar": "business_days"},
            ["2024-02-28", "2024-02-29", "2024-03-04"],
        ),
        ({"unit": "month", "start": "2024-01-31"}, ["2024-01-31 00:00", "2024-02-29 00:00"]),
        (
            {"calendar": "business_hours", "unit": "hour", "every": 4},
            ["2024-02-28 09:00", "2024-02-28 13:00", "2024-02-29 09:00"],
        ),
    ],
)
def test_steps_of_time(spec: dict[str, Any], shown: list[str]) -> None:
    asked = {"kind": "timestep", "start": "2024-02-28", "holidays": ["2024-03-01"], **spec}
    moments = made(column("at", {"kind": "timestamp"}, **asked), rows=5)["at"].to_pylist()
    assert moments[: len(shown)] == [datetime.fromisoformat(text) for text in shown]


def test_late_steps_stay_in_order() -> None:
    spec = {"kind": "timestep", "start": "2024-01-01", "every": 10, "unit": "second", "jitter": 1}
    moments = made(column("at", {"kind": "timestamp"}, **spec), rows=5000)["at"].to_pylist()
    gaps = np.diff(moments)
    assert (gaps >= timedelta(0)).all()
    assert len(set(gaps.tolist())) > 15


WIDE = {"period": 7, "amplitude": 2}
SERIES = {"kind": "series", "level": 100}
FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({**SERIES, "noise": {"std": 1, "ar": [1.01]}}, "noise.ar", "runs away"),
    ({**SERIES, "noise": {"std": 1, "ar": [0.5, 0.5]}}, "noise.ar", "runs away"),
    ({**SERIES, "noise": {"std": 1, "ar": [0.9999]}}, "noise.ar", "remembers"),
    ({**SERIES, "per": "owner"}, "per", "no owning parent"),
    ({**SERIES, "time": "dya", "holidays": [{"dates": ["12-25"], "factor": 2}]}, "time", "'day'"),
    ({**SERIES, "holidays": [{"dates": ["12-25"], "factor": 2}]}, "holidays", "no column"),
    ({**SERIES, "holidays": [{"dates": ["13-25"], "factor": 2}]}, "holidays", "13-25"),
    ({**SERIES, "anomalies": [{"kind": "spike", "rate": 0.6}] * 2}, "anomalies", "add up to 1.2"),
    (
        {**SERIES, "anomalies": [{"kind": "gap", "rate": 0.9, "length": [1, 9]}]},
        "anomalies.rate",
        "cannot cover",
    ),
    ({**SERIES, "anomalies": [{"kind": "gap", "rate": 0.1, "length": [5, 2]}]}, "length", "5 to 2"),
    ({**SERIES, "mode": "multiplicative", "seasons": [WIDE]}, "seasons", "200%"),
    ({**SERIES, "level": 1e13}, "level", "outside"),
    ({"kind": "series_label", "column": "day"}, "column", "no series or sensor"),
    ({"kind": "candle_field", "column": "dy", "field": "high"}, "column", "'day'"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "path", "message"), FAULTS)
def test_what_cannot_be_is_told(spec: dict[str, Any], path: str, message: str) -> None:
    type_ = TEXT if spec["kind"] == "series_label" else MONEY
    schema = along(column("day", DAY, kind="timestep"), column("v", type_, **spec))
    found = validate(schema)
    assert any(path in each.path and message in each.message for each in found), found
    with pytest.raises(SchemaError):
        compile_schema(schema)


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({"seasons": [{"period": 0}]}, "greater than 1"),
        ({"noise": {"std": -1}}, "greater than or equal to 0"),
        ({"anomalies": [{"kind": "spike", "rate": -0.1}]}, "greater than 0"),
    ],
)
def test_numbers_out_of_range_are_refused(change: dict[str, Any], accepted: str) -> None:
    with pytest.raises(ValueError, match=accepted):
        column("v", FLOAT, kind="series", **change)


def test_moments_stand_in_keys() -> None:
    moments = column("at", {"kind": "timestamp"}, kind="timestep", every=15, unit="minute")
    schema = owned(moments, column("v", FLOAT, kind="series"))
    child = schema.table("t").model_copy(update={"primary_key": ("device_id", "at")})
    keyed = schema.model_copy(update={"tables": (schema.tables[0], child)})
    rows = rows_of(compile_schema(keyed), "t")
    assert rows.group_by(["device_id", "at"]).aggregate([]).num_rows == rows.num_rows == 20_000
    alone = along(moments, rows=1000).tables[0].model_copy(update={"primary_key": ("at",)})
    made = rows_of(compile_schema(Schema(tables=(alone,))), "t")
    assert len(made["at"].unique()) == 1000
