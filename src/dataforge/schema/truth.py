"""The truth table: what is written beside a dirty table about every difference from its twin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataforge.schema.model import Column, Table
from dataforge.schema.types import IntegerType, TextType

DUPLICATE: Final = "duplicate"
NEAR_DUPLICATE: Final = "near_duplicate"
OUT_OF_ORDER: Final = "out_of_order"
KIND_SEPARATOR: Final = "+"

_ROW = IntegerType()
_TEXT = TextType()

TRUTH_TABLE: Final = Table(
    name="truth",
    columns=(
        Column(name="row", type=_ROW, nullable=False, comment="row number in the dirty table"),
        Column(name="source_row", type=_ROW, nullable=False, comment="row number in the twin"),
        Column(name="column", type=_TEXT, comment="the cell's column; null speaks of the row"),
        Column(name="kinds", type=_TEXT, nullable=False, comment="what acted, joined by +"),
        Column(name="clean_value", type=_TEXT, comment="the twin's cell, as text"),
        Column(name="dirty_value", type=_TEXT, comment="the dirty cell, as text"),
        Column(name="duplicate_of", type=_ROW, comment="the twin's row that is there again"),
    ),
)
"""Row numbers count from 0. Rows that are neither duplicates nor out of order have the order of
the clean rows that remain."""


def joined_kinds(kinds: Iterable[str]) -> str:
    """Return distinct kinds as one text, in order."""
    return KIND_SEPARATOR.join(dict.fromkeys(kinds))
