"""Two limits on one column as one."""

from __future__ import annotations

from typing import Any

from dataforge.engine.cells import Limits


def merged(first: Limits, second: Limits) -> Limits:
    """Return what both allow; a list that comes out empty stays as an empty list."""
    minimum, minimum_open = _tighter(
        (first.minimum, first.minimum_open), (second.minimum, second.minimum_open), sign=1
    )
    maximum, maximum_open = _tighter(
        (first.maximum, first.maximum_open), (second.maximum, second.maximum_open), sign=-1
    )
    return Limits(
        minimum=minimum,
        maximum=maximum,
        minimum_open=minimum_open,
        maximum_open=maximum_open,
        allowed=_common(first.allowed, second.allowed),
        excluded=tuple(dict.fromkeys((*first.excluded, *second.excluded))),
        pattern=first.pattern or second.pattern,
        min_length=_chosen(max, first.min_length, second.min_length),
        max_length=_chosen(min, first.max_length, second.max_length),
        not_null=first.not_null or second.not_null,
        case=first.case or second.case,
    )


def within(value: Any, limits: Limits) -> bool:
    """Tell whether a value lies inside the bounds and is not excluded."""
    if value in limits.excluded:
        return False
    above = limits.minimum is None or (
        value > limits.minimum if limits.minimum_open else value >= limits.minimum
    )
    below = limits.maximum is None or (
        value < limits.maximum if limits.maximum_open else value <= limits.maximum
    )
    return above and below


def _tighter(first: tuple[Any, bool], second: tuple[Any, bool], *, sign: int) -> tuple[Any, bool]:
    if first[0] is None or second[0] is None:
        return second if first[0] is None else first
    if first[0] == second[0]:
        return first[0], first[1] or second[1]
    is_greater = first[0] > second[0]
    return first if is_greater is (sign > 0) else second


def _common(
    first: tuple[Any, ...] | None, second: tuple[Any, ...] | None
) -> tuple[Any, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    return tuple(value for value in first if value in second)


def _chosen(choose: Any, first: int | None, second: int | None) -> int | None:
    known = [value for value in (first, second) if value is not None]
    return choose(known) if known else None
