"""The plan that a profile and its findings give without a model."""

from __future__ import annotations

import re

from dataforge.agents.replication_agent.plan import (
    ColumnPlan,
    Finding,
    ReplicationPlan,
    TablePlan,
)
from dataforge.schema import Column, Schema, Table

_SCALE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:times|x\b|fach|fois|veces|vezes|倍)", re.IGNORECASE)
_TIMES = frozenset({"date", "timestamp", "time"})
FEW_COLUMNS = 2


def drafted(request: str, schema: Schema, findings: tuple[Finding, ...]) -> ReplicationPlan:
    """Return a plan: keys made anew, personal data invented, the rest fitted together."""
    scale = _SCALE.search(request)
    return ReplicationPlan(
        tables=tuple(_table(table) for table in schema.tables),
        columns=tuple(
            _column(table, column, findings) for table in schema.tables for column in table.columns
        ),
        scale=float(scale[1]) if scale else 1.0,
        reasons=("personal data is invented, so that no person of the source is in the copy",),
    )


def _table(table: Table) -> TablePlan:
    keys = {*table.primary_key, *(c for key in table.foreign_keys for c in key.columns)}
    free = [column for column in table.columns if column.name not in keys]
    if table.owner is not None and any(column.type.kind in _TIMES for column in free):
        why = "its rows follow each other within a parent"
        return TablePlan(table=table.name, synthesizer="sequence", rows=table.rows, reason=why)
    if len(free) < FEW_COLUMNS:
        why = "it has hardly a column that could depend on another"
        return TablePlan(table=table.name, synthesizer="independent", rows=table.rows, reason=why)
    why = "its columns may depend on each other"
    return TablePlan(table=table.name, synthesizer="copula", rows=table.rows, reason=why)


def _column(table: Table, column: Column, findings: tuple[Finding, ...]) -> ColumnPlan:
    place = {"table": table.name, "column": column.name}
    kinds = [f.kind for f in findings if (f.table, f.column) == (table.name, column.name)]
    if column.name in table.primary_key or any(
        column.name in k.columns for k in table.foreign_keys
    ):
        return ColumnPlan(**place, action="key", reason="it identifies rows and is made anew")
    if kinds:
        return ColumnPlan(
            **place, action="invent", reason=f"it holds {', '.join(sorted(set(kinds)))}"
        )
    if column.type.kind == "binary":
        return ColumnPlan(**place, action="drop", reason="bytes have no distribution to fit")
    return ColumnPlan(**place, action="fit", reason="no personal data was found in it")
