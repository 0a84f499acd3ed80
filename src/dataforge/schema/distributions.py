"""Distributions: what a numeric or temporal column's values look like.

Every distribution is, in the engine, a quantile function of a uniform in [0, 1).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dataforge.schema.types import Model


class Uniform(Model):
    """Every value between the column's bounds is equally likely."""

    kind: Literal["uniform"] = "uniform"


class Normal(Model):
    """The bell curve; ``std`` is the standard deviation."""

    kind: Literal["normal"] = "normal"
    mean: float = 0.0
    std: float = Field(default=1.0, gt=0)


class LogNormal(Model):
    """exp of a normal: prices, incomes, durations; ``median`` = exp(mu)."""

    kind: Literal["log_normal"] = "log_normal"
    median: float = Field(default=1.0, gt=0)
    sigma: float = Field(default=1.0, gt=0)


class Exponential(Model):
    """Waiting times with the given mean."""

    kind: Literal["exponential"] = "exponential"
    mean: float = Field(default=1.0, gt=0)


class Gamma(Model):
    """Sums of waiting times; the mean is ``shape * scale``."""

    kind: Literal["gamma"] = "gamma"
    shape: float = Field(default=2.0, gt=0)
    scale: float = Field(default=1.0, gt=0)


class Beta(Model):
    """A share in [0, 1], stretched to the column's bounds when it has both."""

    kind: Literal["beta"] = "beta"
    a: float = Field(default=2.0, gt=0)
    b: float = Field(default=2.0, gt=0)


class Poisson(Model):
    """Counts of independent events with the given mean."""

    kind: Literal["poisson"] = "poisson"
    mean: float = Field(default=1.0, gt=0, le=1e9)


class Binomial(Model):
    """Successes in ``trials`` independent trials."""

    kind: Literal["binomial"] = "binomial"
    trials: int = Field(default=10, ge=1)
    probability: float = Field(default=0.5, ge=0, le=1)


class Geometric(Model):
    """Trials up to and including the first success: 1, 2, 3 and on."""

    kind: Literal["geometric"] = "geometric"
    probability: float = Field(default=0.5, gt=0, le=1)


class Zipf(Model):
    """Ranks 1…``size`` with weight proportional to rank ** -exponent."""

    kind: Literal["zipf"] = "zipf"
    exponent: float = Field(default=1.0, gt=0)
    size: int = Field(default=1000, ge=1)


class Pareto(Model):
    """A power-law tail above ``minimum``."""

    kind: Literal["pareto"] = "pareto"
    alpha: float = Field(default=1.5, gt=0)
    minimum: float = Field(default=1.0, gt=0)


class Empirical(Model):
    """Values at equally spaced probabilities from 0 to 1, joined by straight lines."""

    kind: Literal["empirical"] = "empirical"
    quantiles: tuple[float, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _ascending(self) -> Empirical:
        if list(self.quantiles) != sorted(self.quantiles):
            msg = "quantiles must not descend"
            raise ValueError(msg)
        return self


class Component(Model):
    """One part of a mixture, drawn with probability proportional to ``weight``."""

    weight: float = Field(default=1.0, gt=0)
    distribution: Distribution


class Mixture(Model):
    """One of several distributions, chosen by weight for each cell."""

    kind: Literal["mixture"] = "mixture"
    components: tuple[Component, ...] = Field(min_length=1)


Distribution = Annotated[
    Uniform
    | Normal
    | LogNormal
    | Exponential
    | Gamma
    | Beta
    | Poisson
    | Binomial
    | Geometric
    | Zipf
    | Pareto
    | Empirical
    | Mixture,
    Field(discriminator="kind"),
]

Component.model_rebuild()
Mixture.model_rebuild()
