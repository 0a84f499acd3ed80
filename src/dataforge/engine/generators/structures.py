"""Lists and JSON documents, made of values that other generators make."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import LOCALE_GROUP, Cells, Generator, Limits, Site
from dataforge.engine.generators.expressions import SomeCells
from dataforge.schema import Column
from dataforge.schema.specs import (
    BooleanSpec,
    CategoricalSpec,
    ChoiceSpec,
    ListSpec,
    MemberType,
    NumberSpec,
    ObjectField,
    ObjectSpec,
    Option,
    Spec,
    TextSpec,
)
from dataforge.schema.types import (
    ArrayType,
    BooleanType,
    ColumnType,
    FloatType,
    IntegerType,
    JsonType,
    StringType,
    TextType,
)
from dataforge.streams import BitArray, FloatArray, IntArray, below, bits, to_unit

BuildItem = Callable[[Spec, Site], Generator]

_MEMBER_TYPES: dict[MemberType, ColumnType] = {
    "json": JsonType(),
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
    item_type: MemberType | None
    distinct: bool = False
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
        texts = None if self.item_type is None else member_text(values, self.item_type)
        if self.distinct and len(owners):
            kept = _first_of_each(owners, _plain(values) if texts is None else texts)
            np.cumsum(np.bincount(owners[kept], minlength=len(lengths)), out=offsets[1:])
            values = values.take(pa.array(kept))
            texts = None if texts is None else texts.take(pa.array(kept))
        if texts is None:
            return pa.ListArray.from_arrays(pa.array(offsets), _plain(values))
        listed = pa.ListArray.from_arrays(pa.array(offsets), texts)
        return _fitted(_enclosed("[", [pc.binary_join(listed, ",")], "]"), self.max_length, "[]")


@dataclass(frozen=True, slots=True)
class ObjectGenerator:
    """JSON objects whose members are in every row, or in the share of rows that they state."""

    members: tuple[tuple[ObjectField, Generator], ...]
    needs: tuple[str, ...]
    max_length: int | None = None

    def make(self, cells: Cells) -> pa.Array:
        """Return JSON text, shape (n,); what is too long for the column becomes ``{}``."""
        if not self.members:
            return pa.repeat(pa.scalar("{}"), len(cells.rows))
        inner = [self._member(cells, field, member) for field, member in self.members]
        joined = pc.binary_join_element_wise(*inner, ", ", null_handling="skip")
        return _fitted(_enclosed("{", [joined], "}"), self.max_length, "{}")

    def _member(self, cells: Cells, field: ObjectField, member: Generator) -> pa.Array:
        """Return ``"name": value`` a row, null where the object goes without."""
        own = MemberCells(cells, field.name)
        text = member_text(member.make(own), field.type)
        named = _enclosed(f"{json.dumps(field.name, ensure_ascii=False)}: ", [text], "")
        if field.presence >= 1:
            return named
        there = own.uniform("presence") < field.presence
        return pc.if_else(pa.array(there), named, pa.scalar(None, named.type))


@dataclass(frozen=True, slots=True)
class ChoiceGenerator:
    """JSON values in one of several forms; ``bounds`` are their cumulated probabilities."""

    options: tuple[tuple[Option, Generator], ...]
    bounds: FloatArray
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Return JSON text, shape (n,)."""
        picked = np.searchsorted(self.bounds, cells.uniform("choice"), side="right")
        places = [np.flatnonzero(picked == number) for number in range(len(self.options))]
        texts = [
            member_text(generator.make(SomeCells(cells, at, f"option {number}")), option.type)
            for number, ((option, generator), at) in enumerate(
                zip(self.options, places, strict=True)
            )
            if at.size
        ]
        if not texts:
            return pa.array([], pa.string())
        order = np.argsort(np.concatenate([at for at in places if at.size]))
        return pa.concat_arrays([each.cast(pa.string()) for each in texts]).take(pa.array(order))


def build(spec: ListSpec, site: Site, build_item: BuildItem) -> Generator:
    """Return the generator of an array column, or of JSON arrays for a column of another type.

    ``build_item`` makes the generator of the items, which raises what it finds wrong.
    """
    logical = site.column.type
    most = max(spec.minimum, spec.maximum)
    if isinstance(logical, ArrayType):
        item_type, kind = None, logical.item
    else:
        item_type, kind = spec.item_type, _MEMBER_TYPES[spec.item_type]
    item = build_item(spec.item, _inner_site(site, "item", kind))
    return ListGenerator(item, spec.minimum, most, item_type, spec.distinct, _room(site))


def build_object(spec: ObjectSpec, site: Site, build_item: BuildItem) -> Generator:
    """Return the generator; a spec without fields gives a small document of five members."""
    members = tuple(
        (field, build_item(field.spec, _inner_site(site, field.name, _MEMBER_TYPES[field.type])))
        for field in spec.fields or _DEFAULT_MEMBERS
    )
    needs = tuple(dict.fromkeys(name for _, member in members for name in member.needs))
    return ObjectGenerator(members, needs, _room(site))


def build_choice(spec: ChoiceSpec, site: Site, build_item: BuildItem) -> Generator:
    """Return the generator of a value of several forms."""
    options = tuple(
        (option, build_item(option.spec, _inner_site(site, f"{n}", _MEMBER_TYPES[option.type])))
        for n, option in enumerate(spec.options)
    )
    weights = np.array([option.weight for option in spec.options])
    bounds = np.cumsum(weights / weights.sum())[:-1]
    needs = tuple(dict.fromkeys(name for _, made in options for name in made.needs))
    return ChoiceGenerator(options, bounds, needs)


def member_text(values: pa.Array, kind: MemberType) -> pa.Array:
    """Return the JSON text of the values of a member; JSON stands as it is."""
    if kind != "json":
        return json_values(values)
    return pc.fill_null(_plain(values).cast(pa.string()), "null")


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


def _first_of_each(owners: IntArray, texts: pa.Array) -> IntArray:
    """Return the places of the items that their list does not have before."""
    codes = pc.dictionary_encode(texts).indices.to_numpy(zero_copy_only=False)
    pairs = owners.astype(np.int64) * (len(texts) + 1) + codes
    _, first = np.unique(pairs, return_index=True)
    return np.sort(first)


def _plain(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _inner_site(site: Site, name: str, type_: ColumnType) -> Site:
    inner = Column(name=f"{site.column.name}.{name}", type=type_, nullable=False)
    return replace(site, column=inner, limits=Limits())


def _room(site: Site) -> int | None:
    return site.column.type.max_length if isinstance(site.column.type, StringType) else None
