"""A person's gender, title or marital status in the spelling that a column lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table
from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records.fields import Codes, Draw
from dataforge.schema import Scalar

Labels = Mapping[str, tuple[Scalar, ...]]
States = Callable[[Draw], Codes]

# Further genders of locales whose own forms know two.
OTHER_SHARE = 0.02
# The share of the states of a title among those that a person may bear, and who may bear them:
# codes are gender * 4 + single * 2 + young, as in the titles of the locale.
_TITLES: Mapping[str, tuple[float, frozenset[int]]] = {
    "man": (90, frozenset({4, 5, 6, 7})),
    "woman": (50, frozenset({0, 1, 2, 3})),
    "wife": (45, frozenset({0, 1})),
    "miss": (30, frozenset({2, 3})),
    "doctor": (6, frozenset({0, 2, 4, 6, 8, 10})),
    "other": (0.5, frozenset(range(12))),
}
_MEN, _PEOPLE = 4, 12
_SLOT_BITS = 16
# What a status is called where a list has no word of its own for it.
_STAND_IN = {"divorced": "single", "widowed": "single", "other": "married"}
STATES: Mapping[str, tuple[str, ...]] = {
    "gender": ("female", "male", "other"),
    "marital_status": ("single", "married", "divorced", "widowed", "other"),
    "title": tuple(_TITLES),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels (in the column's type) and how many of them each state has, in order of states."""

    labels: pa.Array
    counts: npt.NDArray[np.int64]
    field: str
    states: States

    def make(self, draw: Draw) -> pa.Array:
        """Return each row's label; strings as a dictionary."""
        states = self.states(draw)
        first = np.cumsum(self.counts) - self.counts
        codes = first[states]
        if (self.counts > 1).any():
            which = draw.unit("person", f"{self.field} label") * self.counts[states]
            codes = codes + which.astype(np.int64)
        if not pa.types.is_string(self.labels.type):
            return self.labels.take(pa.array(codes))
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), self.labels)


def labelled(field: str, labels: Labels, typed: pa.Array, locale: str) -> Labelled:
    """Return the maker of a field whose states are spelled as ``labels``.

    ``typed`` are the labels of all states, in the order of ``states_of``, in the column's type.
    """
    named = states_of(field, labels)
    counts = np.array([len(labels[state]) for state in named])
    return Labelled(typed, counts, field, _MAKERS[field](named, locale))


def states_of(field: str, labels: Labels) -> list[str]:
    """Return the states that have labels, in the field's order."""
    return [state for state in STATES[field] if labels.get(state)]


def spelled(field: str, labels: Labels) -> tuple[Scalar, ...]:
    """Return all labels in the order of the states."""
    return tuple(label for state in states_of(field, labels) for label in labels[state])


def _genders(named: Sequence[str], locale: str) -> States:
    at = {state: code for code, state in enumerate(named)}
    female, male = at.get("female", 0), at.get("male", 0)
    third = at.get("other")

    def states(draw: Draw) -> Codes:
        codes: Codes = np.where(identity.sexes(draw, locale) == 1, male, female)
        if third is None:
            return codes
        if identity.has_third_gender(locale):
            return np.where(identity.genders(draw, locale) == identity.OTHER, third, codes)
        return np.where(draw.unit("person", "third gender") < OTHER_SHARE, third, codes)

    return states


def _statuses(named: Sequence[str], locale: str) -> States:
    at = {state: code for code, state in enumerate(named)}
    place = [
        at.get(state, at.get(_STAND_IN.get(state, ""), 0)) for state in STATES["marital_status"]
    ]
    table = np.array(place)
    return lambda draw: cast("Codes", table[identity.statuses(draw, locale)])


def _titles(named: Sequence[str], locale: str) -> States:
    tables = []
    for person in range(_PEOPLE):
        shares = [_TITLES[state][0] if person in _TITLES[state][1] else 0.0 for state in named]
        if not any(shares):
            shares = _last_resort(named, person)
        tables.append(slot_table(len(named), np.array(shares)))
    table = np.concatenate(tables)
    genders = identity.genders if "other" in named else identity.sexes

    def states(draw: Draw) -> Codes:
        persons = genders(draw, locale).astype(np.int64) * 4 + _circumstances(draw, locale)
        chosen: Codes = table[(persons << _SLOT_BITS) + draw.top("person", "title")]
        return chosen

    return states


def _last_resort(named: Sequence[str], person: int) -> list[float]:
    """Return shares for whom no title is meant: of married women among Mr. and Miss."""
    kin = {"woman", "wife", "miss"} if person < _MEN else {"man"}
    shares = [float(state in kin) for state in named]
    return shares if any(shares) else [1.0] * len(named)


def _circumstances(draw: Draw, locale: str) -> Codes:
    """Return single * 2 + young."""
    single = identity.statuses(draw, locale) == 0
    young = identity.days_old(draw) < identity.DOCTOR_AGE * identity.DAYS_A_YEAR
    which: Codes = single * 2 + young
    return which


_MAKERS: Mapping[str, Callable[[Sequence[str], str], States]] = {
    "gender": _genders,
    "marital_status": _statuses,
    "title": _titles,
}
