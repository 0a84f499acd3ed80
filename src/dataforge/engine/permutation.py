"""Keyed bijections of [0, size): how a unique column turns row numbers into distinct ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dataforge.streams import BitArray, IntArray, below, bits

# Below this a stored table is both faster and better mixed than arithmetic.
_TABLE_SIZE = 1 << 16
# Up to this size an ordinal times a step fits 64 bits.
_STEP_SIZE = 1 << 31
_ALL_BITS = (1 << 64) - 1
_ODD_1 = 0xD6E8FEB86659FD93
_ODD_2 = 0xA0761D6478BD642F
_ROUNDS = ((_ODD_1, np.uint64(0)), (_ODD_2, np.uint64(13)), (_ODD_1, np.uint64(29)))

_Bijection = Callable[[BitArray, BitArray, int], BitArray]


@dataclass(frozen=True)
class Permutation:
    """A bijection of [0, size), 1 ≤ size ≤ 2**62, chosen by a 64-bit key; O(1) memory above 64k.

    Larger sizes walk the cycles of a bijection of the next power of two (Black, Rogaway:
    "Ciphers with arbitrary finite domains", 2002); the expected walk is shorter than two steps.
    """

    key: int
    size: int

    def apply(self, ranks: IntArray) -> IntArray:
        """Map int64 ranks in [0, size) to int64 ranks in [0, size), without collisions."""
        if self.size <= _TABLE_SIZE:
            return self._table[ranks]
        return _walk(_scramble, ranks, self._keys, self.size)

    def invert(self, ranks: IntArray) -> IntArray:
        """Undo ``apply``."""
        if self.size <= _TABLE_SIZE:
            return self._inverse_table[ranks]
        return _walk(_unscramble, ranks, self._keys, self.size)

    @property
    def _keys(self) -> BitArray:
        return np.array([self.key & _ALL_BITS], dtype=np.uint64)

    @cached_property
    def _table(self) -> IntArray:
        return np.argsort(bits(self.key, np.arange(self.size)), kind="stable")

    @cached_property
    def _inverse_table(self) -> IntArray:
        return np.argsort(self._table, kind="stable")


def spread_within(group_bits: BitArray, ordinals: IntArray, size: int) -> IntArray:
    """Map ordinals to distinct ranks in [0, size) inside each group, another way in each.

    ``group_bits`` are 64 random bits of each row's group, ``ordinals`` its number in the group
    (< size). A step coprime to ``size`` walks it without a repeat; sizes too large for that are
    scrambled with the group's bits as the key.
    """
    if size == 1:
        return np.zeros_like(ordinals)
    if size > _STEP_SIZE:
        return _walk(_scramble, ordinals % size, group_bits, size)
    steps = _coprime_steps(size)
    step = steps[below(group_bits, len(steps))]
    start = (group_bits % np.uint64(size)).astype(np.int64)
    return (start + (ordinals % size) * step) % size


def _coprime_steps(size: int) -> IntArray:
    # Near the golden section consecutive ordinals land far apart.
    middle = int(size * 0.6180339887498949)
    around = np.arange(max(1, middle - 32), min(size, middle + 33), dtype=np.int64)
    coprime = around[np.gcd(around, size) == 1]
    return coprime if coprime.size else np.ones(1, dtype=np.int64)


def _walk(bijection: _Bijection, ranks: IntArray, keys: BitArray, size: int) -> IntArray:
    """Apply a bijection of the next power of two until every rank is below ``size``.

    ``keys`` holds one key for all ranks, shape (1,), or one for each.
    """
    width = max((size - 1).bit_length(), 2)
    mapped = bijection(ranks.astype(np.uint64), keys, width)
    outside = np.flatnonzero(mapped >= size)
    while outside.size:
        own = keys if keys.size == 1 else keys[outside]
        again = bijection(mapped[outside], own, width)
        mapped[outside] = again
        outside = outside[again >= size]
    return mapped.astype(np.int64)


def _scramble(words: BitArray, keys: BitArray, width: int) -> BitArray:
    mask = np.uint64((1 << width) - 1)
    shift = np.uint64((width + 1) // 2)
    for odd, salt_shift in _ROUNDS:
        words = (words + ((keys >> salt_shift) & mask)) & mask
        words = (words * np.uint64(odd)) & mask
        words ^= words >> shift
    return words


def _unscramble(words: BitArray, keys: BitArray, width: int) -> BitArray:
    mask = np.uint64((1 << width) - 1)
    shift = np.uint64((width + 1) // 2)
    for odd, salt_shift in reversed(_ROUNDS):
        # Shifting by at least half the width undoes itself.
        words = words ^ (words >> shift)
        words = (words * np.uint64(pow(odd, -1, 1 << width))) & mask
        words = (words - ((keys >> salt_shift) & mask)) & mask
    return words
