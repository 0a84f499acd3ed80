"""The self-reference of a table whose names are a tree of categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dataforge.engine.generators.records.taxonomy import ROOT, parent_rows
from dataforge.streams import IntArray

if TYPE_CHECKING:
    from dataforge.engine.frames import Frame


@dataclass(frozen=True, slots=True)
class TaxonomyPicker:
    """The row of the category above; the top has none, or itself with ``roots_self``."""

    roots_self: bool

    def pick(self, frame: Frame) -> IntArray:
        """Return the row above each."""
        above = parent_rows(frame.rows)
        return np.where(above == ROOT, frame.rows if self.roots_self else -1, above)
