"""State machines as tables that whole columns of states are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataforge.engine.generators.extents import Measure, measure, ticks_of
from dataforge.schema import Column, Machine
from dataforge.schema.machines import states_of
from dataforge.streams import FloatArray, IntArray

_LISTED = 128
_PERIOD = 120  # every cycle of 1 to 6 states fits; others may end in a state that is not terminal


@dataclass(frozen=True, slots=True)
class Steps:
    """The transitions of ``states``; D is the greatest number of ways out of a state.

    ``targets`` (S, D) are followed with cumulative probabilities ``plain`` (S, D); ``timed`` has
    those for chains of a known length, by the states still to come after the next. A terminal
    state follows itself.
    """

    states: tuple[str, ...]
    initial: int
    targets: npt.NDArray[np.int64]
    plain: FloatArray
    timed: FloatArray
    terminal: npt.NDArray[np.bool_]

    def following(self, state: IntArray, unit: FloatArray) -> IntArray:
        """Return the next states, chosen without regard to how long a chain will be."""
        way = (self.plain[state] <= unit[:, None]).sum(axis=1)
        found: IntArray = self.targets[state, np.minimum(way, self.targets.shape[1] - 1)]
        return found

    def maps(self, rest: IntArray, unit: FloatArray) -> IntArray:
        """Return for every row where each state leads, (n, S).

        ``rest`` is how many states a row's chain has after the row.
        """
        index = np.where(rest < _LISTED, rest, _LISTED + (rest - _LISTED) % _PERIOD)
        index = np.minimum(index, len(self.timed) - 1)
        way = np.zeros((rest.size, len(self.states)), dtype=np.int64)
        for each in range(self.targets.shape[1] - 1):
            way += self.timed[index, :, each] <= unit[:, None]
        found: IntArray = self.targets[np.arange(len(self.states))[None, :], way]
        return found


@dataclass(frozen=True, slots=True)
class Dwells:
    """Dwell times by transition: ``number`` (S, S) is the place in ``measures`` or -1."""

    number: npt.NDArray[np.int64]
    measures: tuple[Measure, ...]

    def draw(self, before: IntArray, after: IntArray, unit: FloatArray) -> IntArray:
        """Return the ticks from one state to the next, 0 where they are no transition."""
        which = self.number[before, after]
        ticks = np.zeros(which.size, dtype=np.int64)
        for number, each in enumerate(self.measures):
            at = np.flatnonzero(which == number)
            ticks[at] = each.draw(unit[at])
        return ticks


def steps_of(machine: Machine) -> Steps:
    """Tabulate a machine's transitions."""
    states = states_of(machine)
    place = {state: number for number, state in enumerate(states)}
    ways: list[list[tuple[int, float]]] = [[] for _ in states]
    for each in machine.transitions:
        ways[place[each.source]].append((place[each.target], each.probability))
    widest = max(map(len, ways))
    targets = np.tile(np.arange(len(states))[:, None], (1, widest))
    shares = np.zeros((len(states), widest))
    for number, way in enumerate(ways):
        for column, (target, share) in enumerate(way):
            targets[number, column], shares[number, column] = target, share
    terminal = np.isin(np.arange(len(states)), [place[state] for state in machine.terminal])
    timed = np.stack([_cumulative(each) for each in _by_length(targets, shares, terminal)])
    return Steps(states, place[machine.initial], targets, _cumulative(shares), timed, terminal)


def dwells_of(machine: Machine, column: Column) -> Dwells:
    """Compile a machine's dwell times in the ticks of a column of moments."""
    place = {state: number for number, state in enumerate(states_of(machine))}
    number = np.full((len(place), len(place)), -1)
    for index, each in enumerate(machine.transitions):
        number[place[each.source], place[each.target]] = index
    scale, step = ticks_of(column)
    extents = (each.dwell or machine.dwell for each in machine.transitions)
    return Dwells(number, tuple(measure(each, scale, step) for each in extents))


def _by_length(
    targets: npt.NDArray[np.int64], shares: FloatArray, terminal: npt.NDArray[np.bool_]
) -> list[FloatArray]:
    """Return the weights (S, D) of the ways out when 0, 1, 2, … states follow the next.

    A way's probability times that of ending in time (Doob's transform); where no way ends in
    time, times that of going on so long; where none does that either, the plain probabilities.
    """
    ends = terminal.astype(np.float64)
    goes_on = np.ones(len(terminal))
    tables = []
    for _ in range(_LISTED + _PERIOD):
        closing, opening = shares * ends[targets], shares * goes_on[targets]
        ending = closing.sum(axis=1, keepdims=True) > 0
        going = opening.sum(axis=1, keepdims=True) > 0
        tables.append(np.where(ending, closing, np.where(going, opening, shares)))
        # Only the proportions count, so neither may fade away.
        ends = closing.sum(axis=1)
        ends = ends / (ends.max() or 1.0)
        goes_on = opening.sum(axis=1)
        goes_on = goes_on / (goes_on.max() or 1.0)
    return tables


def _cumulative(weights: FloatArray) -> FloatArray:
    totals = np.cumsum(weights, axis=-1)
    whole = totals[..., -1:]
    shares: FloatArray = np.where(whole > 0, totals / np.where(whole > 0, whole, 1.0), 1.0)
    return shares
