"""How a written cell becomes a value of its column's logical type, and when it cannot.

Text formats are read in one of two modes. ``typed`` lets the CSV reader cast, with room for the
digits that a value must not have, and is refused as a whole when one cell does not fit at all;
``text`` reads strings and finds each such cell. Formats with types of their own are ``native``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dataforge.schema.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    StringType,
    TimestampType,
    TimeType,
    UuidType,
)
from dataforge.verification.sql_text import any_of, literal

Mode = Literal["typed", "text", "native"]
_EXACT_INTEGER = 1 << 53
_SPARE_DIGITS = 3
_LONG_DIGITS = 18
_UUID_LENGTH = 36
_INTERVAL = (
    r"-?P(?:-?[0-9.]+Y)?(?:-?[0-9.]+M)?(?:-?[0-9.]+W)?(?:-?[0-9.]+D)?"
    r"(?:T(?:-?[0-9.]+H)?(?:-?[0-9.]+M)?(?:-?[0-9.]+S)?)?"
)
_XY = r"-?[0-9.]+(?:[eE][-+]?[0-9]+)? -?[0-9.]+(?:[eE][-+]?[0-9]+)?"
_RING = rf"\( ?{_XY}(?:, ?{_XY})* ?\)"
_RINGS = rf"\( ?{_RING}(?:, ?{_RING})* ?\)"
_SHAPES = {
    "point": rf"POINT ?\( ?{_XY} ?\)",
    "linestring": rf"LINESTRING ?{_RING}",
    "polygon": rf"POLYGON ?{_RINGS}",
    "multipolygon": rf"MULTIPOLYGON ?\( ?{_RINGS}(?:, ?{_RINGS})* ?\)",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """SQL for a column: the type to read, the value, and a condition that is true of bad cells."""

    stored: str
    value: str
    bad: str = ""


def sql_type(logical: ColumnType) -> str:
    """Return DuckDB's type for the values of a logical type."""
    match logical:
        case IntegerType():
            sizes = {8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}
            return sizes[logical.bits] if logical.signed else f"U{sizes[logical.bits]}"
        case DecimalType():
            return f"DECIMAL({logical.precision},{logical.scale})"
        case FloatType():
            return "FLOAT" if logical.bits == 32 else "DOUBLE"
        case BooleanType() | DateType() | TimeType() | UuidType():
            return logical.kind.upper()
        case TimestampType():
            return "TIMESTAMPTZ" if logical.zoned else "TIMESTAMP"
        case BinaryType():
            return "BLOB"
        case ArrayType():
            return f"{sql_type(logical.item)}[]"
        case _:
            return "VARCHAR"


def cell(logical: ColumnType, raw: str, mode: Mode, stored: str = "") -> Cell:
    """Return how to read the column whose stored value is the SQL ``raw``.

    ``stored`` is the type that a native file keeps it in; where that is not the logical type's
    own, each cell is judged by its text.
    """
    if mode == "native" and stored == sql_type(logical) and not isinstance(logical, UuidType):
        return Cell(stored, raw, _limits(logical, raw, native=True))
    if mode == "typed" and (quick := _typed(logical, raw)) is not None:
        return quick
    text = raw if mode != "native" or stored == "VARCHAR" else f"CAST({raw} AS VARCHAR)"
    return _from_text(logical, text)


def _typed(logical: ColumnType, raw: str) -> Cell | None:
    """Let the reader cast; None for what is text anyway."""
    kind = sql_type(logical)
    match logical:
        case IntegerType():
            wide = f"CASE WHEN abs({raw}) > {_EXACT_INTEGER} THEN error('wide') END"
            value = f"CAST({raw} AS {kind})"
            bad = f"{raw} <> {value}"
            return Cell("DOUBLE", value, bad if logical.bits < 64 else f"({wide}) OR {bad}")
        case DecimalType() if logical.precision + _SPARE_DIGITS <= _LONG_DIGITS:
            roomy = DecimalType(
                precision=logical.precision + _SPARE_DIGITS, scale=logical.scale + _SPARE_DIGITS
            )
            value = f"CAST({raw} AS {kind})"
            return Cell(sql_type(roomy), value, f"{raw} <> {value}")
        case FloatType() | BooleanType() | DateType() | TimeType() | TimestampType():
            return Cell(kind, raw, _limits(logical, raw, native=True))
        case _:
            return None


def _from_text(logical: ColumnType, raw: str) -> Cell:
    """Judge each cell by its text; one that is no value of the type reads as null."""
    kind = sql_type(logical)
    value = f"TRY_CAST({raw} AS {kind})"
    unread = f"{raw} IS NOT NULL AND {value} IS NULL"
    match logical:
        case IntegerType():
            return Cell("VARCHAR", value, any_of([unread, _not_like(raw, r"[-+]?[0-9]+")]))
        case DecimalType():
            form = r"[-+]?[0-9]*" + (
                rf"(?:\.[0-9]{{0,{logical.scale}}}0*)?" if logical.scale else ""
            )
            return Cell("VARCHAR", value, any_of([unread, _not_like(raw, form)]))
        case UuidType():
            return Cell("VARCHAR", value, f"length({raw}) <> {_UUID_LENGTH} OR ({unread})")
        case FloatType() | BooleanType() | DateType() | TimeType() | TimestampType():
            limits = _limits(logical, value, native=True)
            return Cell("VARCHAR", value, any_of(filter(None, [unread, limits])))
        case ArrayType():
            items = f"from_json_strict({raw}, '[\"{_json_item(logical)}\"]')"
            return Cell("VARCHAR", raw, f"{raw} IS NOT NULL AND TRY({items}) IS NULL")
        case _:
            return Cell("VARCHAR", raw, _limits(logical, raw, native=False))


def _limits(logical: ColumnType, raw: str, *, native: bool) -> str:
    """Return what a value of the right carrier may still break."""
    match logical:
        case StringType(max_length=int(most)):
            return f"strlen({raw}) > {most} AND length({raw}) > {most}"
        case EnumType(multiple=True):
            known = ", ".join(map(literal, logical.values))
            return f"{raw} <> '' AND NOT list_has_all([{known}], string_split({raw}, ','))"
        case EnumType():
            return f"{raw} NOT IN ({', '.join(map(literal, logical.values))})"
        case JsonType():
            return f"NOT json_valid({raw})"
        case IntervalType():
            return _not_like(raw, _INTERVAL)
        case GeometryType():
            return _not_like(raw, rf"(?i)(?:SRID=[0-9]+;)?{_SHAPES[logical.shape]}")
        case TimestampType() if logical.precision < 6:
            return f"epoch_us({raw}) % {10 ** (6 - logical.precision)} <> 0"
        case BinaryType():
            return _too_long(logical, raw) if native else _no_hexadecimal(logical, raw)
        case _:
            return ""


def _too_long(logical: BinaryType, raw: str) -> str:
    return "" if logical.max_length is None else f"octet_length({raw}) > {logical.max_length}"


def _no_hexadecimal(logical: BinaryType, raw: str) -> str:
    unlike = _not_like(raw, "(?:[0-9a-fA-F]{2})*")
    if logical.max_length is None:
        return unlike
    return any_of([unlike, f"strlen({raw}) > {2 * logical.max_length}"])


def _not_like(raw: str, pattern: str) -> str:
    return f"NOT regexp_full_match({raw}, {literal(pattern)})"


def _json_item(logical: ArrayType) -> str:
    """Return the type that a JSON list's items are read as."""
    match logical.item:
        case IntegerType() | FloatType() | BooleanType() | DecimalType() as item:
            return sql_type(item)
        case _:
            return "JSON"
