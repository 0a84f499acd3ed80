"""Lists and JSON documents, made of values that other generators make."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import LOCALE_GROUP, Cells, Generator, Limits, Site
from dataforge.schema import Column
from dataforge.schema.specs import (
    BooleanSpec,
    CategoricalSpec,
    ListSpec,
    NumberSpec,
    ObjectField,
    ObjectSpec,
    Spec,
    TextSpec,
)
from dataforge.schema.types import (
    ArrayType,
    BooleanType,
    ColumnType,
    FloatType,
    IntegerType,
    StringType,
    TextType,
)
from dataforge.streams import BitArray, FloatArray, IntArray, below, bits, to_unit

BuildItem = Callable[[Spec, Site], Generator]

_MEMBER_TYPES: dict[str, ColumnType] = {
    "string": TextType(),
    "integer": IntegerType(),
    "number": FloatType(),
    "boolean": BooleanType(),
}
_DEFAULT_MEMBERS = (
    ObjectField(name="id", type="integer", spec=NumberSpec(minimum=1, maximum=999_999)),
    ObjectField(name="label", spec=TextSpec(unit="words", minimum=1, maximum=3)),
    ObjectField(name="status", spec=CategoricalSpec(values=("new", "active", "done"))),
    ObjectField(name="score", type="number", spec=NumberSpec(minimum=0, maximum=100, decimals=2)),
    ObjectField(name="enabled", type="boolean", spec=BooleanSpec(true_share=0.8)),
)


@dataclass(frozen=True, slots=True)
class MemberCells:
    """The cells of one member of a document: the same rows, streams of its own."""

    outer: Cells
    name: str

    @property
    def rows(self) -> IntArray:
        """The rows of the column itself."""
        return self.outer.rows

    def bits(self, purpose: str = "") -> BitArray:
        """64 random bits a row that no other member shares."""
        return self.outer.bits(f"{self.name}/{purpose}")

    def uniform(self, purpose: str = "") -> FloatArray:
        """A float64 in [0, 1) a row."""
        return to_unit(self.bits(purpose))

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """The bits that the members of one document that name ``group`` share."""
        if group.startswith(LOCALE_GROUP):
            return self.outer.shared_bits(group, purpose)
        return self.outer.bits(f"group {group}/{purpose}")

    def column(self, name: str) -> pa.Array:
        """The cells of another column of the table."""
        return self.outer.column(name)


@dataclass(frozen=True, slots=True)
class ItemCells:
    """The items of lists as cells: item ``position`` of a row stands at row * stride + position.

    ``owners`` is the place of each item's list in the batch, ``positions`` its place in the list.
    """

    outer: Cells
    owners: IntArray
    positions: IntArray
    stride: int

    @property
    def rows(self) -> IntArray:
        """Row numbers that belong to one item alone."""
        return self.outer.rows[self.owners] * self.stride + self.positions

    def bits(self, purpose: str = "") -> BitArray:
        """64 random bits an item, from those of its row and its position."""
        return self._spread(self.outer.bits(f"item/{purpose}"))

    def uniform(self, purpose: str = "") -> FloatArray:
        """A float64 in [0, 1) an item."""
        return to_unit(self.bits(purpose))

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """The bits that everything drawn for one item shares under ``group``."""
        if group.startswith(LOCALE_GROUP):
            return self.outer.shared_bits(group, purpose)[self.owners]
        return self._spread(self.outer.shared_bits(group, purpose))

    def column(self, name: str) -> pa.Array:
        """The cells of another column, repeated for every item of the row."""
        return self.outer.column(name).take(pa.array(self.owners))

    def _spread(self, words: BitArray) -> BitArray:
        return bits(0, words[self.owners] + self.positions.astype(np.uint64))


@dataclass(frozen=True, slots=True)
class ListGenerator:
    """Lists of ``minimum`` to ``maximum`` items, every length equally likely."""

    item: Generator
    minimum: int
    maximum: int
    as_json: bool
    max_length: int | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that the items need."""
        return self.item.needs

    def make(self, cells: Cells) -> pa.Array:
        """Return lists of the item's type, or JSON arrays as text, shape (n,)."""
        lengths = below(cells.bits("length"), self.maximum - self.minimum + 1) + self.minimum
        offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
        np.cumsum(lengths, out=offsets[1:])
        owners = np.repeat(np.arange(len(lengths)), lengths)
        positions = np.arange(len(owners), dtype=np.int64) - offsets[owners]
        values = self.item.make(ItemCells(cells, owners, positions, max(self.maximum, 1)))
        if not self.as_json:
            return pa.ListArray.from_arrays(pa.array(offsets), _plain(values))
        listed = pa.ListArray.from_arrays(pa.array(offsets), json_values(values))
        return _fitted(_enclosed("[", [pc.binary_join(listed, ",")], "]"), self.max_length, "[]")


