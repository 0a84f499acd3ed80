"""Columns computed from the row's parents, children and siblings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells
from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.nulls import plain
from dataforge.engine.rules.evaluate import evaluate
from dataforge.schema.expressions import Expr
from dataforge.streams import IntArray

Function = Literal["sum", "count", "min", "max", "mean"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column of the parent that foreign key number ``reference`` points to."""

    reference: int
    column: str
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Compute the parent's column at the referenced rows."""
        return frame_of(cells).frame.parent_column(self.reference, self.column)


@dataclass(frozen=True)
class Aggregate:
    """``function`` over ``value`` of the rows of ``table`` that each row owns."""

    table: str
    function: Function
    value: str | Expr | None
    now: datetime
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Make the children's values and reduce them parent by parent."""
        frame = frame_of(cells).frame
        child = frame.plan.tables[self.table]
        family = child.owner_layout.children(frame.rows)
        if self.function == "count" and self.value is None:
            return pa.array(family.count)
        rows, groups = _flatten(family.start, family.count)
        children = Frame(frame.plan, child, rows)
        return _reduce(self.function, self._values(children), groups, len(family.count))

    def _values(self, children: Frame) -> pa.Array:
        if isinstance(self.value, str):
            return plain(children.column(self.value))
        assert self.value is not None  # noqa: S101 - validated with the schema
        return evaluate(self.value, children.column, children.rows.size, self.now)


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """The sum of a column over the earlier siblings and the row itself."""

    column: str
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Sum over whole families, then take each row's place in its own."""
        frame = frame_of(cells).frame
        position = frame.position()
        parents, which = np.unique(position.parent, return_inverse=True)
        family = frame.table.owner_layout.children(parents)
        rows, _ = _flatten(family.start, family.count)
        values = frame.at(rows).column(self.column).fill_null(0)
        numbers, back = _numbers(values)
        totals = np.cumsum(numbers)
        first = np.cumsum(family.count) - family.count
        before = np.where(first > 0, totals[first - 1], 0)
        place = first[which] + position.ordinal
        return back(totals[place] - before[which])


def _flatten(start: IntArray, count: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of all ranges [start, start + count) and the range each belongs to."""
    groups = np.repeat(np.arange(count.size), count)
    first = np.cumsum(count) - count
    return np.arange(int(count.sum())) - first[groups] + start[groups], groups


def _reduce(function: Function, values: pa.Array, groups: IntArray, size: int) -> pa.Array:
    if values.null_count:
        present = values.is_valid()
        groups = groups[present.to_numpy(zero_copy_only=False)]
        values = values.filter(present)
    counts = np.bincount(groups, minlength=size)
    if function == "count":
        return pa.array(counts)
    if function in {"min", "max"}:
        return _extremes(function, values, groups, size)
    numbers, back = _numbers(values)
    edges = np.concatenate(([0], np.cumsum(counts)))
    totals = np.concatenate((np.zeros(1, dtype=numbers.dtype), np.cumsum(numbers)))
    sums = totals[edges[1:]] - totals[edges[:-1]]
    if function == "sum":
        return back(sums)
    empty = pa.array(counts == 0)
    mean = pc.divide(back(sums).cast(pa.float64()), pa.array(np.maximum(counts, 1)))
    return pc.if_else(empty, None, mean)


def _extremes(function: Function, values: pa.Array, groups: IntArray, size: int) -> pa.Array:
    table = pa.table({"group": groups, "value": values})
    found = table.group_by("group", use_threads=False).aggregate([("value", function)])
    places = np.full(size, -1, dtype=np.int64)
    places[found["group"].to_numpy()] = np.arange(found.num_rows)
    picked = found[f"value_{function}"].combine_chunks()
    return picked.take(pa.array(places, mask=places < 0))


def _numbers(values: pa.Array) -> tuple[npt.NDArray[Any], Callable[[npt.NDArray[Any]], pa.Array]]:
    """Return values as NumPy numbers, exact ones as int64, and the way back to Arrow.

    Sums of decimals are exact: they are added as scaled integers, and int64 arithmetic that
    wraps in a prefix sum still gives every difference that fits.
    """
    kind = values.type
    if pa.types.is_decimal(kind):
        wide = pa.decimal128(38, kind.scale)
        return unscaled(values), lambda units: decimal_array(units, wide)
    if pa.types.is_integer(kind):
        return values.to_numpy(zero_copy_only=False).astype(np.int64), pa.array
    return values.cast(pa.float64()).to_numpy(zero_copy_only=False), pa.array
