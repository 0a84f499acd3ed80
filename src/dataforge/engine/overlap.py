"""Foreign keys that share columns: (tenant, order) and (tenant, user) must name one tenant.

A key whose columns are all given by wider keys follows them. A key that shares some columns picks
among the rows that its parent owns under the same shared parent, or else among all rows of the
parent that have the shared values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataforge import streams
from dataforge.engine.matching import MatchingPicker, Requirement
from dataforge.engine.references import ForestPicker
from dataforge.schema import ForeignKey, Schema, Table
from dataforge.streams import IntArray, below

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame
    from dataforge.engine.redraw import RedrawGroup


@dataclass(frozen=True, slots=True)
class Step:
    """Go from a table to the parent that its reference number ``index`` points to."""

    index: int


@dataclass(frozen=True, slots=True)
class FollowPicker:
    """The parent that other references already lead to."""

    path: tuple[Step, ...]

    def pick(self, frame: Frame) -> IntArray:
        """Walk the path."""
        return walk(frame, self.path)


@dataclass(frozen=True, slots=True)
class OverlapPicker:
    """A row of ``parent`` among those that the row at the end of ``path`` owns.

    Where it owns none the reference is null (-1).
    """

    key: int
    path: tuple[Step, ...]
    parent: str

    def pick(self, frame: Frame) -> IntArray:
        """Draw within the family."""
        words = streams.bits(self.key, frame.rows)
        shared = walk(frame, self.path)
        layout = frame.plan.tables[self.parent].owner_layout
        family = layout.children(np.maximum(shared, 0))
        rows = family.start + below(words, np.maximum(family.count, 1))
        return np.where((family.count > 0) & (shared >= 0), rows, -1)


def walk(frame: Frame, path: tuple[Step, ...]) -> IntArray:
    """Return the rows that a path of references leads to, -1 where one is null."""
    rows = frame.reference(path[0].index)
    if len(path) == 1:
        return rows
    parent, places = frame.parent(path[0].index)
    beyond = walk(parent, path[1:])
    if places is not None:
        beyond = beyond[places]
    return np.where(rows < 0, -1, beyond)


@dataclass(frozen=True, slots=True)
class Overlap:
    """A key of a table, seen beside the keys that decide some of its columns before it."""

    schema: Schema
    table: Table
    index: int
    rows: Mapping[str, int]

    @property
    def key(self) -> ForeignKey:
        """The key itself."""
        return self.table.foreign_keys[self.index]

    def picker(
        self, stream: int, group: RedrawGroup | None
    ) -> FollowPicker | OverlapPicker | ForestPicker | MatchingPicker | None:
        """Return the picker of a key that shares columns with others, None if it is free."""
        shared = shared_columns(self.table, self.index)
        if not shared:
            return None
        path = self._followed(shared)
        if path is not None:
            return FollowPicker(path)
        if self._is_family_tree(shared):
            key = self.key
            return ForestPicker(
                stream, key.root_share, key.max_depth, roots_self=False, group=group, in_family=True
            )
        return self._in_family(shared, stream) or self._matching(shared, stream, group)

    def _is_family_tree(self, shared: tuple[str, ...]) -> bool:
        """Tell whether rows refer to their siblings: the tenant's user to the tenant's boss."""
        owner = self.table.owner
        own = self.key.parent == self.table.name and not self.required
        return own and owner is not None and set(owner.columns) == set(shared)

    def _followed(self, shared: tuple[str, ...]) -> tuple[Step, ...] | None:
        key = self.key
        if set(shared) != set(key.columns) or key.parent == self.table.name:
            return None
        return _path_to(
            self.schema, self.table, self.index, key.parent, key.columns, key.parent_columns
        )

    def _in_family(self, shared: tuple[str, ...], stream: int) -> OverlapPicker | None:
        """Pick among the rows that the shared parent owns, where all of them own some."""
        key, table = self.key, self.table
        if key.parent == table.name:
            return None
        group = self.schema.table(key.parent).owner
        if group is None or (self.required and not self._has_all(group)):
            return None
        pairs = dict(zip(key.columns, key.parent_columns, strict=True))
        if {pairs[name] for name in shared} != set(group.columns):
            return None
        root_columns = dict(zip(group.columns, group.parent_columns, strict=True))
        targets = tuple(root_columns[pairs[name]] for name in shared)
        path = _path_to(self.schema, table, self.index, group.parent, shared, targets)
        if path is None or self.rows[key.parent] == 0:
            return None
        return OverlapPicker(stream, path, key.parent)

    def _has_all(self, group: ForeignKey) -> bool:
        """Tell whether every row of the shared parent surely owns some rows."""
        return group.law is None and self.rows[self.key.parent] >= 2 * self.rows[group.parent]

    def starves_owner(self) -> bool:
        """Tell whether rows laid out under their owner may find nothing for this key."""
        owner = self.table.owner
        if owner is None or self.key.owning or self.key.parent == self.table.name:
            return False
        if not self.required or not set(self.key.columns) & set(owner.columns):
            return False
        return isinstance(self.picker(0, None), MatchingPicker)

    def _matching(
        self, shared: tuple[str, ...], stream: int, group: RedrawGroup | None
    ) -> MatchingPicker:
        key = self.key
        pairs = dict(zip(key.columns, key.parent_columns, strict=True))
        targets = tuple(pairs[name] for name in shared)
        place = f"tables.{self.table.name}.foreign_keys.{key.label}"
        required = place if self.required else ""
        return MatchingPicker(stream, key.parent, shared, targets, required, group)

    @property
    def required(self) -> bool:
        """Whether the columns that only this key decides must have a value."""
        shared = shared_columns(self.table, self.index)
        own = [name for name in self.key.columns if name not in shared] or self.key.columns
        return not all(self.table.column(name).nullable for name in own)

    def requirements(self) -> tuple[Requirement, ...]:
        """Return what later keys that must not be null ask of the row that this one picks."""
        given = dict(zip(self.key.columns, self.key.parent_columns, strict=True))
        found = []
        for other, key in enumerate(self.table.foreign_keys):
            later = Overlap(self.schema, self.table, other, self.rows)
            if other == self.index or key.parent == self.table.name or not later.required:
                continue
            if not isinstance(later.picker(0, None), MatchingPicker):
                continue
            pairs = dict(zip(key.columns, key.parent_columns, strict=True))
            both = [n for n in shared_columns(self.table, other) if n in given]
            if both and precedes(self.table, self.index, other):
                found.append(
                    Requirement(
                        tuple(given[n] for n in both), key.parent, tuple(pairs[n] for n in both)
                    )
                )
        return tuple(found)


def shared_columns(table: Table, index: int) -> tuple[str, ...]:
    """Return the columns of a key that something else decides.

    That is an earlier key, or in a self-reference the column itself, which both rows then have in
    common.
    """
    key = table.foreign_keys[index]
    taken = {
        name
        for other, each in enumerate(table.foreign_keys)
        if other != index and precedes(table, other, index)
        for name in each.columns
    }
    if key.parent == table.name:
        pairs = zip(key.columns, key.parent_columns, strict=True)
        taken |= {name for name, target in pairs if name == target}
    return tuple(name for name in key.columns if name in taken)


def precedes(table: Table, first: int, second: int) -> bool:
    """Tell whether the first of two keys decides the columns that both have."""
    return _rank(table, first) < _rank(table, second)


def _rank(table: Table, position: int) -> tuple[bool, bool, int, int]:
    key = table.foreign_keys[position]
    return (not key.owning, key.parent == table.name, -len(key.columns), position)


def ordered_references(table: Table) -> list[tuple[int, ForeignKey]]:
    """Return the foreign keys with their indices: the owner first, self-references last.

    Among the others the widest come first. A column that several keys share takes its value from
    the first of them.
    """
    indexed = list(enumerate(table.foreign_keys))
    return sorted(indexed, key=lambda pair: _rank(table, pair[0]))


def _path_to(
    schema: Schema,
    table: Table,
    index: int,
    target: str,
    columns: tuple[str, ...],
    target_columns: tuple[str, ...],
) -> tuple[Step, ...] | None:
    """Follow the earlier keys of ``table`` that hold ``columns`` until ``target`` is reached."""
    for position, key in enumerate(table.foreign_keys):
        if position == index or not set(columns) <= set(key.columns):
            continue
        if not precedes(table, position, index):
            continue
        rest = _onward(schema, key, target, columns, target_columns, depth=8)
        if rest is not None:
            return (Step(position), *rest)
    return None


def _onward(
    schema: Schema,
    key: ForeignKey,
    target: str,
    columns: tuple[str, ...],
    target_columns: tuple[str, ...],
    depth: int,
) -> tuple[Step, ...] | None:
    pairs = dict(zip(key.columns, key.parent_columns, strict=True))
    held = tuple(pairs[name] for name in columns)
    if key.parent == target and held == target_columns:
        return ()
    if depth == 0:
        return None
    parent = schema.table(key.parent)
    for position, onward in enumerate(parent.foreign_keys):
        if set(held) <= set(onward.columns):
            rest = _onward(schema, onward, target, held, target_columns, depth - 1)
            if rest is not None:
                return (Step(position), *rest)
    return None
