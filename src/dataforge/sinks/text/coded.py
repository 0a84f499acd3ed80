"""Columns of text with few distinct values: codes into a table of texts.

Formatting a number costs 20-45 ns a value, looking its text up 8-10 ns (pyarrow 26, one core). So
a batch whose numbers span less than a third of its rows formats each number once, and
neighbouring columns whose tables multiply to as little are looked up as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, AnyStr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.sinks.text.numbers import from_integers, integers_behind

_MIN_ROWS = 512
_ROWS_PER_ENTRY = 3
_INT64 = 1 << 63

Make = Callable[[pa.Array], pa.Array]


class PerValue:
    """Applies a function to an array's values, once per distinct value where that pays.

    The outcome for the last dictionary is kept: batches of a column mostly share theirs.
    """

    def __init__(self, make: Make) -> None:
        """``make`` maps an array to one of the same length and must not look across values."""
        self._make = make
        self._dictionary: Any = None
        self._made: Any = None

    def __call__(self, array: pa.Array) -> pa.Array:
        """Return ``make`` of the plain array, as a dictionary where values are few."""
        if pa.types.is_dictionary(array.type):
            return self._of_dictionary(array)
        coded = _by_range(array)
        if coded is None:
            return self._make(array)
        codes, values = coded
        return pa.DictionaryArray.from_arrays(codes, self._make(values))

    def _of_dictionary(self, array: pa.Array) -> pa.Array:
        if self._dictionary is None or not _same(self._dictionary, array.dictionary):
            if len(array.dictionary) > len(array):
                return self._make(plain(array))
            self._dictionary, self._made = array.dictionary, self._make(array.dictionary)
        return pa.DictionaryArray.from_arrays(array.indices, self._made)


def plain(array: pa.Array) -> pa.Array:
    """Return the array without dictionary encoding."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def fused(
    texts: Sequence[pa.Array], separators: Sequence[AnyStr], null: AnyStr
) -> tuple[list[pa.Array], list[AnyStr]]:
    """Join runs of neighbouring dictionaries into one while the joint table stays small.

    ``separators`` stand between the texts, one fewer; nulls of what is joined become ``null``.
    Returned are the texts, decoded, and the separators that are left between them.
    """
    found, between = [texts[0]], []
    for separator, text in zip(separators, texts[1:], strict=True):
        if _multiply(found[-1], text):
            found[-1] = _product(found[-1], text, separator, null)
        else:
            found.append(text)
            between.append(separator)
    return [plain(text) for text in found], between


def _multiply(left: pa.Array, right: pa.Array) -> bool:
    both = pa.types.is_dictionary(left.type) and pa.types.is_dictionary(right.type)
    if not both:
        return False
    entries = (len(left.dictionary) + 1) * (len(right.dictionary) + 1)
    return entries * _ROWS_PER_ENTRY <= len(left)


def _product(left: pa.Array, right: pa.Array, separator: AnyStr, null: AnyStr) -> pa.Array:
    (low, first), (high, second) = _complete(left, null), _complete(right, null)
    codes = low * np.int32(len(second)) + high
    firsts = first.take(pa.array(np.repeat(np.arange(len(first)), len(second))))
    seconds = second.take(pa.array(np.tile(np.arange(len(second)), len(first))))
    table = pc.binary_join_element_wise(firsts, seconds, separator)
    return pa.DictionaryArray.from_arrays(pa.array(codes), table)


def _complete(array: pa.Array, null: AnyStr) -> tuple[np.ndarray[Any, Any], pa.Array]:
    """Return codes without nulls, and the table with an entry for null where there are any."""
    table = array.dictionary.fill_null(null)
    codes = array.indices.cast(pa.int32())
    if not codes.null_count:
        return codes.to_numpy(), table
    filled = codes.fill_null(len(table)).to_numpy()
    return filled, pa.concat_arrays([table, pa.array([null])])


def _by_range(array: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """Return codes and values for numbers that span few, else None."""
    numbers = integers_behind(array) if len(array) >= _MIN_ROWS else None
    if numbers is None:
        return None
    low, high = (value.as_py() for value in pc.min_max(numbers).values())
    if low is None or high >= _INT64 or (high - low) * _ROWS_PER_ENTRY >= len(array):
        return None
    few = pa.array(low + np.arange(high - low + 1, dtype=np.int64))
    codes = pc.subtract(numbers, pa.scalar(low, numbers.type)).cast(pa.int32())
    return codes, from_integers(few, array.type)


def _same(left: pa.Array, right: pa.Array) -> bool:
    """Tell whether two arrays are views of the same memory."""
    return (
        len(left) == len(right)
        and left.offset == right.offset
        and [b and b.address for b in left.buffers()] == [b and b.address for b in right.buffers()]
    )
