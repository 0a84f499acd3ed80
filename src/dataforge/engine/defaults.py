"""What a column gets when nothing but its type is known, and what its rules leave of a spec."""

from __future__ import annotations

from typing import cast

import numpy as np

from dataforge.engine.cells import Limits, Site
from dataforge.engine.families import domain_of
from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanSpec,
    BooleanType,
    BytesSpec,
    CategoricalSpec,
    DatetimeSpec,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    ListSpec,
    LogNormal,
    NumberSpec,
    ObjectField,
    ObjectSpec,
    PatternSpec,
    PointSpec,
    RecordSpec,
    Spec,
    StringType,
    TextSpec,
    TextType,
    TimestampType,
    TimeType,
    UuidSpec,
    UuidType,
)
from dataforge.schema.validation.fitting import misfit, number_range

_INTERVALS = ("PT15M", "PT1H", "PT4H", "P1D", "P3D", "P7D", "P14D", "P30D", "P90D", "P1Y")
_SHORTEST_PROSE = 12
_LISTED = 1000
_FLAGS = ObjectSpec(
    fields=(
        ObjectField(name="id", spec=NumberSpec(minimum=1, maximum=9999), type="integer"),
        ObjectField(name="label", spec=TextSpec(unit="words", minimum=1, maximum=2)),
        ObjectField(name="active", spec=BooleanSpec(true_share=0.7), type="boolean"),
    )
)


def effective_spec(site: Site) -> Spec:
    """Return the column's spec, or its type's default, narrowed to what the rules allow."""
    spec = _fitting(site) or default_spec(site)
    limits = site.limits
    if limits.allowed is not None:
        return spec if _keeps_to(spec, site) else _restricted(spec, limits)
    if isinstance(spec, CategoricalSpec) and not _within(spec, limits).values:
        return default_spec(site)
    if isinstance(spec, CategoricalSpec):
        return _within(spec, limits)
    invented = site.column.spec is None or site.column.semantic is not None
    if limits.pattern is not None and invented:
        return PatternSpec(pattern=limits.pattern)
    bounded = limits.minimum is not None or limits.maximum is not None
    if isinstance(spec, DatetimeSpec) and invented and bounded:
        return spec.model_copy(update={"start": None, "end": None})
    if isinstance(spec, NumberSpec) and _disjoint(spec, limits):
        return default_spec(site)
    return spec


def _fitting(site: Site) -> Spec | None:
    """Return the column's spec; of one that its name suggested only what its type can hold."""
    spec, kind = site.column.spec, site.column.type
    if site.column.semantic is None:
        return spec
    match spec:
        case CategoricalSpec(values=values):
            kept = [index for index, value in enumerate(values) if misfit(value, kind) is None]
            return _picked(spec, kept) if kept else None
        case NumberSpec(minimum=low, maximum=high):
            bounds = number_range(kind)
            beyond = bounds is not None and (
                (low is not None and low > bounds[1]) or (high is not None and high < bounds[0])
            )
            return None if beyond else spec
        case _:
            return spec


def default_spec(site: Site) -> Spec:
    """Return the spec of a column of which only the type is known."""
    match site.column.type:
        case IntegerType(bits=bits):
            most = 100 if bits == 8 else 1000
            return NumberSpec(minimum=_lowest(site.limits), maximum=_highest(site.limits, most))
        case DecimalType(precision=precision, scale=scale):
            return _default_decimal(site.limits, precision, scale)
        case FloatType():
            high = _highest(site.limits, 1000)
            return NumberSpec(minimum=_lowest(site.limits), maximum=high, decimals=2)
        case BooleanType():
            return BooleanSpec()
        case StringType(max_length=36):
            return UuidSpec()  # nothing else is 36 characters long
        case StringType(max_length=length):
            return _default_string(length)
        case DateType() | TimeType() | TimestampType():
            return DatetimeSpec()
        case ArrayType():
            item = site.column.model_copy(update={"type": site.column.type.item, "spec": None})
            return ListSpec(item=default_spec(Site(site.schema, site.table, item)))
        case EnumType(values=values):
            return CategoricalSpec(values=values)
        case _ as other:
            return _OTHERS.get(type(other), TextSpec(unit="sentence"))


