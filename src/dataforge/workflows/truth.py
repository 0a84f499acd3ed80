"""The truth about dirty rows as every door hands it out: values in the text that CSV has."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from dataforge.engine import DirtyPlan
from dataforge.sinks.files.delimited import CSV_WORDING
from dataforge.sinks.text.words import words


def written_truth(plan: DirtyPlan, table: str, start: int, stop: int) -> Iterator[pa.RecordBatch]:
    """Yield the truth about rows [start, stop) of a dirty table."""
    types = {column.name: column.type for column in plan.schema.table(table).columns}

    def text(column: str, values: pa.Array) -> pa.Array:
        return words(values, types[column], CSV_WORDING)

    yield from plan.truth(table, start, stop, text)
