"""Logical column types: what a value is, independent of any database or file format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)


class Model(BaseModel):
    """Base of every model in a schema: frozen, unknown fields rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_serializer(mode="wrap")
    def _keep_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write the discriminator even where defaults are left out."""
        written: dict[str, Any] = handler(self)
        kind = getattr(self, "kind", None)
        return written if kind is None else {"kind": kind, **written}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy without cached properties: Pydantic would keep those of the original."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class IntegerType(Model):
    """A whole number of 8, 16, 32 or 64 bits."""

    kind: Literal["integer"] = "integer"
    bits: Literal[8, 16, 32, 64] = 64
    signed: bool = True


class DecimalType(Model):
    """An exact number of ``precision`` digits, ``scale`` of them after the point."""

    kind: Literal["decimal"] = "decimal"
    precision: int = Field(default=18, ge=1, le=38)
    scale: int = Field(default=2, ge=0, le=38)


class FloatType(Model):
    """A binary floating-point number."""

    kind: Literal["float"] = "float"
    bits: Literal[32, 64] = 64


class BooleanType(Model):
    """True or false."""

    kind: Literal["boolean"] = "boolean"


class StringType(Model):
    """A string of at most ``max_length`` characters; ``fixed`` strings have exactly so many."""

    kind: Literal["string"] = "string"
    max_length: int | None = Field(default=None, ge=1)
    fixed: bool = False


class TextType(Model):
    """A string of unbounded length, meant for prose."""

    kind: Literal["text"] = "text"


class DateType(Model):
    """A calendar date."""

    kind: Literal["date"] = "date"


class TimeType(Model):
    """A time of day."""

    kind: Literal["time"] = "time"


class TimestampType(Model):
    """A date with a time of day; ``zoned`` ones are instants kept in UTC.

    ``precision`` counts the digits of the second's fraction.
    """

    kind: Literal["timestamp"] = "timestamp"
    zoned: bool = False
    precision: int = Field(default=0, ge=0, le=6)


class IntervalType(Model):
    """A span of time, written as ISO 8601 (``P3DT4H``)."""

    kind: Literal["interval"] = "interval"


class UuidType(Model):
    """A universally unique identifier, written in its 36-character form."""

    kind: Literal["uuid"] = "uuid"


class BinaryType(Model):
    """Bytes, at most ``max_length`` of them; ``fixed`` ones have exactly so many."""

    kind: Literal["binary"] = "binary"
    max_length: int | None = Field(default=None, ge=1)
    fixed: bool = False


class JsonType(Model):
    """A JSON document, kept as text."""

    kind: Literal["json"] = "json"


class EnumType(Model):
    """One of ``values``; with ``multiple`` a comma-separated subset of them (MySQL's SET)."""

    kind: Literal["enum"] = "enum"
    values: tuple[str, ...] = Field(min_length=1)
    name: str | None = None
    multiple: bool = False


class GeometryType(Model):
    """A shape in the plane, kept as well-known text (``POINT(13.4 52.5)``, x before y)."""

    kind: Literal["geometry"] = "geometry"
    shape: Literal["point", "linestring", "polygon", "multipolygon"] = "point"
    srid: int | None = None


class ArrayType(Model):
    """A list of values of one type."""

    kind: Literal["array"] = "array"
    item: ColumnType


ColumnType = Annotated[
    IntegerType
    | DecimalType
    | FloatType
    | BooleanType
    | StringType
    | TextType
    | DateType
    | TimeType
    | TimestampType
    | IntervalType
    | UuidType
    | BinaryType
    | JsonType
    | EnumType
    | GeometryType
    | ArrayType,
    Field(discriminator="kind"),
]

ArrayType.model_rebuild()
