"""Keyed bijections of [0, size): how a unique column turns row numbers into distinct ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dataforge.streams import BitArray, IntArray, below, bits

# Below this a stored table is both faster and better mixed than arithmetic.
_TABLE_SIZE = 1 << 16
_ODD_1 = 0xD6E8FEB86659FD93
_ODD_2 = 0xA0761D6478BD642F


@dataclass(frozen=True)
class Permutation:
    """A bijection of [0, size), 1 ≤ size ≤ 2**62, chosen by a 64-bit key.

    Larger sizes walk the cycles of a bijection of the next power of two (Black, Rogaway:
    "Ciphers with arbitrary finite domains", 2002); the expected walk is shorter than two steps.
    """

    key: int
    size: int

    def apply(self, ranks: IntArray) -> IntArray:
        """Map int64 ranks in [0, size) to int64 ranks in [0, size), without collisions."""
        if self.size <= _TABLE_SIZE:
            return self._table[ranks]
        mapped = self._scramble(ranks.astype(np.uint64))
        outside = np.flatnonzero(mapped >= self.size)
        while outside.size:
            again = self._scramble(mapped[outside])
            mapped[outside] = again
            outside = outside[again >= self.size]
        return mapped.astype(np.int64)

    @cached_property
    def _table(self) -> IntArray:
        return np.argsort(bits(self.key, np.arange(self.size)), kind="stable")

    def _scramble(self, words: BitArray) -> BitArray:
        width = max((self.size - 1).bit_length(), 2)
        mask = np.uint64((1 << width) - 1)
        shift = np.uint64((width + 1) // 2)
        for odd, salt in ((_ODD_1, self.key), (_ODD_2, self.key >> 13), (_ODD_1, self.key >> 29)):
            words = (words + np.uint64(salt & int(mask))) & mask
            words = (words * np.uint64(odd)) & mask
            words ^= words >> shift
        return words


def spread_within(group_bits: BitArray, ordinals: IntArray, size: int) -> IntArray:
    """Map ordinals to distinct ranks in [0, size) inside each group, another way in each.

    ``group_bits`` are 64 random bits of each row's group, ``ordinals`` its number in the group
    (< size). A step coprime to ``size`` walks it without a repeat.
    """
    if size == 1:
        return np.zeros_like(ordinals)
    steps = _coprime_steps(size)
    step = steps[below(group_bits, len(steps))]
    start = (group_bits % np.uint64(size)).astype(np.int64)
    return (start + (ordinals % size) * step) % size


def _coprime_steps(size: int) -> IntArray:
    # Near the golden section consecutive ordinals land far apart; steps stay small enough that
    # ordinal * step fits 64 bits.
    limit = min(size, 1 << 31)
    middle = int(limit * 0.6180339887498949)
    around = np.arange(max(1, middle - 32), min(limit, middle + 33), dtype=np.int64)
    coprime = around[np.gcd(around, size) == 1]
    return coprime if coprime.size else np.ones(1, dtype=np.int64)
