"""Specs: what is asked of a column. The engine has one generator for each ``kind``.

Foreign-key columns carry no spec: the table's ``foreign_keys`` make them.
"""

from typing import Annotated

from pydantic import Field

from dataforge.schema.specs.nested import (
    ConditionalSpec,
    ExpressionSpec,
    ListSpec,
    ObjectField,
    ObjectSpec,
    When,
)
from dataforge.schema.specs.outside import FakerSpec
from dataforge.schema.specs.relatives import (
    AggregateSpec,
    LookupSpec,
    OrdinalSpec,
    RunningTotalSpec,
    UnionKeySpec,
    UnionLabelSpec,
    UnionTarget,
)
from dataforge.schema.specs.texts import (
    PatternSpec,
    RecordSpec,
    TemplateSpec,
    TextSpec,
    VocabularySpec,
)
from dataforge.schema.specs.values import (
    BooleanSpec,
    BytesSpec,
    CategoricalSpec,
    ConstantSpec,
    DatetimeSpec,
    NumberSpec,
    OffsetSpec,
    PointSpec,
    Scalar,
    SequenceSpec,
    UuidSpec,
)

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
    | FakerSpec
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
    _model.model_rebuild(_types_namespace={"Spec": Spec})

__all__ = [
    "AggregateSpec",
    "BooleanSpec",
    "BytesSpec",
    "CategoricalSpec",
    "ConditionalSpec",
    "ConstantSpec",
    "DatetimeSpec",
    "ExpressionSpec",
    "FakerSpec",
    "ListSpec",
    "LookupSpec",
    "NumberSpec",
    "ObjectField",
    "ObjectSpec",
    "OffsetSpec",
    "OrdinalSpec",
    "PatternSpec",
    "PointSpec",
    "RecordSpec",
    "RunningTotalSpec",
    "Scalar",
    "SequenceSpec",
    "Spec",
    "TemplateSpec",
    "TextSpec",
    "UnionKeySpec",
    "UnionLabelSpec",
    "UnionTarget",
    "UuidSpec",
    "VocabularySpec",
    "When",
]
