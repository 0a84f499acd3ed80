"""Columns computed from the row's parents, children and siblings.

Families can be far larger than a batch, so their rows are made a block at a time. Sums of floats
are added in row order within each family, so that no digit depends on the batch or the block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.layout import Children
from dataforge.engine.nulls import plain
from dataforge.engine.plan import TablePlan
from dataforge.engine.rules.evaluate import evaluate
from dataforge.errors import RunError
from dataforge.schema.expressions import Expr
from dataforge.streams import IntArray

Function = Literal["sum", "count", "min", "max", "mean", "first", "last"]
Numbers = npt.NDArray[Any]
Back = Callable[[Numbers], pa.Array]

_BLOCK_ROWS = 1 << 18
_SHORT = 64


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column of the parent that foreign key number ``reference`` points to."""

    reference: int
    column: str
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Compute the parent's column at the referenced rows."""
        return frame_of(cells).parent_column(self.reference, self.column)


@dataclass(frozen=True)
class Aggregate:
    """``function`` over ``value`` of the rows of ``table`` that each row owns."""

    table: str
    function: Function
    value: str | Expr | None
    now: datetime
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Make the children's values and reduce them parent by parent; each parent once."""
        frame = frame_of(cells)
        child = frame.plan.tables[self.table]
        parents, places = np.unique(frame.rows, return_inverse=True)
        families = child.owner_layout.children(parents)
        if self.function == "count" and self.value is None:
            return pa.array(families.count[places])
        if self.function in {"first", "last"}:
            return self._end(frame, child, families).take(pa.array(places))
        blocks = (
            (self._values(Frame(frame.plan, child, block.rows)), block.family)
            for block in _blocks(families)
        )
        return _reduce(self.function, blocks, parents.size).take(pa.array(places))

    def _end(self, frame: Frame, child: TablePlan, families: Children) -> pa.Array:
        """Return the value of each family's first or last row."""
        present = families.count > 0
        rows = families.start + (families.count - 1 if self.function == "last" else 0)
        values = self._values(Frame(frame.plan, child, rows[present]))
        index = np.cumsum(present) - 1
        return values.take(pa.array(index, mask=~present))

    def _values(self, children: Frame) -> pa.Array:
        if isinstance(self.value, str):
            return plain(children.column(self.value))
        assert self.value is not None  # noqa: S101 - validated with the schema
        return evaluate(self.value, children.column, children.rows.size, self.now)


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """The sum of a column over the earlier siblings and the row itself; nulls add nothing.

    ``_reached`` keeps the total at which the last batch ended, so that a long family made batch
    by batch is added up once. It is a cache only; the answers are the same.
    """

    column: str
    needs: tuple[str, ...]
    _reached: dict[int, tuple[int, Any]] = field(default_factory=dict, compare=False)

    def make(self, cells: Cells) -> pa.Array:
        """Add up each family to the last row that is asked for."""
        frame = frame_of(cells)
        position = frame.position()
        parents, which = np.unique(position.parent, return_inverse=True)
        families = frame.table.owner_layout.children(parents)
        last = np.zeros(parents.size, dtype=np.int64)
        np.maximum.at(last, which, position.ordinal)
        skipped, carry = self._resumed(parents, which, position.ordinal)
        pending = Children(families.start + skipped, last + 1 - skipped)
        first = np.cumsum(pending.count) - pending.count
        place = first[which] + position.ordinal - skipped[which]
        found: list[tuple[IntArray, Numbers]] = []
        back: Back = pa.array
        for block in _blocks(pending):
            values = plain(frame.at(block.rows).column(self.column))
            numbers, back = _numbers(values)
            totals = _running(numbers, block.family, carry)
            inside = np.flatnonzero((place >= block.first) & (place < block.first + totals.size))
            found.append((inside, totals[place[inside] - block.first]))
        totals = _assembled(found, place.size)
        if place.size:
            reached = (int(position.ordinal[-1]) + 1, totals[-1])
            self._reached.clear()
            self._reached[int(position.parent[-1])] = reached
        return back(totals)

    def _resumed(
        self, parents: IntArray, which: IntArray, ordinals: IntArray
    ) -> tuple[IntArray, dict[int, Any]]:
        """Return how many rows of each family are added up already, and their total."""
        skipped = np.zeros(parents.size, dtype=np.int64)
        for parent, (reached, total) in list(self._reached.items()):
            family = int(np.searchsorted(parents, parent))
            if family == parents.size or parents[family] != parent:
                continue
            if ordinals[which == family].min() >= reached:
                skipped[family] = reached
                return skipped, {family: total}
        return skipped, {}


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of all families: row numbers, family indices, place of the first."""

    rows: IntArray
    family: IntArray
    first: int


def _blocks(families: Children) -> Iterator[Block]:
    """Yield the rows of all families in order, a block at a time; at least one block."""
    ends = np.cumsum(families.count)
    total = int(ends[-1]) if ends.size else 0
    for first in range(0, max(total, 1), _BLOCK_ROWS):
        places = np.arange(first, min(first + _BLOCK_ROWS, total))
        family = np.searchsorted(ends, places, side="right")
        begins = ends[family] - families.count[family]
        yield Block(families.start[family] + places - begins, family, first)


def _reduce(function: Function, blocks: Iterator[tuple[pa.Array, IntArray]], size: int) -> pa.Array:
    present = (_present(values, family) for values, family in blocks)
    if function == "count":
        return pa.array(sum(np.bincount(family, minlength=size) for _, family in present))
    if function in {"min", "max"}:
        return _extremes(function, present, size)
    return _sums(function, present, size)


def _present(values: pa.Array, family: IntArray) -> tuple[pa.Array, IntArray]:
    if not values.null_count:
        return values, family
    valid = values.is_valid()
    return values.filter(valid), family[valid.to_numpy(zero_copy_only=False)]


def _sums(function: Function, blocks: Iterator[tuple[pa.Array, IntArray]], size: int) -> pa.Array:
    counts = np.zeros(size, dtype=np.int64)
    rough = np.zeros(size)
    sums: Numbers | None = None
    back: Back = pa.array
    for values, family in blocks:
        numbers, back = _numbers(values)
        sums = np.zeros(size, dtype=numbers.dtype) if sums is None else sums
        np.add.at(sums, family, numbers)
        counts += np.bincount(family, minlength=size)
        rough += np.bincount(family, weights=numbers, minlength=size)
    assert sums is not None  # noqa: S101 - there is always one block
    _check_room(sums, rough)
    if function == "sum":
        return back(sums)
    scale = getattr(back(sums[:0]).type, "scale", 0)
    means = sums / float(10**scale) / np.maximum(counts, 1)
    return pa.array(means, mask=counts == 0)


def _extremes(
    function: Function, blocks: Iterator[tuple[pa.Array, IntArray]], size: int
) -> pa.Array:
    found = pa.concat_tables([_extreme(function, values, groups) for values, groups in blocks])
    if found.num_rows > size:
        found = _extreme(function, found["value"], found["group"])
    places = np.full(size, -1, dtype=np.int64)
    places[found["group"].to_numpy()] = np.arange(found.num_rows)
    # A family whose rows stand in two blocks has two entries until they are reduced together.
    if np.count_nonzero(places >= 0) < found.num_rows:
        return _extremes(function, iter([(found["value"], found["group"])]), size)
    return found["value"].combine_chunks().take(pa.array(places, mask=places < 0))


def _extreme(function: Function, values: Any, groups: Any) -> pa.Table:
    """Return each group's least or greatest value as a table (group, value)."""
    table = pa.table({"group": groups, "value": values})
    found = table.group_by("group", use_threads=False).aggregate([("value", function)])
    return pa.table({"group": found["group"], "value": found[f"value_{function}"]})


