"""Lists of values that spell what a record knows: M and F, Herr and Frau, single and married."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.words import fold
from dataforge.schema import Scalar

Labels = dict[str, tuple[Scalar, ...]]


def labels_of(field: str, values: Sequence[Scalar]) -> Labels | None:
    """Return which of ``values`` a person's ``field`` is written as, by state of the field.

    None where the values speak of something else.
    """
    return _READERS[field](values)


def _gender(values: Sequence[Scalar]) -> Labels | None:
    words = {_word(value): value for value in values}
    for female, male in _pairs():
        if female in words and male in words:
            return _with_rest({"female": (words[female],), "male": (words[male],)}, values)
    spelled = _spelled("gender", values)
    return _with_rest(spelled, values) if spelled.keys() >= {"female", "male"} else None


def _title(values: Sequence[Scalar]) -> Labels | None:
    found = _spelled("title", values)
    women = found.keys() & {"woman", "wife", "miss"}
    return _with_rest(found, values) if "man" in found and women else None


def _marital_status(values: Sequence[Scalar]) -> Labels | None:
    found = _spelled("marital_status", values)
    return _with_rest(found, values) if 2 * len(found) > len(values) and len(found) > 1 else None


_READERS: Mapping[str, Callable[[Sequence[Scalar]], Labels | None]] = {
    "gender": _gender,
    "title": _title,
    "marital_status": _marital_status,
}


def _spelled(field: str, values: Sequence[Scalar]) -> Labels:
    """Return the values whose spelling is known, by state."""
    known: dict[str, str] = {}
    for (of, state), words in _sections().items():
        if of == field:
            known.update(dict.fromkeys(words, state))
    found: Labels = {}
    for value in values:
        meant = known.get(_word(value))
        if meant is not None:
            found[meant] = (*found.get(meant, ()), value)
    return found


def _with_rest(found: Labels, values: Sequence[Scalar]) -> Labels:
    """Add what is left of the values as other states than those known."""
    taken = {value for labels in found.values() for value in labels}
    rest = tuple(value for value in values if value not in taken)
    return found | {"other": rest} if rest else found


def _word(value: Scalar) -> str:
    return re.sub(r"[\W_]+", "_", fold(str(value)).lower()).strip("_")


@cache
def _sections() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the words below each ``[field state]`` of the file of labels."""
    text = files("dataforge.parsers.meaning").joinpath("data/labels.txt").read_text("utf-8")
    blocks = (block.split("]\n", 1) for block in text.split("\n[")[1:])
    found = {}
    for head, body in blocks:
        field, _, state = head.partition(" ")
        found[field, state] = tuple(_word(word) for word in body.split())
    return found


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    words = _sections()["gender", "pairs"]
    return tuple(zip(words[::2], words[1::2], strict=True))
