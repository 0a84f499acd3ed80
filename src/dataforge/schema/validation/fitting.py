"""Which specs fit which types, and whether a written value fits a column."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from dataforge.schema.types import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    StringType,
    TimestampType,
    TimeType,
    UuidType,
)

_NUMBERS = frozenset({"integer", "decimal", "float"})
_TEXTS = frozenset({"string", "text"})
_MOMENTS = frozenset({"date", "time", "timestamp"})
_DAYS = frozenset({"date", "timestamp"})
_STATES = _TEXTS | {"enum", "integer"}
_WRITTEN = _TEXTS | {"enum", "json", "uuid", "interval", "geometry", "binary"}

# Spec kinds that are not listed fit every type.
FITTING: dict[str, frozenset[str]] = {
    "sequence": _NUMBERS | {"string"},
    "uuid": _TEXTS | {"uuid", "binary"},
    "number": _NUMBERS | _TEXTS | {"json", "interval", "boolean"},
    "boolean": _NUMBERS | _TEXTS | {"boolean", "enum", "json"},
    "datetime": _MOMENTS | _TEXTS | {"integer"},
    "pattern": _WRITTEN | _NUMBERS,
    "template": _WRITTEN,
    "text": _TEXTS | {"json", "binary"},
    "ordinal": _NUMBERS | {"string"},
    "running_total": _NUMBERS,
    "offset": _NUMBERS | _MOMENTS,
    "share": _NUMBERS,
    "event_state": _STATES,
    "event_time": _DAYS,
    "status": _STATES,
    "status_time": _DAYS,
    "interval_start": _DAYS,
    "interval_end": _DAYS,
    "movement": frozenset({"integer", "decimal"}),
    "balance": frozenset({"integer", "decimal"}),
    "drift": _NUMBERS,
    "double_entry": _NUMBERS,
    "depth": _NUMBERS | {"string"},
    "path": _TEXTS,
    "timestep": _MOMENTS | _TEXTS | {"integer"},
    "series": _NUMBERS,
    "sensor": _NUMBERS,
    "series_label": _TEXTS | {"enum", "boolean"},
    "candle": _NUMBERS,
    "candle_field": _NUMBERS | {"date", "timestamp"},
    "track": _NUMBERS | {"timestamp"},
    "bytes": _TEXTS | {"binary"},
    "point": _TEXTS | {"geometry", "json"},
    "list": _TEXTS | {"array", "json"},
    "object": _TEXTS | {"json"},
    "choice": _TEXTS | {"json"},
}


def number_range(kind: ColumnType) -> tuple[Decimal, Decimal] | None:
    """Return the least and greatest number that the type holds, None where it has no bounds."""
    match kind:
        case IntegerType(bits=bits, signed=signed):
            span = Decimal(2) ** bits
            return (-span / 2, span / 2 - 1) if signed else (Decimal(0), span - 1)
        case DecimalType(precision=precision, scale=scale):
            most = (Decimal(10) ** precision - 1).scaleb(-scale)
            return -most, most
        case _:
            return None


def misfit(value: Any, kind: ColumnType) -> str | None:
    """Return why ``value`` cannot stand in a column of this type; None if it can or is null."""
    match kind:
        case _ if value is None:
            return None
        case IntegerType() | DecimalType() | FloatType():
            return _number_misfit(value, kind)
        case BooleanType():
            return None if _is_truth(value) else "is neither true nor false"
        case StringType(max_length=most):
            count = len(str(value))
            is_long = most is not None and count > most
            return f"has {count} characters, {most} are possible" if is_long else None
        case EnumType():
            return _enum_misfit(str(value), kind)
        case DateType() | TimestampType():
            return None if _reads(datetime.fromisoformat, value) else "is no date in ISO 8601"
        case TimeType():
            return None if _reads(time.fromisoformat, value) else "is no time of day in ISO 8601"
        case UuidType():
            return None if _reads(uuid.UUID, value) else "is no UUID"
        case _:
            return None


def _number_misfit(value: Any, kind: ColumnType) -> str | None:
    try:
        number = Decimal(int(value)) if isinstance(value, bool) else Decimal(str(value).strip())
    except InvalidOperation:
        return "is no number"
    bounds = number_range(kind)
    if bounds is None or not number.is_finite():
        return None
    if isinstance(kind, IntegerType) and number != number.to_integral_value():
        return "is no whole number"
    return None if bounds[0] <= number <= bounds[1] else f"is outside {bounds[0]} to {bounds[1]}"


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or str(value).strip().lower() in {
        "0", "1", "t", "f", "true", "false", "yes", "no", "y", "n",
    }  # fmt: skip


def _enum_misfit(text: str, kind: EnumType) -> str | None:
    parts = [part for part in text.split(",") if part] if kind.multiple else [text]
    if all(part in kind.values for part in parts):
        return None
    return f"is not one of {', '.join(kind.values)}"


def _reads(read: Any, value: Any) -> bool:
    try:
        read(str(value).strip())
    except ValueError:
        return False
    return True
