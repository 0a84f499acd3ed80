"""Which columns of a schema are worth a vocabulary, and what is asked for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from dataforge.agents.prompt_files import prompt
from dataforge.parsers.meaning import assign_meaning
from dataforge.schema import Column, Schema, StringType, Table, TextSpec, TextType, normalize

MOST_ASKED = 12
"""Columns of one schema that a model is asked about; the rest has the engine's own texts."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A column, the words that ask for its vocabulary, and how long its values may be."""

    table: str
    column: str
    words: str
    locale: str
    max_length: int | None

    def key(self, model: str) -> str:
        """Return what the answer is kept under: a digest of prompt, model and locale."""
        said = "\x1f".join((prompt("vocabularies", "system"), self.words, model, self.locale))
        return hashlib.sha256(said.encode()).hexdigest()


def asks_of(schema: Schema) -> tuple[Ask, ...]:
    """Return the columns that would hold prose of no meaning otherwise, in their order.

    Nothing of rows or row counts is asked about, so that their number changes no cost.
    """
    return tuple(_asks(normalize(assign_meaning(schema))))[:MOST_ASKED]


def _asks(schema: Schema) -> Iterator[Ask]:
    for table in schema.tables:
        for column in table.columns:
            if isinstance(column.spec, TextSpec) and not _keyed(table, column):
                about = f" ({column.comment})" if column.comment else ""
                yield Ask(
                    table=table.name,
                    column=column.name,
                    words=f"{schema.name}, table {table.name}, column {column.name}{about}",
                    locale=str(schema.locale),
                    max_length=_length(column),
                )


def _keyed(table: Table, column: Column) -> bool:
    return any(column.name in key for key in table.keys)


def _length(column: Column) -> int | None:
    match column.type:
        case StringType(max_length=most):
            return most
        case TextType():
            return None
    return 0
