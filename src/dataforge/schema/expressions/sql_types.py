"""sqlglot's data types ↔ column types, as far as expressions cast to them."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from dataforge.schema.types import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    StringType,
    TimestampType,
    TimeType,
)

_T = exp.DataType.Type
_TYPES: dict[Any, ColumnType] = {
    _T.TINYINT: IntegerType(bits=8),
    _T.SMALLINT: IntegerType(bits=16),
    _T.INT: IntegerType(bits=32),
    _T.MEDIUMINT: IntegerType(bits=32),
    _T.BIGINT: IntegerType(bits=64),
    _T.UTINYINT: IntegerType(bits=8, signed=False),
    _T.USMALLINT: IntegerType(bits=16, signed=False),
    _T.UINT: IntegerType(bits=32, signed=False),
    _T.UBIGINT: IntegerType(bits=64, signed=False),
    _T.FLOAT: FloatType(bits=32),
    _T.DOUBLE: FloatType(),
    _T.BOOLEAN: BooleanType(),
    _T.CHAR: StringType(),
    _T.NCHAR: StringType(),
    _T.VARCHAR: StringType(),
    _T.NVARCHAR: StringType(),
    _T.BPCHAR: StringType(),
    _T.TEXT: StringType(),
    _T.DATE: DateType(),
    _T.TIME: TimeType(),
    _T.DATETIME: TimestampType(precision=6),
    _T.TIMESTAMP: TimestampType(precision=6),
    _T.TIMESTAMPNTZ: TimestampType(precision=6),
    _T.TIMESTAMPTZ: TimestampType(zoned=True, precision=6),
}


def column_type(written: Any) -> ColumnType | None:
    """Return the column type of a sqlglot DataType, or None where expressions have none."""
    if written.this in {_T.DECIMAL, _T.BIGDECIMAL}:
        digits = [int(param.name) for param in written.expressions]
        precision, scale = (*digits, *(18, 3)[len(digits) :]) if digits else (18, 3)
        scale = 0 if len(digits) == 1 else scale
        return DecimalType(precision=precision, scale=scale)
    return _TYPES.get(written.this)
