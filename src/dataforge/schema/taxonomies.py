"""Tables whose rows are the nodes of a tree of categories."""

from __future__ import annotations

from dataforge.schema.model import Table
from dataforge.schema.specs import RecordSpec

TAXONOMY = "taxonomy"


def is_taxonomy(table: Table) -> bool:
    """Tell whether the rows of a table are nodes of the record ``taxonomy``, parents first."""
    return any(
        isinstance(column.spec, RecordSpec) and column.spec.record == TAXONOMY
        for column in table.columns
    )
