"""Solving the rules that no range or list can express: rows that break them are drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from dataforge.engine.hints import Hints
from dataforge.engine.nulls import BoolArray, plain, scatter, with_nulls
from dataforge.engine.rules.evaluate import evaluate
from dataforge.errors import RuleConflictError
from dataforge.schema.expressions import Expr
from dataforge.streams import IntArray

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame
    from dataforge.engine.plan import ColumnPlan

MAX_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule in the form that is evaluated, with the text that messages quote."""

    expr: Expr
    text: str


def holds(condition: Condition, frame: Frame) -> BoolArray:
    """Tell in which rows of a frame a condition is not false."""
    answer = evaluate(condition.expr, frame.column, frame.rows.size, frame.plan.schema.now)
    mask: BoolArray = (
        answer.cast(pa.bool_()).fill_null(fill_value=True).to_numpy(zero_copy_only=False)
    )
    return mask


@dataclass(frozen=True, slots=True)
class Solution:
    """The columns and the references (by index) of a solved group."""

    columns: dict[str, pa.Array]
    references: dict[int, IntArray]


class Partial:
    """A solution that grows by the rows that each draw satisfies."""

    def __init__(self, columns: Sequence[str], references: Sequence[int], size: int) -> None:
        """Begin with no row solved."""
        self._columns: dict[str, list[tuple[IntArray, pa.Array]]] = {n: [] for n in columns}
        self._references = {index: np.full(size, -1, dtype=np.int64) for index in references}
        self._size = size

    def add(self, attempt: Frame, places: IntArray, solved: BoolArray) -> None:
        """Take over the rows of ``attempt``, which stand at ``places``, where ``solved``."""
        whole = bool(solved.all())
        for name, parts in self._columns.items():
            made = attempt.column(name)
            kept = made if whole else plain(made).filter(pa.array(solved))
            parts.append((places[solved], kept))
        for index, rows in self._references.items():
            rows[places[solved]] = attempt.reference(index)[solved]

    def joined(self) -> Solution:
        """Return the columns in row order."""
        columns = {name: scatter(parts, self._size) for name, parts in self._columns.items()}
        return Solution(columns, self._references)


@dataclass(frozen=True, eq=False)
class RedrawGroup:
    """Columns that are drawn together until every condition over them holds.

    Row by row the first draw number that satisfies the conditions wins, so the outcome depends
    on the row alone. From the second draw on, cells sometimes take a constant that the conditions
    speak of, or are null where they ask for null. A row that ``MAX_DRAWS`` draws do not satisfy
    gets nulls in the ``nullable`` columns if that satisfies it; else the run is refused.
    """

    table: str
    columns: tuple[str, ...]
    nullable: tuple[str, ...]
    references: tuple[int, ...]
    conditions: Sequence[Condition]
    hints: Hints = field(default_factory=Hints)

    def solve(self, frame: Frame) -> Solution:
        """Return the group's columns and references for the frame's rows."""
        pending: IntArray = np.arange(frame.rows.size)
        solution = Partial(self.columns, self.references, frame.rows.size)
        for draw in range(MAX_DRAWS):
            attempt = frame.attempt(frame.rows[pending], self, draw)
            solved = self._holds(attempt)
            solution.add(attempt, pending, solved)
            pending = pending[~solved]
            if not pending.size:
                return solution.joined()
        self._null_out(frame, pending, solution)
        return solution.joined()

    def _holds(self, frame: Frame) -> BoolArray:
        together = np.ones(frame.rows.size, dtype=np.bool_)
        for condition in self.conditions:
            together &= holds(condition, frame)
        return together

    def _null_out(self, frame: Frame, pending: IntArray, solution: Partial) -> None:
        attempt = frame.attempt(frame.rows[pending], self, 0)
        absent = np.ones(pending.size, dtype=np.bool_)
        attempt.settle(
            {name: with_nulls(plain(attempt.column(name)), absent) for name in self.nullable}
        )
        if not self._holds(attempt).all():
            raise RuleConflictError(self._refusal(pending.size, frame.rows.size))
        solution.add(attempt, pending, absent)

    def _refusal(self, left: int, size: int) -> str:
        texts = " and ".join(f"({condition.text})" for condition in self.conditions)
        return (
            f"tables.{self.table}.rules: {texts}: {left} of {size} rows found no values in "
            f"{MAX_DRAWS} draws of {', '.join(self.columns)} ({1 - left / size:.0%} did); "
            "widen the columns' ranges to where the rules can hold, or drop a rule"
        )


def conditions_of(column: ColumnPlan) -> Sequence[Condition]:
    """Return the conditions that a column's group solves."""
    return () if column.group is None else column.group.conditions
