"""Foreign keys of a table → how their parent rows are picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.engine.key_roles import KeyRoles
from dataforge.engine.matching import AgreeingPicker
from dataforge.engine.overlap import Overlap, ordered_references
from dataforge.engine.permutation import Permutation
from dataforge.engine.plan import Picker, ReferencePlan
from dataforge.engine.redraw import RedrawGroup
from dataforge.engine.references import (
    ChainPicker,
    DrawnPicker,
    EvenPicker,
    ForestPicker,
    NowherePicker,
    OwnerPicker,
    RankPicker,
    RecencyPicker,
)
from dataforge.engine.spans import SpanPicker, span_of
from dataforge.engine.taxonomies import TaxonomyPicker
from dataforge.schema import (
    FixedLaw,
    ForeignKey,
    PoissonLaw,
    RangeLaw,
    RecencyLaw,
    Schema,
    Table,
    ZipfLaw,
)
from dataforge.schema.taxonomies import is_taxonomy
from dataforge.streams import derive_key

# How strongly some parents are favoured when nobody says: the favoured tenth of them gets
# 0.1 ** (1 - 0.3), a fifth, of the references.
DEFAULT_EXPONENT = 0.3
DEFAULT_NULL_SHARE = 0.1


@dataclass(frozen=True)
class Wiring:
    """What is needed to wire the foreign keys of one table."""

    schema: Schema
    table: Table
    roles: KeyRoles
    rows: Mapping[str, int]
    group_of: Mapping[str, RedrawGroup]

    def references(self) -> tuple[ReferencePlan, ...]:
        """Return a plan for every foreign key, in the table's order."""
        return tuple(
            self._reference(index, key) for index, key in enumerate(self.table.foreign_keys)
        )

    def sources(self) -> dict[str, tuple[int, str]]:
        """Return, for every foreign-key column, the reference and parent column it takes."""
        found: dict[str, tuple[int, str]] = {}
        for index, key in ordered_references(self.table):
            for name, parent_column in zip(key.columns, key.parent_columns, strict=True):
                if key.parent != self.table.name or name != parent_column:
                    found.setdefault(name, (index, parent_column))
        return found

    def _reference(self, index: int, key: ForeignKey) -> ReferencePlan:
        path = (self.schema.seed, self.table.name, "reference", key.label)
        return ReferencePlan(
            index=index,
            columns=key.columns,
            parent=key.parent,
            parent_columns=key.parent_columns,
            picker=self._picker(index, key, derive_key(*path)),
            owning=key.owning,
            null_share=self._null_share(key),
            null_key=derive_key(*path, "null"),
            group=self._group(key),
        )

    def _group(self, key: ForeignKey) -> RedrawGroup | None:
        return next((self.group_of[name] for name in key.columns if name in self.group_of), None)

    def _picker(self, index: int, key: ForeignKey, stream: int) -> Picker:
        if key.owning:
            return OwnerPicker()
        if index in self.roles.references:
            return RankPicker(self.roles.references[index])
        if self.rows[key.parent] == 0:
            return NowherePicker()
        overlap = Overlap(self.schema, self.table, index, self.rows)
        shared = overlap.picker(stream, self._group(key))
        if shared is not None:
            return shared
        if key.parent == self.table.name:
            return self._self_reference(key, stream)
        asked = overlap.requirements()
        if asked:
            place = f"tables.{self.table.name}.foreign_keys.{key.label}"
            return AgreeingPicker(stream, key.parent, asked, place, self._group(key))
        return self._drawn(key, stream)

    def _self_reference(self, key: ForeignKey, stream: int) -> Picker:
        roots_self = not self._nullable(key)
        if is_taxonomy(self.table):
            return TaxonomyPicker(roots_self)
        if any(set(unique) == set(key.columns) for unique in self.table.keys):
            return ChainPicker(roots_self)
        span = span_of(key)
        if span is not None:
            return SpanPicker(stream, span, roots_self)
        return ForestPicker(stream, key.root_share, key.max_depth, roots_self, self._group(key))

    def _drawn(self, key: ForeignKey, stream: int) -> Picker:
        count = self._shared_rows(key)
        match key.law:
            case FixedLaw() | RangeLaw():
                return EvenPicker(stream, count, self._group(key))
            case RecencyLaw(half_life=half_life, exponent=fading):
                return RecencyPicker(stream, count, half_life, fading, self._group(key))
            case PoissonLaw():
                exponent = 0.0
            case ZipfLaw(exponent=exponent):
                pass
            case _:
                exponent = DEFAULT_EXPONENT
        order = Permutation(stream + 1, count)
        return DrawnPicker(stream, count, exponent, order, self._group(key))

    def _shared_rows(self, key: ForeignKey) -> int:
        """Two keys over the same columns point to the rows that both parents have."""
        same = [each for each in self.table.foreign_keys if each.columns == key.columns]
        return min(self.rows[each.parent] for each in same)

    def _nullable(self, key: ForeignKey) -> bool:
        return all(
            self.table.column(name).nullable and name not in self.table.primary_key
            for name in key.columns
        )

    def _null_share(self, key: ForeignKey) -> float:
        if not self._nullable(key) or key.owning or key.parent == self.table.name:
            return 0.0
        if key.null_share is not None:
            return key.null_share
        stated = [self.table.column(name).null_share for name in key.columns]
        return next((share for share in stated if share is not None), DEFAULT_NULL_SHARE)
