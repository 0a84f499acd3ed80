"""Rules that no value and no row can satisfy, with the rules that clash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dataforge.engine.cells import Limits
from dataforge.engine.rules.constants import fitted
from dataforge.engine.rules.merging import within
from dataforge.errors import Problem
from dataforge.schema import Column, EnumType

Edge = tuple[str, str, bool, str]


def column_conflict(column: Column, limits: Limits, rules: Sequence[str]) -> list[Problem]:
    """Return a problem where ``limits`` leave the column no value."""
    reason = _reason(column, limits)
    if reason is None:
        return []
    clash = " and ".join(f"({rule})" for rule in rules)
    verb = "leaves" if len(rules) == 1 else "together leave"
    return [
        Problem(
            f"columns.{column.name}",
            f"{clash} {verb} no value: {reason}",
            "drop or loosen one of the rules" if len(rules) > 1 else "drop or loosen the rule",
        )
    ]


def _reason(column: Column, limits: Limits) -> str | None:
    low, high = limits.minimum, limits.maximum
    if limits.allowed is not None:
        return _list_reason(column, limits)
    if low is not None and high is not None and _is_empty(low, high, limits):
        return f"it would have to be at least {low} and at most {high}"
    declared = getattr(column.type, "max_length", None)
    longest = min((n for n in (limits.max_length, declared) if n is not None), default=None)
    if limits.min_length is not None and longest is not None and limits.min_length > longest:
        return f"it would need {limits.min_length} characters and may have {longest}"
    return None


def _list_reason(column: Column, limits: Limits) -> str | None:
    if left(column, limits):
        return None
    return "none of the listed values is left" if limits.allowed else "the lists share no value"


def left(column: Column, limits: Limits) -> tuple[Any, ...]:
    """Return the allowed values that bounds, exclusions and the column's type leave."""
    excluded = {fitted(value, column.type) for value in limits.excluded}
    bounds = replace(limits, excluded=())
    return tuple(
        value
        for value in limits.allowed or ()
        if (known := fitted(value, column.type)) not in excluded
        and within(known, bounds)
        and _is_member(value, column)
    )


def _is_member(value: Any, column: Column) -> bool:
    kind = column.type
    return not isinstance(kind, EnumType) or kind.multiple or value in kind.values


def _is_empty(low: Any, high: Any, limits: Limits) -> bool:
    return bool(low > high or (low == high and (limits.minimum_open or limits.maximum_open)))


def ordering_conflicts(edges: Sequence[Edge], limits: Mapping[str, Limits]) -> list[Problem]:
    """Return a problem per circle with a strict edge and per order that the bounds rule out."""
    problems = [problem for edge in edges if (problem := _bound_conflict(edge, limits)) is not None]
    circle = _strict_circle(edges)
    if circle:
        clash = " and ".join(f"({edge[3]})" for edge in circle)
        names = " < ".join([*(edge[0] for edge in circle), circle[0][0]])
        message = f"{clash} go round in a circle ({names}), which no row satisfies"
        problems.append(Problem("rules", message, "drop one of the rules"))
    return problems


def _bound_conflict(edge: Edge, limits: Mapping[str, Limits]) -> Problem | None:
    low, high, strict, rule = edge
    least = limits.get(low, Limits()).minimum
    most = limits.get(high, Limits()).maximum
    if least is None or most is None or type(least) is str or type(most) is str:
        return None
    if not _is_above(least, most, strict=strict):
        return None
    message = f"({rule}) cannot hold: {low} is at least {least} and {high} at most {most}"
    return Problem("rules", message, "drop or loosen one of the rules")


def _is_above(least: Any, most: Any, *, strict: bool) -> bool:
    numeric = isinstance(least, int | float), isinstance(most, int | float)
    if numeric[0] is not numeric[1]:
        return False
    return bool(least > most or (strict and least == most))


def _strict_circle(edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges of one circle through a strict edge, or nothing."""
    for edge in edges:
        if edge[2]:
            back = _route(edges, edge[1], edge[0])
            if back is not None:
                return [edge, *back]
    return []


def _route(edges: Sequence[Edge], start: str, goal: str) -> list[Edge] | None:
    """Return a shortest chain of edges from ``start`` to ``goal``."""
    reached: dict[str, list[Edge]] = {start: []}
    pending = [start]
    while pending:
        here = pending.pop(0)
        if here == goal:
            return reached[here]
        for edge in edges:
            if edge[0] == here and edge[1] not in reached:
                reached[edge[1]] = [*reached[here], edge]
                pending.append(edge[1])
    return None
