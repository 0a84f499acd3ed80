"""What documents are to be made, as a typed description; nothing is rendered here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dataforge.errors import Problem, did_you_mean
from dataforge.schema import Schema
from dataforge.schema.types import Model

DocumentFormat = Literal["pdf", "docx", "html", "json"]


class DocumentField(Model):
    """A value in a document. ``source`` is the ``table.column`` it comes from, if from any."""

    name: str = Field(min_length=1)
    source: str | None = None
    repeated: bool = False


class Variation(Model):
    """How documents of one plan differ: layouts, the share that is scanned, optional fields."""

    layouts: int = Field(default=1, ge=1, le=50)
    scanned_share: float = Field(default=0.0, ge=0, le=1)
    optional_share: float = Field(default=0.1, ge=0, le=1)


class DocumentPlan(Model):
    """Documents of one type: fields, how many, in which formats, tied to the rows of a table.

    ``count`` of None means one for each row of ``table``.
    """

    type: str = "document"
    table: str | None = None
    fields: tuple[DocumentField, ...] = ()
    count: int | None = Field(default=None, ge=0)
    formats: tuple[DocumentFormat, ...] = ("pdf",)
    variation: Variation = Variation()
    locale: str = "en_US"
    reasons: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The plan in a line."""
        count = "one for each row" if self.count is None else f"{self.count:,}"
        tie = f" of {self.table}" if self.table else ""
        return f"{self.type}: {count}{tie} as {', '.join(self.formats)}"


def problems_of(plan: DocumentPlan, schema: Schema | None) -> tuple[Problem, ...]:
    """Return the ties of a plan to tables and columns that are not there."""
    tables = {} if schema is None else schema.tables_by_name
    found = []
    if plan.table is not None and plan.table not in tables:
        hint = did_you_mean(plan.table, tables)
        found.append(Problem("table", f"there is no table {plan.table!r}{hint}"))
    for field in plan.fields:
        table, _, column = (field.source or "").rpartition(".")
        if field.source and (table not in tables or column not in tables[table].columns_by_name):
            found.append(Problem(f"fields.{field.name}", f"there is no column {field.source!r}"))
    return tuple(found)
