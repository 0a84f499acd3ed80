"""Arrow strings from byte matrices: one row a value, one column a character position.

Writing whole columns of characters is how formatted text (identifiers, dates, telephone
numbers, codes) is made without a Python loop over rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.streams import IntArray

ByteMatrix = npt.NDArray[np.uint8]
Digits = npt.NDArray[np.unsignedinteger[Any]]

_DIGIT_0 = ord("0")
_PAIRS = np.frombuffer(b"".join(b"%02d" % pair for pair in range(100)), dtype=np.uint16)
_QUADS = np.frombuffer(b"".join(b"%04d" % quad for quad in range(10_000)), dtype=np.uint32)


def strings(matrix: ByteMatrix, lengths: IntArray | None = None) -> pa.StringArray:
    """Return the rows of ``matrix`` (uint8, (n, w), UTF-8) as strings.

    With ``lengths`` (int64 (n,), 0 ≤ length ≤ w) only the first bytes of each row are kept. The
    bytes kept stay below 2**31 in total, the limit of an Arrow string array.
    """
    return _variable(pa.string(), matrix, lengths)


def binaries(matrix: ByteMatrix, lengths: IntArray | None = None) -> pa.BinaryArray:
    """Return the rows of ``matrix`` (uint8, (n, w)) as bytes; otherwise like ``strings``."""
    return _variable(pa.binary(), matrix, lengths)


def _variable(type_: pa.DataType, matrix: ByteMatrix, lengths: IntArray | None) -> pa.Array:
    count, width = matrix.shape
    if lengths is None:
        offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
        payload = np.ascontiguousarray(matrix)
    else:
        offsets = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(lengths, out=offsets[1:])
        payload = matrix[np.arange(width) < lengths[:, None]]
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(payload)]
    return pa.Array.from_buffers(type_, count, buffers)


def write_text(target: ByteMatrix, text: str) -> None:
    """Write the ASCII ``text`` into every row of ``target`` (uint8, (n, len(text)))."""
    target[:] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)


def write_digits(target: ByteMatrix, values: npt.NDArray[np.integer], width: int) -> None:
    """Write ``values`` (any integer dtype, (n,), 0 ≤ value < 10**width) with leading zeros.

    ``target`` is a view of ``width`` adjacent columns of a byte matrix. Digits beyond ``width``
    are dropped from the left.
    """
    rest: Digits = values.astype(np.uint32) if width <= 9 else values.astype(np.uint64)
    end = width
    while end >= 4:
        rest, quads = np.divmod(rest, rest.dtype.type(10_000))
        target[:, end - 4 : end].view(np.uint32)[:, 0] = _QUADS[quads]
        end -= 4
    if end >= 2:
        rest, pairs = np.divmod(rest, rest.dtype.type(100))
        target[:, end - 2 : end].view(np.uint16)[:, 0] = _PAIRS[pairs]
        end -= 2
    if end:
        target[:, 0] = np.remainder(rest, rest.dtype.type(10)) + _DIGIT_0
