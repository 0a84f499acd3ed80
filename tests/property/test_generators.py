from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.generators import (
    binaries,
    fakers,
    patterns,
    structures,
    temporal,
    text,
    uuids,
)
from dataforge.engine.quantiles import compile_distribution
from dataforge.schema.distributions import (
    Beta,
    Binomial,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Geometric,
    LogNormal,
    Normal,
    Pareto,
    Poisson,
    Zipf,
)
from dataforge.schema.specs import (
    BytesSpec,
    DatetimeSpec,
    FakerSpec,
    ListSpec,
    PatternSpec,
    PointSpec,
    TextSpec,
    UuidSpec,
)
from dataforge.schema.types import (
    ArrayType,
    BinaryType,
    DateType,
    GeometryType,
    JsonType,
    StringType,
    TextType,
    TimestampType,
    UuidType,
)
from fake_cells import cells, site

FAMILIES: list[tuple[Any, Any, Any]] = [
    (uuids, UuidSpec(), UuidType()),
    (uuids, UuidSpec(version=7), StringType(max_length=32)),
    (patterns, PatternSpec(pattern=r"[A-Z]{2}\d{3,5}(-\w+)?"), StringType(max_length=12)),
    (patterns, PatternSpec(pattern=r"[A-Za-z0-9+/]{44}="), TextType()),
    (text, TextSpec(), StringType(max_length=40)),
    (temporal, DatetimeSpec(), TimestampType(precision=3)),
    (temporal, DatetimeSpec(), StringType(max_length=14)),
    (binaries, BytesSpec(), BinaryType(max_length=20)),
    (fakers, FakerSpec(provider="color_name", pool=200), TextType()),
]
MATCHES: Any = patterns.build
MOMENTS: Any = temporal.build
SHAPED = DatetimeSpec(weekdays=(1, 1, 1, 1, 1, 0, 0), hours=(0,) * 9 + (1,) * 15, growth=2)
GENERATORS = [module.build(spec, site(type_)) for module, spec, type_ in FAMILIES] + [
    temporal.build(SHAPED, site(DateType())),
    temporal.build(SHAPED, site(TimestampType())),
    binaries.build_point(PointSpec(), site(GeometryType(shape="polygon"))),
    structures.build(
        ListSpec(item=PatternSpec(pattern="a+")), site(ArrayType(item=TextType())), MATCHES
    ),
    structures.build(ListSpec(item=SHAPED), site(JsonType()), MOMENTS),
]
DOMAINS = [module.domain(spec, site(type_)) for module, spec, type_ in FAMILIES]


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda each: type(each).__name__)
@given(
    start=st.integers(0, 2**40),
    offset=st.integers(0, 60),
    length=st.integers(0, 60),
)
@settings(max_examples=25, deadline=None)
def test_slices_equal_the_whole(generator: Any, start: int, offset: int, length: int) -> None:
    whole = generator.make(cells(start + 120, start))
    part = generator.make(cells(start + offset + length, start + offset))
    assert part.to_pylist() == whole.slice(offset, length).to_pylist()


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda each: type(each).__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_ranks_are_addresses_of_distinct_values(domain: Any, data: st.DataObject) -> None:
    some = st.lists(st.integers(0, domain.size - 1), unique=True, max_size=40)
    ranks = np.array(data.draw(some), dtype=np.int64)
    values = domain.decode(ranks).to_pylist()
    assert len(set(values)) == len(ranks)
    assert domain.decode(ranks[::-1].copy()).to_pylist() == values[::-1]


UNITS = st.floats(0, 1, exclude_max=True)
DISTRIBUTIONS = st.one_of(
    st.builds(Normal, mean=st.floats(-1e6, 1e6), std=st.floats(1e-3, 1e6)),
    st.builds(LogNormal, median=st.floats(1e-3, 1e6), sigma=st.floats(0.01, 5)),
    st.builds(Exponential, mean=st.floats(1e-3, 1e6)),
    st.builds(Gamma, shape=st.floats(1e-3, 1e8), scale=st.floats(1e-3, 1e3)),
    st.builds(Beta, a=st.floats(1e-3, 1e6), b=st.floats(1e-3, 1e6)),
    st.builds(Poisson, mean=st.floats(1e-3, 1e9)),
    st.builds(Binomial, trials=st.integers(1, 10**15), probability=st.floats(0, 1)),
    st.builds(Geometric, probability=st.floats(1e-9, 1)),
    st.builds(Zipf, exponent=st.floats(0.01, 5), size=st.integers(1, 10**5)),
    st.builds(Zipf, exponent=st.floats(0.01, 5), size=st.integers(10**6 + 1, 10**15)),
    st.builds(Pareto, alpha=st.floats(0.01, 50), minimum=st.floats(1e-3, 1e6)),
    st.builds(
        Empirical,
        quantiles=st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=20).map(
            lambda values: tuple(sorted(values))
        ),
    ),
)


@given(distribution=DISTRIBUTIONS, units=st.lists(UNITS, min_size=2, max_size=30))
@settings(max_examples=150, deadline=None)
def test_quantiles_are_finite_and_never_descend(
    distribution: Distribution, units: list[float]
) -> None:
    values = compile_distribution(distribution)(np.sort(np.array(units)))
    assert np.isfinite(values).all()
    tolerance = 1e-14 * np.abs(values).max()  # a rounding error where two formulas meet
    assert (np.diff(values) >= -tolerance).all()


@given(a=st.floats(1e-3, 1e6), b=st.floats(1e-3, 1e6), units=st.lists(UNITS, min_size=1))
@settings(max_examples=50, deadline=None)
def test_beta_stays_a_share(a: float, b: float, units: list[float]) -> None:
    values = compile_distribution(Beta(a=a, b=b))(np.array(units))
    assert ((values >= 0) & (values <= 1)).all()


@given(values=st.lists(st.integers(-(10**18) + 1, 10**18 - 1), max_size=40))
@settings(deadline=None)
def test_decimals_keep_every_integer(values: list[int]) -> None:
    array = decimal_array(np.array(values, dtype=np.int64), pa.decimal128(18, 3))
    assert unscaled(array).tolist() == values
