r"""Blocks of COPY text, checked: as many fields as columns, escapes that PostgreSQL writes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dataforge.verification.statements.blocks import Block
from dataforge.verification.statements.malformed import MalformedError
from dataforge.verification.statements.scan import (
    NEWLINE,
    RETURN,
    TAB,
    Bytes,
    among,
    escaped_places,
    first_of,
    whole_rows,
)

_LETTERS = b"bfnrtv"
_NULL = ord("N")


def checked_rows(block: Block, columns: Sequence[str]) -> bytes:
    """Return the block's rows as they are; MalformedError at the first that is none."""
    text = np.frombuffer(block.data, np.uint8)
    faults = [*_shape(text, len(columns)), *_escapes(text), *_no_utf8(block.data)]
    if fault := first_of(faults):
        raise MalformedError(block.line_at(fault[0]), fault[1])
    return block.data


def _shape(text: Bytes, fields: int) -> list[tuple[int, str]]:
    places = np.flatnonzero((text == TAB) | (text == NEWLINE))
    rows, next_fields = whole_rows(text[places], fields)
    stop = int(places[rows * fields - 1]) + 1 if rows else 0
    if stop == len(text):
        return []
    if not next_fields:
        return [(stop, "a row without an end")]
    return [(stop, f"{next_fields} fields where the statement names {fields} columns")]


def _escapes(text: Bytes) -> list[tuple[int, str]]:
    r"""Find backslashes before other letters, ``\N`` within a field, and bare line breaks."""
    faults = [(int(place), "a bare carriage return") for place in _first(text == RETURN)]
    padded = np.concatenate([text, np.full(1, NEWLINE, np.uint8)])
    places = escaped_places(text)
    followers = padded[places]
    alone = among(padded[places - 2], b"\t\n") | (places < 2)
    alone &= among(padded[np.minimum(places + 1, len(text))], b"\t\n")
    bad = ~(among(followers, _LETTERS) | ((followers == _NULL) & alone))
    return [*faults, *((int(places[n]) - 1, "an unknown escape") for n in _first(bad))]


def _first(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    return [int(flags.argmax())] if flags.any() else []


def _no_utf8(data: bytes) -> list[tuple[int, str]]:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return [(error.start, "no UTF-8")]
    return []
