"""Parent rows by the values of some of their columns: for keys that share columns with others.

Nothing else finds all users of a tenant where the users are not laid out under it. The index is
made of the parent's own cells when it is first needed and kept; picks stay a function of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge import streams
from dataforge.engine.nulls import BoolArray, plain
from dataforge.errors import RuleConflictError
from dataforge.streams import IntArray, below

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame
    from dataforge.engine.plan import Plan
    from dataforge.engine.redraw import RedrawGroup

_SKEW = 0.3


@dataclass(frozen=True)
class RowIndex:
    """The rows of a table, grouped by the values of some columns.

    ``order`` lists the row numbers group by group, ascending; group g stands at
    ``order[start[g] : start[g] + count[g]]``; ``place`` is each row's position in its group. Rows
    with a null in one of the columns are in no group.
    """

    keys: Sequence[pa.Array]
    combinations: IntArray
    order: IntArray
    start: IntArray
    count: IntArray
    place: IntArray

    def groups(self, values: Sequence[pa.Array]) -> IntArray:
        """Return the group of each row of values, -1 where no row has them."""
        codes, known = _codes([plain(each) for each in values], self.keys)
        if not self.combinations.size:
            return np.full(codes.size, -1, dtype=np.int64)
        found = np.searchsorted(self.combinations, codes)
        found = np.minimum(found, self.combinations.size - 1)
        return np.where(known & (self.combinations[found] == codes), found, -1)


def row_index(plan: Plan, table: str, columns: tuple[str, ...]) -> RowIndex:
    """Return the index of a table over some columns, made once a plan."""
    known = plan.indexes.get((table, columns))
    if known is None:
        known = _indexed(plan, table, columns)
        plan.indexes[table, columns] = known
    return known


def _indexed(plan: Plan, table: str, columns: tuple[str, ...]) -> RowIndex:
    frame = plan.frame(table, np.arange(plan.tables[table].row_count))
    cells = [plain(frame.column(name)) for name in columns]
    keys = [each.unique().drop_null() for each in cells]
    codes, known = _codes(cells, keys)
    rows = np.flatnonzero(known)
    order = rows[np.argsort(codes[rows], kind="stable")]
    combinations, start, count = np.unique(codes[order], return_index=True, return_counts=True)
    place = np.zeros(codes.size, dtype=np.int64)
    place[order] = np.arange(order.size) - np.repeat(start, count)
    return RowIndex(keys, combinations, order, start, count, place)


def _codes(cells: Sequence[pa.Array], keys: Sequence[pa.Array]) -> tuple[IntArray, BoolArray]:
    """Return one number for each combination of values, and which rows have only known ones."""
    size = len(cells[0])
    codes = np.zeros(size, dtype=np.int64)
    known = np.ones(size, dtype=np.bool_)
    for each, key in zip(cells, keys, strict=True):
        value = each if each.type == key.type else each.cast(key.type)
        places = pc.fill_null(pc.index_in(value, value_set=key), -1)
        place = places.to_numpy(zero_copy_only=False).astype(np.int64)
        known &= place >= 0
        codes = codes * max(len(key), 1) + np.maximum(place, 0)
    return codes, known


@dataclass(frozen=True)
class MatchedPairs:
    """All pairs of a row of one table and a row of another that agree in some columns, by rank.

    Group g of ``first`` meets group ``partner[g]`` of ``second``; ``ends`` are the cumulated
    numbers of pairs.
    """

    first: RowIndex
    second: RowIndex
    partner: IntArray
    ends: IntArray

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return int(self.ends[-1]) if self.ends.size else 0

    def rows(self, ranks: IntArray, *, second: bool) -> IntArray:
        """Return the row of one side of the pairs at ``ranks``."""
        group = np.searchsorted(self.ends, ranks, side="right")
        partner = self.partner[group]
        inside = ranks - (self.ends[group] - self.first.count[group] * self.second.count[partner])
        place, other = np.divmod(inside, self.second.count[partner])
        if second:
            return self.second.order[self.second.start[partner] + other]
        return self.first.order[self.first.start[group] + place]


def matched_pairs(
    plan: Plan, first: tuple[str, tuple[str, ...]], second: tuple[str, tuple[str, ...]]
) -> MatchedPairs:
    """Return the pairs of rows of two (table, columns) whose columns are equal one by one."""
    ours, theirs = row_index(plan, *first), row_index(plan, *second)
    frame = plan.frame(first[0], ours.order[ours.start])
    partner = theirs.groups([frame.column(name) for name in first[1]])
    sizes = np.where(partner >= 0, ours.count * theirs.count[np.maximum(partner, 0)], 0)
    return MatchedPairs(ours, theirs, np.maximum(partner, 0), np.cumsum(sizes))


@dataclass(frozen=True)
class MatchingPicker:
    """A row of ``parent`` whose ``parent_columns`` equal the ``columns`` that other keys gave.

    -1 where there is none; that is refused where ``required`` names the place. In a self-reference
    the earlier rows of the group are the choice, so that no row is its own ancestor; a first row
    points to itself where ``required`` is set.
    """

    key: int
    parent: str
    columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    required: str = ""
    group: RedrawGroup | None = None

    def pick(self, frame: Frame) -> IntArray:
        """Draw within the rows that match."""
        index = row_index(frame.plan, self.parent, self.parent_columns)
        groups = index.groups([frame.column(name) for name in self.columns])
        words = streams.bits(self.key, frame.rows, frame.draw_of(self.group))
        inside = np.maximum(groups, 0)
        if not index.start.size:
            return self._checked(np.full(frame.rows.size, -1, dtype=np.int64))
        if self.parent == frame.table.name:
            choice = np.where(groups < 0, 0, index.place[frame.rows])
        else:
            choice = index.count[inside]
        rows = index.order[index.start[inside] + below(words, np.maximum(choice, 1))]
        if self.parent == frame.table.name and self.required:
            return np.where(choice > 0, rows, frame.rows)
        return self._checked(np.where((groups >= 0) & (choice > 0), rows, -1))

    def _checked(self, rows: IntArray) -> IntArray:
        if self.required and (rows < 0).any():
            msg = (
                f"{self.required}: no row of {self.parent} agrees with the row's other keys in "
                f"{', '.join(self.columns)}; give {self.parent} more rows, or make the key nullable"
            )
            raise RuleConflictError(msg)
        return rows


@dataclass(frozen=True)
class Requirement:
    """Columns of a picked row (``given``) that some row of ``parent`` must have too."""

    given: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True)
class AgreeingPicker:
    """Draws among the rows of ``parent`` that leave every later key a row to point to."""

    key: int
    parent: str
    requirements: tuple[Requirement, ...]
    place: str
    group: RedrawGroup | None = None
    _rows: dict[int, IntArray] = field(default_factory=dict, compare=False, repr=False)

    def pick(self, frame: Frame) -> IntArray:
        """Draw a row, the first ones more often."""
        rows = self._agreeing(frame.plan)
        unit = streams.uniform(self.key, frame.rows, frame.draw_of(self.group))
        place = (rows.size * unit ** (1 / (1 - _SKEW))).astype(np.int64)
        return rows[np.minimum(place, rows.size - 1)]

    def _agreeing(self, plan: Plan) -> IntArray:
        known = self._rows.get(id(plan))
        if known is not None:
            return known
        whole = plan.frame(self.parent, np.arange(plan.tables[self.parent].row_count))
        agrees = np.ones(whole.rows.size, dtype=np.bool_)
        for each in self.requirements:
            index = row_index(plan, each.parent, each.parent_columns)
            agrees &= index.groups([whole.column(name) for name in each.given]) >= 0
        rows = np.flatnonzero(agrees)
        if not rows.size:
            others = ", ".join(each.parent for each in self.requirements)
            msg = (
                f"{self.place}: no row of {self.parent} shares its values with {others}; give "
                "these tables more rows, or make one of the keys nullable"
            )
            raise RuleConflictError(msg)
        self._rows[id(plan)] = rows
        return rows