_OTHERS: dict[type, Spec] = {
    UuidType: UuidSpec(),
    TextType: TextSpec(unit="sentence"),
    IntervalType: CategoricalSpec(values=_INTERVALS),
    BinaryType: BytesSpec(),
    JsonType: _FLAGS,
    GeometryType: PointSpec(),
}


def _default_string(length: int | None) -> Spec:
    if length is not None and length < _SHORTEST_PROSE:
        return PatternSpec(pattern=f"[A-Z0-9]{{{length}}}")
    most = 3 if length is not None and length <= 60 else 6
    return TextSpec(unit="words", minimum=1, maximum=most)


def _default_decimal(limits: Limits, precision: int, scale: int) -> Spec:
    whole = precision - scale
    high = _highest(limits, min(10**whole - 1, 10_000) if whole else 1)
    if limits.minimum is not None or whole <= 2:
        return NumberSpec(minimum=_lowest(limits), maximum=high)
    return NumberSpec(minimum=0, maximum=high, distribution=LogNormal(median=high / 100, sigma=1.0))


def _lowest(limits: Limits) -> float:
    return limits.minimum if isinstance(limits.minimum, int | float) else _floor_of(limits)


def _floor_of(limits: Limits) -> float:
    if isinstance(limits.maximum, int | float) and limits.maximum <= 0:
        return limits.maximum - 1000
    return 0


def _highest(limits: Limits, span: float) -> float:
    if isinstance(limits.maximum, int | float):
        return limits.maximum
    return max(span, _lowest(limits) + span) if limits.minimum is not None else span


def _restricted(spec: Spec, limits: Limits) -> Spec:
    allowed = [
        value for value in cast("tuple[str, ...]", limits.allowed) if value not in limits.excluded
    ]
    if isinstance(spec, CategoricalSpec):
        kept = _only(spec, allowed)
        if kept.values:
            return kept
    # Rules that leave nothing are refused with their texts once all columns are settled.
    return CategoricalSpec(values=tuple(allowed)) if allowed else spec


def _keeps_to(spec: Spec, site: Site) -> bool:
    """Tell whether a record makes nothing that a rule's list lacks: then it keeps its agreement."""
    if not isinstance(spec, RecordSpec):
        return False
    allowed = set(site.limits.allowed or ()) - set(site.limits.excluded)
    if spec.labels is not None:
        return {label for labels in spec.labels.values() for label in labels} <= allowed
    domain = domain_of(spec, site)
    if domain is None or domain.size > _LISTED:
        return False
    return set(domain.decode(np.arange(domain.size)).to_pylist()) <= allowed


def _only(spec: CategoricalSpec, allowed: list[str]) -> CategoricalSpec:
    return _picked(spec, [index for index, value in enumerate(spec.values) if value in allowed])


def _picked(spec: CategoricalSpec, places: list[int]) -> CategoricalSpec:
    """Return the entries at some places, with their weights."""
    if len(places) == len(spec.values):
        return spec
    weights = None if spec.weights is None else tuple(spec.weights[index] for index in places)
    values = tuple(spec.values[index] for index in places)
    return spec.model_copy(update={"values": values, "weights": weights})


def _within(spec: CategoricalSpec, limits: Limits) -> CategoricalSpec:
    low, high = limits.minimum, limits.maximum
    keep = [
        index
        for index, value in enumerate(spec.values)
        if not (isinstance(value, int | float) and _outside(value, low, high))
        and value not in limits.excluded
    ]
    return _picked(spec, keep)


def _outside(value: float, low: object, high: object) -> bool:
    return (isinstance(low, int | float) and value < low) or (
        isinstance(high, int | float) and value > high
    )


def _disjoint(spec: NumberSpec, limits: Limits) -> bool:
    low, high = limits.minimum, limits.maximum
    return (isinstance(low, int | float) and spec.maximum is not None and spec.maximum < low) or (
        isinstance(high, int | float) and spec.minimum is not None and spec.minimum > high
    )
