"""Columns that are plain functions of the row number or the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.rules.cast import cast_to
from dataforge.schema import ConstantSpec, SequenceSpec
from dataforge.schema.arrow_types import arrow_type


@dataclass(frozen=True, slots=True)
class Sequence:
    """``start + row * step`` as int64."""

    start: int
    step: int
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Compute the values from the row numbers."""
        return pa.array(cells.rows * np.int64(self.step) + np.int64(self.start))


@dataclass(frozen=True, slots=True)
class Constant:
    """One value, repeated."""

    value: pa.Scalar
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Repeat the value; text as a dictionary of one entry."""
        count = len(cells.rows)
        if pa.types.is_string(self.value.type) and self.value.is_valid:
            indices = pa.array(np.zeros(count, dtype=np.int32))
            return pa.DictionaryArray.from_arrays(indices, pa.array([self.value.as_py()]))
        return pa.repeat(self.value, count)


def build(spec: SequenceSpec, _site: Site) -> Generator:
    """Build the generator of a sequence."""
    return Sequence(spec.start, spec.step)


def build_constant(spec: ConstantSpec, site: Site) -> Generator:
    """Build the generator of a constant, brought to the column's type once."""
    target = arrow_type(site.column.type)
    value = pa.array([spec.value]) if spec.value is not None else pa.nulls(1, target)
    return Constant(cast_to(value, target)[0])
