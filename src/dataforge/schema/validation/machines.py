"""State machines: every chain begins, goes on by probabilities that add up, and ends."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.machines import (
    LONGEST_CHAIN,
    backward,
    chain_lengths,
    forward,
    longest_chain,
    reached,
    states_of,
)
from dataforge.schema.relations import FixedLaw, ForeignKey, LearnedLaw, RangeLaw
from dataforge.schema.specs import Machine

_EXACT = 1e-6
_TOO_LONG = 0.01


def check_machine(machine: Machine, path: str) -> Iterator[Problem]:
    """Check the states, the probabilities and the ends of a machine; all problems at once."""
    sources = {each.source for each in machine.transitions}
    known = sources | set(machine.terminal)
    unknown = False
    for problem in _unknown(machine, known, path):
        unknown = True
        yield problem
    yield from _probabilities(machine, path)
    for state in machine.terminal:
        if state in sources:
            yield Problem(
                f"{path}.terminal",
                f"{state!r} is terminal but transitions lead out of it",
                "drop it from terminal or drop those transitions",
            )
    if not unknown:
        yield from _ends(machine, path)


def _unknown(machine: Machine, known: set[str], path: str) -> Iterator[Problem]:
    """A state that nothing leads out of must be named as terminal; else it is a slip."""
    if machine.initial not in known:
        hint = did_you_mean(machine.initial, known)
        yield Problem(
            f"{path}.initial", f"there is no state {machine.initial!r}{hint}", "correct the name"
        )
    targets = [each.target for each in machine.transitions]
    for state in dict.fromkeys(state for state in targets if state not in known):
        yield Problem(
            f"{path}.transitions",
            f"{state!r} has no way out and is not terminal{did_you_mean(state, known)}",
            "correct the name, add it to terminal, or add a transition out of it",
        )


def _probabilities(machine: Machine, path: str) -> Iterator[Problem]:
    sums: dict[str, float] = {}
    pairs: set[tuple[str, str]] = set()
    for each in machine.transitions:
        sums[each.source] = sums.get(each.source, 0.0) + each.probability
        if (each.source, each.target) in pairs:
            message = f"{each.source!r} → {each.target!r} is listed twice"
            yield Problem(f"{path}.transitions", message, "join the two")
        pairs.add((each.source, each.target))
    for state, total in sums.items():
        if abs(total - 1.0) > _EXACT:
            yield Problem(
                f"{path}.transitions",
                f"the probabilities of the transitions out of {state!r} add up to {total:.6g}",
                "make them add up to 1",
            )


def _ends(machine: Machine, path: str) -> Iterator[Problem]:
    states = states_of(machine)
    within_reach = reached(forward(machine), [machine.initial])
    lost = [state for state in states if state not in within_reach]
    if lost:
        yield Problem(
            f"{path}.transitions",
            f"nothing leads from {machine.initial!r} to {', '.join(map(repr, lost))}",
            "add a transition to it, or drop the state",
        )
    ending = reached(backward(machine), machine.terminal)
    endless = [state for state in states if state in within_reach and state not in ending]
    if endless:
        yield Problem(
            f"{path}.transitions",
            f"a chain never ends: no terminal state is within reach of "
            f"{', '.join(map(repr, endless))}",
            f"add a transition to {' or '.join(map(repr, machine.terminal))}",
        )
    elif not lost and _runs_on(machine):
        yield Problem(
            f"{path}.transitions",
            f"more than 1 % of the chains have more than {LONGEST_CHAIN} states",
            "make the ways back less likely",
        )


def _runs_on(machine: Machine) -> bool:
    shares = chain_lengths(machine)
    return len(shares) > LONGEST_CHAIN and shares[-1] > _TOO_LONG


def check_counts(machine: Machine, owner: ForeignKey, path: str) -> Iterator[Problem]:
    """A law of the children's count must leave room for chains of so many states."""
    longest = longest_chain(machine)
    if longest is None:
        return
    match owner.law:
        case FixedLaw(count=most) | RangeLaw(maximum=most):
            pass
        case LearnedLaw(weights=weights):
            most = max(count for count, weight in enumerate(weights) if weight or not count)
        case None:
            return
        case _:
            most = longest + 1
    if most > longest:
        yield Problem(
            f"{path}.law",
            f"it gives parents more rows than a chain can have: {longest} states are the longest",
            "drop the law (the chains' own lengths are then the law), or bound it",
        )
