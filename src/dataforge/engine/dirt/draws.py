"""What a kind of dirt is given: values, and the random bits that belong to their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge import streams
from dataforge.streams import BitArray, FloatArray, IntArray, derive_key

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draws:
    """Random bits addressed by a key and row numbers (int64, shape (n,))."""

    key: int
    rows: IntArray

    def bits(self, purpose: str) -> BitArray:
        """Return 64 random bits a row."""
        return streams.bits(derive_key(self.key, purpose), self.rows)

    def uniform(self, purpose: str) -> FloatArray:
        """Return a float64 in [0, 1) a row."""
        return streams.to_unit(self.bits(purpose))

    def at(self, places: IntArray) -> Draws:
        """Return the draws of some of the rows."""
        return Draws(self.key, self.rows[places])


class Editor(Protocol):
    """Makes values dirty."""

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Return ``values`` (no nulls, shape (n,)) dirty, of the same type.

        A value that comes back as it was cannot be made dirty. A pure function, value by value.
        """
        ...


def choose(
    values: pa.Array, candidates: Sequence[pa.Array], weights: Sequence[float], draws: Draws
) -> pa.Array:
    """Return for each value one of its candidates that differ from it, drawn by weight.

    Where none differs the value itself comes back.
    """
    differs = np.stack([unequal(values, each) for each in candidates], axis=1)
    shares = np.cumsum(differs * np.asarray(weights), axis=1)
    point = draws.uniform("form") * shares[:, -1]
    picked = np.argmax(shares > point[:, None], axis=1)
    picked = np.where(shares[:, -1] > 0, picked + 1, 0)
    joined = pa.concat_arrays([values, *candidates])
    return joined.take(pa.array(picked * len(values) + np.arange(len(values))))


def unequal(left: pa.Array, right: pa.Array) -> BoolArray:
    """Tell where two arrays of one type differ; null equals null and nothing else."""
    different = pc.not_equal(left, right)
    if left.null_count or right.null_count:
        different = pc.fill_null(different, pc.xor(left.is_null(), right.is_null()))
    mask: BoolArray = different.to_numpy(zero_copy_only=False)
    return mask
