"""A schema as a Mermaid entity-relationship diagram (https://mermaid.js.org/syntax/)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dataforge.schema.diagram.facts import Edge, edges, marks, type_label

if TYPE_CHECKING:
    from dataforge.schema.model import Column, Schema, Table

_NOT_A_WORD = re.compile(r"[^\w-]+")


def mermaid(schema: Schema) -> str:
    """Return the diagram; names outside Mermaid's alphabet are shown by an alias."""
    names = _identifiers(schema)
    lines = ["erDiagram"]
    for table in schema.tables:
        lines += _entity(table, names[table.name])
    lines += [_relation(edge, names) for edge in edges(schema)]
    return "\n".join(lines) + "\n"


def _identifiers(schema: Schema) -> dict[str, str]:
    """Give every table a distinct identifier that Mermaid reads without quotes."""
    names: dict[str, str] = {}
    for number, table in enumerate(schema.tables):
        word = _word(table.name)
        names[table.name] = f"{word}_{number}" if word in names.values() else word
    return names


def _word(text: str) -> str:
    """Keep letters, digits, underscores and dashes; Mermaid words start with a letter."""
    word = _NOT_A_WORD.sub("_", text).strip("_") or "t"
    return word if word[0].isalpha() else f"t_{word}"


def _entity(table: Table, identifier: str) -> list[str]:
    alias = "" if identifier == table.name else f'["{_quoted(table.name)}"]'
    rows = [_attribute(table, column) for column in table.columns]
    return [f"    {identifier}{alias} {{", *rows, "    }"]


def _attribute(table: Table, column: Column) -> str:
    word = _word(column.name)
    parts = [_word(type_label(column.type)), word]
    keys = marks(table, column)
    if keys:
        parts.append(", ".join(keys))
    if word != column.name:
        parts.append(f'"{_quoted(column.name)}"')
    return " " * 8 + " ".join(parts)


def _relation(edge: Edge, names: dict[str, str]) -> str:
    parent = "|o" if edge.is_optional else "||"
    child = "o|" if edge.is_single else "o{"
    line = ".." if edge.key.inferred else "--"
    label = _quoted(", ".join(edge.key.columns))
    return (
        f'    {names[edge.parent.name]} {parent}{line}{child} {names[edge.child.name]} : "{label}"'
    )


def _quoted(text: str) -> str:
    return text.replace('"', "'")
