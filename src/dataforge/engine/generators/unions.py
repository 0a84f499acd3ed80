"""Polymorphic references: a label that names a table and a key of a row in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.categories import choose
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.nulls import scatter
from dataforge.engine.rules.cast import cast_to
from dataforge.engine.search import Ladder
from dataforge.streams import IntArray, below


@dataclass(frozen=True)
class UnionChoice:
    """Which target each row points to: both halves of the reference draw it from here.

    Targets without rows have no weight while another has rows.
    """

    group: str
    labels: tuple[str, ...]
    ladder: Ladder

    def draw(self, cells: Cells) -> IntArray:
        """Return the index of each row's target."""
        return choose(cells.shared_bits(self.group, "label"), len(self.labels), self.ladder)


@dataclass(frozen=True)
class UnionLabel:
    """The label of each row's target."""

    choice: UnionChoice
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Look the labels up."""
        indices = pa.array(self.choice.draw(cells).astype(np.int32))
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.choice.labels))


@dataclass(frozen=True)
class UnionKey:
    """The key of a row of each row's target; ``targets`` are (table, key column)."""

    choice: UnionChoice
    targets: tuple[tuple[str, str], ...]
    type: pa.DataType
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw a row of the target and compute its key."""
        plan = frame_of(cells).plan
        chosen = self.choice.draw(cells)
        words = cells.bits("row")
        parts = []
        for number, (table, column) in enumerate(self.targets):
            places = np.flatnonzero(chosen == number)
            target = plan.tables[table]
            if not places.size or not target.row_count:
                parts.append((places, pa.nulls(places.size, self.type)))
                continue
            rows = below(words[places], target.row_count)
            keys = Frame(plan, target, rows).column(column)
            parts.append((places, cast_to(keys, self.type)))
        return scatter(parts, len(cells.rows))