@dataclass(frozen=True, slots=True)
class ObjectGenerator:
    """JSON objects with the same members in every row."""

    members: tuple[tuple[str, Generator], ...]
    needs: tuple[str, ...]
    max_length: int | None = None

    def make(self, cells: Cells) -> pa.Array:
        """Return JSON text, shape (n,); what is too long for the column becomes ``{}``."""
        if not self.members:
            return pa.repeat(pa.scalar("{}"), len(cells.rows))
        parts: list[pa.Array | pa.Scalar] = []
        for index, (name, member) in enumerate(self.members):
            opening = "{" if index == 0 else ", "
            parts.append(pa.scalar(f"{opening}{json.dumps(name, ensure_ascii=False)}: "))
            parts.append(json_values(member.make(MemberCells(cells, name))))
        return _fitted(_enclosed("", parts, "}"), self.max_length, "{}")


def build(spec: ListSpec, site: Site, build_item: BuildItem) -> Generator:
    """Return the generator of an array column, or of JSON arrays for a column of another type.

    ``build_item`` makes the generator of the items, which raises what it finds wrong.
    """
    logical = site.column.type
    nested = logical.item if isinstance(logical, ArrayType) else TextType()
    item = build_item(spec.item, _inner_site(site, "item", nested))
    most = max(spec.minimum, spec.maximum)
    as_json = not isinstance(logical, ArrayType)
    return ListGenerator(item, spec.minimum, most, as_json, _room(site))


def build_object(spec: ObjectSpec, site: Site, build_item: BuildItem) -> Generator:
    """Return the generator; a spec without fields gives a small document of five members."""
    members = tuple(
        (field.name, build_item(field.spec, _inner_site(site, field.name, _type_of(field))))
        for field in spec.fields or _DEFAULT_MEMBERS
    )
    needs = tuple(dict.fromkeys(name for _, member in members for name in member.needs))
    return ObjectGenerator(members, needs, _room(site))


def json_values(values: pa.Array) -> pa.Array:
    """Return the JSON text of each value; null becomes the literal ``null``."""
    if pa.types.is_dictionary(values.type):
        return pc.fill_null(json_values(values.dictionary).take(values.indices), "null")
    if pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        return pc.fill_null(values.cast(pa.string()), "null")
    if pa.types.is_floating(values.type):
        finite = pc.if_else(pc.is_finite(values), values, pa.scalar(None, values.type))
        return pc.fill_null(finite.cast(pa.string()), "null")
    if pa.types.is_decimal(values.type):
        return pc.fill_null(values.cast(pa.string()), "null")
    return pc.fill_null(_quoted(values.cast(pa.string())), "null")


def _quoted(text: pa.Array) -> pa.Array:
    """Escape quotation marks, backslashes and control characters (RFC 8259, section 7)."""
    escaped = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
    if pc.any(pc.match_substring_regex(escaped, r"[\x00-\x1f]")).as_py():
        for code in range(32):
            mark = json.dumps(chr(code))[1:-1]
            escaped = pc.replace_substring(escaped, chr(code), mark)
    return _enclosed('"', [escaped], '"')


def _enclosed(before: str, parts: list[pa.Array | pa.Scalar], after: str) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar(before), *parts, pa.scalar(after), "")


def _fitted(text: pa.Array, room: int | None, empty: str) -> pa.Array:
    if room is None:
        return text
    return pc.if_else(pc.greater(pc.utf8_length(text), room), pa.scalar(empty), text)


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _inner_site(site: Site, name: str, type_: ColumnType) -> Site:
    inner = Column(name=f"{site.column.name}.{name}", type=type_, nullable=False)
    return replace(site, column=inner, limits=Limits())


def _type_of(field: ObjectField) -> ColumnType:
    return _MEMBER_TYPES[field.type]


def _room(site: Site) -> int | None:
    return site.column.type.max_length if isinstance(site.column.type, StringType) else None
