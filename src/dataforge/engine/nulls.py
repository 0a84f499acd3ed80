"""Putting nulls into Arrow arrays without copying their values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

BoolArray = npt.NDArray[np.bool_]


def with_nulls(array: pa.Array, absent: BoolArray) -> pa.Array:
    """Return ``array`` with nulls added where ``absent`` (bool, shape (n,)) holds."""
    if not absent.any():
        return array
    if pa.types.is_dictionary(array.type):
        indices = with_nulls(array.indices, absent)
        return pa.DictionaryArray.from_arrays(indices, array.dictionary)
    if array.null_count or array.offset or pa.types.is_nested(array.type):
        return pc.if_else(pa.array(absent), pa.scalar(None, array.type), array)
    validity = pa.py_buffer(np.packbits(~absent, bitorder="little"))
    return pa.Array.from_buffers(array.type, len(array), [validity, *array.buffers()[1:]])


def is_null(array: pa.Array) -> BoolArray:
    """Return a bool array that is True where ``array`` is null."""
    if not array.null_count:
        return np.zeros(len(array), dtype=np.bool_)
    mask: BoolArray = array.is_null().to_numpy(zero_copy_only=False)
    return mask


def plain(array: pa.Array) -> pa.Array:
    """Return a dictionary-encoded array in its plain form, others as they are."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def scatter(parts: list[tuple[npt.NDArray[np.int64], pa.Array]], size: int) -> pa.Array:
    """Join arrays that belong at the given positions (together a permutation of [0, size))."""
    if len(parts) == 1 and parts[0][0].size == size:
        return parts[0][1]
    places = np.concatenate([where for where, _ in parts])
    joined = pa.concat_arrays([plain(values) for _, values in parts])
    order = np.empty(size, dtype=np.int64)
    order[places] = np.arange(size)
    return joined.take(pa.array(order))
