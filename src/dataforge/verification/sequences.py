"""Rows of one owner side by side: intervals that do not overlap, balances, entries that close."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    BalanceSpec,
    Column,
    DoubleEntrySpec,
    IntervalEndSpec,
    IntervalStartSpec,
    MovementSpec,
    Opening,
    TimestampType,
)
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import half_unit
from dataforge.verification.families import family
from dataforge.verification.moments import join
from dataforge.verification.scope import Place, Question, Scope, ask
from dataforge.verification.sql_text import any_of

_DAY_SECONDS = 86_400


def sequence_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check what the rows of an owner are to each other."""
    owner = place.table.owner
    if owner is None or not place.has(owner.columns):
        return
    for column in place.table.columns:
        spec = column.spec
        match spec:
            case IntervalEndSpec() if place.has((column.name, spec.start_column)):
                yield from _intervals(scope, place, column, spec)
            case BalanceSpec() if place.has((column.name, spec.movement_column)):
                yield from _balance(scope, place, column, spec)
            case DoubleEntrySpec() if place.has((column.name,)):
                yield from _double_entry(scope, place, column, spec)
            case _:
                pass


def _partition(place: Place) -> str:
    owner = place.table.owner
    assert owner is not None  # noqa: S101 - only asked for owned tables
    return ", ".join(place.of("s", owner.columns))


def _intervals(
    scope: Scope, place: Place, column: Column, spec: IntervalEndSpec
) -> Iterator[Check]:
    """Order an owner's intervals by their beginnings: each begins after the end of the last."""
    law = place.table.column(spec.start_column).spec
    if not isinstance(law, IntervalStartSpec):
        return
    start, end = place.of("s", (spec.start_column, column.name))
    over = f"OVER (PARTITION BY {_partition(place)} ORDER BY {start})"
    picked = [f"s.{part} AS {part}" for part in place.identity]
    picked += [f"{start} AS iv_start", f"{end} AS iv_end", f"lead({start}) {over} AS iv_next"]
    inner = f"SELECT {', '.join(picked)} FROM {place.relation} s"
    nulls = "t.iv_next IS NOT NULL" if spec.open_ended else "TRUE"
    bad = ["t.iv_end <= t.iv_start", f"t.iv_end IS NULL AND {nulls}"]
    if spec.open_ended:
        bad.append("t.iv_next IS NULL AND t.iv_end IS NOT NULL")
    if law.tiling:
        bad.append("t.iv_next <> t.iv_end")
    bad.append(f"t.iv_next {'<' if law.touching else '<='} t.iv_end")
    text = "tiling" if law.tiling else "no overlap"
    names = (spec.start_column, column.name, "next")
    shown = ("t.iv_start", "t.iv_end", "t.iv_next")
    broken = f"({inner}) t WHERE {any_of(bad)}"
    yield ask(scope.session, Question("interval", place, names, text, broken, shown))
    if law.opening is not None:
        yield ask(scope.session, _opening(place, law.opening, names[:2]))


def _opening(place: Place, opening: Opening, names: tuple[str, ...]) -> Question:
    """Ask for intervals that begin or end while it is closed; midnight ends the day before."""
    days = [number for number, is_open in enumerate(opening.weekdays, 1) if is_open]
    first, last = (round(hour * 3600) for hour in opening.hours)
    cells = place.of("t", names)
    bad = []
    for name, cell in zip(names, cells, strict=True):
        closed = [_not_on(cell, days)]
        if isinstance(place.table.column(name).type, TimestampType):
            tick = f"hour({cell}) * 3600 + minute({cell}) * 60 + second({cell})"
            closed.append(f"{tick} NOT BETWEEN {first} AND {last}")
            if name == names[1] and last == _DAY_SECONDS:
                the_day_after = _not_on(cell, [day % 7 + 1 for day in days])
                at_midnight = f"{tick} = 0 THEN {the_day_after}"
                closed = [f"CASE WHEN {at_midnight} ELSE {any_of(closed)} END"]
        bad += closed
    text = "begins and ends in opening hours"
    broken = f"{place.relation} t WHERE {any_of(bad)}"
    return Question("interval", place, names, text, broken, tuple(cells))


def _not_on(cell: str, days: list[int]) -> str:
    return f"isodow({cell}) NOT IN ({', '.join(map(str, days))})"


def _balance(scope: Scope, place: Place, column: Column, spec: BalanceSpec) -> Iterator[Check]:
    """Check the floor, and where rows have numbers that the balance is what the amounts make."""
    law = place.table.column(spec.movement_column).spec
    owner = place.table.owner
    parent = None if owner is None else scope.places.get(owner.parent)
    if not isinstance(law, MovementSpec) or owner is None or parent is None:
        return
    named = tuple(each for each in (law.opening, law.floor) if isinstance(each, str))
    if not parent.has((*owner.parent_columns, *named)):
        return
    opening, floor = (_amount(parent, each) for each in (law.opening, law.floor))
    cell, moved = place.of("t", (column.name, spec.movement_column))
    joined = f"{place.relation} t JOIN {parent.relation} p ON {join(place, parent, owner)}"
    below = f"{joined} WHERE {cell} < {floor}"
    text = f"at least {law.floor}"
    names = (column.name, "floor")
    yield ask(scope.session, Question("balance", place, names, text, below, (cell, floor)))
    if not place.numbered:
        return
    row = place.identity[0]
    keys = ", ".join(place.of("t", owner.columns))
    total = f"{opening} + sum({moved}) OVER (PARTITION BY {keys} ORDER BY t.{row})"
    inner = f"SELECT t.{row} AS {row}, {cell} AS held, {total} AS wanted FROM {joined}"
    broken = f"({inner}) t WHERE t.held <> t.wanted"
    text = f"{law.opening} and {spec.movement_column} so far"
    names = (column.name, "expected")
    question = Question("balance", place, names, text, broken, ("t.held", "t.wanted"))
    yield ask(scope.session, question)


def _amount(parent: Place, value: float | str) -> str:
    return f"coalesce({parent.of('p', (value,))[0]}, 0)" if isinstance(value, str) else repr(value)


def _double_entry(
    scope: Scope, place: Place, column: Column, spec: DoubleEntrySpec
) -> Iterator[Check]:
    """Ask for owners whose lines of a side are not their total, or whose signs do not cancel."""
    found = family(scope, place)
    if found is None or not found.parent.has((spec.total,)):
        return
    cell = found.children.of("k", (column.name,))[0]
    grouped = found.grouped([f"sum({cell}) AS entries"])
    total = found.parent.of("t", (spec.total,))[0]
    wanted = "0" if spec.side == "signed" else total
    # SQLite adds up decimals as floats: sums of whole units differ by one at the least.
    broken = f"{grouped} WHERE abs(c.entries - {wanted}) > {half_unit(column)}"
    text = f"{place.table.name}.{column.name} of each {found.parent.table.name} closes"
    names = (spec.total, f"sum({column.name})")
    question = Question("double_entry", found.parent, names, text, broken, (total, "c.entries"))
    yield ask(scope.session, question)
