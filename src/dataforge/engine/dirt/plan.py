"""The plan of what is written: the clean plan, and what dirt makes of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.compile import compile_schema
from dataforge.engine.dirt.batch import DirtyBatch
from dataforge.engine.dirt.building import build
from dataforge.engine.dirt.rows import RowOrder
from dataforge.engine.dirt.steps import Step
from dataforge.engine.dirt.truth import Text, is_dirty, sql_text, truth_of
from dataforge.engine.frames import Frame
from dataforge.engine.plan import BATCH_ROWS, ColumnPlan, Plan, TablePlan
from dataforge.schema import Schema, dirtied, has_dirt
from dataforge.streams import IntArray


@dataclass(frozen=True)
class DirtyTable:
    """The dirt of one table: where its rows stand and what is done to them, step by step.

    ``kinds`` names the steps by number; those from ``near`` on are of near duplicates alone.
    """

    order: RowOrder
    steps: Sequence[Step]
    kinds: Sequence[str]
    near: int
    columns: Sequence[str]
    label: str | None = None

    def batch(self, plan: Plan, table: str, start: int, stop: int) -> DirtyBatch:
        """Return the positions [start, stop) with all dirt done; any range alone, the same."""
        placed = self.order.place(start, stop)
        made = DirtyBatch(plan.frame(table, placed.source), placed)
        for step in self.steps:
            step.apply(made)
        return made


@dataclass(frozen=True)
class DirtyPlan(Plan):
    """A plan whose tables have the rows, columns and promises that are left when dirt is done.

    ``schema`` is the one that was asked for, ``written_schema`` says what the written rows keep.
    """

    written: Schema | None = None
    clean: Plan | None = None
    dirt: Mapping[str, DirtyTable] = field(default_factory=dict)

    @property
    def written_schema(self) -> Schema:
        """What the written rows keep of the schema."""
        return self.written or self.schema

    @property
    def clean_plan(self) -> Plan:
        """The plan of the clean twin."""
        return self.clean or self

    def frame(self, table: str, rows: IntArray) -> Frame:
        """Return a frame of clean rows."""
        return self.clean_plan.frame(table, rows)

    def batches(
        self,
        table: str,
        start: int = 0,
        stop: int | None = None,
        columns: Sequence[str] | None = None,
        batch_rows: int = BATCH_ROWS,
    ) -> Iterator[pa.RecordBatch]:
        """Yield the dirty rows [start, stop) in order, as ``Plan.batches`` does the clean ones."""
        dirt = self.dirt.get(table)
        if dirt is None:
            yield from self.clean_plan.batches(table, start, stop, columns, batch_rows)
            return
        names = list(self.tables[table].columns) if columns is None else list(columns)
        for made, _ in self._made(dirt, table, start, stop, batch_rows):
            arrays = [
                pa.array(is_dirty(made)) if name == dirt.label else _column(made, name)
                for name in names
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=names)

    def truth(
        self, table: str, start: int = 0, stop: int | None = None, text: Text = sql_text
    ) -> Iterator[pa.RecordBatch]:
        """Yield the truth about the rows [start, stop) of a dirty table, by row.

        ``text`` gives the values of a column as strings.
        """
        dirt = self.dirt[table]
        for made, first in self._made(dirt, table, start, stop, BATCH_ROWS):
            yield truth_of(made, first, dirt.columns, dirt.kinds, dirt.near, text)

    def _made(
        self, dirt: DirtyTable, table: str, start: int, stop: int | None, batch_rows: int
    ) -> Iterator[tuple[DirtyBatch, int]]:
        total = dirt.order.total
        end = total if stop is None else min(stop, total)
        for first in range(start, end, batch_rows):
            last = min(first + batch_rows, end)
            yield dirt.batch(self.clean_plan, table, first, last), first


def compile_written(schema: Schema) -> Plan:
    """Compile a schema and its dirt; without dirt this is ``compile_schema``.

    Raises as that does, and ``SchemaError`` where dirt cannot be made.
    """
    clean = compile_schema(schema)
    if not has_dirt(clean.schema):
        return clean
    written = dirtied(clean.schema)
    dirt = {table.name: _table(clean, table.name) for table in clean.schema.tables if table.dirt}
    tables = {name: _written(made, written, dirt.get(name)) for name, made in clean.tables.items()}
    return DirtyPlan(clean.schema, tables, clean.notes, {}, written, clean, dirt)


def _table(clean: Plan, name: str) -> DirtyTable:
    table = clean.schema.table(name)
    built = build(clean, table)
    columns = tuple(column.name for column in table.columns)
    return DirtyTable(built.order, built.steps, built.kinds, built.near, columns, table.dirt_label)


def _written(made: TablePlan, written: Schema, dirt: DirtyTable | None) -> TablePlan:
    table = written.table(made.name)
    if dirt is None:
        return replace(made, table=table)
    columns = dict(made.columns)
    if dirt.label is not None:
        columns[dirt.label] = ColumnPlan(dirt.label, pa.bool_(), _Label(), 0)
    return replace(made, table=table, row_count=dirt.order.total, columns=columns)


@dataclass(frozen=True, slots=True)
class _Label:
    """Stands for the column that tells dirty rows; clean rows are not."""

    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Tell that no clean row is dirty."""
        return pa.array(np.zeros(cells.rows.size, dtype=np.bool_))


def _column(made: DirtyBatch, name: str) -> pa.Array:
    return made.values[name] if name in made.values else made.frame.column(name)
