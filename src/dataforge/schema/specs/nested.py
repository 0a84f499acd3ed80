"""Specs that hold other specs, or conditions over the row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from dataforge.schema.types import Model

if TYPE_CHECKING:
    from dataforge.schema.specs import Spec


class ExpressionSpec(Model):
    """A SQL expression over columns of the same row (see ``dataforge.schema.expressions``)."""

    kind: Literal["expression"] = "expression"
    expression: str


class When(Model):
    """One branch of a conditional."""

    condition: str
    then: Spec


class ConditionalSpec(Model):
    """The first branch whose condition, a SQL expression over the row, holds; or ``otherwise``."""

    kind: Literal["conditional"] = "conditional"
    branches: tuple[When, ...] = Field(min_length=1)
    otherwise: Spec


class ListSpec(Model):
    """A list of ``minimum`` to ``maximum`` values, each made by ``item``."""

    kind: Literal["list"] = "list"
    item: Spec
    minimum: int = Field(default=0, ge=0)
    maximum: int = Field(default=3, ge=0)


class ObjectField(Model):
    """One member of a JSON object."""

    name: str
    spec: Spec
    type: Literal["string", "integer", "number", "boolean"] = "string"


class ObjectSpec(Model):
    """A JSON object whose members are made by their own specs."""

    kind: Literal["object"] = "object"
    fields: tuple[ObjectField, ...] = ()
