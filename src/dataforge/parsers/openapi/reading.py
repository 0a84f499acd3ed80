"""From the text of an OpenAPI document to tables."""

from __future__ import annotations

from pathlib import Path

from dataforge.errors import ParseError, Problem
from dataforge.parsers.json_schema.documents import Document
from dataforge.parsers.json_schema.loading import loaded
from dataforge.parsers.json_schema.reading import name_of
from dataforge.parsers.json_schema.result import ParsedJsonSchema
from dataforge.parsers.openapi.components import check_version
from dataforge.parsers.openapi.files import Joined, joined
from dataforge.parsers.openapi.links import linked
from dataforge.parsers.openapi.tables import ObjectReader
from dataforge.schema import Schema


def parse(
    text: str, *, name: str, source: str = "<document>", folder: Path | None = None
) -> ParsedJsonSchema:
    """Read an OpenAPI document, as JSON or YAML; ``name`` is the schema's where it has no title.

    Files that it refers to are read below ``folder``, its own; without a folder none is. Raises
    ParseError where the text is no such document or describes no object: the references that
    could not be followed are the error's problems then.
    """
    root = loaded(text, source)
    check_version(root, source)
    found = joined(root, folder, source)
    document = Document(root, source)
    document.problems += _unread(found, source)
    reader = ObjectReader(document)
    try:
        reader.read()
    except RecursionError:
        raise ParseError(f"{source} is nested too deeply to be an interface") from None
    tables = tuple(draft.table() for draft in reader.drafts if draft.columns)
    if not tables:
        raise _no_table(found, source, tuple(document.problems))
    info = root.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    schema = Schema(name=name_of(str(title or name)), tables=tables)
    return ParsedJsonSchema(linked(schema), tuple(document.problems), dict(document.passed_over))


def _unread(found: Joined, source: str) -> list[Problem]:
    missing = [
        Problem(source, f"refers to {each}, which is missing", severity="warning")
        for each in found.missing
    ]
    refused = [
        Problem(
            source,
            f"refers to {each}, which is not below its folder: it is not followed",
            "put the file into the document's folder",
            severity="warning",
        )
        for each in found.refused
    ]
    return missing + refused


def _no_table(found: Joined, source: str, problems: tuple[Problem, ...]) -> ParseError:
    count = len(found.missing)
    if count:
        msg = (
            f"{source} describes no object without the {count} files that it refers to "
            f"and that are missing: {', '.join(found.missing)} "
            "→ put them where it says, below its folder"
        )
        return ParseError(msg)
    return ParseError(f"{source} describes no object: there is no table to make", problems)
