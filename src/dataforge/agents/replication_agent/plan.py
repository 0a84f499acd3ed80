"""How data is to be replicated, as a typed description; no value of the source is in it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dataforge.errors import Problem, did_you_mean
from dataforge.schema import Schema
from dataforge.schema.types import Model


class Finding(Model):
    """Personal data found in a column: its kind, how sure, in which share of the cells."""

    table: str
    column: str
    kind: str
    score: float = Field(default=1.0, ge=0, le=1)
    share: float = Field(default=1.0, ge=0, le=1)


class ColumnPlan(Model):
    """What becomes of a column: fitted, invented anew, derived, kept or left out, and why."""

    table: str
    column: str
    action: Literal["fit", "invent", "key", "drop"]
    reason: str = Field(min_length=1)


class TablePlan(Model):
    """How a table's rows are made: a synthesizer, how many rows, and why."""

    table: str
    synthesizer: Literal["copula", "independent", "sequence"]
    rows: int | None = Field(default=None, ge=0)
    reason: str = Field(min_length=1)


class ReplicationPlan(Model):
    """A plan for every table and column of a data set, each with its reason."""

    tables: tuple[TablePlan, ...] = ()
    columns: tuple[ColumnPlan, ...] = ()
    scale: float = Field(default=1.0, gt=0)
    reasons: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The plan in a line."""
        invented = sum(column.action == "invent" for column in self.columns)
        return f"{len(self.tables)} tables, {len(self.columns)} columns, {invented} invented anew"


def problems_of(
    plan: ReplicationPlan, schema: Schema, findings: tuple[Finding, ...]
) -> tuple[Problem, ...]:
    """Return ties to what is not there, and personal data that would be fitted."""
    found = []
    personal = {(finding.table, finding.column) for finding in findings}
    for each in plan.columns:
        table = schema.tables_by_name.get(each.table)
        place = f"columns.{each.table}.{each.column}"
        if table is None or each.column not in table.columns_by_name:
            known = schema.tables_by_name if table is None else table.columns_by_name
            hint = did_you_mean(each.column if table else each.table, known)
            found.append(Problem(place, f"there is no such column{hint}"))
        elif (each.table, each.column) in personal and each.action == "fit":
            found.append(Problem(place, "personal data is never fitted", "invent, key or drop it"))
    missing = {table.name for table in schema.tables} - {each.table for each in plan.tables}
    found += [Problem(f"tables.{name}", "the plan leaves it out") for name in sorted(missing)]
    return tuple(found)
