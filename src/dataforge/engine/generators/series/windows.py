"""Windows: the requested steps with as many before them as a recursion has to look back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dataforge.engine.generators.series.draws import Steps
from dataforge.streams import IntArray

_MOST_STEPS = 1 << 20


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of consecutive steps of one series: where each starts in the batch, and how long."""

    start: IntArray
    length: IntArray


@dataclass(frozen=True, slots=True)
class Window:
    """Some runs with the steps before them.

    ``steps`` are all of them in order, ``place`` (int64) counts within each run's window, and the
    requested steps ``rows`` of the batch stand at ``wanted``.
    """

    steps: Steps
    place: IntArray
    rows: slice
    wanted: IntArray


def runs_of(steps: Steps) -> Runs:
    """Cut steps, in any order, into runs."""
    size = steps.index.size
    breaks = np.ones(size, dtype=np.bool_)
    breaks[1:] = steps.index[1:] != steps.index[:-1] + 1
    breaks[1:] |= steps.series[1:] != steps.series[:-1]
    start = np.flatnonzero(breaks)
    return Runs(start, np.diff(start, append=size))


def windows(steps: Steps, reach: int) -> Iterator[Window]:
    """Yield the runs with up to ``reach`` steps before each, none before step 0.

    Together they hold about a million steps at a time, whatever the order of the rows.
    """
    runs = runs_of(steps)
    first = steps.index[runs.start]
    back = np.minimum(first, reach)
    parts = np.cumsum(back + runs.length) // _MOST_STEPS
    cuts = np.append(np.flatnonzero(np.diff(parts, prepend=-1)), runs.start.size)
    for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        part = slice(low, high)
        yield _window(steps, runs.start[part], runs.length[part], first[part], back[part])


def _window(
    steps: Steps, start: IntArray, length: IntArray, first: IntArray, back: IntArray
) -> Window:
    size = back + length
    ends = np.cumsum(size)
    run = np.repeat(np.arange(size.size), size)
    place = np.arange(run.size) - (ends - size)[run]
    index = (first - back)[run] + place
    wanted = np.flatnonzero(place >= back[run])
    rows = slice(int(start[0]), int(start[-1] + length[-1]))
    return Window(Steps(steps.series[start][run], index), place, rows, wanted)
