"""Addressed random streams: every draw is a pure function of a key and a row number.

``bits`` is SplitMix64's finaliser (Steele, Lea, Flood: "Fast splittable pseudorandom number
generators", OOPSLA 2014) over a Weyl sequence that starts at the key, so a row's draw costs the
same wherever the row stands and no draw depends on another.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BitArray = npt.NDArray[np.uint64]
FloatArray = npt.NDArray[np.float64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _S32 = (np.uint64(shift) for shift in (30, 27, 31, 11, 32))
_TO_UNIT = 2.0**-53
_LOW_32 = np.uint64(0xFFFFFFFF)


def derive_key(*parts: str | int) -> int:
    """Return a 64-bit key for an address such as (seed, table, column, purpose)."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def bits(key: int, rows: npt.NDArray[np.integer], draw: int = 0) -> BitArray:
    """Return 64 uniform bits for each row number (any integer dtype, shape kept)."""
    offset = np.uint64((key + draw * 0xD1342543DE82EF95) & 0xFFFFFFFFFFFFFFFF)
    mixed = rows.astype(np.uint64)
    mixed *= _GAMMA
    mixed += offset
    mixed ^= mixed >> _S30
    mixed *= _MIX_1
    mixed ^= mixed >> _S27
    mixed *= _MIX_2
    mixed ^= mixed >> _S31
    return mixed


def to_unit(words: BitArray) -> FloatArray:
    """Map 64 bits to float64 in [0, 1) using the top 53."""
    unit = (words >> _S11).astype(np.float64)
    unit *= _TO_UNIT
    return unit


def uniform(key: int, rows: npt.NDArray[np.integer], draw: int = 0) -> FloatArray:
    """Return a float64 in [0, 1) for each row number."""
    return to_unit(bits(key, rows, draw))


def below(words: BitArray, size: int | npt.NDArray[np.int64]) -> IntArray:
    """Map 64 bits to integers in [0, size), size ≥ 1, by the multiply-shift method.

    Sizes up to 2**16 use 32 of the bits (bias below 2**-16), those up to 2**32 all 64 of them;
    larger ones and arrays take a remainder, whose bias is below size / 2**64.
    """
    if isinstance(size, np.ndarray) or size > 1 << 32:
        return (words % np.asarray(size, dtype=np.uint64)).astype(np.int64)
    scaled = (words >> _S32) * np.uint64(size)
    if size > 1 << 16:
        scaled += ((words & _LOW_32) * np.uint64(size)) >> _S32
    return (scaled >> _S32).astype(np.int64)
