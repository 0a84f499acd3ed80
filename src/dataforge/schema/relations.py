"""Keys between tables and the laws that say how many children a parent has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dataforge.schema.types import Model


class FixedLaw(Model):
    """Every parent has exactly ``count`` children."""

    kind: Literal["fixed"] = "fixed"
    count: int = Field(default=1, ge=0)


class RangeLaw(Model):
    """Every parent has between ``minimum`` and ``maximum`` children, both inclusive."""

    kind: Literal["range"] = "range"
    minimum: int = Field(default=0, ge=0)
    maximum: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> RangeLaw:
        if self.minimum > self.maximum:
            msg = f"minimum {self.minimum} is above maximum {self.maximum}"
            raise ValueError(msg)
        return self


class PoissonLaw(Model):
    """Children fall on parents independently: counts near ``mean`` with little spread."""

    kind: Literal["poisson"] = "poisson"
    mean: float | None = Field(default=None, gt=0)


class GeometricLaw(Model):
    """Many parents with few children, few with many: the law of lived-in data."""

    kind: Literal["geometric"] = "geometric"
    mean: float | None = Field(default=None, gt=0)


class ZipfLaw(Model):
    """A handful of parents have most of the children: weight of rank k is k ** -exponent."""

    kind: Literal["zipf"] = "zipf"
    exponent: float = Field(default=1.0, gt=0, le=5)
    mean: float | None = Field(default=None, gt=0)


class LearnedLaw(Model):
    """Child counts as observed: ``weights[k]`` is the share of parents with k children."""

    kind: Literal["learned"] = "learned"
    weights: tuple[float, ...] = Field(min_length=1)


class RecencyLaw(Model):
    """The newest parents, those of the last rows, are referred to the most, and older ones fade.

    ``half_life`` is the share of all parents after which popularity has halved: with 0.1 a tenth of
    them, the newest, have half of what follows. With an ``exponent`` it falls as a power of the age
    instead, as that of news does: the k-th newest has weight k ** -exponent.
    """

    kind: Literal["recency"] = "recency"
    half_life: float = Field(default=0.1, gt=0, le=100)
    exponent: float | None = Field(default=None, gt=0, le=5)


CardinalityLaw = Annotated[
    FixedLaw | RangeLaw | PoissonLaw | GeometricLaw | ZipfLaw | LearnedLaw | RecencyLaw,
    Field(discriminator="kind"),
]

Action = Literal["no_action", "restrict", "cascade", "set_null", "set_default"]


class ForeignKey(Model):
    """``columns`` of this table hold the key ``parent_columns`` of a row of ``parent``.

    A table has at most one ``owning`` foreign key: its rows are laid out grouped by that parent,
    and ``law`` says how many each has. For other keys ``law`` shapes how parents are drawn.
    A self-reference makes a forest: ``root_share`` of its rows have no parent (null, or
    themselves where the column is not nullable) and no path is longer than ``max_depth``. With a
    fixed or range law it is a tree with a span of control: ``roots`` rows have no parent, and rows
    that have children have as many as the law says, level by level; only the last may have fewer.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    parent: str
    parent_columns: tuple[str, ...] = Field(min_length=1)
    name: str | None = None
    owning: bool = False
    law: CardinalityLaw | None = None
    null_share: float | None = Field(default=None, ge=0, le=1)
    root_share: float = Field(default=0.05, ge=0, le=1)
    max_depth: int = Field(default=6, ge=1)
    roots: int = Field(default=1, ge=1)
    on_delete: Action = "no_action"
    on_update: Action = "no_action"
    inferred: bool = False

    @property
    def label(self) -> str:
        """The name, or the columns joined by commas where it has none."""
        return self.name or ",".join(self.columns)
