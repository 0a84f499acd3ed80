"""Constants of rules as the values that a column's cells are compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from dataforge.schema import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    StringType,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)

_FALSE_TEXTS = {"false", "f", "0", "no", "n"}
_TRUE_TEXTS = {"true", "t", "1", "yes", "y"}


def fitted(value: Any, kind: ColumnType) -> Any:
    """Return ``value`` in the column's terms, or None where the comparison makes no sense.

    Numbers become int or float, dates and timestamps naive datetimes, times of day ISO text.
    """
    match kind:
        case IntegerType() | DecimalType() | FloatType():
            return _number(value)
        case BooleanType():
            return _truth(value)
        case DateType() | TimestampType():
            return _moment(value)
        case TimeType():
            return _clock(value)
        case StringType() | TextType() | EnumType() | UuidType():
            return value if isinstance(value, str) else _text(value)
        case _:
            return None


def listed(value: Any) -> Any:
    """Return a fitted value as a member of a list of allowed values."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return int(value)
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not exact.is_finite():
        return None
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _truth(value: Any) -> bool | None:
    text = str(value).strip().lower()
    if text in _TRUE_TEXTS:
        return True
    return False if text in _FALSE_TEXTS else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  - wall-clock time
    return None


def _clock(value: Any) -> str | None:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value.strip())
        except ValueError:
            return None
    return value.isoformat() if isinstance(value, time) else None


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return str(value)
