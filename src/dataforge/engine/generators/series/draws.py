"""Where the rows of a frame stand in their series, and draws at any steps of it.

A step's address is the hash of its series plus its number, so the draws of a step depend on
nothing but the series and the step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dataforge.engine.cells import Cells
from dataforge.engine.frames import Frame, FrameCells
from dataforge.engine.generators.expressions import SomeCells
from dataforge.engine.plan import ColumnPlan
from dataforge.engine.quantiles import normal_quantile
from dataforge.schema.specs.series import Per
from dataforge.streams import BitArray, FloatArray, IntArray, bits, to_unit


@dataclass(frozen=True, slots=True)
class Steps:
    """``series`` (uint64, the hash of the series) and ``index`` (int64, 0-based) of some steps."""

    series: BitArray
    index: IntArray

    def at(self, mask: IntArray) -> Steps:
        """Return the steps at some places."""
        return Steps(self.series[mask], self.index[mask])


@dataclass(frozen=True, slots=True)
class Draws:
    """The streams of one column: what its series, and the companions that tell of it, draw."""

    frame: Frame
    column: ColumnPlan
    prefix: str = ""

    def bits(self, purpose: str, addresses: BitArray) -> BitArray:
        """Return 64 random bits an address."""
        draw = self.frame.draw_of(self.column.group)
        return bits(self.column.key_for(self.prefix + purpose), addresses, draw)

    def uniform(self, purpose: str, addresses: BitArray) -> FloatArray:
        """Return a float64 in [0, 1) an address."""
        return to_unit(self.bits(purpose, addresses))

    def scores(self, purpose: str, addresses: BitArray) -> FloatArray:
        """Return a standard normal an address."""
        return normal_quantile(self.uniform(purpose, addresses))

    def innovations(self, steps: Steps) -> FloatArray:
        """Return the standard normals that drive the noise, correlated where the column is."""
        where = address(steps.series, steps.index)
        if self.column.copula is not None:
            return self.column.copula.scores(where, self.frame.draw_of(self.column.group))
        return self.scores("noise", where)

    def factor(self, purpose: str, series: BitArray, spread: float) -> FloatArray:
        """Return a log-normal factor of mean 1 a series, its logarithm's deviation ``spread``."""
        if not spread:
            return np.ones(1)
        factors: FloatArray = np.exp(
            spread * self.scores(f"spread/{purpose}", series) - spread * spread / 2
        )
        return factors


def address(series: BitArray, index: IntArray) -> BitArray:
    """Return the addresses (uint64) of steps."""
    return series + index.view(np.uint64)


def draws_of(cells: Cells, column: str | None = None) -> Draws:
    """Return the draws of the column whose cells these are, or of another of the same table."""
    prefix = ""
    while isinstance(cells, SomeCells):
        prefix, cells = f"{cells.purpose}/{prefix}", cells.cells
    assert isinstance(cells, FrameCells)  # noqa: S101 - series are made in the engine only
    frame = cells.frame
    if column is None:
        return Draws(frame, cells.column_plan, prefix)
    return Draws(frame, frame.table.columns[column])


def steps_of(frame: Frame, rows: IntArray, per: Per | None) -> Steps:
    """Return where rows stand: in the series of their owner, else in that of the table."""
    if per == "table" or frame.table.layout is None:
        return Steps(np.zeros(rows.size, dtype=np.uint64), rows)
    whole = rows is frame.rows
    position = frame.position() if whole else frame.table.layout.locate(rows)
    return Steps(bits(frame.table.key_for("series"), position.parent), position.ordinal)
