"""Answers about the schema of a conversation, from what is known of it."""

from __future__ import annotations

from typing import Any

from dataforge.agents.schema_agent.summaries import of_schema
from dataforge.schema import Schema


def explained(schema: Schema | None, version: dict[str, Any] | None, words: str) -> str:
    """Return what the schema is, why, and what was assumed; only of tables that words name."""
    if schema is None or version is None:
        return "there is no schema yet: say what the data should be about"
    said = words.casefold()
    named = [t for t in schema.tables if t.name.replace("_", " ") in said.replace("_", " ")]
    shown = schema.model_copy(update={"tables": tuple(named)}) if named else schema
    places = tuple(f"tables.{table.name}" for table in shown.tables)
    reasons = [
        f"{', '.join(entry['clauses'])}: from the words {entry['sentence']['text']!r}"
        for entry in version["trace"]
        if any(clause.startswith(places) for clause in entry["clauses"])
    ]
    assumed = [f"assumed: {text}" for text in version["assumptions"]]
    unmet = [f"not honoured: {text}" for text in version["unmet"]]
    return "\n".join([of_schema(shown), *reasons, *assumed, *unmet])
