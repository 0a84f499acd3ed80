"""Rows without files: any range of any table, by the very code that writes the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from dataforge.engine import DirtyPlan, Plan, compile_written
from dataforge.engine.dirt.truth import TRUTH_SCHEMA
from dataforge.engine.nulls import plain
from dataforge.schema import Schema
from dataforge.workflows.truth import written_truth


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table of a compiled schema: its size, its Arrow types, and its rows on demand."""

    plan: Plan
    name: str

    @property
    def row_count(self) -> int:
        """Rows of the table."""
        return self.plan.tables[self.name].row_count

    @property
    def arrow_schema(self) -> pa.Schema:
        """The columns with their logical types, none of them dictionary-encoded."""
        return self.plan.tables[self.name].arrow_schema

    def batches(self, start: int, stop: int) -> Iterator[pa.RecordBatch]:
        """Yield rows [start, stop) as batches of ``arrow_schema``, in bounded memory."""
        for batch in self.plan.batches(self.name, start, stop):
            columns = [plain(column) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, schema=self.arrow_schema)


@dataclass(frozen=True, slots=True)
class TruthSource:
    """What was done to the rows of a dirty table, as rows on demand."""

    plan: DirtyPlan
    name: str

    def read(self, start: int, stop: int) -> pa.Table:
        """Return the truth about rows [start, stop) of the dirty table."""
        return pa.Table.from_batches(written_truth(self.plan, self.name, start, stop), TRUTH_SCHEMA)


def open_truth(tables: dict[str, TableSource]) -> dict[str, TruthSource]:
    """Return the truth about each dirty table of a compiled schema."""
    plans = {name: source.plan for name, source in tables.items()}
    return {
        name: TruthSource(plan, name)
        for name, plan in plans.items()
        if isinstance(plan, DirtyPlan) and name in plan.dirt
    }


def open_rows(schema: Schema) -> dict[str, TableSource]:
    """Compile ``schema`` and return its tables; SchemaError, CapacityError, RuleConflictError."""
    plan = compile_written(schema)
    return {name: TableSource(plan, name) for name in plan.tables}
