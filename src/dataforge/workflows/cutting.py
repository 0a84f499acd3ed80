"""How many rows of a table fit a file of so many bytes, from the size of its last rows.

A part is cut again where its rows turn out to take more (``sinks.writing``), so this decides how
even the files are, not whether they keep to their size. Deterministic: the rows decide.
"""

from __future__ import annotations

import io

from dataforge.engine import Plan
from dataforge.sinks.atomic import HashingStream
from dataforge.sinks.formats import sink_of
from dataforge.sinks.forms import Form

_SAMPLED = 1 << 15
_ROOM = 0.97
_DIGITS = 2


def part_rows_of(plan: Plan, table: str, form: Form) -> int | None:
    """Return the most rows of a part of a table; None leaves them to ``sinks.layout``."""
    if form.part_bytes is None:
        return form.part_rows
    fitting = _fitting(plan, table, form, form.part_bytes)
    # Rows that go to folders are held while they are sorted.
    bounded = form.part_rows is not None or form.partition_by
    return min(fitting, form.rows_per_part) if bounded else fitting


def _fitting(plan: Plan, table: str, form: Form, most_bytes: int) -> int:
    """Return how many rows fit; where all do, how many there are."""
    count = plan.tables[table].row_count
    sampled = min(count, _SAMPLED)
    whole = _size(plan, table, form, sampled)
    if sampled == count and whole <= most_bytes:
        return max(count, 1)
    part = sampled // 2
    each = (whole - _size(plan, table, form, part)) / max(sampled - part, 1)
    head = max(whole - each * sampled, 0.0)
    fitting = max((most_bytes - head) * _ROOM / max(each, 1e-3), 1.0)
    return count if fitting >= count else _rounded(fitting)


def _size(plan: Plan, table: str, form: Form, rows: int) -> int:
    """Return how many bytes the last rows of a table take as a file, with the longest keys."""
    made = plan.tables[table]
    stream = HashingStream(io.BytesIO())
    batches = plan.batches(table, made.row_count - rows, made.row_count)
    sink_of(form, plan.schema).write(made.table, made.arrow_schema, batches, stream)
    size_bytes: int = stream.size_bytes
    return size_bytes


def _rounded(rows: float) -> int:
    """Round a number of rows down to few digits, so that small changes of a schema change none."""
    unit: int = 10 ** max(len(str(int(rows))) - _DIGITS, 0)
    return max(int(rows) // unit * unit, 1)
