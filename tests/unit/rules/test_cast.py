# ruff: noqa: DTZ001  - wall-clock times, as schemas hold them
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from dataforge.engine.rules.cast import cast_to

D = Decimal


@pytest.mark.parametrize(
    ("values", "kind", "target", "expected"),
    [
        (["1.255", "-1.255"], pa.decimal128(6, 3), pa.decimal128(6, 2), [D("1.26"), D("-1.26")]),
        ([0.125, -0.125], pa.float64(), pa.decimal128(6, 2), [D("0.13"), D("-0.13")]),
        ([7], pa.int64(), pa.decimal128(4, 2), [D("7.00")]),
        (["2.5", "-2.5"], pa.decimal128(4, 1), pa.int64(), [3, -3]),
        ([2.5, 3.5], pa.float64(), pa.int32(), [2, 4]),
        ([300], pa.int64(), pa.int16(), [300]),
        ([" 5 ", "2.5"], pa.string(), pa.int64(), [5, 3]),
        (["1.005"], pa.string(), pa.decimal128(6, 2), [D("1.01")]),
        ([True, None], pa.bool_(), pa.decimal128(4, 2), [D("1.00"), None]),
        ([1.0, 1e10, 1e16], pa.float64(), pa.string(), ["1.0", "10000000000.0", "1e+16"]),
        (["1.50"], pa.decimal128(4, 2), pa.string(), ["1.50"]),
        ([True], pa.bool_(), pa.string(), ["true"]),
        (
            [datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 0, 0, 0, 120000)],
            pa.timestamp("us"), pa.string(), ["2026-01-01 10:00:00", "2026-01-01 00:00:00.12"],
        ),
        ([datetime(1960, 1, 1, 23)], pa.timestamp("us"), pa.date32(), [date(1960, 1, 1)]),
        ([datetime(1960, 1, 1, 23), None], pa.timestamp("us"), pa.time64("us"), [time(23), None]),
        ([date(2026, 1, 2)], pa.date32(), pa.timestamp("us"), [datetime(2026, 1, 2)]),
        (["2026-01-02", "2026-01-02 10:00:00"], pa.string(), pa.date32(), [date(2026, 1, 2)] * 2),
        (["10:30:00"], pa.string(), pa.time64("us"), [time(10, 30)]),
        (
            ["2026-01-02 10:00:00+02:00"],
            pa.string(),
            pa.timestamp("us"),
            [datetime(2026, 1, 2, 8)],
        ),
        ([None], pa.null(), pa.int64(), [None]),
    ],
)  # fmt: skip
def test_values_convert_as_in_sql(
    values: list[Any], kind: Any, target: Any, expected: list[Any]
) -> None:
    cells = [D(value) for value in values] if pa.types.is_decimal(kind) else values
    result = cast_to(pa.array(cells, kind), target)
    assert result.type == target
    assert result.to_pylist() == expected


def test_dictionaries_of_strings_stay() -> None:
    cells = pa.array(["a", "b", "a"]).dictionary_encode()
    assert cast_to(cells, pa.string()) is cells
    assert cast_to(pa.array(["1", "2"]).dictionary_encode(), pa.int64()).to_pylist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "target"),
    [("x", pa.int64()), (300, pa.int8()), (1e30, pa.decimal128(9, 2)), ("maybe", pa.bool_())],
)
def test_what_does_not_fit_is_refused(value: Any, target: Any) -> None:
    with pytest.raises(pa.ArrowInvalid):
        cast_to(pa.array([value]), target)
