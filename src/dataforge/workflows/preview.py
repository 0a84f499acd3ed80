"""Preview: the first rows of every table, by the very code that makes the whole."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from dataforge.engine import compile_written
from dataforge.engine.nulls import plain
from dataforge.errors import UnknownNameError
from dataforge.schema import Schema


def preview(
    schema: Schema, tables: Sequence[str] | None = None, rows: int = 10
) -> dict[str, pa.Table]:
    """Return the first ``rows`` rows of each table: the same cells that a full run writes."""
    plan = compile_written(schema)
    found = {}
    for name in plan.tables if tables is None else tables:
        if name not in plan.tables:
            raise UnknownNameError.of("table", name, plan.tables)
        table = plan.tables[name]
        batches = [
            pa.RecordBatch.from_arrays(
                [plain(column) for column in batch.columns], schema=table.arrow_schema
            )
            for batch in plan.batches(name, 0, rows)
        ]
        found[name] = pa.Table.from_batches(batches, schema=table.arrow_schema)
    return found
