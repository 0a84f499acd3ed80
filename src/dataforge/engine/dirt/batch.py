"""A batch of rows while dirt is being done to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.dirt.draws import BoolArray, Draws, unequal
from dataforge.engine.dirt.rows import Placed
from dataforge.engine.frames import Frame
from dataforge.engine.nulls import plain
from dataforge.streams import IntArray

Acts = npt.NDArray[np.uint64]


@dataclass(slots=True)
class DirtyBatch:
    """``frame`` has the clean rows, ``placed`` says which of them stand where.

    ``values`` are the columns as dirty as they are by now; ``acts`` has a bit for each step that
    changed a cell, uint64 (n,).
    """

    frame: Frame
    placed: Placed
    values: dict[str, pa.Array] = field(default_factory=dict)
    acts: dict[str, Acts] = field(default_factory=dict)
    _clean: dict[str, pa.Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Rows of the batch."""
        return self.frame.rows.size

    def clean(self, name: str) -> pa.Array:
        """Return a column of the clean rows, without a dictionary."""
        if name not in self._clean:
            self._clean[name] = plain(self.frame.column(name))
        return self._clean[name]

    def value(self, name: str) -> pa.Array:
        """Return a column as it is by now."""
        return self.values.get(name, self.clean(name))

    def draws(self, key: int) -> Draws:
        """Return draws by clean row, so that a duplicate has the dirt of its original."""
        return Draws(key, self.frame.rows)

    def put(self, name: str, places: IntArray, values: pa.Array, step: int) -> None:
        """Write ``values`` at ``places`` (ascending) where they differ from what is there."""
        changed = unequal(self.value(name).take(pa.array(places)), values)
        if not changed.any():
            return
        hit = places[changed]
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[hit] = True
        new = values.filter(pa.array(changed))
        self.values[name] = pc.replace_with_mask(self.value(name), pa.array(mask), new)
        acts = self.acts.setdefault(name, np.zeros(self.size, dtype=np.uint64))
        acts[hit] |= np.uint64(1 << step)

    def present(self, name: str, places: IntArray) -> IntArray:
        """Return those of ``places`` where the column has a value."""
        values = self.value(name)
        if not values.null_count:
            return places
        valid: BoolArray = values.is_valid().to_numpy(zero_copy_only=False)
        return places[valid[places]]

    def changed(self, name: str) -> IntArray:
        """Return where a column is not what it was in the clean rows."""
        if name not in self.acts:
            return np.zeros(0, dtype=np.int64)
        places = np.flatnonzero(self.acts[name])
        taken = pa.array(places)
        return places[unequal(self.clean(name).take(taken), self.value(name).take(taken))]
