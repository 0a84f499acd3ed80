"""Foreign keys that share columns: (tenant, order) and (tenant, user) must name one tenant.

A key whose columns are all given by wider keys follows them. A key that shares some columns picks
among the rows that its parent owns under the same shared parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataforge import streams
from dataforge.schema import ForeignKey, Schema, Table
from dataforge.streams import IntArray, below

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame


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

    Where it owns none the reference is null (-1). In a self-reference the earlier siblings are
    the choice, so that no row is its own ancestor.
    """

    key: int
    path: tuple[Step, ...]
    parent: str

    def pick(self, frame: Frame) -> IntArray:
        """Draw within the family."""
        words = streams.bits(self.key, frame.rows)
        if self.parent == frame.table.name:
            ordinal = frame.position().ordinal
            earlier = frame.rows - ordinal + below(words, np.maximum(ordinal, 1))
            return np.where(ordinal > 0, earlier, -1)
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


def overlap_picker(
    schema: Schema, table: Table, index: int, stream: int, rows: Mapping[str, int]
) -> FollowPicker | OverlapPicker | None:
    """Return the picker of a key that shares columns with an earlier one, None if it is free."""
    key = table.foreign_keys[index]
    shared = shared_columns(table, index)
    if not shared:
        return None
    if set(shared) == set(key.columns):
        path = _path_to(schema, table, index, key.parent, key.columns, key.parent_columns)
        return None if path is None else FollowPicker(path)
    if key.parent == table.name and table.owner and set(table.owner.columns) <= set(shared):
        return OverlapPicker(stream, (), table.name)
    group = schema.table(key.parent).owner
    if group is None:
        return None
    pairs = dict(zip(key.columns, key.parent_columns, strict=True))
    wanted = tuple(name for name in shared if pairs[name] in group.columns)
    if {pairs[name] for name in wanted} != set(group.columns):
        return None
    root_columns = dict(zip(group.columns, group.parent_columns, strict=True))
    targets = tuple(root_columns[pairs[name]] for name in wanted)
    path = _path_to(schema, table, index, group.parent, wanted, targets)
    if path is None or rows[key.parent] == 0:
        return None
    return OverlapPicker(stream, path, key.parent)


def shared_columns(table: Table, index: int) -> tuple[str, ...]:
    """Return the columns of a key that keys decided before it give."""
    key = table.foreign_keys[index]
    taken = {
        name
        for other, each in enumerate(table.foreign_keys)
        if other != index and _precedes(table, other, index)
        for name in each.columns
    }
    return tuple(name for name in key.columns if name in taken)


def _precedes(table: Table, first: int, second: int) -> bool:
    def rank(position: int) -> tuple[bool, int, int]:
        key = table.foreign_keys[position]
        return (not key.owning, -len(key.columns), position)

    return rank(first) < rank(second)


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
        if not _precedes(table, position, index):
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