def _running(numbers: Numbers, family: IntArray, carry: dict[int, Any]) -> Numbers:
    """Return the totals so far within each family; ``carry`` holds what families bring along.

    What a family brought is taken out of it, the last family's total is put in.
    """
    starts = np.flatnonzero(np.diff(family, prepend=-1))
    numbers = numbers.copy()
    for start in starts[np.isin(family[starts], list(carry))].tolist():
        numbers[start] += carry.pop(int(family[start]))
    if numbers.dtype.kind == "i":
        rough = _within(np.cumsum(numbers.astype(np.float64)), numbers, starts)
        # Totals over several families may wrap; the differences within one are exact.
        numbers = _within(np.cumsum(numbers), numbers, starts)
        _check_room(numbers, rough)
    else:
        _run_floats(numbers, starts)
    if numbers.size:
        carry[int(family[-1])] = numbers[-1]
    return numbers


def _within(totals: Numbers, numbers: Numbers, starts: IntArray) -> Numbers:
    """Take from running totals what the families before had come to."""
    sizes = np.diff(starts, append=numbers.size)
    within: Numbers = totals - np.repeat(totals[starts] - numbers[starts], sizes)
    return within


def _run_floats(numbers: Numbers, starts: IntArray) -> None:
    """Add up in row order and in place: all short families in step, long ones by themselves."""
    sizes = np.diff(starts, append=numbers.size)
    short = sizes <= _SHORT
    for step in range(1, _SHORT):
        at = starts[short & (sizes > step)] + step
        numbers[at] += numbers[at - 1]
    for start, size in zip(starts[~short].tolist(), sizes[~short].tolist(), strict=True):
        np.cumsum(numbers[start : start + size], out=numbers[start : start + size])


def _assembled(found: list[tuple[IntArray, Numbers]], size: int) -> Numbers:
    """Put totals at their places."""
    totals = np.zeros(size, dtype=found[0][1].dtype)
    for places, values in found:
        totals[places] = values
    return totals


def _check_room(sums: Numbers, rough: npt.NDArray[np.float64]) -> None:
    """Refuse sums of exact numbers that leave 64 bits."""
    if sums.dtype.kind == "i" and np.abs(rough).max(initial=0.0) >= 2.0**63:
        msg = "a sum does not fit the 64 bits of exact arithmetic → narrow the column it adds up"
        raise RunError(msg)


def _numbers(values: pa.Array) -> tuple[Numbers, Back]:
    """Return values as NumPy numbers, exact ones as int64, nulls as 0, and the way back."""
    kind = values.type
    if pa.types.is_decimal(kind):
        wide = pa.decimal128(38, kind.scale)
        return unscaled(values), lambda units: decimal_array(units, wide)
    if pa.types.is_integer(kind):
        return values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), pa.array
    floats = values.cast(pa.float64()).fill_null(0.0)
    return floats.to_numpy(zero_copy_only=False), pa.array
