"""JSON Schema (drafts 4 to 2020-12) to a schema: objects become tables, arrays child tables."""

from __future__ import annotations

from dataforge.parsers.json_schema.result import ParsedJsonSchema

__all__ = ["ParsedJsonSchema", "parse_json_schema"]


def parse_json_schema(text: str, *, name: str, source: str = "<schema>") -> ParsedJsonSchema:
    """Read a JSON Schema; see ``dataforge.parsers.json_schema.reading.parse``."""
    from dataforge.parsers.json_schema import reading  # noqa: PLC0415 - loads meaning's word lists

    return reading.parse(text, name=name, source=source)
