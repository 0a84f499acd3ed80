"""What Faker's values are in a column: converted to its type, those that do not fit left out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from dataforge.engine.rules.cast import cast_to
from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    JsonType,
    TimeType,
)
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.validation.fitting import misfit


def fitting(values: Iterable[Any], logical: ColumnType) -> pa.Array:
    """Return those of the values that the column holds, in its Arrow type, in their order."""
    target = arrow_type(logical)
    if isinstance(logical, BinaryType):
        return pa.array(_within([_octets(value) for value in values], logical.max_length), target)
    texts = [_text(value, logical) for value in values if value is not None]
    kept = [text for text in texts if misfit(text, logical) is None]
    if pa.types.is_nested(target):
        return pa.array([], target)
    return cast_to(pa.array(kept, pa.string()), target)


def _within(values: list[bytes], most: int | None) -> list[bytes]:
    return values if most is None else [value for value in values if len(value) <= most]


def _octets(value: Any) -> bytes:
    return value if isinstance(value, bytes) else written(value).encode()


def _text(value: Any, logical: ColumnType) -> str:
    match logical:
        case JsonType():
            return json.dumps(value, default=written, ensure_ascii=False)
        case IntegerType() | DecimalType() | FloatType() if isinstance(value, bool):
            return str(int(value))
        case DateType() if isinstance(value, date):
            return value.strftime("%Y-%m-%d")
        case TimeType() if isinstance(value, datetime):
            return value.time().isoformat()
        case BooleanType():
            return str(value).lower()
        case _:
            return written(value)


def written(value: Any) -> str:
    """Return any value as text: bytes in hexadecimal, moments in ISO 8601, collections as JSON."""
    match value:
        case str():
            return value
        case bytes():
            return value.hex()
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case dict():
            return json.dumps(value, default=written, ensure_ascii=False)
        case set() | frozenset():
            return written(sorted(value, key=str))
        case list() | tuple():
            return json.dumps(list(value), default=written, ensure_ascii=False)
        case _:
            return str(value)
