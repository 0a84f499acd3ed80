"""Specs of values that come from the row's parents, children and siblings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dataforge.schema.types import Model


class LookupSpec(Model):
    """The value of ``column`` in the parent row that ``foreign_key`` (its name) points to."""

    kind: Literal["lookup"] = "lookup"
    foreign_key: str
    column: str


class AggregateSpec(Model):
    """``function`` over ``column`` of the rows of ``table`` that this row owns.

    ``expression`` replaces ``column`` by a SQL expression over the child row. Sums of integers
    and decimals are exact; without children sum and count are 0, the others null. ``first`` and
    ``last`` are by row order: the last state of a chain.
    """

    kind: Literal["aggregate"] = "aggregate"
    table: str
    function: Literal["sum", "count", "min", "max", "mean", "first", "last"] = "sum"
    column: str | None = None
    expression: str | None = None


class OrdinalSpec(Model):
    """The position among the rows of the same owning parent: ``start``, ``start + step`` and on."""

    kind: Literal["ordinal"] = "ordinal"
    start: int = 1
    step: int = 1


class RunningTotalSpec(Model):
    """The sum of ``column`` over the rows of the same owning parent up to and including this."""

    kind: Literal["running_total"] = "running_total"
    column: str


class UnionTarget(Model):
    """A table that a polymorphic reference may point to, and the label that says so."""

    table: str
    label: str
    weight: float = Field(default=1.0, gt=0)


class UnionKeySpec(Model):
    """The key half of a polymorphic reference; ``label_column`` holds the target's label."""

    kind: Literal["union_key"] = "union_key"
    label_column: str
    targets: tuple[UnionTarget, ...] = Field(min_length=1)


class UnionLabelSpec(Model):
    """The label half of a polymorphic reference, decided by ``key_column``'s targets."""

    kind: Literal["union_label"] = "union_label"
    key_column: str
