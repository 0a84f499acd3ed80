"""Random bytes, and shapes in the plane as well-known text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.decimals import decimal_array
from dataforge.engine.fixed_width import ByteMatrix, binaries, strings
from dataforge.errors import Problem, SchemaError
from dataforge.schema.specs import BytesSpec, PointSpec
from dataforge.schema.types import BinaryType, GeometryType, StringType, TextType
from dataforge.streams import BitArray, FloatArray, IntArray, below, bits, derive_key

_BLOCK_BYTES = 1 << 24
_HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype=np.uint16)
_MICRO = 1_000_000
_DEGREES = pa.decimal128(9, 6)


@dataclass(frozen=True, slots=True)
class BytesGenerator:
    """``minimum`` to ``maximum`` random bytes, as they are or in hexadecimal text."""

    minimum: int
    maximum: int
    hexadecimal: bool
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return bytes or hexadecimal strings, shape (n,); every length is equally likely."""
        seeds = cells.bits()
        lengths = below(cells.bits("length"), self.maximum - self.minimum + 1) + self.minimum
        block = max(1, _BLOCK_BYTES // max(self.maximum, 1))
        starts = range(0, max(len(seeds), 1), block)
        pieces = [self._block(seeds[at : at + block], lengths[at : at + block]) for at in starts]
        return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)

    def _block(self, seeds: BitArray, lengths: IntArray) -> pa.Array:
        words = -(-self.maximum // 8)
        counted = np.add.outer(seeds, np.arange(words, dtype=np.uint64)).astype(np.uint64)
        matrix = bits(0, counted).view(np.uint8).reshape(len(seeds), words * 8)
        return _pack(matrix[:, : self.maximum], self.hexadecimal, lengths)


@dataclass(frozen=True, slots=True)
class BytesDomain:
    """Byte strings of one length by rank: the last eight bytes number them."""

    length: int
    hexadecimal: bool
    key: int
    fold_safe: bool = True

    @property
    def size(self) -> int:
        """256 ** length, at most 2**62."""
        return int(min(1 << 62, 256**self.length))

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the byte strings at ``ranks``."""
        words = -(-self.length // 8)
        counted = np.multiply.outer(ranks, np.full(words, words)) + np.arange(words)
        columns = bits(self.key, counted)
        columns[:, -1] = ranks.astype(np.uint64).byteswap()
        matrix = columns.view(np.uint8).reshape(len(ranks), words * 8)
        return _pack(matrix[:, words * 8 - self.length :], self.hexadecimal, None)


@dataclass(frozen=True, slots=True)
class ShapeGenerator:
    """Shapes of a few hundred metres to a kilometre around places drawn from a box."""

    box: PointSpec
    write: Callable[[Sketch], pa.Array]
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return well-known text with six decimals, longitude before latitude."""
        box, sizes = self.box, 0.001 + 0.009 * cells.uniform("size")
        west, east = max(box.west, -179.9), min(box.east, 179.9)
        south, north = max(box.south, -89.9), min(box.north, 89.9)
        x = west + cells.uniform("x") * (east - west)
        y = south + cells.uniform("y") * (north - south)
        return self.write(Sketch(x, y, sizes))


@dataclass(frozen=True, slots=True)
class Sketch:
    """Places (x, y) and the sizes of the shapes around them, in degrees, float64 (n,)."""

    x: FloatArray
    y: FloatArray
    size: FloatArray

    def at(self, dx: float, dy: float) -> pa.Array:
        """Return ``x y`` as text, moved by multiples of the size."""
        east = _degrees(self.x + dx * self.size)
        return pc.binary_join_element_wise(east, _degrees(self.y + dy * self.size), " ")

    def ring(self, *corners: tuple[float, float]) -> pa.Array:
        """Return the closed ring ``(x y,x y,…)`` over the corners."""
        return _wrapped("(", [self.at(*corner) for corner in (*corners, corners[0])], ")")


def build(spec: BytesSpec, site: Site) -> Generator:
    """Return the generator; ``SchemaError`` when the column holds neither bytes nor text."""
    hexadecimal, room, fixed = _byte_room(site)
    most = spec.maximum if room is None else min(spec.maximum, room)
    if fixed and room:
        return BytesGenerator(room, room, hexadecimal)
    least = max(spec.minimum, (site.limits.min_length or 0) // (2 if hexadecimal else 1))
    return BytesGenerator(min(least, most), max(most, min(least, most)), hexadecimal)


def domain(spec: BytesSpec, site: Site) -> Domain | None:
    """Return byte strings of the greatest length by rank, or None where that is 0."""
    made = build(spec, site)
    if not isinstance(made, BytesGenerator) or not made.maximum:
        return None
    key = derive_key(site.schema.seed, site.table.name, site.column.name, "bytes")
    return BytesDomain(made.maximum, made.hexadecimal, key)


def build_point(spec: PointSpec, site: Site) -> Generator:
    """Return the generator of the column's shape; a point for columns of other types."""
    logical = site.column.type
    shape = logical.shape if isinstance(logical, GeometryType) else "point"
    return ShapeGenerator(spec, _SHAPES[shape])


def _byte_room(site: Site) -> tuple[bool, int | None, bool]:
    """Return whether the bytes become text, how many fit, and whether all must be there."""
    match site.column.type:
        case BinaryType(max_length=length, fixed=fixed):
            limit = site.limits.max_length
            rooms = [room for room in (length, limit) if room is not None]
            return False, min(rooms, default=None), fixed
        case StringType(max_length=length, fixed=fixed):
            return True, None if length is None else length // 2, fixed
        case TextType():
            return True, None, False
        case other:
            path = f"tables.{site.table.name}.columns.{site.column.name}"
            problem = Problem(path, f"a {other.kind} column holds no bytes", "use binary or text")
            raise SchemaError.of([problem])


def _pack(matrix: ByteMatrix, hexadecimal: bool, lengths: IntArray | None) -> pa.Array:  # noqa: FBT001
    if not hexadecimal:
        return binaries(matrix, lengths)
    characters = _HEX[matrix].view(np.uint8)
    return strings(characters, None if lengths is None else 2 * lengths)


def _degrees(values: FloatArray) -> pa.Array:
    return decimal_array(np.rint(values * _MICRO).astype(np.int64), _DEGREES).cast(pa.string())


def _wrapped(before: str, parts: list[pa.Array], after: str) -> pa.Array:
    inner = pc.binary_join_element_wise(*parts, ",")
    return pc.binary_join_element_wise(pa.scalar(before), inner, pa.scalar(after), "")


def _point(sketch: Sketch) -> pa.Array:
    return _wrapped("POINT(", [sketch.at(0, 0)], ")")


def _linestring(sketch: Sketch) -> pa.Array:
    stops = [sketch.at(dx, dy) for dx, dy in ((0, 0), (0.5, 0.2), (1.1, -0.1), (1.6, 0.4))]
    return _wrapped("LINESTRING(", stops, ")")


def _polygon(sketch: Sketch) -> pa.Array:
    return _wrapped("POLYGON(", [sketch.ring((-1, -0.8), (1, -1), (0.9, 1), (-1, 0.7))], ")")


def _multipolygon(sketch: Sketch) -> pa.Array:
    west = sketch.ring((-1, -0.8), (1, -1), (0.9, 1), (-1, 0.7))
    east = sketch.ring((1.5, -0.5), (2.5, -0.5), (2.5, 0.5), (1.5, 0.5))
    return _wrapped("MULTIPOLYGON((", [_wrapped("", [west], ")"), _wrapped("(", [east], "")], "))")


_SHAPES: dict[str, Callable[[Sketch], pa.Array]] = {
    "point": _point,
    "linestring": _linestring,
    "polygon": _polygon,
    "multipolygon": _multipolygon,
}
