"""Dirt: what is done to clean rows, and how often.

Every kind has a ``rate``: the share of cells (of rows, for whole rows) that it hits. Kinds act in
the order in which a table lists them. ``columns`` of nothing means every column that the kind can
act on, except keys and foreign keys.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from dataforge.schema.types import Model

Rate = Annotated[float, Field(ge=0, le=1)]

UNITS: Final = {
    "kg_to_lb": (2.2046226218, 0.0),
    "lb_to_kg": (0.45359237, 0.0),
    "euros_to_cents": (100.0, 0.0),
    "cents_to_euros": (0.01, 0.0),
    "celsius_to_fahrenheit": (1.8, 32.0),
    "fahrenheit_to_celsius": (1 / 1.8, -32 / 1.8),
    "cm_to_in": (1 / 2.54, 0.0),
    "in_to_cm": (2.54, 0.0),
    "m_to_ft": (1 / 0.3048, 0.0),
    "ft_to_m": (0.3048, 0.0),
    "km_to_mi": (1 / 1.609344, 0.0),
    "mi_to_km": (1.609344, 0.0),
}
"""Factor and offset of each flip; the factors are exact by definition (pound and yard of 1959)."""

Unit = Literal[
    "kg_to_lb",
    "lb_to_kg",
    "euros_to_cents",
    "cents_to_euros",
    "celsius_to_fahrenheit",
    "fahrenheit_to_celsius",
    "cm_to_in",
    "in_to_cm",
    "m_to_ft",
    "ft_to_m",
    "km_to_mi",
    "mi_to_km",
]


class CellDirt(Model):
    """Dirt that changes single cells: each of ``columns`` is hit with probability ``rate``."""

    rate: Rate
    columns: tuple[str, ...] = ()


class TypoDirt(CellDirt):
    """A slip of the fingers or of a scanner.

    A neighbouring key, two letters transposed, one left out or doubled, shapes confused (``rn``
    for ``m``, ``0`` for ``O``).
    ``keyboard`` is the layout of the neighbours; without it the locale's own.
    """

    kind: Literal["typo"] = "typo"
    keyboard: Literal["qwerty", "qwertz", "azerty"] | None = None


class CaseDirt(CellDirt):
    """All capitals, no capitals, a caps lock left on, or only the first letter large."""

    kind: Literal["case"] = "case"


class WhitespaceDirt(CellDirt):
    """A space before, behind or twice in between, or a no-break space instead of a space."""

    kind: Literal["whitespace"] = "whitespace"


class EncodingDirt(CellDirt):
    """UTF-8 read as Windows-1252, accents lost, or a replacement character.

    Text that is plain ASCII stays as it is. ``forms`` narrows it to some of these.
    """

    kind: Literal["encoding"] = "encoding"
    forms: tuple[Literal["mojibake", "accents", "replacement", "question_mark"], ...] = (
        "mojibake",
        "accents",
        "replacement",
        "question_mark",
    )


class FormatDirt(CellDirt):
    """Text in another form: dates and moments, telephone numbers, a decimal comma.

    ``forms`` narrows it; a cell that holds none of them stays as it is.
    """

    kind: Literal["format"] = "format"
    forms: tuple[Literal["date", "phone", "decimal_comma"], ...] = (
        "date",
        "phone",
        "decimal_comma",
    )


class OutlierDirt(CellDirt):
    """A number far off: times ``factor`` (a slipped point), or ``sigmas`` standard deviations away.

    With ``sigmas`` the deviation is that of the column's first 1024 rows. What is beyond the
    column's type becomes the type's limit.
    """

    kind: Literal["outlier"] = "outlier"
    factor: float = 10.0
    sigmas: float | None = Field(default=None, gt=0)


class UnitDirt(CellDirt):
    """A number written in another unit: a known ``flip``, or ``value * factor + offset``."""

    kind: Literal["unit"] = "unit"
    flip: Unit | None = None
    factor: float | None = None
    offset: float = 0.0
    decimals: int = Field(default=2, ge=0, le=9)

    @property
    def conversion(self) -> tuple[float, float]:
        """The factor and the offset that are meant."""
        return UNITS[self.flip] if self.flip else (self.factor or 1.0, self.offset)


class SwapDirt(Model):
    """The values of two columns of one row exchanged, as first and last name often are."""

    kind: Literal["swap"] = "swap"
    rate: Rate
    columns: tuple[str, str]


class DateSwapDirt(CellDirt):
    """Day and month exchanged, where that is a date too: in dates, moments and text."""

    kind: Literal["date_swap"] = "date_swap"


class MissingDirt(CellDirt):
    """Cells left empty: completely at random, by another column, or by the value itself.

    ``mcar``: with probability ``rate``. ``mar``: with ``rate`` where the SQL condition ``when``
    over other columns is true and ``otherwise`` elsewhere. ``mnar``: the same, and ``when`` speaks
    of the missing column itself. The condition is judged on the clean row. ``markers`` are written
    into text columns instead of null (``N/A``, ``-``).
    """

    kind: Literal["missing"] = "missing"
    pattern: Literal["mcar", "mar", "mnar"] = "mcar"
    when: str | None = None
    otherwise: Rate = 0.0
    markers: tuple[str, ...] = ()


class LateDirt(CellDirt):
    """A moment noted ``minimum`` to ``maximum`` seconds too late, mostly by little.

    Dates are late by whole days. On the column that says when an event arrived these are late
    arrivals.
    """

    kind: Literal["late"] = "late"
    minimum: float = Field(default=60, gt=0)
    maximum: float = Field(default=259_200, gt=0)


class OrphanDirt(CellDirt):
    """Foreign keys of parents that are not there: keys that the parent table would use next."""

    kind: Literal["orphan"] = "orphan"


class DuplicateDirt(Model):
    """Rows that are there twice: ``rate`` times as many more, among the others.

    ``near_share`` of them differ from their original in a field: a typo, its case or a space.
    """

    kind: Literal["duplicate"] = "duplicate"
    rate: Rate
    near_share: float = Field(default=0.5, ge=0, le=1)


class OutOfOrderDirt(Model):
    """Rows that come up to ``window`` rows later than their place in the table."""

    kind: Literal["out_of_order"] = "out_of_order"
    rate: Rate
    window: int = Field(default=50, ge=1, le=4096)


DirtSpec = Annotated[
    TypoDirt
    | CaseDirt
    | WhitespaceDirt
    | EncodingDirt
    | FormatDirt
    | OutlierDirt
    | UnitDirt
    | SwapDirt
    | DateSwapDirt
    | MissingDirt
    | LateDirt
    | OrphanDirt
    | DuplicateDirt
    | OutOfOrderDirt,
    Field(discriminator="kind"),
]
