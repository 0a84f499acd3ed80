"""A frame: some rows of one table, whose columns are computed when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge import streams
from dataforge.engine.nulls import plain, with_nulls
from dataforge.errors import RunError
from dataforge.streams import BitArray, FloatArray, IntArray

if TYPE_CHECKING:
    from dataforge.engine.layout import Position
    from dataforge.engine.plan import ColumnPlan, Plan, ReferencePlan, TablePlan
    from dataforge.engine.redraw import RedrawGroup


T = TypeVar("T")

_HINT_SHARE = 0.4
_HINT_TAKEN = 0.8


@dataclass(slots=True)
class Frame:
    """``rows`` (int64, any order, repeats allowed) of ``table``.

    A frame with a ``group`` is one attempt at solving its rules: the group's columns are taken
    from draw number ``draw`` instead of being solved.
    """

    plan: Plan
    table: TablePlan
    rows: IntArray
    group: RedrawGroup | None = None
    draw: int = 0
    _columns: dict[str, pa.Array] = field(default_factory=dict)
    _references: dict[int, IntArray] = field(default_factory=dict)
    _parents: dict[int, tuple[Frame, IntArray | None]] = field(default_factory=dict)
    _position: Position | None = None
    _shared: dict[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> pa.Array:
        """Return a column's cells, with nulls."""
        if name not in self._columns:
            column = self.table.columns[name]
            if column.group is not None and column.group is not self.group:
                self._solve(column.group)
            else:
                self._columns[name] = self._make(column)
        return self._columns[name]

    def position(self) -> Position:
        """Return the owning parent's row and the ordinal within it for every row."""
        if self._position is None:
            self._position = self.table.owner_layout.locate(self.rows)
        return self._position

    def reference(self, index: int) -> IntArray:
        """Return the parent rows that foreign key number ``index`` points to; -1 is null."""
        if index not in self._references:
            reference = self.table.references[index]
            if reference.group is not None and reference.group is not self.group:
                self._solve(reference.group)
            else:
                self._references[index] = self._pick(reference)
        return self._references[index]

    def parent(self, index: int) -> tuple[Frame, IntArray | None]:
        """Return a frame of parent rows and, unless it is one to one, each row's place in it."""
        if index not in self._parents:
            reference = self.table.references[index]
            rows = self.reference(index)
            frame, places = _compact(np.maximum(rows, 0), sorted_rows=reference.owning)
            parent = self.plan.tables[reference.parent]
            self._parents[index] = (Frame(self.plan, parent, frame), places)
        return self._parents[index]

    def parent_column(self, index: int, name: str) -> pa.Array:
        """Return a column of the referenced parent rows, null where the reference is."""
        frame, places = self.parent(index)
        if not frame.table.row_count:
            return pa.nulls(self.rows.size, frame.table.columns[name].type)
        values = frame.column(name)
        if places is not None:
            values = values.take(pa.array(places))
        return with_nulls(values, self.reference(index) < 0)

    def shared(self, name: str, make: Callable[[Frame], T]) -> T:
        """Return what several columns of these rows are read from, made once."""
        if name not in self._shared:
            self._shared[name] = make(self)
        found: T = self._shared[name]
        return found

    def at(self, rows: IntArray) -> Frame:
        """Return a frame of other rows of the same table."""
        return Frame(self.plan, self.table, rows)

    def part(self, places: IntArray) -> Frame:
        """Return a frame of the rows at some places of this one, at the same draw."""
        return Frame(self.plan, self.table, self.rows[places], self.group, self.draw)

    def settle(self, columns: dict[str, pa.Array]) -> None:
        """Fix columns of an attempt whose values were decided outside it."""
        self._columns.update(columns)

    def attempt(self, rows: IntArray, group: RedrawGroup, draw: int) -> Frame:
        """Return a frame of ``rows`` that takes ``group``'s columns from draw number ``draw``."""
        return Frame(self.plan, self.table, rows, group, draw)

    def draw_of(self, group: RedrawGroup | None) -> int:
        """Return the draw number that columns of ``group`` use in this frame."""
        return self.draw if group is not None and group is self.group else 0

    def _solve(self, group: RedrawGroup) -> None:
        solution = group.solve(self)
        self._columns.update(solution.columns)
        self._references.update(solution.references)

    def _make(self, column: ColumnPlan) -> pa.Array:
        cells = FrameCells(self, column)
        try:
            array = column.finish(column.generator.make(cells))
        except pa.ArrowInvalid as error:
            raise RunError(_misfit(self.table.name, column, error)) from error
        if self._retries(column.group) and self.draw > column.faithful_draws:
            array = self._hinted(array, column, cells)
        null_share = self._null_share(column.name, column.null_share, column.group)
        if null_share > 0:
            array = with_nulls(array, cells.uniform("null") < null_share)
        return array

    def _retries(self, group: RedrawGroup | None) -> bool:
        return self.draw > 0 and group is not None and group is self.group

    def _null_share(self, name: str, share: float, group: RedrawGroup | None) -> float:
        """Columns that a rule wants null are so often enough for the rule to be met."""
        if group is None or not self._retries(group) or name not in group.nullable:
            return share
        return max(share, _HINT_SHARE) if name in group.hints.nulls else share

    def _hinted(self, array: pa.Array, column: ColumnPlan, cells: FrameCells) -> pa.Array:
        assert column.group is not None  # noqa: S101 - retries are a group's
        constants = column.group.hints.values.get(column.name)
        if constants is None:
            return array
        chosen = constants.take(pa.array(streams.below(cells.bits("hint"), len(constants))))
        # Rows that try constants try them in most columns at once: rules often tie several.
        trying = streams.to_unit(cells.shared_bits("rules", "hinted")) < _HINT_SHARE
        taken = trying & (cells.uniform("hinted") < _HINT_TAKEN)
        return pc.if_else(pa.array(taken), chosen, plain(array))

    def _pick(self, reference: ReferencePlan) -> IntArray:
        rows = reference.picker.pick(self)
        share = self._null_share(reference.columns[0], reference.null_share, reference.group)
        if share > 0:
            draw = self.draw_of(reference.group)
            absent = streams.uniform(reference.null_key, self.rows, draw) < share
            rows = np.where(absent, -1, rows)
        return rows


