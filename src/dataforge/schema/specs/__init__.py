"""Specs: what is asked of a column. The engine has one generator for each ``kind``.

Foreign-key columns carry no spec: the table's ``foreign_keys`` make them.
"""

from typing import Annotated

from pydantic import Field

from dataforge.schema.specs.nested import (
    ChoiceSpec,
    ConditionalSpec,
    ExpressionSpec,
    ListSpec,
    MemberType,
    ObjectField,
    ObjectSpec,
    Option,
    SegmentSpec,
    When,
)
from dataforge.schema.specs.outside import FakerSpec
from dataforge.schema.specs.processes import (
    AsOfSpec,
    BalanceSpec,
    DepthSpec,
    DoubleEntrySpec,
    DriftSpec,
    EventStateSpec,
    EventTimeSpec,
    Extent,
    IntervalEndSpec,
    IntervalStartSpec,
    Machine,
    MovementSpec,
    Opening,
    PathSpec,
    StatusSpec,
    StatusTimeSpec,
    Transition,
)
from dataforge.schema.specs.relatives import (
    AggregateSpec,
    LookupSpec,
    OrdinalSpec,
    RunningTotalSpec,
    UnionKeySpec,
    UnionLabelSpec,
    UnionTarget,
)
from dataforge.schema.specs.series import (
    Anomaly,
    CandleFieldSpec,
    CandleSpec,
    ExponentialTrend,
    Failure,
    LinearTrend,
    Noise,
    PiecewiseTrend,
    Season,
    SensorSpec,
    SeriesLabelSpec,
    SeriesSpec,
    Signal,
    TimestepSpec,
    WalkTrend,
)
from dataforge.schema.specs.texts import (
    PatternSpec,
    RecordSpec,
    TemplateSpec,
    TextSpec,
    VocabularySpec,
)
from dataforge.schema.specs.tracks import TrackSpec
from dataforge.schema.specs.values import (
    BooleanSpec,
    Bound,
    BytesSpec,
    CategoricalSpec,
    ConstantSpec,
    DatetimeSpec,
    Holidays,
    NumberSpec,
    OffsetSpec,
    PointSpec,
    Scalar,
    SequenceSpec,
    ShareSpec,
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
    | SegmentSpec
    | LookupSpec
    | AggregateSpec
    | OrdinalSpec
    | RunningTotalSpec
    | OffsetSpec
    | ShareSpec
    | UnionKeySpec
    | UnionLabelSpec
    | TimestepSpec
    | SeriesSpec
    | SensorSpec
    | SeriesLabelSpec
    | CandleSpec
    | CandleFieldSpec
    | BytesSpec
    | PointSpec
    | AsOfSpec
    | BalanceSpec
    | DepthSpec
    | DoubleEntrySpec
    | DriftSpec
    | EventStateSpec
    | EventTimeSpec
    | IntervalEndSpec
    | IntervalStartSpec
    | MovementSpec
    | PathSpec
    | TrackSpec
    | StatusSpec
    | StatusTimeSpec
    | ListSpec
    | ObjectSpec
    | ChoiceSpec,
    Field(discriminator="kind"),
]

for _model in (
    When,
    ConditionalSpec,
    SegmentSpec,
    ListSpec,
    ObjectField,
    ObjectSpec,
    Option,
    ChoiceSpec,
):
    _model.model_rebuild(_types_namespace={"Spec": Spec})

__all__ = [
    "AggregateSpec",
    "Anomaly",
    "AsOfSpec",
    "BalanceSpec",
    "BooleanSpec",
    "Bound",
    "BytesSpec",
    "CandleFieldSpec",
    "CandleSpec",
    "CategoricalSpec",
    "ChoiceSpec",
    "ConditionalSpec",
    "ConstantSpec",
    "DatetimeSpec",
    "DepthSpec",
    "DoubleEntrySpec",
    "DriftSpec",
    "EventStateSpec",
    "EventTimeSpec",
    "ExponentialTrend",
    "ExpressionSpec",
    "Extent",
    "Failure",
    "FakerSpec",
    "Holidays",
    "IntervalEndSpec",
    "IntervalStartSpec",
    "LinearTrend",
    "ListSpec",
    "LookupSpec",
    "Machine",
    "MemberType",
    "MovementSpec",
    "Noise",
    "NumberSpec",
    "ObjectField",
    "ObjectSpec",
    "OffsetSpec",
    "Opening",
    "Option",
    "OrdinalSpec",
    "PathSpec",
    "PatternSpec",
    "PiecewiseTrend",
    "PointSpec",
    "RecordSpec",
    "RunningTotalSpec",
    "Scalar",
    "Season",
    "SegmentSpec",
    "SensorSpec",
    "SequenceSpec",
    "SeriesLabelSpec",
    "SeriesSpec",
    "ShareSpec",
    "Signal",
    "Spec",
    "StatusSpec",
    "StatusTimeSpec",
    "TemplateSpec",
    "TextSpec",
    "TimestepSpec",
    "TrackSpec",
    "Transition",
    "UnionKeySpec",
    "UnionLabelSpec",
    "UnionTarget",
    "UuidSpec",
    "VocabularySpec",
    "WalkTrend",
    "When",
]
