"""The Arrow type that carries each logical column type."""

from __future__ import annotations

import pyarrow as pa

from dataforge.schema.model import Table
from dataforge.schema.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)

_INTEGERS = {
    (8, True): pa.int8(),
    (16, True): pa.int16(),
    (32, True): pa.int32(),
    (64, True): pa.int64(),
    (8, False): pa.uint8(),
    (16, False): pa.uint16(),
    (32, False): pa.uint32(),
    (64, False): pa.uint64(),
}


def arrow_type(logical: ColumnType) -> pa.DataType:
    """Return the Arrow type of a logical type; whatever is written as text is ``string``.

    Strings, text, enums, uuids, json, intervals (ISO 8601) and geometry (WKT) are ``string``.
    """
    match logical:
        case IntegerType():
            return _INTEGERS[logical.bits, logical.signed]
        case DecimalType():
            return pa.decimal128(logical.precision, logical.scale)
        case FloatType():
            return pa.float32() if logical.bits == 32 else pa.float64()
        case BooleanType():
            return pa.bool_()
        case DateType():
            return pa.date32()
        case TimeType():
            return pa.time64("us")
        case TimestampType():
            return pa.timestamp("us", tz="UTC" if logical.zoned else None)
        case BinaryType():
            return pa.binary()
        case ArrayType():
            return pa.list_(arrow_type(logical.item))
        case _:
            return pa.string()


def arrow_schema_of(table: Table) -> pa.Schema:
    """Return the logical Arrow schema of a table, columns in the table's order."""
    return pa.schema([pa.field(each.name, arrow_type(each.type)) for each in table.columns])
