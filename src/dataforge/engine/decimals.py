"""Exact decimals: Arrow decimal128 arrays from scaled integers and back, through their buffers.

A decimal128 value is a little-endian two's-complement 128-bit integer (Arrow columnar format,
"Decimal types"), so a scaled int64 becomes one by sign extension.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dataforge.errors import RunError
from dataforge.streams import IntArray

_WORD_BYTES = 16


def decimal_array(values: IntArray, type_: pa.Decimal128Type) -> pa.Array:
    """Return ``values / 10 ** scale`` as decimal128, shape (n,); ``values`` is int64 (n,).

    The caller keeps the values within the type's precision; nothing is checked here.
    """
    words = np.empty((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    np.right_shift(words[:, 0], 63, out=words[:, 1])
    return pa.Array.from_buffers(type_, len(values), [None, pa.py_buffer(words)])


def unscaled(array: pa.Array) -> IntArray:
    """Return the scaled integers of a decimal128 array, int64 (n,); nulls give 0.

    Raises ``RunError`` when a value does not fit 64 bits.
    """
    start = array.offset * _WORD_BYTES
    words = np.frombuffer(array.buffers()[1], dtype=np.int64)[start // 8 :][: 2 * len(array)]
    low, high = words.reshape(-1, 2).T
    overflowing = high != low >> 63
    if array.null_count:
        valid = array.is_valid().to_numpy(zero_copy_only=False)
        low, overflowing = np.where(valid, low, 0), overflowing & valid
    if overflowing.any():
        place = int(np.flatnonzero(overflowing)[0])
        msg = f"decimal {array[place]} does not fit the 64 bits that exact arithmetic uses"
        raise RunError(msg)
    return np.ascontiguousarray(low)
