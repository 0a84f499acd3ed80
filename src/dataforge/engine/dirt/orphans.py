"""Keys that point nowhere: those which the parent table would use for its next rows.

A key is a function of the row number, so the keys of rows that do not exist are known, and differ
from all that do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.dirt.draws import Draws
from dataforge.engine.generators.keyed import RankedColumn, SuffixedColumn
from dataforge.engine.generators.sequences import Sequence
from dataforge.engine.generators.uuids import UuidGenerator
from dataforge.engine.nulls import plain
from dataforge.engine.plan import ColumnPlan, Plan
from dataforge.engine.references import PermutedRows
from dataforge.engine.rules.cast import cast_to
from dataforge.errors import Problem, SchemaError
from dataforge.schema import Table
from dataforge.schema.dirt_targets import reference_of
from dataforge.streams import below

_FEWEST, _SHARE = 100, 10
_MOST = 1 << 40


@dataclass(frozen=True, slots=True)
class Orphan:
    """The keys of ``count`` rows that would follow the parent's last, number ``first`` - 1."""

    plan: Plan
    parent: str
    column: str
    first: int
    count: int

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw one of the rows that do not exist."""
        rows = self.first + below(draws.bits("row"), self.count)
        keys = plain(self.plan.frame(self.parent, rows).column(self.column))
        return cast_to(keys, values.type)


def orphan_of(plan: Plan, table: Table, column: str, path: str) -> Orphan:
    """Return what makes orphans of a column; SchemaError where its parent has no key to spare."""
    reference = table.foreign_keys[reference_of(table, column)]
    parent, key = plan.tables[reference.parent], reference.parent_columns[0]
    used = parent.row_count
    spare = _spare(parent.columns[key], used)
    if spare < 1:
        message = f"{reference.parent}.{key} has no keys to spare, so no orphan of {column!r} is"
        remedy = "let a sequence, a uuid or a wider range make that key, or drop the orphans"
        raise SchemaError.of([Problem(path, f"{message} possible", remedy)])
    count = min(spare, max(used // _SHARE, _FEWEST))
    return Orphan(plan, reference.parent, key, used, count)


def _spare(column: ColumnPlan, used: int) -> int:
    """Return how many rows after the last would have keys of their own."""
    match column.generator:
        case UuidGenerator() | SuffixedColumn():
            return _MOST
        case RankedColumn(source=PermutedRows(permutation=order)):
            return order.size - used
        case Sequence(start=start, step=step) if step:
            low, high = _bounds(column.type)
            return ((high if step > 0 else low) - start) // step + 1 - used
        case _:
            return 0


def _bounds(kind: pa.DataType) -> tuple[int, int]:
    if pa.types.is_decimal(kind):
        most = 10 ** min(kind.precision - kind.scale, 18) - 1
        return -most, most
    if pa.types.is_integer(kind):
        bounds = np.iinfo(kind.to_pandas_dtype())
        return int(bounds.min), min(int(bounds.max), 2**63 - 1)
    return -(2**53), 2**53
