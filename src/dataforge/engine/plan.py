"""The plan: a schema compiled to generators, layouts and row counts, ready to make any rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Generator
from dataforge.engine.copula import Member
from dataforge.engine.frames import Frame
from dataforge.engine.layout import Layout
from dataforge.engine.matching import RowIndex
from dataforge.engine.redraw import RedrawGroup
from dataforge.engine.rules.cast import cast_to
from dataforge.errors import Problem
from dataforge.schema import Schema, Table
from dataforge.streams import IntArray, derive_key

BATCH_ROWS = 1 << 16
_FAITHFUL_DRAWS = 24


class Picker(Protocol):
    """Chooses the parent row that each row of a frame points to."""

    def pick(self, frame: Frame) -> IntArray:
        """Return int64 parent rows, -1 where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class ReferencePlan:
    """A foreign key: how its parent rows are picked and how often it is null."""

    index: int
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    picker: Picker
    owning: bool = False
    null_share: float = 0.0
    null_key: int = 0
    group: RedrawGroup | None = None


@dataclass(frozen=True)
class ColumnPlan:
    """A column: its generator, its stream key, its share of nulls and what it is drawn with."""

    name: str
    type: pa.DataType
    generator: Generator
    key: int
    null_share: float = 0.0
    group: RedrawGroup | None = None
    copula: Member | None = None
    _keys: dict[str, int] = field(default_factory=dict, compare=False)

    def key_for(self, purpose: str) -> int:
        """Return the stream key of one purpose of this column."""
        if purpose not in self._keys:
            self._keys[purpose] = derive_key(self.key, purpose)
        return self._keys[purpose]

    @property
    def faithful_draws(self) -> int:
        """After how many draws that break a rule constants are tried: correlation is kept first."""
        return 0 if self.copula is None else _FAITHFUL_DRAWS

    def finish(self, array: pa.Array) -> pa.Array:
        """Bring a generator's values to the column's Arrow type; text may stay a dictionary."""
        if array.type == self.type:
            return array
        if pa.types.is_dictionary(array.type) and array.type.value_type == self.type:
            return array
        return cast_to(array, self.type)


@dataclass(frozen=True)
class TablePlan:
    """A table: row count, columns, references and, if it is owned, its layout."""

    table: Table
    row_count: int
    key: int
    columns: Mapping[str, ColumnPlan]
    references: Sequence[ReferencePlan] = ()
    layout: Layout | None = None
    _keys: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def owner_layout(self) -> Layout:
        """The layout under the owning parent; only asked for where there is one."""
        assert self.layout is not None, f"table {self.name!r} has no owning parent"  # noqa: S101
        return self.layout

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Column names and logical Arrow types, in the table's order."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns.values()])

    def key_for(self, purpose: str) -> int:
        """Return the stream key of a purpose that columns of this table share."""
        if purpose not in self._keys:
            self._keys[purpose] = derive_key(self.key, purpose)
        return self._keys[purpose]

    def reference_of(self, columns: tuple[str, ...]) -> ReferencePlan:
        """Return the reference over exactly these columns."""
        return next(each for each in self.references if each.columns == columns)


@dataclass(frozen=True)
class Plan:
    """Everything that is needed to make any rows of any table; a pure function of the schema.

    ``tables`` come parents first where the references allow it; ``notes`` are the warnings of
    compiling (rows cut to a key's capacity, rules that are not enforced); ``indexes`` is a cache.
    """

    schema: Schema
    tables: Mapping[str, TablePlan]
    notes: tuple[Problem, ...] = ()
    indexes: dict[tuple[str, tuple[str, ...]], RowIndex] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def written_schema(self) -> Schema:
        """What the rows that are written keep: all of the schema."""
        return self.schema

    def frame(self, table: str, rows: IntArray) -> Frame:
        """Return a frame of the given row numbers (int64, each in [0, row_count))."""
        return Frame(self, self.tables[table], rows)

    def batches(
        self,
        table: str,
        start: int = 0,
        stop: int | None = None,
        columns: Sequence[str] | None = None,
        batch_rows: int = BATCH_ROWS,
    ) -> Iterator[pa.RecordBatch]:
        """Yield rows [start, stop) of a table in order, in batches of at most ``batch_rows``.

        Text columns may be dictionary-encoded. The cells do not depend on where a range starts,
        how it is cut into batches or which columns are asked for.
        """
        made = self.tables[table]
        names = list(made.columns) if columns is None else list(columns)
        end = made.row_count if stop is None else min(stop, made.row_count)
        for first in range(start, end, batch_rows):
            frame = self.frame(table, np.arange(first, min(first + batch_rows, end)))
            yield pa.RecordBatch.from_arrays([frame.column(name) for name in names], names=names)
