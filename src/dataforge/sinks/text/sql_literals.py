"""Columns as SQL literals of a dialect."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    GeometryType,
    IntegerType,
    TimestampType,
)
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.scan import joined, replaced
from dataforge.sinks.text.words import BARE, Wording, words

_NUMBERS = (IntegerType, DecimalType, BooleanType)
_ZERO_ONE = Wording(true="1", false="0", lists=json_lists)
_WORDINGS = {
    "mysql": Wording(true="TRUE", false="FALSE", zone="", lists=json_lists),
    "tsql": Wording(true="1", false="0", zone="+00:00", lists=json_lists),
    "oracle": Wording(true="1", false="0", zone=" +00:00", lists=json_lists),
    "sqlite": _ZERO_ONE,
    "duckdb": Wording(true="TRUE", false="FALSE", zone="+00", lists=json_lists),
}
_BINARY = {"mysql": ("X'", "'"), "tsql": ("0x", ""), "oracle": ("HEXTORAW('", "')")}
_BINARY |= {"sqlite": ("X'", "'"), "duckdb": ("unhex('", "')")}
_QUOTE = {"'": "''"}
_MYSQL_QUOTE = {"\\": "\\\\", "'": "''", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\x1a": "\\Z"}


def sql_values(array: pa.Array, logical: ColumnType, dialect: str) -> pa.Array:
    """Return the literal of each value of a plain array; null stays null."""
    wording = _WORDINGS[dialect]
    match logical:
        case FloatType():
            return _float_literals(array, logical, wording, dialect)
        case BinaryType():
            opening, closing = _BINARY[dialect]
            return joined(opening, words(array, logical, wording), closing)
        case DateType() | TimestampType() if dialect == "oracle":
            keyword = "DATE '" if isinstance(logical, DateType) else "TIMESTAMP '"
            return joined(keyword, words(array, logical, wording), "'")
        case GeometryType() if dialect == "mysql":
            return joined("ST_GeomFromText('", words(array, logical, wording), "')")
        case _ if isinstance(logical, _NUMBERS):
            return words(array, logical, wording)
        case _:
            return _quoted(words(array, logical, wording), logical, dialect)


def _float_literals(
    array: pa.Array, logical: FloatType, wording: Wording, dialect: str
) -> pa.Array:
    """Only DuckDB has a literal for NaN and infinities; elsewhere they become NULL."""
    finite = pc.is_finite(array)
    text = words(array, logical, wording)
    other = joined("'", text, "'") if dialect == "duckdb" else pa.scalar(None, pa.string())
    return pc.if_else(finite, text, other)


def _quoted(text: pa.Array, logical: ColumnType, dialect: str) -> pa.Array:
    if not isinstance(logical, BARE):
        text = replaced(text, _MYSQL_QUOTE if dialect == "mysql" else _QUOTE)
    return joined("N'" if dialect == "tsql" else "'", text, "'")
