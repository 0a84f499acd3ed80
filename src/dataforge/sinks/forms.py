"""What decides, besides the schema, how the bytes of a data set look."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.errors import UsageError
from dataforge.sinks import layout

LEAST_PART_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Form:
    """A format and how it is cut and packed.

    ``dialect`` matters to SQL alone; without it the schema's own is taken. ``compression`` of None
    leaves a format as it comes. ``defused`` puts an apostrophe before text that a spreadsheet
    would run as a formula. ``part_rows`` of None cuts tables into parts of ``layout.PART_ROWS``
    rows; ``part_bytes`` is the most bytes of a file, which then has as many rows as fit. Rows go to
    a folder for each value of the columns in ``partition_by`` that a table has.
    """

    format: str = "csv"
    dialect: str | None = None
    compression: str | None = None
    defused: bool = False
    part_rows: int | None = None
    part_bytes: int | None = None
    partition_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse parts without rows, or so small that their heads would not fit."""
        if self.part_rows is not None and self.part_rows < 1:
            raise UsageError("a file holds at least one row → --rows-per-file 1000000")
        if self.part_bytes is not None and self.part_bytes < LEAST_PART_BYTES:
            least = f"{LEAST_PART_BYTES:,}"
            raise UsageError(f"a file of less than {least} bytes is mostly head → --part-size 64MB")

    @property
    def rows_per_part(self) -> int:
        """The most rows that a file holds."""
        return self.part_rows or layout.PART_ROWS
