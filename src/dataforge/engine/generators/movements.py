"""Amounts that move a balance, and the balance that never falls below its floor.

With amounts a and fresh balances c the balance is b' = max(b + a, c): a sum that can be joined over
any number of rows, as max(max(b + a1, c1) + a2, c2) = max(b + (a1 + a2), max(c1 + a2, c2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells
from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.frames import Frame
from dataforge.engine.generators.extents import Measure
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.kin import FamilyScan, Kin, uniform
from dataforge.engine.nulls import plain
from dataforge.engine.rules.cast import cast_to
from dataforge.streams import IntArray

_LEFT = 0.5


@dataclass(frozen=True)
class Balances:
    """The balances of a table's owners, in units of the last of ``digits`` decimals."""

    name: str
    owner: int
    opening: int | str
    floor: int | str
    incoming: Measure
    outgoing: Measure
    incoming_share: float
    digits: int

    def after(self, frame: Frame) -> IntArray:
        """Return the balance after each row."""
        return frame.shared(f"{self.name}/balances", self._scan.values)

    def amounts(self, frame: Frame) -> IntArray:
        """Return by how much each row changes it."""
        return frame.shared(f"{self.name}/amounts", self._amounts)

    def write(self, units: IntArray) -> pa.Array:
        """Return units as exact numbers."""
        if not self.digits:
            return pa.array(units)
        return decimal_array(units, pa.decimal128(38, self.digits))

    def _amounts(self, frame: Frame) -> IntArray:
        ordinal = frame.position().ordinal
        before = self._scan_before.values(frame.at(frame.rows - (ordinal > 0)))
        return self.after(frame) - np.where(ordinal > 0, before, self._owned(frame, self.opening))

    @cached_property
    def _scan(self) -> FamilyScan:
        return FamilyScan(self._follow)

    @cached_property
    def _scan_before(self) -> FamilyScan:
        """A scan of its own for the rows before, so that each moves on from where it was."""
        return FamilyScan(self._follow)

    def _follow(self, kin: Kin) -> IntArray:
        incoming = self.incoming.draw(uniform(kin.frame, f"{self.name}/in"))
        outgoing = self.outgoing.draw(uniform(kin.frame, f"{self.name}/out"))
        comes = uniform(kin.frame, f"{self.name}/side") < self.incoming_share
        moved = np.where(comes, incoming, -outgoing)
        left = incoming * (uniform(kin.frame, f"{self.name}/left") * _LEFT)
        fresh = self._owned(kin.frame, self.floor) + left.astype(np.int64)
        opens, resumes = kin.opens, kin.resumes
        opening = self._owned(kin.frame, self.opening)
        fresh[opens] = np.maximum(opening[opens] + moved[opens], fresh[opens])
        fresh[resumes] = kin.known[resumes]

        def join(rows: IntArray, earlier: IntArray) -> None:
            fresh[rows] = np.maximum(fresh[earlier] + moved[rows], fresh[rows])
            moved[rows] += moved[earlier]

        kin.doubled(join)
        return fresh

    def _owned(self, frame: Frame, value: int | str) -> IntArray:
        """Return a fixed amount, or the owner's, for every row; null is 0."""
        if isinstance(value, int):
            return np.full(frame.rows.size, value)
        held = plain(frame.parent_column(self.owner, value))
        return unscaled(cast_to(held, pa.decimal128(38, self.digits)).fill_null(0)).copy()


@dataclass(frozen=True)
class Movement:
    """By how much a row changes its owner's balance."""

    balances: Balances
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Write the amounts."""
        return self.balances.write(self.balances.amounts(frame_of(cells)))


@dataclass(frozen=True)
class Balance:
    """The balance of a row's owner after it."""

    balances: Balances
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Write the balances."""
        return self.balances.write(self.balances.after(frame_of(cells)))
