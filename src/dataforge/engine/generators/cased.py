"""Text brought to one case, where a rule asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Domain, Generator
from dataforge.engine.rules.values import on_dictionary
from dataforge.streams import IntArray


@dataclass(frozen=True)
class Cased:
    """What another generator makes, in lower or upper case."""

    inner: Generator
    case: Literal["lower", "upper"]

    @property
    def needs(self) -> tuple[str, ...]:
        """What the other generator reads."""
        return self.inner.needs

    def make(self, cells: Cells) -> pa.Array:
        """Make and convert; a dictionary's entries once each."""
        return _converted(self.inner.make(cells), self.case)


@dataclass(frozen=True)
class CasedDomain:
    """A domain whose values stay distinct when case is not told apart, in one case."""

    inner: Domain
    case: Literal["lower", "upper"]

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.inner.size

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the values at ``ranks``."""
        return _converted(self.inner.decode(ranks), self.case)


def _converted(values: pa.Array, case: Literal["lower", "upper"]) -> pa.Array:
    change = pc.utf8_lower if case == "lower" else pc.utf8_upper
    return on_dictionary(values, change)
