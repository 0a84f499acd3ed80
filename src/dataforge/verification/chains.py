"""Chains of states: allowed transitions only, moments in their order, none after the present."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    Column,
    EventStateSpec,
    EventTimeSpec,
    Machine,
    StatusSpec,
    StatusTimeSpec,
)
from dataforge.schema.machines import forward, reached, states_of
from dataforge.verification.certificate import Check
from dataforge.verification.moments import present
from dataforge.verification.scope import Place, Question, Scope, ask
from dataforge.verification.sql_text import all_of, any_of, ident, literal


def chain_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check the chains that lie over several rows, and those that one row tells."""
    for column in place.table.columns:
        match column.spec:
            case EventStateSpec() if place.numbered and place.has((column.name,)):
                yield from _sequence(scope, place, column, _transitions(column.spec))
            case EventTimeSpec() if place.numbered and place.has((column.name,)):
                falls = ("not before the row before", f"own < {_BEFORE}")
                yield from _sequence(scope, place, column, falls)
            case StatusSpec() if place.has((column.name, column.spec.after)):
                yield from _status(scope, place, column, column.spec)
            case _:
                pass


_BEFORE, _NUMBER = "lag_cell", "ordinal"


def _transitions(machine: Machine) -> tuple[str, str]:
    """Return what a chain must be, and SQL that is true where it is not."""
    pairs = [
        f"{_BEFORE} = {literal(each.source)} AND own = {literal(each.target)}"
        for each in machine.transitions
    ]
    first = f"{_NUMBER} = 1 AND own <> {literal(machine.initial)}"
    later = f"{_NUMBER} > 1 AND NOT ({any_of(pairs)})"
    return f"from {machine.initial} by its transitions", any_of([first, later])


def _sequence(scope: Scope, place: Place, column: Column, law: tuple[str, str]) -> Iterator[Check]:
    """Ask for rows that break a law over their own cell, the one before and their number."""
    owner = place.table.owner
    if owner is None or not place.has(owner.columns):
        return
    text, broken = law
    cell, row = place.of("s", (column.name,))[0], f"s.{place.identity[0]}"
    family = f"PARTITION BY {', '.join(place.of('s', owner.columns))} ORDER BY {row}"
    own = f"CAST({cell} AS VARCHAR)" if column.type.kind == "enum" else cell
    inner = (
        f"SELECT {row} AS {place.identity[0]}, {own} AS own, lag({own}) OVER ({family}) AS "
        f"{_BEFORE}, row_number() OVER ({family}) AS {_NUMBER} FROM {place.relation} s"
    )
    names = (column.name, "before")
    shown = ("t.own", f"t.{_BEFORE}")
    question = Question("chain", place, names, text, f"({inner}) t WHERE {broken}", shown)
    yield ask(scope.session, question)


def _status(scope: Scope, place: Place, column: Column, spec: StatusSpec) -> Iterator[Check]:
    """Check a status with the moments at which its states were reached, row by row."""
    cell, start = f"t.{ident(column.name)}", f"t.{ident(spec.after)}"
    states = ", ".join(map(literal, states_of(spec)))
    yield _asked(scope, place, (column.name,), f"one of {states}", f"{cell} NOT IN ({states})")
    times = {
        each.spec.state: each.name
        for each in place.table.columns
        if isinstance(each.spec, StatusTimeSpec)
        and each.spec.status_column == column.name
        and place.has((each.name,))
    }
    edges = forward(spec)
    for state, name in times.items():
        time = f"t.{ident(name)}"
        needed = _passed_by_all(spec, state)
        onward = reached(edges, [state])
        bad = [
            f"{time} < {start}",
            f"{time} > {present(scope.schema.now)} AND {time} > {start}",
            f"{time} IS NULL AND {start} IS NOT NULL AND {cell} IN ({_listed(needed)})",
            f"{time} IS NOT NULL AND {cell} NOT IN ({_listed(onward)})",
        ]
        for other, later in times.items():
            if other in onward and state not in reached(edges, [other]):
                bad.append(f"{time} > t.{ident(later)}")
        yield _asked(scope, place, (name, column.name), f"{state} in its turn", any_of(bad))


def _passed_by_all(machine: Machine, state: str) -> list[str]:
    """Return the states that no chain reaches without passing ``state``."""
    edges = {
        source: [target for target in targets if target != state]
        for source, targets in forward(machine).items()
        if source != state
    }
    around = reached(edges, [] if machine.initial == state else [machine.initial])
    return [each for each in states_of(machine) if each not in around]


def _listed(states: list[str] | set[str]) -> str:
    return ", ".join(literal(state) for state in sorted(states))


def _asked(scope: Scope, place: Place, names: tuple[str, ...], text: str, bad: str) -> Check:
    shown = tuple(place.of("t", names))
    broken = f"{place.relation} t WHERE {all_of([bad])}"
    return ask(scope.session, Question("chain", place, names, text, broken, shown))
