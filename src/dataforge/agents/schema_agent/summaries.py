"""What tools tell a model: short texts, as every word is paid for again with each call."""

from __future__ import annotations

from dataforge.parsers.prompt import Request
from dataforge.schema import ForeignKey, Schema
from dataforge.schema.type_text import type_text

MOST_COLUMNS = 40


def of_request(request: Request) -> str:
    """Return entities, relations, quantities, traits and rules, each with its words."""
    if request.refused is not None:
        return f"refused: {request.refused}"
    lines = [f"language {request.language}, domain {request.domain or 'unknown'}"]
    for entity in request.entities:
        count = "" if entity.count is None else f", {entity.count.value} rows"
        columns = ", ".join(column.name for column in entity.columns)
        said = f" with {columns}" if columns else ""
        lines.append(f"table {entity.name}{count}{said} <- {entity.words.text!r}")
    lines.extend(
        f"relation {each.parent} 1:n {each.child} <- {each.words.text!r}"
        for each in request.relations
    )
    lines.extend(
        f"{each.kind} of {each.entity or 'all'} {each.state or ''}"
        f"{'' if each.share is None else f' {each.share:g}'} <- {each.words.text!r}"
        for each in request.traits
    )
    lines.extend(f"not understood: {unmet}" for unmet in request.unmet)
    return "\n".join(lines)


def of_schema(schema: Schema) -> str:
    """Return one line for each table: rows, columns with types, keys."""
    lines = []
    for table in schema.tables:
        columns = ", ".join(
            f"{column.name} {type_text(column.type) or column.type.kind}"
            for column in table.columns[:MOST_COLUMNS]
        )
        keys = "".join(f"; {_of_key(key)}" for key in table.foreign_keys)
        rows = "by parent" if table.rows is None else f"{table.rows} rows"
        lines.append(f"{table.name} ({rows}): {columns}{keys}")
    return "\n".join(lines) or "no tables yet"


def _of_key(key: ForeignKey) -> str:
    owning = " owning" if key.owning else ""
    return f"{','.join(key.columns)} -> {key.parent}{owning}"
