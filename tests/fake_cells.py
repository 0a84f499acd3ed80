"""Cells without an engine: any rows of one column, drawn straight from the streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Limits, Site
from dataforge.schema import Column, Schema, Table
from dataforge.schema.types import ColumnType
from dataforge.streams import BitArray, FloatArray, IntArray, bits, derive_key, to_unit


@dataclass(frozen=True)
class FakeCells:
    """Implements ``Cells``; ``columns`` holds what other columns have at these very rows."""

    rows: IntArray
    address: str = "column"
    columns: Mapping[str, pa.Array] = field(default_factory=dict)
    seed: int = 0

    def bits(self, purpose: str = "") -> BitArray:
        return bits(derive_key(self.seed, self.address, purpose), self.rows)

    def uniform(self, purpose: str = "") -> FloatArray:
        return to_unit(self.bits(purpose))

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        return bits(derive_key(self.seed, "group", group, purpose), self.rows)

    def column(self, name: str) -> pa.Array:
        return self.columns[name]


def cells(stop: int, start: int = 0, **columns: pa.Array) -> FakeCells:
    """Return the cells of rows ``start`` to ``stop``."""
    return FakeCells(np.arange(start, stop, dtype=np.int64), columns=columns)


def site(
    type_: ColumnType, limits: Limits | None = None, seed: int = 0, others: tuple[str, ...] = ()
) -> Site:
    """Return the site of column ``t.c`` of the given type, beside text columns ``others``."""
    column = Column(name="c", type=type_)
    columns = (column, *(Column(name=name, type=type_) for name in others))
    table = Table(name="t", columns=columns)
    return Site(Schema(tables=(table,), seed=seed), table, column, limits or Limits())
