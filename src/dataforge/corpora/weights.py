"""Weighted choice by table: one gather for each draw, whatever the number of entries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SLOT_COUNT = 1 << 16


def slot_table(count: int, weights: npt.NDArray[np.float64] | None) -> npt.NDArray[np.int32]:
    """Return int32[65536] whose entry at the top 16 bits of a draw is the index drawn.

    ``weights`` of None means equal shares. Shares are rounded to 2**-16 and no entry with a
    positive weight loses its last slot, so a choice is exact to 0.0015 percentage points.
    ``count`` must be at most 65536.
    """
    shares = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
    drawable = shares > 0
    spare = SLOT_COUNT - int(drawable.sum())
    edges = np.rint(np.cumsum(shares) / shares.sum() * spare).astype(np.int64)
    slots = np.diff(edges, prepend=0) + drawable
    return np.repeat(np.arange(count, dtype=np.int32), slots)
