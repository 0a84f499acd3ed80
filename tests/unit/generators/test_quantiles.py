from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from dataforge.engine.quantiles import compile_distribution, normal_quantile
from dataforge.schema.distributions import (
    Beta,
    Binomial,
    Component,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Geometric,
    LogNormal,
    Mixture,
    Normal,
    Pareto,
    Poisson,
    Uniform,
    Zipf,
)
from dataforge.streams import FloatArray

EVEN = (np.arange(200_000) + 0.5) / 200_000
EXTREMES = np.array([0.0, 2.0**-53, 1e-9, 1e-3, 0.5, 1 - 1e-3, 1 - 1e-9, 1 - 2.0**-53])


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


@pytest.mark.parametrize(
    ("probability", "published"),
    [(0.5, 0.0), (0.9, 1.2815515655446004), (0.975, 1.959963984540054), (1e-9, -5.997807015007687)],
)
def test_normal_quantiles_match_published_values(probability: float, published: float) -> None:
    assert normal_quantile(np.array([probability]))[0] == pytest.approx(published, abs=1e-13)


def test_normal_quantile_inverts_the_distribution_function() -> None:
    u = np.concatenate([EXTREMES[1:], EVEN[::500]])
    back = np.array([_normal_cdf(z) for z in normal_quantile(u)])
    np.testing.assert_allclose(back, u, rtol=1e-13)


CLOSED_FORMS: list[tuple[Distribution, Callable[[FloatArray], FloatArray]]] = [
    (Gamma(shape=1, scale=3), lambda u: -3 * np.log1p(-u)),
    (Gamma(shape=0.5, scale=2), lambda u: normal_quantile((1 + u) / 2) ** 2),
    (Beta(a=1, b=1), lambda u: u),
    (Beta(a=0.05, b=1), lambda u: u**20),
    (Beta(a=300, b=1), lambda u: u ** (1 / 300)),
    (Beta(a=1, b=20), lambda u: -np.expm1(np.log1p(-u) / 20)),
    (Beta(a=0.5, b=0.5), lambda u: np.sin(np.pi * u / 2) ** 2),
]


@pytest.mark.parametrize(("distribution", "exact"), CLOSED_FORMS)
def test_tables_match_closed_forms(
    distribution: Distribution, exact: Callable[[FloatArray], FloatArray]
) -> None:
    u = np.concatenate([EXTREMES[3:-1], EVEN[::50]])
    np.testing.assert_allclose(compile_distribution(distribution)(u), exact(u), rtol=2e-8)


@pytest.mark.parametrize("shape", [2, 5, 30, 100])
def test_gamma_of_whole_shapes_inverts_erlang(shape: int) -> None:
    x = compile_distribution(Gamma(shape=shape))(EVEN[::100])
    terms = np.cumsum([np.zeros_like(x), *(np.log(x) - math.log(k) for k in range(1, shape))], 0)
    distribution = -np.expm1(np.log(np.exp(terms).sum(axis=0)) - x)
    np.testing.assert_allclose(distribution, EVEN[::100], atol=1e-10)


MOMENTS: list[tuple[Distribution, float, float]] = [
    (Uniform(), 0.5, 1 / 12),
    (Normal(mean=10, std=3), 10, 9),
    (LogNormal(median=2, sigma=0.5), 2 * math.exp(0.125), 4 * math.exp(0.25) * math.expm1(0.25)),
    (Exponential(mean=4), 4, 16),
    (Gamma(shape=0.2, scale=5), 1, 5),
    (Gamma(shape=1e7, scale=1), 1e7, 1e7),
    (Beta(a=2, b=5), 2 / 7, 10 / 392),
    (Beta(a=0.01, b=0.01), 0.5, 0.25 / 1.02),
    (Poisson(mean=0.3), 0.3, 0.3),
    (Poisson(mean=5000), 5000, 5000),
    (Poisson(mean=9e8), 9e8, 9e8),
    (Binomial(trials=100, probability=0.01), 1, 0.99),
    (Binomial(trials=10**12, probability=0.3), 3e11, 2.1e11),
    (Binomial(trials=7, probability=1), 7, 0),
    (Geometric(probability=0.2), 5, 20),
    (Geometric(probability=1), 1, 0),
    (Pareto(alpha=5, minimum=2), 2.5, 5 / 12),
    (Empirical(quantiles=(0, 1, 3)), 1.25, 37 / 48),
    (
        Mixture(
            components=(Component(distribution=Normal()), Component(distribution=Normal(mean=4)))
        ),
        2,
        5,
    ),
]


@pytest.mark.parametrize(("distribution", "mean", "variance"), MOMENTS)
def test_moments(distribution: Distribution, mean: float, variance: float) -> None:
    values = compile_distribution(distribution)(EVEN)
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.var() == pytest.approx(variance, rel=2e-2, abs=1e-12)


@pytest.mark.parametrize(("exponent", "size"), [(1.0, 10), (0.5, 1000), (1.3, 1_000_000)])
def test_zipf_shares_follow_the_ranks(exponent: float, size: int) -> None:
    ranks = compile_distribution(Zipf(exponent=exponent, size=size))(EVEN)
    weights = np.arange(1, size + 1) ** -exponent
    shares = [float((ranks == rank).mean()) for rank in (1, 2, 5)]
    assert shares == pytest.approx((weights / weights.sum())[[0, 1, 4]].tolist(), abs=1e-4)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.7])
def test_large_zipf_joins_its_exact_head(exponent: float) -> None:
    size = 2_000_000
    ranks = compile_distribution(Zipf(exponent=exponent, size=size))(EVEN)
    cumulative = np.cumsum(np.arange(1, size + 1) ** -exponent)
    exact = np.searchsorted(cumulative / cumulative[-1], EVEN, side="right") + 1
    np.testing.assert_allclose(ranks, exact, rtol=1e-6, atol=1)


ALL = [case[0] for case in MOMENTS] + [
    Zipf(size=10**12),
    Zipf(exponent=3, size=50),
    Beta(),
    Gamma(),
]


@pytest.mark.parametrize("distribution", ALL)
def test_extreme_uniforms_give_finite_values(distribution: Distribution) -> None:
    assert np.isfinite(compile_distribution(distribution)(EXTREMES)).all()


@pytest.mark.parametrize(
    "distribution", [LogNormal(sigma=500), Pareto(alpha=0.01), Gamma(shape=0.001, scale=1e300)]
)
def test_tails_beyond_float64_stop_at_its_end(distribution: Distribution) -> None:
    values = compile_distribution(distribution)(EXTREMES)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
