"""Text of decimals, and the integers behind numbers and dates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LONG_DIGITS = 18
_PLAIN_SCALE = 6


def decimal_text(array: pa.Array) -> pa.Array:
    """Return plain digits with ``scale`` decimals for a decimal128 array; null stays null.

    Arrow's own cast turns to exponents beyond six decimals (0E-10).
    """
    scale = array.type.scale
    if scale <= _PLAIN_SCALE:
        return array.cast(pa.string())
    whole = pa.decimal128(38, 0)
    bare = pa.Array.from_buffers(whole, len(array), array.buffers(), offset=array.offset)
    digits = bare.cast(pa.string())
    negative = pc.starts_with(digits, "-")
    padded = pc.utf8_lpad(pc.utf8_ltrim(digits, "-"), scale + 1, "0")
    return pc.binary_join_element_wise(
        pc.if_else(negative, "-", ""),
        pc.utf8_slice_codeunits(padded, 0, -scale),
        ".",
        pc.utf8_slice_codeunits(padded, -scale),
        "",
    )


def integers_behind(array: pa.Array) -> pa.Array | None:
    """Return the integers that a number or date array stores, None for types without them."""
    kind = array.type
    if pa.types.is_integer(kind):
        return array
    if pa.types.is_date32(kind):
        return array.view(pa.int32())
    if pa.types.is_decimal128(kind) and kind.precision <= _LONG_DIGITS:
        return low_words(array)
    return None


def from_integers(numbers: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return the array of type ``kind`` that stores the int64 ``numbers``, none of them null."""
    if pa.types.is_decimal128(kind):
        low = numbers.to_numpy()
        words = np.empty((len(low), 2), np.int64)
        words[:, 0] = low
        words[:, 1] = low >> 63
        return pa.Array.from_buffers(kind, len(low), [None, pa.py_buffer(words)])
    if pa.types.is_date32(kind):
        return numbers.cast(pa.int32()).view(kind)
    return numbers.cast(kind)


def low_words(array: pa.Array) -> pa.Array:
    """Return the int64 behind decimals of at most 18 digits: the low words of their buffer."""
    words = np.frombuffer(array.buffers()[1], np.int64) if len(array) else np.empty(0, np.int64)
    low = words[2 * array.offset : 2 * (array.offset + len(array)) : 2]
    mask = array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None
    return pa.array(low, mask=mask)
