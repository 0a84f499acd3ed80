r"""Blocks of COPY text, checked: as many fields as columns, escapes that PostgreSQL writes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dataforge.verification.statements.blocks import Block
from dataforge.verification.statements.malformed import MalformedError
from dataforge.verification.statements.scan import (
    BACKSLASH,
    NEWLINE,
    TAB,
    Bytes,
    Fault,
    among,
    escaped_places,
    first_of,
    utf8_fault,
    whole_rows,
)

_LETTERS = b"bfnrtv"
_NULL = ord("N")


def checked_rows(block: Block, columns: Sequence[str]) -> tuple[bytes, bool]:
    """Return the block's rows as they are, and whether a field has an escape.

    Raises MalformedError at the first that is none.
    """
    data = block.data
    text = np.frombuffer(data, np.uint8)
    escapes, escaping = _escapes(text) if BACKSLASH in data else ([], False)
    faults = [*_shape(text, len(columns)), *escapes]
    if (place := data.find(b"\r")) >= 0:
        faults.append((place, "a bare carriage return"))
    if (broken := utf8_fault(data)) is not None:
        faults.append((broken, "no UTF-8"))
    if fault := first_of(faults):
        raise MalformedError(block.line_at(fault[0]), fault[1])
    return data, escaping


def _shape(text: Bytes, fields: int) -> list[Fault]:
    places = np.flatnonzero((text == TAB) | (text == NEWLINE))
    rows, next_fields = whole_rows(text[places], fields)
    stop = int(places[rows * fields - 1]) + 1 if rows else 0
    if stop == len(text):
        return []
    if not next_fields:
        return [(stop, "a row without an end")]
    return [(stop, f"{next_fields} fields where the statement names {fields} columns")]


def _escapes(text: Bytes) -> tuple[list[Fault], bool]:
    r"""Find a backslash before another letter and ``\N`` within a field."""
    padded = np.concatenate([text, np.full(1, NEWLINE, np.uint8)])
    places = escaped_places(text)
    followers = padded[places]
    null = followers == _NULL
    null &= among(padded[places - 2], b"\t\n") | (places < 2)
    null &= among(padded[np.minimum(places + 1, len(text))], b"\t\n")
    bad = np.flatnonzero(~(among(followers, _LETTERS) | null))
    escaping = not null.all() or bool(np.count_nonzero(text == BACKSLASH) > len(places))
    return [(int(place) - 1, "an unknown escape") for place in places[bad[:1]]], escaping
