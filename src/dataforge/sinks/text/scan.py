"""Looking for bytes that need escaping in a whole string column at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

BoolArray = npt.NDArray[np.bool_]


def byte_set(characters: bytes) -> BoolArray:
    """Return a table of 256 flags, true for the given bytes."""
    flags = np.zeros(256, np.bool_)
    flags[list(characters)] = True
    return flags


def text_bytes(array: pa.Array) -> npt.NDArray[np.uint8]:
    """Return the bytes of a string or binary array, all values end to end, without a copy."""
    data = array.buffers()[2]
    if data is None or not len(array):
        return np.empty(0, np.uint8)
    offsets = text_offsets(array)
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]


def text_offsets(array: pa.Array) -> npt.NDArray[np.int32]:
    """Return the n + 1 offsets of a string or binary array's values."""
    offsets = np.frombuffer(array.buffers()[1], np.int32)
    return offsets[array.offset : array.offset + len(array) + 1]


def present(array: pa.Array, characters: bytes) -> bytes:
    """Return which of ``characters`` occur anywhere in a string array.

    One pass finds the lowest byte, which settles most columns; else each character is sought with
    memchr in a copy, 4 times faster than comparing in NumPy.
    """
    data = text_bytes(array)
    if not data.size:
        return b""
    low = data.min()
    possible = [byte for byte in characters if byte >= low]
    if not possible:
        return b""
    copied = data.tobytes()
    return bytes(byte for byte in possible if byte in copied)


def rows_with(array: pa.Array, characters: bytes) -> BoolArray:
    """Return for each value, shape (n,), whether it holds one of ``characters``."""
    found = np.zeros(len(array), np.bool_)
    if characters:
        data, offsets = text_bytes(array), text_offsets(array)
        hits = np.flatnonzero(byte_set(characters)[data]) + offsets[0]
        found[np.searchsorted(offsets, hits, side="right") - 1] = True
    return found


def replaced(array: pa.Array, replacements: dict[str, str]) -> pa.Array:
    """Replace characters by strings one after another, only those that occur at all."""
    here = present(array, "".join(replacements).encode())
    for old, new in replacements.items():
        if old.encode() in here:
            array = pc.replace_substring(array, old, new)
    return array


def joined(*pieces: pa.Array | str) -> pa.Array:
    """Concatenate arrays and constant strings value by value; a null makes null."""
    return pc.binary_join_element_wise(*pieces, "")
