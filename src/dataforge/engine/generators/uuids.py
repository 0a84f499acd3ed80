"""UUIDs (RFC 9562): version 4 at random, version 7 in the order of the row numbers.

Both are distinct by construction: the 62 bits below the variant of a version 4 UUID are a keyed
bijection of the row number, and the time of a version 7 UUID grows with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.fixed_width import ByteMatrix, binaries, strings
from dataforge.errors import Problem, SchemaError
from dataforge.schema.specs import UuidSpec
from dataforge.schema.types import BinaryType, StringType, TextType, UuidType
from dataforge.streams import BitArray, IntArray, bits, derive_key

_LOW_62 = np.uint64((1 << 62) - 1)
_VARIANT = np.uint64(0b10 << 62)
_VERSION_MASK = np.uint64(0xFFFF_FFFF_FFFF_0FFF)
_ODD_1, _ODD_2 = np.uint64(0x2545F4914F6CDD1D), np.uint64(0x1B873593CC9E2D51)
_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_STEP_MS = 100
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype=np.uint16)
_HEX_PAIRS = (_HEX[:, None].astype(np.uint32) << np.uint32(16)) | _HEX[None, :]
_HEX_WORDS = _HEX_PAIRS.ravel()
_QUAD_PLACES = (0, 4, 9, 14, 19, 24, 28, 32)
_DASHES = (8, 13, 18, 23)


@dataclass(frozen=True, slots=True)
class UuidGenerator:
    """Makes UUIDs; ``distinct`` says that different rows never share a value."""

    version: int
    key: int
    form: str
    needs: tuple[str, ...] = ()
    distinct: bool = True

    def make(self, cells: Cells) -> pa.Array:
        """Return strings of 36 or 32 characters, or 16 bytes, one a row."""
        return self.write(cells.rows, cells.bits)

    def write(self, rows: IntArray, draw: Callable[[str], BitArray]) -> pa.Array:
        """Return the UUIDs of ``rows``; ``draw`` gives 64 random bits a row for a purpose."""
        if self.version == 7:
            words = _ordered_words(rows, draw("high"), draw("low"))
        else:
            words = _random_words(rows, draw("high"), self.key)
        return _FORMS[self.form](words)


@dataclass(frozen=True, slots=True)
class UuidDomain:
    """UUIDs addressed by rank; equal to no other at a different rank, whatever the case."""

    generator: UuidGenerator
    size: int
    fold_safe: bool = True

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the UUIDs at ``ranks``; those of version 7 ascend with the rank."""

        def draw(purpose: str) -> BitArray:
            return bits(derive_key(self.generator.key, purpose), ranks)

        return self.generator.write(ranks, draw)


def build(spec: UuidSpec, site: Site) -> Generator:
    """Return the generator; ``SchemaError`` when the column cannot hold a UUID."""
    return _generator(spec, site)


def domain(spec: UuidSpec, site: Site) -> Domain | None:
    """Return the UUIDs by rank: 2**62 of version 4, one each 100 ms until 10889 of version 7."""
    size = 1 << 62 if spec.version == 4 else ((1 << 48) - _EPOCH_MS) // _STEP_MS
    return UuidDomain(_generator(spec, site), size)


def _generator(spec: UuidSpec, site: Site) -> UuidGenerator:
    key = derive_key(site.schema.seed, site.table.name, site.column.name, "uuid")
    return UuidGenerator(spec.version, key, _form(site))


def _form(site: Site) -> str:
    match site.column.type:
        case UuidType() | TextType() | StringType(max_length=None):
            return "dashed"
        case StringType(max_length=int(length)) if length >= 32:
            return "dashed" if length >= 36 else "plain"
        case BinaryType(max_length=length) if length is None or length >= 16:
            return "bytes"
        case other:
            problem = Problem(
                f"tables.{site.table.name}.columns.{site.column.name}",
                f"a {other.kind} column of this size cannot hold a UUID",
                "use uuid, string(36), string(32) or binary(16), or another spec",
            )
            raise SchemaError.of([problem])


def _random_words(rows: IntArray, high: BitArray, key: int) -> BitArray:
    words = np.empty((len(rows), 2), dtype=np.uint64)
    words[:, 0] = (high & _VERSION_MASK) | np.uint64(0x4000)
    words[:, 1] = _scramble(rows.astype(np.uint64), key) | _VARIANT
    return words


def _scramble(words: BitArray, key: int) -> BitArray:
    """Permute [0, 2**62): xor, odd multiplication and xor-shift are each invertible there."""
    words ^= np.uint64(key) & _LOW_62
    for factor in (_ODD_1, _ODD_2):
        words *= factor
        words &= _LOW_62
        words ^= words >> np.uint64(31)
    return words


def _ordered_words(rows: IntArray, high: BitArray, low: BitArray) -> BitArray:
    jitter = ((high >> np.uint64(32)) * np.uint64(_STEP_MS)) >> np.uint64(32)
    time_ms = (rows * _STEP_MS + _EPOCH_MS).astype(np.uint64) + jitter
    words = np.empty((len(rows), 2), dtype=np.uint64)
    words[:, 0] = (time_ms << np.uint64(16)) | (high & np.uint64(0xFFF)) | np.uint64(0x7000)
    words[:, 1] = (low & _LOW_62) | _VARIANT
    return words


def _octets(words: BitArray) -> ByteMatrix:
    return words.byteswap().view(np.uint8).reshape(-1, 16)


def _hexadecimal(words: BitArray) -> ByteMatrix:
    pairs = _octets(words).view(np.uint16)
    return np.take(_HEX_WORDS, pairs).view(np.uint8)


def _dashed(words: BitArray) -> pa.Array:
    quads = _hexadecimal(words).view(np.uint32)
    matrix = np.empty((len(quads), 36), dtype=np.uint8)
    for position, place in enumerate(_QUAD_PLACES):
        matrix[:, place : place + 4].view(np.uint32)[:, 0] = quads[:, position]
    for place in _DASHES:
        matrix[:, place] = ord("-")
    return strings(matrix)


def _plain(words: BitArray) -> pa.Array:
    return strings(_hexadecimal(words))


def _bytes(words: BitArray) -> pa.Array:
    return binaries(_octets(words))


_FORMS = {"dashed": _dashed, "plain": _plain, "bytes": _bytes}
