"""Positions in a block of bytes, found all at once."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Fault = tuple[int, str]
"""A place in a block and what is wrong there."""

TAB, NEWLINE, RETURN, QUOTE, COMMA, BACKSLASH = (ord(each) for each in "\t\n\r',\\")


def whole_rows(kinds: Bytes, fields: int) -> tuple[int, int]:
    """Return how many rows of ``fields`` the separators make, and how many the next one has.

    ``kinds`` are the separators in order; all but the last of a row are no newlines.
    """
    full = len(kinds) // fields
    grid = kinds[: full * fields].reshape(full, fields) == NEWLINE
    bad = grid[:, :-1].any(axis=1) | ~grid[:, -1]
    rows = int(bad.argmax()) if bad.any() else full
    rest = kinds[rows * fields :]
    newlines = np.flatnonzero(rest[: 1 << 16] == NEWLINE)
    return rows, int(newlines[0]) + 1 if len(newlines) else 0


def escaped_places(text: Bytes) -> Places:
    """Return where the byte stands that a backslash escapes, but for escaped backslashes.

    Backslashes pair off from the first of a run; a last one without a partner escapes what follows.
    """
    slashes = np.flatnonzero(text == BACKSLASH)
    first = np.ones(len(slashes), np.bool_)
    first[1:] = slashes[1:] != slashes[:-1] + 1
    starts = np.flatnonzero(first)
    lengths = np.diff(starts, append=len(slashes))
    lone = (lengths & 1).astype(np.bool_)
    return slashes[starts[lone]] + lengths[lone]


def among(values: Bytes, known: bytes) -> Flags:
    """Return which values are one of the bytes ``known``."""
    table = np.zeros(256, np.bool_)
    table[list(known)] = True
    return table[values]


def utf8_fault(data: bytes) -> int | None:
    """Return where bytes stop being UTF-8, None where all are."""
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def first_of(faults: Sequence[Fault]) -> Fault | None:
    """Return the fault at the lowest place."""
    return min(faults, key=itemgetter(0), default=None)
