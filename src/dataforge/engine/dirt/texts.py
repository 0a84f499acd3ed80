"""Case and spaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.dirt.draws import Draws, choose
from dataforge.engine.dirt.runes import Runes

_SPACE, _NO_BREAK_SPACE = 0x20, 0xA0
_CASES = (0.35, 0.35, 0.12, 0.18)
_SPACES = (0.4, 0.25, 0.2, 0.15)


@dataclass(frozen=True, slots=True)
class Case:
    """All capitals, none, a caps lock left on, or only the first letter large."""

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw a form that differs."""
        forms = (
            pc.utf8_upper(values),
            pc.utf8_lower(values),
            pc.utf8_swapcase(values),
            pc.utf8_capitalize(values),
        )
        return choose(values, forms, _CASES, draws)


@dataclass(frozen=True, slots=True)
class Whitespace:
    """A space behind, before, or twice in between, or one that does not break."""

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw a place; values without a space inside get theirs at an end."""
        runes = Runes.of(values)
        at = runes.pick(runes.inner(runes.points == _SPACE), draws.bits("place"))
        spaces = np.full(at.size, _SPACE, dtype=np.uint32)
        hard = np.full(at.size, _NO_BREAK_SPACE, dtype=np.uint32)
        made = (
            runes.inserted(runes.starts[1:], spaces),
            runes.inserted(runes.starts[:-1], spaces),
            runes.inserted(at, spaces),
            runes.replaced(at, hard),
        )
        return choose(values, [each.to_arrow() for each in made], _SPACES, draws)
