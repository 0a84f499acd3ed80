"""Specs: what is asked of a column. The engine has one generator for each ``kind``.

Foreign-key columns carry no spec: the table's ``foreign_keys`` make them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from dataforge.schema.distributions import Distribution, Uniform
from dataforge.schema.types import Model

Scalar = bool | int | float | str | None


class SequenceSpec(Model):
    """``start + row * step``."""

    kind: Literal["sequence"] = "sequence"
    start: int = 1
    step: int = 1


class UuidSpec(Model):
    """A random UUID (version 4), or one whose order follows the row number (version 7)."""

    kind: Literal["uuid"] = "uuid"
    version: Literal[4, 7] = 4


class NumberSpec(Model):
    """A number between ``minimum`` and ``maximum``, both inclusive, rounded to the column's type.

    ``decimals`` rounds further; ``step`` keeps only multiples of it above ``minimum``.
    """

    kind: Literal["number"] = "number"
    minimum: float | int | None = None
    maximum: float | int | None = None
    distribution: Distribution = Uniform()
    decimals: int | None = Field(default=None, ge=0, le=18)


class BooleanSpec(Model):
    """True with probability ``true_share``."""

    kind: Literal["boolean"] = "boolean"
    true_share: float = Field(default=0.5, ge=0, le=1)


class CategoricalSpec(Model):
    """One of ``values``, by ``weights`` when given."""

    kind: Literal["categorical"] = "categorical"
    values: tuple[Scalar, ...] = Field(min_length=1)
    weights: tuple[float, ...] | None = None

    @model_validator(mode="after")
    def _weights_fit(self) -> CategoricalSpec:
        if self.weights is not None:
            if len(self.weights) != len(self.values):
                msg = f"{len(self.values)} values but {len(self.weights)} weights"
                raise ValueError(msg)
            if min(self.weights) < 0 or sum(self.weights) <= 0:
                msg = "weights must not be negative and must not all be zero"
                raise ValueError(msg)
        return self


class ConstantSpec(Model):
    """The same value in every row."""

    kind: Literal["constant"] = "constant"
    value: Scalar = None


class DatetimeSpec(Model):
    """A date, time or timestamp in [``start``, ``end``), shaped by profiles.

    ``months`` (12, from January), ``weekdays`` (7, from Monday) and ``hours`` (24) are relative
    weights; ``growth`` is the factor by which the density rises from start to end.
    """

    kind: Literal["datetime"] = "datetime"
    start: datetime | None = None
    end: datetime | None = None
    months: tuple[float, ...] | None = Field(default=None, min_length=12, max_length=12)
    weekdays: tuple[float, ...] | None = Field(default=None, min_length=7, max_length=7)
    hours: tuple[float, ...] | None = Field(default=None, min_length=24, max_length=24)
    growth: float = Field(default=1.0, gt=0)


class PatternSpec(Model):
    r"""A string matching a regular expression.

    Literals, classes, ``\d \w \s .``, groups, alternation and bounded repetition are read;
    anchors inside, back-references and look-around are refused.
    """

    kind: Literal["pattern"] = "pattern"
    pattern: str


class TemplateSpec(Model):
    """Text with ``{column}`` placeholders for columns of the same row.

    ``{column:slug}`` inserts it in lower-case ASCII with dashes, ``{column:lower}`` and
    ``{column:upper}`` change its case, ``{{`` and ``}}`` are braces.
    """

    kind: Literal["template"] = "template"
    template: str


class TextSpec(Model):
    """Readable prose: words, one sentence or one paragraph, fitted to the column's length.

    ``minimum`` and ``maximum`` count words, for paragraphs sentences.
    """

    kind: Literal["text"] = "text"
    unit: Literal["words", "sentence", "paragraph"] = "sentence"
    minimum: int = Field(default=4, ge=1)
    maximum: int = Field(default=12, ge=1)


class VocabularySpec(Model):
    """An entry of a named vocabulary (``country_code``, ``job_title``, …) of the locale."""

    kind: Literal["vocabulary"] = "vocabulary"
    vocabulary: str


class RecordSpec(Model):
    """A field of a record that is drawn whole: all fields of one ``group`` in a row agree.

    Records: ``person``, ``address``, ``company``, ``internet``, ``product``.
    """

    kind: Literal["record"] = "record"
    record: str
    field: str
    group: str = ""


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


class LookupSpec(Model):
    """The value of ``column`` in the parent row that ``foreign_key`` (its name) points to."""

    kind: Literal["lookup"] = "lookup"
    foreign_key: str
    column: str


class AggregateSpec(Model):
    """``function`` over ``column`` of the rows of ``table`` that this row owns.

    ``expression`` replaces ``column`` by a SQL expression over the child row. Sums of integers
    and decimals are exact; without children sum and count are 0, the others null.
    """

    kind: Literal["aggregate"] = "aggregate"
    table: str
    function: Literal["sum", "count", "min", "max", "mean"] = "sum"
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


class OffsetSpec(Model):
    """``column`` (date, timestamp or number) plus a gap between ``minimum`` and ``maximum``.

    Gaps are in days for dates, in seconds for timestamps and times, else in the column's unit.
    """

    kind: Literal["offset"] = "offset"
    column: str
    minimum: float = 0
    maximum: float = 1
    distribution: Distribution = Uniform()


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


class BytesSpec(Model):
    """Random bytes of ``minimum`` to ``maximum`` length."""

    kind: Literal["bytes"] = "bytes"
    minimum: int = Field(default=16, ge=0)
    maximum: int = Field(default=32, ge=0, le=65536)


class PointSpec(Model):
    """A place drawn uniformly from a box of longitudes (x) and latitudes (y) in degrees."""

    kind: Literal["point"] = "point"
    west: float = -124.0
    east: float = -67.0
    south: float = 25.0
    north: float = 49.0


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


Spec = Annotated[
    SequenceSpec
    | UuidSpec
    | NumberSpec
    | BooleanSpec
    | CategoricalSpec
    | ConstantSpec
    | DatetimeSpec
    | PatternSpec
    | TemplateSpec
    | TextSpec
    | VocabularySpec
    | RecordSpec
    | ExpressionSpec
    | ConditionalSpec
    | LookupSpec
    | AggregateSpec
    | OrdinalSpec
    | RunningTotalSpec
    | OffsetSpec
    | UnionKeySpec
    | UnionLabelSpec
    | BytesSpec
    | PointSpec
    | ListSpec
    | ObjectSpec,
    Field(discriminator="kind"),
]

for _model in (When, ConditionalSpec, ListSpec, ObjectField, ObjectSpec):
    _model.model_rebuild()
