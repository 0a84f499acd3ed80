# ruff: noqa: DTZ001, DTZ901  - wall-clock values, as columns without a zone hold them
from __future__ import annotations

from datetime import UTC, date, datetime, time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dataforge.engine.cells import Limits
from dataforge.engine.generators import temporal
from dataforge.errors import RuleConflictError, SchemaError
from dataforge.schema.specs import DatetimeSpec
from dataforge.schema.types import (
    BooleanType,
    ColumnType,
    DateType,
    IntegerType,
    StringType,
    TextType,
    TimestampType,
    TimeType,
)
from fake_cells import cells, site

OFFICE = (0.0,) * 8 + (1.0,) * 10 + (0.0,) * 6


def _make(
    spec: DatetimeSpec, type_: ColumnType, limits: Limits | None = None, rows: int = 20_000
) -> pa.Array:
    return temporal.build(spec, site(type_, limits)).make(cells(rows))


def _ends(array: pa.Array) -> tuple[object, object]:
    ends = pc.min_max(array).as_py()
    return ends["min"], ends["max"]


def test_dates_fill_the_five_years_before_now() -> None:
    assert _ends(_make(DatetimeSpec(), DateType(), rows=50_000)) == (
        date(2021, 1, 1),
        date(2025, 12, 31),
    )


def test_the_end_is_excluded() -> None:
    spec = DatetimeSpec(start=datetime(2024, 2, 28), end=datetime(2024, 3, 1))
    assert set(_make(spec, DateType()).to_pylist()) == {date(2024, 2, 28), date(2024, 2, 29)}


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (TextType(), "2020-03-04 00:00:00"),
        (StringType(max_length=19), "2020-03-04 00:00:00"),
        (StringType(max_length=14), "20200304000000"),
        (StringType(max_length=10), "2020-03-04"),
        (StringType(max_length=8), "20200304"),
        (StringType(max_length=7), "2020-03"),
        (StringType(max_length=6), "202003"),
        (StringType(max_length=4), "2020"),
        (IntegerType(bits=32), 1_583_280_000),
        (TimestampType(), datetime(2020, 3, 4)),
        (TimestampType(zoned=True), datetime(2020, 3, 4, tzinfo=UTC)),
        (DateType(), date(2020, 3, 4)),
    ],
)
def test_forms(type_: ColumnType, text: object) -> None:
    spec = DatetimeSpec(start=datetime(2020, 3, 4), end=datetime(2020, 3, 4, 0, 0, 1))
    assert _make(spec, type_, rows=1).to_pylist() == [text]


@pytest.mark.parametrize(("precision", "unit_us"), [(0, 1_000_000), (3, 1000), (6, 1)])
@pytest.mark.parametrize("hours", [None, OFFICE])
def test_precision_is_kept(precision: int, unit_us: int, hours: tuple[float, ...] | None) -> None:
    made = _make(DatetimeSpec(hours=hours), TimestampType(precision=precision))
    values = made.cast(pa.int64()).to_numpy()
    assert (values % unit_us == 0).all()
    assert unit_us == 1 or (values % (unit_us * 10) != 0).any()


LIMITS = [
    (Limits(minimum="2030-01-01"), datetime(2030, 1, 1), datetime.max),
    (Limits(maximum="1999-12-31"), datetime.min, datetime(1999, 12, 31)),
    (Limits(maximum=datetime(2022, 5, 6)), datetime.min, datetime(2022, 5, 6)),
    (
        Limits(minimum="2025-12-31T23:59:50", minimum_open=True),
        datetime(2025, 12, 31, 23, 59, 51),
        datetime(2025, 12, 31, 23, 59, 59),
    ),
]


@pytest.mark.parametrize(("limits", "low", "high"), LIMITS)
def test_limits_move_or_cut_the_default_range(
    limits: Limits, low: datetime, high: datetime
) -> None:
    for value in _make(DatetimeSpec(), TimestampType(), limits, rows=2000).to_pylist():
        assert low <= value <= high


def test_an_open_limit_excludes_its_day() -> None:
    limits = Limits(
        minimum="2024-01-01", minimum_open=True, maximum="2024-01-03", maximum_open=True
    )
    assert set(_make(DatetimeSpec(), DateType(), limits).to_pylist()) == {date(2024, 1, 2)}


def test_times_stay_within_their_limits() -> None:
    made = _make(DatetimeSpec(hours=OFFICE), TimeType(), Limits(minimum="09:30:00"), rows=50_000)
    assert _ends(made) == (time(9, 30), time(17, 59, 59))


def test_profiles_shape_the_values() -> None:
    spec = DatetimeSpec(
        months=(1,) * 11 + (20,), weekdays=(1, 1, 1, 1, 1, 0, 0), hours=OFFICE, growth=4
    )
    values = _make(spec, TimestampType(), rows=50_000).to_pylist()
    months = np.array([value.month for value in values])
    years = np.array([value.year for value in values])
    assert (months == 12).mean() == pytest.approx(20 / 31, abs=0.05)
    assert max(value.weekday() for value in values) == 4
    assert {value.hour for value in values} == set(range(8, 18))
    assert (years == 2025).sum() > 2 * (years == 2021).sum()


def test_profiles_do_not_leave_a_partial_day() -> None:
    spec = DatetimeSpec(
        start=datetime(2024, 1, 1, 9, 15), end=datetime(2024, 1, 1, 9, 45), hours=OFFICE
    )
    low, high = _ends(_make(spec, TimestampType(), rows=50_000))
    assert low == datetime(2024, 1, 1, 9, 15)
    assert high == datetime(2024, 1, 1, 9, 44, 59)


def test_ranks_ascend_through_the_range() -> None:
    spec = DatetimeSpec(start=datetime(2024, 2, 28), end=datetime(2024, 3, 2))
    domain = temporal.domain(spec, site(StringType(max_length=8)))
    assert domain is not None
    assert domain.decode(np.arange(domain.size)).to_pylist() == ["20240228", "20240229", "20240301"]


def test_a_form_coarser_than_days_has_no_domain() -> None:
    assert temporal.domain(DatetimeSpec(), site(StringType(max_length=4))) is None


def test_an_empty_range_names_the_column() -> None:
    spec = DatetimeSpec(start=datetime(2020, 1, 1), end=datetime(2021, 1, 1))
    with pytest.raises(RuleConflictError, match=r"tables\.t\.columns\.c"):
        temporal.build(spec, site(DateType(), Limits(minimum="2022-01-01")))


@pytest.mark.parametrize("type_", [BooleanType(), StringType(max_length=3), IntegerType(bits=16)])
def test_a_column_that_holds_no_moment_is_named(type_: ColumnType) -> None:
    with pytest.raises(SchemaError, match=r"tables\.t\.columns\.c"):
        temporal.build(DatetimeSpec(), site(type_))


def test_a_limit_that_is_no_moment_is_named() -> None:
    with pytest.raises(RuleConflictError, match="'soon'"):
        temporal.build(DatetimeSpec(), site(DateType(), Limits(minimum="soon")))
