"""Countries, currencies, languages, states, categories: the rows of a table of their own.

Such a table lists each thing once, best known first: row 0 is one thing in every column, the
next row the next, and after the last the list begins again.
"""

from __future__ import annotations

import numpy as np

from dataforge.corpora import joint_table
from dataforge.engine.generators.records.fields import Codes, Draw, Joined, MakeField, Part, Text

CLOSED = ("country", "currency", "language", "state")
TABLES = (*CLOSED, "category")
# Facts for other records, of no use as values.
INTERNAL = frozenset({"postcodes"})


def fields(table: str) -> dict[str, MakeField]:
    """Return a maker for every column of the joint table."""
    return {
        name: _maker(table, name) for name in joint_table(table).columns if name not in INTERNAL
    }


def _maker(table: str, column: str) -> MakeField:
    return lambda locale: _listed(table, column, locale)


def _listed(table: str, column: str, locale: str) -> Text:
    joint = joint_table(table, locale)
    weights = np.ones(len(joint)) if joint.weights is None else joint.weights
    order = np.argsort(-weights, kind="stable")
    values = [joint.columns[column][at] for at in order]

    def codes(draw: Draw) -> Codes:
        return draw.cells.rows % len(values)

    listed = Joined((Part(values, codes),))
    closed = table in CLOSED
    apart = closed and len({value.casefold() for value in values}) == len(values)
    return Text(
        (listed,), distinct=(listed,) if apart else (), room=len(values) if closed else None
    )
