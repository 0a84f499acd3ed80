"""A whole chain of states in one row: where it stands now, and when it reached each state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge import streams
from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.machines import Dwells, Steps
from dataforge.engine.generators.moments import Moments
from dataforge.engine.nulls import with_nulls
from dataforge.schema.machines import LONGEST_CHAIN
from dataforge.streams import IntArray

_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Reached:
    """The last ``state`` of each row (n,), and when it first reached every state (S, n).

    A state that it did not reach has the least int64.
    """

    state: IntArray
    first: IntArray


@dataclass(frozen=True)
class Chains:
    """Chains that begin in ``after`` and have come as far as ``now``."""

    name: str
    steps: Steps
    dwells: Dwells
    moments: Moments
    after: str

    def reached(self, frame: Frame) -> Reached:
        """Go through the chains of a frame's rows, all of them a state at a time."""
        return frame.shared(f"{self.name}/chain", self._run)

    def _run(self, frame: Frame) -> Reached:
        start = self.moments.of_row(frame, self.after)
        state = np.full(start.size, self.steps.initial)
        first = np.full((len(self.steps.states), start.size), _NEVER)
        first[self.steps.initial] = start
        going, moment = np.arange(start.size), start
        next_key = frame.table.key_for(f"{self.name}/next")
        dwell_key = frame.table.key_for(f"{self.name}/dwell")
        for number in range(LONGEST_CHAIN):
            here = state[going]
            alive = ~self.steps.terminal[here]
            going, moment, here = going[alive], moment[alive], here[alive]
            if not going.size:
                break
            rows = frame.rows[going]
            following = self.steps.following(here, streams.uniform(next_key, rows, number))
            ticks = self.dwells.draw(here, following, streams.uniform(dwell_key, rows, number))
            moment = moment + ticks
            past = moment <= self.moments.now
            going, moment, following = going[past], moment[past], following[past]
            state[going] = following
            new = first[following, going] == _NEVER
            first[following[new], going[new]] = moment[new]
        return Reached(state, first)


@dataclass(frozen=True)
class Status:
    """The state that a row's chain is in."""

    chains: Chains
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Write the states' names."""
        numbers = self.chains.reached(frame_of(cells)).state.astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(self.chains.steps.states))


@dataclass(frozen=True)
class StatusTime:
    """When a row's chain reached the state number ``state``."""

    chains: Chains
    state: int
    moments: Moments
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Write the moments, null where the state was not reached."""
        ticks = self.chains.reached(frame_of(cells)).first[self.state]
        absent = ticks == _NEVER
        return with_nulls(self.moments.write(np.where(absent, 0, ticks)), absent)
