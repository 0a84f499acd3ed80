"""Specs that hold other specs, or conditions over the row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

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


class SegmentSpec(Model):
    """A spec for each segment: ``specs`` by the value, as text, of the column ``by``.

    Other values and null take ``otherwise``, without it null. Segments draw apart from each other.
    """

    kind: Literal["segment"] = "segment"
    by: str
    specs: dict[str, Spec] = Field(min_length=1)
    otherwise: Spec | None = None

    @field_validator("specs", mode="before")
    @classmethod
    def _keys_are_text(cls, specs: Any) -> Any:
        """Let numbers and truth values stand as keys: they are compared as text."""
        if not isinstance(specs, dict):
            return specs
        return {
            str(key).lower() if isinstance(key, bool) else str(key): spec
            for key, spec in specs.items()
        }

    @property
    def parts(self) -> tuple[Spec, ...]:
        """All specs, the one for other values last."""
        return (*self.specs.values(), *(() if self.otherwise is None else (self.otherwise,)))

    def changed(self, change: Callable[[Spec], Spec]) -> SegmentSpec:
        """Return the same with each of its specs changed."""
        specs = {key: change(spec) for key, spec in self.specs.items()}
        otherwise = None if self.otherwise is None else change(self.otherwise)
        return self.model_copy(update={"specs": specs, "otherwise": otherwise})


MemberType = Literal["string", "integer", "number", "boolean", "json"]
"""What a value is inside a JSON document; ``json`` is another list, object or choice."""


class ListSpec(Model):
    """A list of ``minimum`` to ``maximum`` values, each made by ``item``.

    ``item_type`` says what the items of a JSON list are; ``distinct`` leaves out values that a
    list has already, so that it may be shorter.
    """

    kind: Literal["list"] = "list"
    item: Spec
    item_type: MemberType = "string"
    minimum: int = Field(default=0, ge=0)
    maximum: int = Field(default=3, ge=0)
    distinct: bool = False


class ObjectField(Model):
    """One member of a JSON object, which a share ``presence`` of the objects has."""

    name: str
    spec: Spec
    type: MemberType = "string"
    presence: float = Field(default=1, ge=0, le=1)


class ObjectSpec(Model):
    """A JSON object whose members are made by their own specs."""

    kind: Literal["object"] = "object"
    fields: tuple[ObjectField, ...] = ()


class Option(Model):
    """One of the forms that a JSON value may have, taken with a probability like ``weight``."""

    spec: Spec
    type: MemberType = "string"
    weight: float = Field(default=1, gt=0)


class ChoiceSpec(Model):
    """A JSON value in one of several forms, each made by its own spec (``oneOf``, ``anyOf``)."""

    kind: Literal["choice"] = "choice"
    options: tuple[Option, ...] = Field(min_length=1)
