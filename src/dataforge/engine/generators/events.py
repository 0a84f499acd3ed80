"""Chains of states with a row for each: an order's history, a ticket's events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.kin import FamilyScan, Kin, compressed, uniform
from dataforge.engine.generators.machines import Dwells, Steps
from dataforge.engine.generators.moments import Moments
from dataforge.streams import IntArray


@dataclass(frozen=True)
class EventStates:
    """The state of each row: the machine's initial one, then what follows the sibling before.

    Every row draws where each state would lead, so that families are gone through by joining
    these maps; the first row's map has one state only, which ends what came before it.
    """

    name: str
    steps: Steps
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Write the states' names."""
        numbers = pa.array(self.numbers(frame_of(cells)).astype(np.int32))
        return pa.DictionaryArray.from_arrays(numbers, pa.array(self.steps.states))

    def numbers(self, frame: Frame) -> IntArray:
        """Return the states by number."""
        return frame.shared(f"{self.name}/states", self._scan.values)

    @cached_property
    def _scan(self) -> FamilyScan:
        return FamilyScan(self._follow)

    def _follow(self, kin: Kin) -> IntArray:
        rest = kin.count - 1 - kin.ordinal
        maps = self.steps.maps(rest, uniform(kin.frame, f"{self.name}/next"))
        maps[kin.opens] = self.steps.initial
        maps[kin.resumes] = kin.known[kin.resumes][:, None]

        def join(rows: IntArray, earlier: IntArray) -> None:
            maps[rows] = np.take_along_axis(maps[rows], maps[earlier], axis=1)

        kin.doubled(join)
        return maps[:, 0]


@dataclass(frozen=True)
class EventTimes:
    """When each state began: the owner's moment and the dwell times since."""

    name: str
    chain: EventStates
    dwells: Dwells
    moments: Moments
    owner: int
    after: str
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Add the ticks since the owner's moment."""
        frame = frame_of(cells)
        start = self.moments.of_owner(frame, self.owner, self.after)
        since = compressed(self._scan.values(frame), self.moments.now - start)
        return self.moments.write(start + since // self.moments.step * self.moments.step)

    @cached_property
    def _scan(self) -> FamilyScan:
        return FamilyScan(self._follow)

    def _follow(self, kin: Kin) -> IntArray:
        states = self.chain.numbers(kin.frame)
        before = np.concatenate([states[:1], states[:-1]])
        ticks = self.dwells.draw(before, states, uniform(kin.frame, f"{self.name}/dwell"))
        ticks[kin.within == 0] = kin.known[kin.within == 0]
        ticks[kin.opens] = 0
        return kin.totals(ticks)
