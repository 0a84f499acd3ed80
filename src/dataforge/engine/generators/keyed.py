"""Columns whose value is a rank in a domain, and foreign-key columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Domain
from dataforge.engine.frames import Frame, FrameCells
from dataforge.engine.generators.expressions import SomeCells
from dataforge.engine.nulls import plain
from dataforge.engine.permutation import Permutation
from dataforge.engine.references import Ranks
from dataforge.streams import IntArray


def frame_of(cells: Cells) -> Frame:
    """Return the frame that the engine's own cells belong to, or the part that they are."""
    if isinstance(cells, SomeCells):
        return frame_of(cells.cells).part(cells.places)
    assert isinstance(cells, FrameCells)  # noqa: S101 - these generators run in the engine only
    return cells.frame


@dataclass(frozen=True)
class RankedColumn:
    """A domain's value at each row's rank."""

    domain: Domain
    source: Ranks
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Decode the ranks."""
        return self.domain.decode(self.source.ranks(frame_of(cells)))


@dataclass(frozen=True)
class SuffixedColumn:
    """Distinct text from a list that is too short: later blocks of rows carry a number.

    Row r has the list's entry at a permuted place; rows past the list's length continue with
    `` 2``, `` 3``, … behind it, so that the first rows never depend on how many follow.
    """

    domain: Domain
    order: Permutation
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Decode, then append the block's number where it is not the first."""
        block, place = np.divmod(cells.rows, self.order.size)
        values = self.domain.decode(self.order.apply(place))
        if not block.any():
            return values
        number = pa.array(block + 1).cast(pa.string())
        suffix = pc.if_else(pa.array(block == 0), "", pc.binary_join_element_wise(" ", number, ""))
        return pc.binary_join_element_wise(plain(values), suffix, "")


@dataclass(frozen=True, slots=True)
class ForeignKeyColumn:
    """One column of a foreign key: the parent's column at the referenced row."""

    reference: int
    parent_column: str
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Compute the parent's column at the referenced rows; nothing is stored or joined."""
        return frame_of(cells).parent_column(self.reference, self.parent_column)


@dataclass(frozen=True, slots=True)
class OrdinalColumn:
    """The position within the owning parent."""

    start: int
    step: int
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Scale the ordinal."""
        ordinal: IntArray = frame_of(cells).position().ordinal
        return pa.array(ordinal * self.step + self.start)
