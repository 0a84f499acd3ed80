"""Choosing the form of a text field that a column has room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.generators.records.fields import Draw, Joined, Part, Text, Variant

Make = Callable[[Draw], pa.Array]


def fitted(text: Text, limit: int | None) -> Make:
    """Return the maker of values of at most ``limit`` characters, as long as there is room."""
    first = text.variants[0]
    if limit is None or first.longest <= limit:
        return first.make
    if _is_list(first):
        return _fitting_list(text.variants, limit)
    return Shortened(text.variants, limit).make


def _is_list(variant: Variant) -> bool:
    return isinstance(variant, Joined) and len(variant.parts) == 1


def _fitting_list(variants: tuple[Variant, ...], limit: int) -> Make:
    lists = [variant for variant in variants if isinstance(variant, Joined)]
    whole = next((variant for variant in lists if variant.longest <= limit), None)
    return whole.make if whole else joined_within(lists[-1].parts[0], limit).make


def joined_within(part: Part, limit: int) -> Joined:
    """Replace the entries that are too long by others that fit, spread evenly over those."""
    lengths = pc.utf8_length(part.values).to_numpy(zero_copy_only=False)
    fits = np.flatnonzero(lengths <= limit)
    if not len(fits):
        return Joined((Part(pc.utf8_slice_codeunits(part.values, 0, limit), part.codes),))
    stand_in = np.arange(len(lengths))
    stand_in[lengths > limit] = fits[np.arange(int((lengths > limit).sum())) % len(fits)]
    return Joined((Part(part.values.take(pa.array(stand_in)), part.codes),))


@dataclass(frozen=True, slots=True)
class Shortened:
    """Tries the variants in turn, row by row, and cuts only what no variant makes short enough."""

    variants: tuple[Variant, ...]
    limit: int

    def make(self, draw: Draw) -> pa.Array:
        """Return one string a row within the limit."""
        made = plain(self.variants[0].make(draw))
        for variant in self.variants[1:]:
            long = pc.greater(pc.utf8_length(made), self.limit)
            if not pc.any(long).as_py():
                return made
            made = pc.if_else(long, plain(variant.make(draw)), made)
        return pc.utf8_slice_codeunits(made, 0, self.limit)


def plain(values: pa.Array) -> pa.Array:
    """Return a dictionary array as plain strings, anything else as it is."""
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values
