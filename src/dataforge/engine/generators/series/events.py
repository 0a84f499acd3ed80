"""Disturbances of a series at stated rates: where they are, how far they go, what they are called.

Time is cut into slots, a little longer than the longest disturbance of the kind; each slot holds at
most one, with a keyed draw for whether, how long and where in it. Any step tells by its own slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataforge.engine.generators.series.draws import Draws, Steps, address
from dataforge.schema.specs.series import Anomaly, Failure
from dataforge.streams import FloatArray, IntArray, below, to_unit

_LOW_HALF = np.uint64(32)
_SIGNED = frozenset({"level_shift", "drift"})


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of disturbance: in each ``slot`` of steps one, with probability ``chance``."""

    kind: str
    size: float
    shortest: int
    longest: int
    slot: int
    chance: float


@dataclass(frozen=True, slots=True)
class Happenings:
    """What happens at some steps.

    ``code`` (int8) is 0 for nothing, else the event's number from 1 on; ``elapsed`` and ``length``
    (int64) are its age in steps and its duration, ``strength`` (float64) is its size and sign.
    """

    code: npt.NDArray[np.int8]
    elapsed: IntArray
    length: IntArray
    strength: FloatArray


def events_of(asked: Sequence[Anomaly | Failure]) -> tuple[Event, ...]:
    """Lay out the kinds; where two meet the earlier wins, which the later's chance makes up for."""
    events, free = [], 1.0
    for each in asked:
        shortest, longest = each.length
        mean = (shortest + longest) / 2
        rate = each.rate / max(free, each.rate)
        slot = max(longest, int(mean / (2 * rate)))
        chance = min(rate * slot / mean, 1.0)
        events.append(Event(each.kind, each.size, shortest, longest, slot, chance))
        free -= each.rate
    return tuple(events)


def happenings(events: Sequence[Event], draws: Draws, steps: Steps) -> Happenings:
    """Return what happens at some steps."""
    size = steps.index.size
    code = np.zeros(size, dtype=np.int8)
    elapsed, length = np.zeros(size, dtype=np.int64), np.ones(size, dtype=np.int64)
    strength = np.zeros(size)
    for number, event in enumerate(events, 1):
        purpose = f"event/{number}"
        # Each series has its slots elsewhere, so that nothing happens in all of them at once.
        shift = (draws.bits(f"{purpose}/shift", steps.series) % np.uint64(event.slot)).view(
            np.int64
        )
        slot, place = np.divmod(steps.index + shift, event.slot)
        slots = address(steps.series, slot)
        hit = np.flatnonzero((draws.uniform(purpose, slots) < event.chance) & (code == 0))
        words = draws.bits(f"{purpose}/extent", slots[hit])
        lasts = below(words, event.longest - event.shortest + 1) + event.shortest
        begins = below(words << _LOW_HALF, 1 << 16) * (event.slot - lasts + 1) >> 16
        age = place[hit] - begins
        within = (age >= 0) & (age < lasts)
        hit, age, lasts = hit[within], age[within], lasts[within]
        code[hit], elapsed[hit], length[hit] = number, age, lasts
        strength[hit] = _strength(event, draws, f"{purpose}/size", slots[hit])
    return Happenings(code, elapsed, length, strength)


def _strength(
    event: Event, draws: Draws, purpose: str, slots: npt.NDArray[np.uint64]
) -> FloatArray:
    """Return sizes within a quarter of the event's, negative for half of those that may be."""
    words = draws.bits(purpose, slots)
    sizes = event.size * (0.75 + 0.5 * to_unit(words))
    if event.kind == "dip":
        return -sizes
    if event.kind not in _SIGNED:
        return sizes
    return np.where(words & np.uint64(1), sizes, -sizes)


def displacement(events: Sequence[Event], found: Happenings) -> FloatArray:
    """Return how far each step is moved: a peak fades, a shift stays, a drift grows."""
    moved = found.strength.copy()
    for number, event in enumerate(events, 1):
        hit = np.flatnonzero(found.code == number)
        age, length = found.elapsed[hit], found.length[hit]
        match event.kind:
            case "spike" | "dip":
                moved[hit] *= 1.0 - age / length
            case "drift":
                moved[hit] *= (age + 1) / length
            case "level_shift":
                pass
            case _:
                moved[hit] = 0.0
    return moved


def of_kind(events: Sequence[Event], found: Happenings, kinds: frozenset[str]) -> IntArray:
    """Return the places (int64) where an event of one of ``kinds`` is on."""
    numbers = [number for number, event in enumerate(events, 1) if event.kind in kinds]
    return np.flatnonzero(np.isin(found.code, numbers))
