"""Status columns that follow a machine, turned into ones whose shares can be stated."""

from __future__ import annotations

from dataforge.parsers.prompt.mending import with_column
from dataforge.parsers.prompt.typing import literal, quoted
from dataforge.schema import (
    CategoricalSpec,
    Column,
    ConditionalSpec,
    ConstantSpec,
    Machine,
    OffsetSpec,
    StatusSpec,
    StatusTimeSpec,
    Table,
    When,
)

_ROUNDS = 60
_DAY_S = 86_400.0


def categorical(table: Table, name: str) -> Table:
    """Return the table with a status as a choice by weight, and its moments by the status.

    The weights are those of where the machine's chains end. A moment of a state is there in the
    rows whose status lies beyond it.
    """
    spec = table.column(name).spec
    if not isinstance(spec, StatusSpec):
        return table
    ends = absorbed(spec)
    states = tuple(dict.fromkeys((spec.initial, *(t.target for t in spec.transitions))))
    weights = tuple(max(ends.get(state, 0.0), 0.02) for state in states)
    table = with_column(
        table,
        table.column(name).model_copy(
            update={"spec": CategoricalSpec(values=states, weights=weights)}
        ),
    )
    for column in table.columns:
        if isinstance(column.spec, StatusTimeSpec) and column.spec.status_column == name:
            table = with_column(table, _moment(column, column.spec, spec, name))
    return table


def _moment(column: Column, told: StatusTimeSpec, machine: StatusSpec, status: str) -> Column:
    beyond = passed(machine, told.state)
    listed = ", ".join(literal(state) for state in beyond)
    scale = _DAY_S if column.type.kind == "timestamp" else 1.0
    steps = max(1, _distance(machine, told.state))
    after = OffsetSpec(
        column=machine.after, minimum=0.2 * steps * scale, maximum=2.0 * steps * scale, past=True
    )
    branch = When(condition=f"{quoted(status)} IN ({listed})", then=after)
    spec = ConditionalSpec(branches=(branch,), otherwise=ConstantSpec(value=None))
    return column.model_copy(update={"spec": spec, "nullable": True, "null_share": None})


def passed(machine: Machine, state: str) -> tuple[str, ...]:
    """Return the states that no chain reaches without ``state``, and itself."""
    allowed = {machine.initial} - {state}
    grown = True
    while grown:
        more = {t.target for t in machine.transitions if t.source in allowed and t.target != state}
        grown = not more <= allowed
        allowed |= more
    states = dict.fromkeys((machine.initial, *(t.target for t in machine.transitions)))
    return tuple(each for each in states if each not in allowed)


def _distance(machine: Machine, state: str) -> int:
    reached, steps = {machine.initial}, 0
    while state not in reached and steps < _ROUNDS:
        reached |= {t.target for t in machine.transitions if t.source in reached}
        steps += 1
    return steps


def absorbed(machine: Machine) -> dict[str, float]:
    """Return the probability of ending in each terminal state."""
    shares = {machine.initial: 1.0}
    ends: dict[str, float] = {}
    for _ in range(_ROUNDS):
        following: dict[str, float] = {}
        for state, share in shares.items():
            if state in machine.terminal:
                ends[state] = ends.get(state, 0.0) + share
                continue
            for step in machine.transitions:
                if step.source == state:
                    following[step.target] = (
                        following.get(step.target, 0.0) + share * step.probability
                    )
        shares = following
    return ends
