"""Why each column was taken to mean what it does: for people to agree with or to overrule."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.parsers.meaning.assign import meanings
from dataforge.parsers.meaning.wording import wording
from dataforge.schema import Schema


@dataclass(frozen=True, slots=True)
class Finding:
    """What one column was found to mean.

    ``concept`` is the name to write as the column's ``semantic``; ``score`` in (0, 1] says how
    much of the name the concept explains, ``reason`` why; ``makes`` is the spec in short.
    """

    table: str
    column: str
    concept: str
    score: float
    reason: str
    makes: str


def explain(schema: Schema) -> tuple[Finding, ...]:
    """Return a finding for every open column whose name means something, in schema order.

    Columns with a spec, keys of other tables, identities and generated columns are passed over.
    Pure and deterministic; ``SchemaError`` for a ``semantic`` that is no concept.
    """
    return tuple(
        Finding(
            table,
            column,
            meaning.match.concept.name,
            meaning.match.score,
            meaning.match.reason,
            wording(meaning.spec),
        )
        for table, found in meanings(schema).items()
        for column, meaning in found.items()
        if meaning is not None
    )
