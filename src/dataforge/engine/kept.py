"""Key values that rules leave: keys are not drawn again, so their domains hold allowed values only.

A domain of up to ``_SCANNED`` values is searched whole. Of a larger one a part is: its beginning
and as many ranks scattered over it, whatever the row count, so that a key stays a function of the
row number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Domain
from dataforge.engine.nulls import BoolArray, plain
from dataforge.engine.permutation import Permutation
from dataforge.engine.rules.evaluate import evaluate
from dataforge.schema.expressions import Expr
from dataforge.streams import IntArray

_SCANNED = 1 << 18
_SUFFIX = " 9999999"
_SCATTER = 0x5DEECE66D


@dataclass(frozen=True)
class KeptDomain:
    """The values of ``domain`` at the ranks ``kept`` (int64, ascending)."""

    domain: Domain
    kept: IntArray

    @property
    def size(self) -> int:
        """How many values are left."""
        return int(self.kept.size)

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the values at ``ranks``."""
        return self.domain.decode(self.kept[ranks])


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """The conditions that every value of column ``name`` has to meet, each of that column alone."""

    name: str
    conditions: Sequence[Expr]
    now: datetime

    def kept(self, domain: Domain | None) -> Domain | None:
        """Return the values that meet the conditions; None where none is found."""
        if domain is None or not self.conditions:
            return domain
        ranks = _looked_at(domain.size)
        holds = self._holds(domain.decode(ranks))
        if holds.all() and ranks.size == domain.size:
            return domain
        kept = ranks[holds]
        return KeptDomain(domain, kept) if kept.size else None

    def allows_numbers(self, domain: Domain) -> bool:
        """Tell whether the values still meet the conditions with a number behind them."""
        values = plain(domain.decode(_looked_at(domain.size)))
        return bool(self._holds(pc.binary_join_element_wise(values, _SUFFIX, "")).all())

    def _holds(self, values: pa.Array) -> BoolArray:
        holds = np.ones(len(values), dtype=np.bool_)
        for condition in self.conditions:
            answer = evaluate(condition, lambda _: values, len(values), self.now)
            holds &= answer.fill_null(fill_value=True).to_numpy(zero_copy_only=False)
        return holds


def _looked_at(size: int) -> IntArray:
    if size <= _SCANNED:
        return np.arange(size)
    half = np.arange(_SCANNED // 2)
    return np.union1d(half, Permutation(_SCATTER, size).apply(half))
