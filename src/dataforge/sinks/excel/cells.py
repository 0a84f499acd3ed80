"""Columns as the cells of a sheet: one piece of XML a value, a whole column at a time.

Excel keeps every number as a double and shows 15 digits of it, dates as days since 1899-12-30.
What such a number cannot hold is written as text, value by value: longer whole numbers and
decimals, days before March 1900 (Excel believes in a 29 February 1900), and, from 2079 on, where a
double's steps grow beyond a microsecond, moments between two milliseconds.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import (
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TimeType,
)
from dataforge.sinks.excel.styles import (
    CLOCK,
    DATE,
    FINE,
    FINE_CLOCK,
    GENERAL,
    SECOND,
    number_style,
)
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.scan import joined, present
from dataforge.sinks.text.words import Wording, words

TEXT_CHARACTERS = 32_767
EXACT_DIGITS = 15
EMPTY_CELL = "<c/>"
WORDING = Wording(lists=json_lists)

_LARGEST = 10**EXACT_DIGITS
_EPOCH_DAY = 25_569
_DAY_US = 86_400_000_000
_FIRST_DAY = date(1900, 3, 1)
_COARSE_FROM = datetime(2079, 6, 1)  # noqa: DTZ001 - compared with values that have no zone


def cells(array: pa.Array, logical: ColumnType) -> pa.Array:
    """Return the XML of each value of a plain array; null stays null."""
    match logical:
        case IntegerType():
            return _whole_numbers(array)
        case DecimalType():
            return _decimals(array, logical)
        case FloatType():
            return _either(pc.is_finite(array), _numbers(array.cast(pa.string()), GENERAL), array)
        case BooleanType():
            return pc.if_else(array, '<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>')
        case DateType():
            return _dates(array)
        case TimestampType():
            return _timestamps(array, logical)
        case TimeType():
            return _times(array)
        case _:
            return texts(words(array, logical, WORDING))


def texts(array: pa.Array, style: int = GENERAL) -> pa.Array:
    """Return inline strings for a string array; spaces at an end are marked to be kept."""
    shown = f' s="{style}"' if style else ""
    padded = pc.match_substring_regex(array, r"^\s|\s$")
    start = pc.if_else(padded, '<is><t xml:space="preserve">', "<is><t>")
    return joined(f'<c{shown} t="inlineStr">', start, escaped(array), "</t></is></c>")


def escaped(array: pa.Array) -> pa.Array:
    """Return texts as XML has them, cut to what a cell holds.

    Control characters become ``_x0001_`` as ECMA-376 (22.9.2.19) has them, and what looks like
    such an escape is escaped itself.
    """
    if pc.any(pc.greater(pc.utf8_length(array), TEXT_CHARACTERS)).as_py():
        array = pc.utf8_slice_codeunits(array, 0, TEXT_CHARACTERS)
    here = present(array, _SPECIAL)
    if b"_" in here:
        array = pc.replace_substring_regex(array, r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1")
    for old, new in _ESCAPES.items():
        if old.encode() in here:
            array = pc.replace_substring(array, old, new)
    if pc.any(pc.match_substring_regex(array, "[\ufffe\uffff]")).as_py():
        array = pc.replace_substring(array, "\ufffe", "_xFFFE_")
        array = pc.replace_substring(array, "\uffff", "_xFFFF_")
    return array


_CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n"]
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {
    character: f"_x{ord(character):04X}_" for character in _CONTROLS
}
_SPECIAL = "".join(["_", *_ESCAPES]).encode()


def _numbers(digits: pa.Array, style: int) -> pa.Array:
    return joined(f'<c s="{style}"><v>' if style else "<c><v>", digits, "</v></c>")


def _either(fits: pa.Array, numbers: pa.Array, array: pa.Array) -> pa.Array:
    """Return ``numbers`` where the value fits a number, else its text."""
    if pc.all(fits).as_py() is not False:
        return numbers
    return pc.if_else(fits, numbers, texts(array.cast(pa.string())))


def _whole_numbers(array: pa.Array) -> pa.Array:
    numbers = _numbers(array.cast(pa.string()), number_style(0))
    if array.type.bit_width < 64:
        return numbers
    largest = pa.scalar(_LARGEST, array.type)
    fits = pc.less(array, largest)
    if pa.types.is_signed_integer(array.type):
        fits = pc.and_(fits, pc.greater(array, pa.scalar(-_LARGEST, array.type)))
    return _either(fits, numbers, array)


def _decimals(array: pa.Array, logical: DecimalType) -> pa.Array:
    digits = words(array, logical, WORDING)
    numbers = _numbers(digits, number_style(logical.scale))
    if logical.precision <= EXACT_DIGITS:
        return numbers
    largest = pa.scalar(Decimal(1).scaleb(EXACT_DIGITS - logical.scale), array.type)
    fits = pc.less(pc.abs(array), largest)
    return (
        numbers if pc.all(fits).as_py() is not False else pc.if_else(fits, numbers, texts(digits))
    )


def _dates(array: pa.Array) -> pa.Array:
    days = pc.add(array.view(pa.int32()), pa.scalar(_EPOCH_DAY, pa.int32()))
    fits = pc.greater_equal(array, pa.scalar(_FIRST_DAY, pa.date32()))
    return _either(fits, _numbers(days.cast(pa.string()), DATE), array)


def _timestamps(array: pa.Array, logical: TimestampType) -> pa.Array:
    naive = array.view(pa.int64()).view(pa.timestamp("us"))
    style = FINE if logical.precision else SECOND
    numbers = _numbers(_serials(naive.view(pa.int64()), _EPOCH_DAY), style)
    fits = pc.greater_equal(naive, pa.scalar(_FIRST_DAY).cast(naive.type))
    exact = pc.equal(naive.cast(pa.timestamp("ms"), safe=False).cast(naive.type), naive)
    early = pc.less(naive, pa.scalar(_COARSE_FROM, naive.type))
    fits = pc.and_(fits, pc.or_(exact, early))
    if pc.all(fits).as_py() is not False:
        return numbers
    return pc.if_else(fits, numbers, texts(words(array, logical, WORDING)))


def _times(array: pa.Array) -> pa.Array:
    seconds = array.cast(pa.time32("s"), safe=False).cast(array.type)
    serials = _serials(array.view(pa.int64()), 0)
    whole = pc.equal(seconds, array)
    return pc.if_else(whole, _numbers(serials, CLOCK), _numbers(serials, FINE_CLOCK))


def _serials(microseconds: pa.Array, first_day: int) -> pa.Array:
    """Return days with their fraction, in the shortest digits that give the same double."""
    days = pc.divide(microseconds.cast(pa.float64()), pa.scalar(float(_DAY_US)))
    if first_day:
        whole = pc.floor(days)
        rest = pc.subtract(microseconds, pc.multiply(whole.cast(pa.int64()), _DAY_US))
        fraction = pc.divide(rest.cast(pa.float64()), pa.scalar(float(_DAY_US)))
        days = pc.add(pc.add(whole, float(first_day)), fraction)
    return days.cast(pa.string())
