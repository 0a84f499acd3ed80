"""What is done to a batch of clean rows, one kind of dirt after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from dataforge.engine.dirt.batch import DirtyBatch
from dataforge.engine.dirt.draws import Draws, Editor
from dataforge.engine.rules.evaluate import evaluate
from dataforge.schema.expressions import Expr
from dataforge.streams import FloatArray, IntArray, below


class Step(Protocol):
    """One kind of dirt on one column, or on a pair of them."""

    def apply(self, batch: DirtyBatch) -> None:
        """Change some cells of the batch; a pure function of its rows."""
        ...


@dataclass(frozen=True, slots=True)
class Edit:
    """An editor's work on the cells of a column that have a value, each with probability rate."""

    number: int
    column: str
    key: int
    rate: float
    editor: Editor

    def apply(self, batch: DirtyBatch) -> None:
        """Edit the cells that are hit."""
        draws = batch.draws(self.key)
        hit = np.flatnonzero(draws.uniform("hit") < self.rate)
        places = batch.present(self.column, hit)
        if places.size:
            values = batch.value(self.column).take(pa.array(places))
            made = self.editor.edit(values, draws.at(places))
            batch.put(self.column, places, made, self.number)


@dataclass(frozen=True, slots=True)
class Missing:
    """Cells emptied with ``rate`` where ``condition`` is true of the clean row, else with another.

    ``markers`` are drawn instead of null.
    """

    number: int
    column: str
    key: int
    rate: float
    otherwise: float
    condition: Expr | None
    markers: tuple[str, ...]

    def apply(self, batch: DirtyBatch) -> None:
        """Empty the cells that are hit."""
        draws = batch.draws(self.key)
        hit = np.flatnonzero(draws.uniform("hit") < self._shares(batch))
        places = batch.present(self.column, hit)
        if places.size:
            batch.put(self.column, places, self._empty(batch, draws.at(places)), self.number)

    def _shares(self, batch: DirtyBatch) -> FloatArray | float:
        if self.condition is None:
            return self.rate
        frame = batch.frame
        answer = evaluate(self.condition, frame.column, batch.size, frame.plan.schema.now)
        holds = answer.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
        return np.where(holds, self.rate, self.otherwise)

    def _empty(self, batch: DirtyBatch, draws: Draws) -> pa.Array:
        kind = batch.value(self.column).type
        if not self.markers:
            return pa.nulls(draws.rows.size, kind)
        drawn = below(draws.bits("marker"), len(self.markers))
        return pa.array(self.markers, kind).take(pa.array(drawn))


@dataclass(frozen=True, slots=True)
class Swap:
    """Two columns' values exchanged in rows that are hit."""

    number: int
    columns: tuple[str, str]
    key: int
    rate: float

    def apply(self, batch: DirtyBatch) -> None:
        """Exchange the values as they are by now."""
        hit = np.flatnonzero(batch.draws(self.key).uniform("hit") < self.rate)
        if not hit.size:
            return
        first, second = self.columns
        taken = [batch.value(name).take(pa.array(hit)) for name in (first, second)]
        batch.put(first, hit, taken[1], self.number)
        batch.put(second, hit, taken[0], self.number)


@dataclass(frozen=True, slots=True)
class Near:
    """One field of some duplicates entered differently: by a slip, in another case or spacing.

    ``editors`` act with the bits from ``number`` on, drawn by ``weights``.
    """

    number: int
    columns: tuple[str, ...]
    key: int
    share: float
    editors: Sequence[Editor]
    weights: Sequence[float]

    def apply(self, batch: DirtyBatch) -> None:
        """Edit a field that has a value, as long as there is one."""
        places = np.flatnonzero(batch.placed.duplicate >= 0)
        draws = Draws(self.key, batch.placed.duplicate[places])
        near = np.flatnonzero(draws.uniform("near") < self.share)
        places, draws = places[near], draws.at(near)
        if not places.size or not self.columns:
            return
        field = self._fields(batch, places, draws)
        form = np.searchsorted(np.cumsum(self.weights), draws.uniform("form"), side="right")
        for number, column in enumerate(self.columns):
            for kind, editor in enumerate(self.editors):
                own = np.flatnonzero((field == number) & (form == kind))
                if own.size:
                    values = batch.value(column).take(pa.array(places[own]))
                    made = editor.edit(values, draws.at(own))
                    batch.put(column, places[own], made, self.number + kind)

    def _fields(self, batch: DirtyBatch, places: IntArray, draws: Draws) -> IntArray:
        """Draw a column with a value for each place, -1 where all are null."""
        taken = pa.array(places)
        valid = np.stack(
            [np.asarray(batch.value(name).take(taken).is_valid()) for name in self.columns]
        )
        count = valid.sum(axis=0)
        drawn = below(draws.bits("field"), np.maximum(count, 1))
        chosen = np.argmax(np.cumsum(valid, axis=0) > drawn, axis=0)
        return np.where(count > 0, chosen, -1)
