"""State machines as graphs: their states, what is within reach, and how long their chains are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dataforge.schema.specs import Machine

LONGEST_CHAIN = 200
_REST = 1e-6


def states_of(machine: Machine) -> tuple[str, ...]:
    """Return the states in the order in which the machine speaks of them."""
    pairs = ((each.source, each.target) for each in machine.transitions)
    named = [machine.initial, *(state for pair in pairs for state in pair), *machine.terminal]
    return tuple(dict.fromkeys(named))


def reached(edges: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Return everything within reach of ``starts``, themselves included."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting.extend(edges.get(state, ()))
    return found


def forward(machine: Machine) -> dict[str, list[str]]:
    """Return the targets of each source."""
    edges: dict[str, list[str]] = {}
    for each in machine.transitions:
        edges.setdefault(each.source, []).append(each.target)
    return edges


def backward(machine: Machine) -> dict[str, list[str]]:
    """Return the sources of each target."""
    edges: dict[str, list[str]] = {}
    for each in machine.transitions:
        edges.setdefault(each.target, []).append(each.source)
    return edges


def chain_lengths(machine: Machine) -> tuple[float, ...]:
    """Return the share of chains of 0, 1, 2, … states, together 1.

    Chains of more than ``LONGEST_CHAIN`` states, and the last millionth, count as the longest.
    """
    shares, going = [0.0], {machine.initial: 1.0}
    while going and len(shares) <= LONGEST_CHAIN:
        shares.append(sum(going.get(state, 0.0) for state in machine.terminal))
        after: dict[str, float] = {}
        for each in machine.transitions:
            passed = going.get(each.source, 0.0) * each.probability
            if passed:
                after[each.target] = after.get(each.target, 0.0) + passed
        going = after
        if 1.0 - sum(shares) < _REST:
            break
    shares[-1] += max(0.0, 1.0 - sum(shares))
    return tuple(shares)


def longest_chain(machine: Machine) -> int | None:
    """Return how many states the longest chain has; None where there is no longest."""
    level, count = {machine.initial}, 0
    edges = forward(machine)
    while level:
        count += 1
        if count > len(states_of(machine)):
            return None
        level = {target for state in level for target in edges.get(state, ())}
    return count
