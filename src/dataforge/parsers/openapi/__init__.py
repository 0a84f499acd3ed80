"""OpenAPI documents (2.0, 3.0, 3.1) to a schema: the objects of an interface become tables."""

from __future__ import annotations

from pathlib import Path

from dataforge.parsers.json_schema.result import ParsedJsonSchema

__all__ = ["ParsedJsonSchema", "parse_openapi"]


def parse_openapi(
    text: str, *, name: str, source: str = "<document>", folder: Path | None = None
) -> ParsedJsonSchema:
    """Read an OpenAPI document; see ``dataforge.parsers.openapi.reading.parse``."""
    from dataforge.parsers.openapi import reading  # noqa: PLC0415 - loads meaning's word lists

    return reading.parse(text, name=name, source=source, folder=folder)
