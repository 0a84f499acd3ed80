"""Numbers that the column's type can hold."""

from __future__ import annotations

import math

from dataforge.schema import (
    ColumnType,
    DecimalType,
    Distribution,
    Exponential,
    FloatType,
    IntegerType,
    LogNormal,
    Normal,
    NumberSpec,
)

_SHARE_DECIMALS = 4


def capacity(logical: ColumnType) -> tuple[float, float] | None:
    """Return the least and the greatest value of a numeric type; None where there is no bound."""
    if isinstance(logical, IntegerType):
        span = 1 << (logical.bits - logical.signed)
        return (-span if logical.signed else 0, span - 1)
    if isinstance(logical, DecimalType):
        digits = min(logical.precision, 15)
        high = (10**digits - 1) / 10 ** min(logical.scale, digits)
        return (-high, high)
    return None


def fitted(spec: NumberSpec, logical: ColumnType) -> NumberSpec:
    """Return ``spec`` within the type, in whole numbers where it has no fraction.

    A spec whose middle is out of reach is scaled by powers of ten, then cut to the bounds.
    """
    bounds = capacity(logical)
    low, high = float(spec.minimum or 0), float(spec.maximum or 0)
    law = spec.distribution
    if bounds is not None:
        factor = 1.0
        while _typical(low, law) * factor > bounds[1] / 2:
            factor /= 10
        low, high, law = low * factor, high * factor, _scaled(law, factor)
        low, high = max(low, bounds[0]), min(high, bounds[1])
    if isinstance(logical, IntegerType) or (isinstance(logical, DecimalType) and not logical.scale):
        low, high = math.ceil(low), math.floor(high)
    decimals = _decimals(high, logical)
    return NumberSpec(minimum=low, maximum=max(low, high), distribution=law, decimals=decimals)


def _typical(low: float, law: Distribution) -> float:
    match law:
        case LogNormal():
            return law.median
        case Normal() | Exponential():
            return abs(law.mean)
        case _:
            return low


def _scaled(law: Distribution, factor: float) -> Distribution:
    match law:
        case LogNormal():
            return LogNormal(median=law.median * factor, sigma=law.sigma)
        case Normal():
            return Normal(mean=law.mean * factor, std=law.std * factor)
        case Exponential():
            return Exponential(mean=law.mean * factor)
        case _:
            return law


def _decimals(high: float, logical: ColumnType) -> int | None:
    if not isinstance(logical, FloatType):
        return None
    return _SHARE_DECIMALS if high <= 1 else 2
