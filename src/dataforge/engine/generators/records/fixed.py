"""Strings of a fixed width, written as one matrix of bytes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.fixed_width import strings as text
from dataforge.engine.generators.records.fields import Ranked
from dataforge.streams import BitArray, IntArray, bits

__all__ = [
    "ByteMatrix",
    "digits",
    "fill",
    "hex_digits",
    "hex_ranked",
    "hex_text",
    "template",
    "text",
]

HEX_WIDTH = 16
_HEX_PAIRS = np.frombuffer(
    b"".join(f"{byte:02x}".encode() for byte in range(256)), dtype=np.uint8
).reshape(256, 2)


def template(rows: int, pattern: str) -> ByteMatrix:
    """Return ``rows`` copies of an ASCII pattern to be written over."""
    return np.tile(np.frombuffer(pattern.encode("ascii"), dtype=np.uint8), (rows, 1))


def digits(numbers: IntArray, width: int) -> ByteMatrix:
    """Return the last ``width`` decimal digits (values 0 to 9, not characters) of each number."""
    rest = numbers.copy()
    out = np.empty((len(numbers), width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        rest, out[:, place] = np.divmod(rest, 10)
    return out


def fill(matrix: ByteMatrix, places: slice | list[int], values: ByteMatrix) -> ByteMatrix:
    """Write decimal digits as characters into columns of ``matrix`` and return it."""
    matrix[:, places] = values + ord("0")
    return matrix


def hex_digits(words: BitArray) -> ByteMatrix:
    """Return 16 hexadecimal characters for each 64-bit word, shape (rows, 16)."""
    octets = words.astype(">u8").view(np.uint8).reshape(-1, 8)
    return np.take(_HEX_PAIRS, octets, axis=0).reshape(-1, 16)


def hex_text(draws: list[BitArray], width: int) -> pa.Array:
    """Return strings of ``width`` hexadecimal characters from as many draws as that takes."""
    return text(np.concatenate([hex_digits(words) for words in draws], axis=1)[:, :width])


def hex_ranked(width: int) -> Ranked:
    """Return distinct strings of ``width`` hexadecimal characters.

    The finaliser behind ``bits`` is a bijection of 64-bit words, so 16 characters of it are
    distinct; narrower strings are the rank itself.
    """
    if width < HEX_WIDTH:
        shift = np.uint64(4 * (HEX_WIDTH - width))
        return Ranked(
            width, 1 << 4 * width, lambda ranks: hex_text([ranks.astype(np.uint64) << shift], width)
        )
    keys = range(-(-width // HEX_WIDTH))
    return Ranked(width, 1 << 62, lambda ranks: hex_text([bits(k, ranks) for k in keys], width))
