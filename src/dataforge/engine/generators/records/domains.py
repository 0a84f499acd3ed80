"""The distinct values of a text field, addressed by rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import fold
from dataforge.engine.generators.records.fields import Joined, Lists, Ranked, Text, join
from dataforge.streams import IntArray

AMPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Combinations:
    """Every concatenation of one entry of each list; a rank is a number in mixed radix."""

    lists: tuple[pa.Array, ...]

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return prod(len(entries) for entries in self.lists)

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the strings at ``ranks``; the first list turns fastest."""
        rest, made = ranks, []
        for entries in self.lists:
            rest, code = np.divmod(rest, len(entries))
            made.append(entries.take(pa.array(code)))
        return join(*made) if len(made) > 1 else made[0]


def text_domain(text: Text, limit: int | None) -> Combinations | Ranked | None:
    """Return the domain of a text field within ``limit`` characters, or None if nothing fits.

    The first lists that leave a million values after entries that are too long are dropped;
    else those that leave the most.
    """
    candidates = text.unique or tuple((entries,) for entries in _lists(text))
    fitting = [shortened for lists in candidates if (shortened := _within(lists, limit))]
    ample = (domain for domain in fitting if domain.size >= AMPLE)
    return next(ample, max(fitting, key=lambda domain: domain.size, default=None))


def _lists(text: Text) -> Iterable[pa.Array]:
    for variant in text.variants:
        if isinstance(variant, Joined) and len(variant.parts) == 1:
            yield distinct(variant.parts[0].values)


def distinct(values: pa.Array) -> pa.Array:
    """Keep the first of the entries that differ only in case, accents or trailing blanks."""
    kept = {fold(value): value for value in reversed(values.to_pylist())}
    return pa.array(list(reversed(kept.values())), pa.string())


def _within(choice: Lists | Ranked, limit: int | None) -> Combinations | Ranked | None:
    if isinstance(choice, Ranked):
        return choice if limit is None or choice.longest <= limit else None
    return Combinations(choice) if limit is None else _shortened(choice, limit)


def _shortened(lists: Lists, limit: int) -> Combinations | None:
    """Drop the longest entries of the list where that costs the fewest until all fits."""
    lengths = [pc.utf8_length(entries).to_numpy(zero_copy_only=False) for entries in lists]
    bounds = [int(of.max()) for of in lengths]
    while sum(bounds) > limit:
        costs = [
            ((of[of <= bound] == bound).mean(), at)
            for at, (of, bound) in enumerate(zip(lengths, bounds, strict=True))
            if (of < bound).any()
        ]
        if not costs:
            return None
        at = min(costs)[1]
        bounds[at] = int(lengths[at][lengths[at] < bounds[at]].max())
    kept = (e.filter(pa.array(n <= b)) for e, n, b in zip(lists, lengths, bounds, strict=True))
    return Combinations(tuple(kept))
