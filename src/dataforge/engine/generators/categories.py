"""Values from a list, by weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.rules.cast import cast_to
from dataforge.engine.search import Ladder
from dataforge.schema import CategoricalSpec, Scalar
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import BitArray, IntArray, below, to_unit


@dataclass(frozen=True)
class Choice:
    """Picks entries of ``values``; text comes as indices into them."""

    values: pa.Array
    ladder: Ladder | None
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw an index a row and gather."""
        return gather(self.values, choose(cells.bits(), len(self.values), self.ladder))


@dataclass(frozen=True)
class ListDomain:
    """The distinct entries of a list."""

    values: pa.Array

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.values)

    def decode(self, ranks: IntArray) -> pa.Array:
        """Gather the entries."""
        return gather(self.values, ranks)


def choose(words: BitArray, count: int, ladder: Ladder | None) -> IntArray:
    """Return an index in [0, count) a word, equally likely or by cumulative weights."""
    if ladder is None:
        return below(words, count)
    return ladder.place(to_unit(words))


def gather(values: pa.Array, indices: IntArray) -> pa.Array:
    """Return ``values[indices]``; text stays a dictionary so that it is never copied."""
    if pa.types.is_string(values.type):
        return pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), values)
    return values.take(pa.array(indices))


def build(spec: CategoricalSpec, site: Site) -> Generator:
    """Build the generator of a categorical column."""
    values, weights = _entries(spec, site)
    return Choice(values, None if weights is None else Ladder(np.cumsum(weights)))


def domain(spec: CategoricalSpec, site: Site) -> Domain | None:
    """Return the distinct values as a domain; without nulls, which repeat."""
    values = _entries(spec, site)[0].drop_null().unique()
    return ListDomain(values) if len(values) else None


def _entries(spec: CategoricalSpec, site: Site) -> tuple[pa.Array, Sequence[float] | None]:
    excluded = set(site.limits.excluded)
    kept = [index for index, value in enumerate(spec.values) if value not in excluded]
    kept = kept or list(range(len(spec.values)))
    values = [spec.values[index] for index in kept]
    weights = None if spec.weights is None else [spec.weights[index] for index in kept]
    return scalars(values, arrow_type(site.column.type)), weights


def scalars(values: Sequence[Scalar], target: pa.DataType) -> pa.Array:
    """Return written values as an array of type ``target``."""
    if len({type(value) for value in values if value is not None}) > 1:
        # Arrow holds one type at a time: values of several are brought to the column's each.
        return pa.concat_arrays([cast_to(pa.array([value]), target) for value in values])
    return cast_to(pa.array(values), target)
