"""Sequences inside a parent: ordinals and running totals.

Rows are laid out grouped by their owner, so one pass over neighbouring rows proves a sequence
when the owner's key never falls; else each owner's rows are ordered by their number.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import Column, FloatType, OrdinalSpec, RunningTotalSpec
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import unequal
from dataforge.verification.scope import Place, Question, Scope, ask, passed
from dataforge.verification.sql_text import all_of


def position_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check the ordinals and running totals of an owned table whose rows have numbers."""
    owner = place.table.owner
    if owner is None or not place.has(owner.columns) or not place.numbered:
        return
    for column in place.table.columns:
        if not place.has((column.name,)):
            continue
        match column.spec:
            case OrdinalSpec():
                question = _ordinal(place, owner.columns, column, column.spec)
                quick = _quick_ordinal(place, owner.columns, column, column.spec)
            case RunningTotalSpec() if place.has((column.spec.column,)):
                question = _running_total(place, owner.columns, column, column.spec)
                quick = _quick_total(place, owner.columns, column, column.spec)
            case _:
                continue
        grouped = _never_falls(scope, place, owner.columns)
        proven = grouped and not _count(scope, quick)
        yield passed(question) if proven else ask(scope.session, question)


def _ordinal(place: Place, owner: tuple[str, ...], column: Column, spec: OrdinalSpec) -> Question:
    """Ask for the rows whose ordinal is not their place among the rows of their owner."""
    keys = ", ".join(place.of("s", owner))
    held = all_of(f"{cell} IS NOT NULL" for cell in place.of("s", owner))
    rank = f"row_number() OVER (PARTITION BY {keys} ORDER BY s.{place.identity[0]})"
    wanted = f"{spec.start} + ({rank} - 1) * {spec.step}"
    return _sequence(place, column, "ordinal", wanted, held, f"{spec.start}, +{spec.step}")


def _running_total(
    place: Place, owner: tuple[str, ...], column: Column, spec: RunningTotalSpec
) -> Question:
    """Ask for the rows whose total is not the sum up to and including them."""
    keys = ", ".join(place.of("s", owner))
    held = all_of(f"{cell} IS NOT NULL" for cell in place.of("s", owner))
    value = place.of("s", (spec.column,))[0]
    total = f"coalesce(sum({value}) OVER (PARTITION BY {keys} ORDER BY s.{place.identity[0]}), 0)"
    return _sequence(place, column, "running_total", total, held, f"sum of {spec.column}")


def _sequence(
    place: Place, column: Column, kind: str, wanted: str, held: str, text: str
) -> Question:
    own, identity = place.columns[column.name], place.identity[0]
    inner = (
        f"SELECT s.{identity} AS {identity}, s.{own} AS {own}, {wanted} AS wanted "
        f"FROM {place.relation} s WHERE {held}"
    )
    inexact = isinstance(column.type, FloatType)
    broken = f"({inner}) t WHERE {unequal(column, f't.{own}', 't.wanted', inexact=inexact)}"
    shown = (f"t.{own}", "t.wanted")
    names = (column.name, "expected")
    if kind == "ordinal":
        return Question("ordinal", place, names, text, broken, shown)
    return Question("running_total", place, names, text, broken, shown)


def _quick_ordinal(place: Place, owner: tuple[str, ...], column: Column, spec: OrdinalSpec) -> str:
    cell, same = place.columns[column.name], _same_owner(place, owner)
    wanted = f"CASE WHEN {same} THEN lag({cell}) OVER () + {spec.step} ELSE {spec.start} END"
    return f"SELECT {cell} AS cell, {wanted} AS wanted FROM {place.relation}"


def _quick_total(
    place: Place, owner: tuple[str, ...], column: Column, spec: RunningTotalSpec
) -> str:
    cell, same = place.columns[column.name], _same_owner(place, owner)
    value = f"coalesce({place.columns[spec.column]}, 0)"
    wanted = f"CASE WHEN {same} THEN lag({cell}) OVER () + {value} ELSE {value} END"
    return f"SELECT {cell} AS cell, {wanted} AS wanted FROM {place.relation}"


def _same_owner(place: Place, owner: tuple[str, ...]) -> str:
    return all_of(f"{place.columns[n]} = lag({place.columns[n]}) OVER ()" for n in owner)


def _never_falls(scope: Scope, place: Place, owner: tuple[str, ...]) -> bool:
    """Tell whether the owner's key rises or stays from row to row and is never null."""
    if len(owner) != 1:
        return False
    cell = place.columns[owner[0]]
    inner = f"SELECT {cell} AS c, lag({cell}) OVER () AS p FROM {place.relation}"
    (count,) = scope.session.rows(f"SELECT count(*) FROM ({inner}) WHERE c IS NULL OR c < p")[0]
    return not count


def _count(scope: Scope, pairs: str) -> int:
    """Count rows whose cell is not exactly the wanted one; near misses go to the full question."""
    (count,) = scope.session.rows(
        f"SELECT count(*) FROM ({pairs}) WHERE cell IS DISTINCT FROM wanted"
    )[0]
    return int(str(count))
