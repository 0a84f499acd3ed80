"""Columns as JSON values (RFC 8259), a whole column at a time."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import (
    ArrayType,
    BooleanType,
    ColumnType,
    DecimalType,
    FloatType,
    IntegerType,
    JsonType,
)
from dataforge.sinks.text.lists import join_lists
from dataforge.sinks.text.scan import joined, replaced
from dataforge.sinks.text.words import BARE, Wording, words

_NUMBERS = (IntegerType, DecimalType, BooleanType)
_NAMED = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    **{chr(code): _NAMED.get(chr(code), f"\\u{code:04x}") for code in range(32)},
}
_ONE_LINE = {"\n": " ", "\r": " "}


def json_lists(array: pa.Array, logical: ArrayType) -> pa.Array:
    """Return ``[1,2,null]`` for each list; a null list stays null."""
    return join_lists(array, json_values(array.flatten(), logical.item, LISTED), "[", "]")


def json_values(array: pa.Array, logical: ColumnType, wording: Wording) -> pa.Array:
    """Return the JSON text of each value of a plain array; null becomes ``null``.

    NaN and the infinities, which JSON has no word for, become ``null`` too. JSON columns are
    embedded as they are, on one line.
    """
    match logical:
        case FloatType():
            finite = pc.if_else(pc.is_finite(array), array, None)
            text = words(finite, logical, wording)
        case JsonType():
            text = replaced(array, _ONE_LINE)
        case ArrayType():
            text = json_lists(array, logical)
        case _ if isinstance(logical, _NUMBERS):
            text = words(array, logical, wording)
        case _ if isinstance(logical, BARE):
            text = joined('"', words(array, logical, wording), '"')
        case _:
            text = joined('"', replaced(array, ESCAPES), '"')
    return text.fill_null("null")


LISTED = Wording(lists=json_lists)
JSON = Wording(clock="T", lists=json_lists)