@dataclass(frozen=True, slots=True)
class FrameCells:
    """The cells of one column in a frame: what generators draw through."""

    frame: Frame
    column_plan: ColumnPlan

    @property
    def rows(self) -> IntArray:
        """Row numbers, int64, shape (n,)."""
        return self.frame.rows

    def bits(self, purpose: str = "") -> BitArray:
        """Return 64 random bits a cell; a correlated column's main ones are the group's."""
        copula = self.column_plan.copula
        if copula is not None and not purpose.rpartition("/")[2]:
            return copula.words(self.frame, self._draw)
        key = self.column_plan.key_for(purpose)
        return streams.bits(key, self.frame.rows, self._draw)

    def uniform(self, purpose: str = "") -> FloatArray:
        """Return a float64 in [0, 1) a cell."""
        return streams.to_unit(self.bits(purpose))

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return bits that all columns naming ``group`` share."""
        key = self.frame.table.key_for(f"{group}/{purpose}")
        return streams.bits(key, self.frame.rows, self._draw)

    def column(self, name: str) -> pa.Array:
        """Return another column of the same rows."""
        return self.frame.column(name)

    @property
    def _draw(self) -> int:
        return self.frame.draw_of(self.column_plan.group)


def _misfit(table: str, column: ColumnPlan, error: pa.ArrowInvalid) -> str:
    return (
        f"tables.{table}.columns.{column.name}: a value does not fit {column.type} ({error}) → "
        "widen the column's type or narrow what the value is computed from"
    )


def _compact(rows: IntArray, *, sorted_rows: bool) -> tuple[IntArray, IntArray | None]:
    """Drop repeats of neighbouring rows, so that a parent shared by its children is made once."""
    if not sorted_rows or rows.size < 2:
        return rows, None
    changes = np.empty(rows.size, dtype=np.bool_)
    changes[0] = True
    np.not_equal(rows[1:], rows[:-1], out=changes[1:])
    return rows[changes], np.cumsum(changes) - 1
