"""What a database cannot keep of a logical type, in a sentence."""

from __future__ import annotations

from dataforge.schema import (
    ArrayType,
    ColumnType,
    DecimalType,
    EnumType,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    TimestampType,
    TimeType,
    UuidType,
)

_EXACT_DIGITS = 15


def type_loss(logical: ColumnType, dialect: str) -> str:  # noqa: C901 - a case for each type
    """Return what ``dialect`` loses of the type, or an empty string."""
    match logical:
        case DecimalType() if dialect == "sqlite" and logical.precision > _EXACT_DIGITS:
            return f"SQLite keeps 15 of {logical.precision} digits"
        case DecimalType(scale=scale) if dialect == "mysql" and scale > 30:
            return f"30 of {scale} decimals are kept"
        case IntegerType(bits=64, signed=False) if dialect == "sqlite":
            return "values from 2**63 on do not fit SQLite's integers"
        case IntegerType(signed=False) if dialect in {"postgres", "oracle", "sqlite"}:
            return "kept in a signed type wide enough" if dialect == "postgres" else ""
        case TimestampType(zoned=True) if dialect in {"mysql", "sqlite"}:
            return "instants are kept as UTC wall-clock time"
        case GeometryType() if dialect != "mysql":
            return "kept as well-known text"
        case ArrayType() if dialect not in {"postgres", "duckdb"}:
            return "lists are kept as JSON"
        case EnumType(multiple=True) if dialect != "mysql":
            return "the set is kept as comma-separated text"
        case IntervalType() if dialect != "postgres":
            return "kept as ISO 8601 text"
        case UuidType() | JsonType() | TimeType() if (logical.kind, dialect) in _AS_TEXT:
            return "kept as text"
        case _:
            return ""


_AS_TEXT = {
    ("uuid", "mysql"),
    ("uuid", "sqlite"),
    ("uuid", "oracle"),
    ("json", "sqlite"),
    ("json", "tsql"),
    ("json", "oracle"),
    ("time", "sqlite"),
    ("time", "oracle"),
}
