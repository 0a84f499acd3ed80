"""Numbers and moments follow the law that is asked for, and stay between their bounds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from dataforge.engine import compile_schema
from dataforge.schema import Column, Schema, Table
from dataforge.streams import below, bits
from sample_schemas import INTEGER, rows_of

ROWS = 100_000
FLOAT = {"kind": "float"}


def column_of(type_: dict[str, Any], spec: dict[str, Any], rows: int = ROWS) -> Any:
    column = Column.model_validate({"name": "v", "type": type_, "spec": spec})
    table = Table(name="t", rows=rows, columns=(column,))
    return rows_of(compile_schema(Schema(tables=(table,))), "t")["v"]


def numbers(type_: dict[str, Any], **facts: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = column_of(type_, {"kind": "number", **facts})
    return values.cast("double").to_numpy()  # type: ignore[no-any-return]


ZETA = np.arange(1, 1001) ** -1.0
EULER = math.exp(0.5)


@pytest.mark.parametrize(
    ("distribution", "mean", "std"),
    [
        ({"kind": "normal", "mean": 5e9, "std": 1e8}, 5e9, 1e8),
        ({"kind": "log_normal", "median": 10, "sigma": 1}, 10 * EULER, None),
        ({"kind": "exponential", "mean": 7}, 7, 7),
        ({"kind": "gamma", "shape": 2, "scale": 3}, 6, 18**0.5),
        ({"kind": "beta", "a": 2, "b": 6}, 0.25, (12 / (64 * 9)) ** 0.5),
        ({"kind": "poisson", "mean": 4.5}, 4.5, 4.5**0.5),
        ({"kind": "binomial", "trials": 40, "probability": 0.3}, 12, 8.4**0.5),
        ({"kind": "geometric", "probability": 0.25}, 4, 12**0.5),
        ({"kind": "zipf", "exponent": 1.0, "size": 1000}, 1000 / ZETA.sum(), None),
        ({"kind": "pareto", "alpha": 5, "minimum": 2}, 2.5, None),
        ({"kind": "empirical", "quantiles": [0, 0, 10]}, 2.5, None),
        (
            {
                "kind": "mixture",
                "components": [
                    {"weight": 1, "distribution": {"kind": "normal", "mean": 0, "std": 1}},
                    {"weight": 3, "distribution": {"kind": "normal", "mean": 100, "std": 1}},
                ],
            },
            75,
            (1 + 100**2 * 3 / 16) ** 0.5,
        ),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_a_distribution_has_its_mean_and_spread(
    distribution: dict[str, Any], mean: float, std: float | None
) -> None:
    made = numbers(FLOAT, distribution=distribution)
    assert made.mean() == pytest.approx(mean, rel=0.03)
    if std is not None:
        assert made.std() == pytest.approx(std, rel=0.03)


@pytest.mark.parametrize(
    "type_", [INTEGER, FLOAT, {"kind": "decimal", "precision": 38, "scale": 18}], ids=str
)
def test_uniform_numbers_fill_their_range_evenly(type_: dict[str, Any]) -> None:
    made = numbers(type_, minimum=-1_000_000, maximum=3_000_000)
    assert made.min() >= -1_000_000
    assert made.max() <= 3_000_000
    shares = np.histogram(made, bins=8, range=(-1_000_000, 3_000_000))[0] / ROWS
    assert np.abs(shares - 0.125).max() < 0.005


@pytest.mark.parametrize(
    ("low", "high"), [(4.0, None), (None, -4.0), (-0.5, 0.1), (3.0, 3.5), (5.0, 9.0)]
)
def test_bounds_cut_a_law_off_and_pile_nothing_up_on_them(
    low: float | None, high: float | None
) -> None:
    made = numbers(FLOAT, minimum=low, maximum=high, distribution={"kind": "normal"})
    assert low is None or made.min() >= low
    assert high is None or made.max() <= high
    assert (made == low).sum() + (made == high).sum() < 20
    assert len(np.unique(made)) > ROWS * 0.9


def test_a_mixture_keeps_both_parts_when_it_is_cut_off() -> None:
    parts = [
        {"weight": 1, "distribution": {"kind": "normal", "mean": 10, "std": 1}},
        {"weight": 1, "distribution": {"kind": "normal", "mean": 11, "std": 20}},
    ]
    made = numbers(FLOAT, minimum=0, distribution={"kind": "mixture", "components": parts})
    assert made.min() >= 0
    assert ((made > 8) & (made < 12)).mean() > 0.4


def test_a_beta_law_is_a_share_unless_both_bounds_stretch_it() -> None:
    alone = numbers(FLOAT, distribution={"kind": "beta"})
    assert alone.min() >= 0
    assert alone.max() <= 1
    stretched = numbers(INTEGER, minimum=10, maximum=20, distribution={"kind": "beta"})
    assert stretched.mean() == pytest.approx(15, rel=0.01)


@pytest.mark.parametrize(
    ("type_", "low", "high"),
    [
        (FLOAT, 1e12, 2e12),
        ({"kind": "float", "bits": 32}, 0.0, 0.1),
        ({"kind": "decimal", "precision": 38, "scale": 18}, 0, 10**6),
        ({"kind": "decimal", "precision": 38, "scale": 0}, 10**20, 10**21),
        ({"kind": "decimal", "precision": 18, "scale": 0}, 0, 10**18 - 1),
        (INTEGER, -(2**62), 2**62),
        ({"kind": "integer", "bits": 64, "signed": False}, 0, 2**62),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["uniform", "pareto"])
def test_wide_and_fine_types_keep_their_bounds(
    type_: dict[str, Any], low: float, high: float, kind: str
) -> None:
    law = {"kind": kind} if kind == "uniform" else {"kind": kind, "alpha": 0.01}
    spec = {"kind": "number", "minimum": low, "maximum": high, "distribution": law}
    made = column_of(type_, spec, 3000)
    made.validate(full=True)
    assert low <= pc.min(made).as_py()
    assert pc.max(made).as_py() <= high
    assert kind == "pareto" or len(made.unique()) > 2500


@pytest.mark.parametrize("size", [3, 1000, 70_001, 3 * 2**30, 2**32, 2**40 + 1])
def test_whole_numbers_below_a_size_are_equally_likely(size: int) -> None:
    drawn = below(bits(7, np.arange(600_000)), size)
    assert drawn.min() >= 0
    assert drawn.max() < size
    # Values that two of the 2**32 short words would map to came up twice as often.
    odd = drawn % 3
    assert np.abs(np.bincount(odd) / drawn.size - 1 / 3).max() < 0.003


def test_moments_follow_their_profiles() -> None:
    weekdays, hours = (1, 1, 1, 1, 2, 0, 0), (0,) * 8 + (2,) * 4 + (1,) * 8 + (0,) * 4
    months = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5)
    spec = {
        "kind": "datetime", "start": "2023-01-01T00:00:00", "end": "2025-01-01T00:00:00",
        "weekdays": weekdays, "hours": hours, "months": months,
    }  # fmt: skip
    made = column_of({"kind": "timestamp"}, spec)
    profiles = (
        (weekdays, pc.day_of_week(made)),
        (hours, pc.hour(made)),
        (months, pc.subtract(pc.month(made), 1)),
    )
    for weights, found in profiles:
        shares = np.bincount(found.to_numpy(), minlength=len(weights)) / ROWS
        assert np.abs(shares - np.array(weights) / sum(weights)).max() < 0.03


def test_density_rises_by_its_growth() -> None:
    spec = {
        "kind": "datetime", "start": "2020-01-01T00:00:00", "end": "2024-01-01T00:00:00",
        "growth": 4.0,
    }  # fmt: skip
    years = np.bincount(pc.year(column_of({"kind": "timestamp"}, spec)).to_numpy() - 2020)
    assert years.size == 4
    assert (np.diff(years) > 0).all()
    assert 2.0 < years[3] / years[0] < 3.5
