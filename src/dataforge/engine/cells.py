"""What a column generator is given and what it gives back.

A generator makes the cells of one column at the row numbers it is asked for, in any order and
any number; it keeps no state between calls and draws only through ``Cells``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

import pyarrow as pa

from dataforge.locales import locale_mix
from dataforge.schema import Column, Schema, Table
from dataforge.streams import BitArray, FloatArray, IntArray

# Groups that begin so draw the locale of a row: one for all that is made for it, items and members
# of a value included.
LOCALE_GROUP = "locale:"


class Cells(Protocol):
    """The addresses of a batch of cells of one column, and the draws that belong to them."""

    @property
    def rows(self) -> IntArray:
        """Row numbers, int64, shape (n,)."""
        ...

    def bits(self, purpose: str = "") -> BitArray:
        """64 random bits a cell, uint64 (n,); another ``purpose`` is an independent stream."""
        ...

    def uniform(self, purpose: str = "") -> FloatArray:
        """A float64 in [0, 1) a cell, shape (n,)."""
        ...

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Like ``bits``, but the same for every column of the table that names ``group``."""
        ...

    def column(self, name: str) -> pa.Array:
        """The cells of another column of the same rows (it must be in ``needs``)."""
        ...


class Generator(Protocol):
    """Makes the cells of one column."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the columns of the same table that ``make`` reads."""
        ...

    def make(self, cells: Cells) -> pa.Array:
        """Return one value a row: the column's Arrow type, or a dictionary of it."""
        ...


class Domain(Protocol):
    """A finite ordered set of distinct values; unique columns draw from it by permutation."""

    @property
    def size(self) -> int:
        """How many distinct values there are, 1 ≤ size ≤ 2**62."""
        ...

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the values at ``ranks`` (int64 in [0, size)); equal ranks give equal values."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules of a table leave of one column's values. ``None`` means no limit."""

    minimum: float | int | str | datetime | None = None
    maximum: float | int | str | datetime | None = None
    minimum_open: bool = False
    maximum_open: bool = False
    allowed: tuple[bool | int | float | str, ...] | None = None
    excluded: tuple[bool | int | float | str, ...] = ()
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    not_null: bool = False
    case: Literal["lower", "upper"] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where a generator is built: the column in its table and schema, its limits, its locale."""

    schema: Schema
    table: Table
    column: Column
    limits: Limits = field(default_factory=Limits)
    language: str | None = None

    @property
    def locale(self) -> str:
        """The one locale in which values are made here; of a mix, the main one."""
        return self.language or locale_mix(self.schema.locale).main

    def within(self, locale: str) -> Site:
        """Return the same site for the rows of one locale."""
        return replace(self, language=locale)
