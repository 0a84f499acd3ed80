"""Schemas as YAML and JSON text, with a version number and one migration per step.

Written: defaults left out, keys in the model's order, ``version`` first, column types in their
short form (``decimal(10, 2)``) where it says everything. Read: short and long forms alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dataforge.errors import OutputError, ParseError, Problem, SchemaError
from dataforge.schema.faults import problems_of
from dataforge.schema.model import FORMAT_VERSION, Schema
from dataforge.schema.type_text import TEXT_PATTERN, parse_type, type_text

JSON_SCHEMA_ID = f"urn:dataforge-studio:schema:{FORMAT_VERSION}"

# Version → the function that turns a document of that version into one of the next.
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def to_yaml(schema: Schema) -> str:
    """Return the schema as YAML; equal schemas give equal text."""
    from dataforge.schema.yaml_text import dump_yaml  # noqa: PLC0415  - PyYAML only when needed

    return dump_yaml(_short_form(schema))


def to_json(schema: Schema) -> str:
    """Return the schema as indented JSON; equal schemas give equal text."""
    return json.dumps(_short_form(schema), indent=2, ensure_ascii=False) + "\n"


def from_yaml(text: str, source: str = "schema") -> Schema:
    """Read a schema from YAML text; ``source`` names it in messages.

    Raises ParseError (not YAML, unknown version) or SchemaError (one problem per fault).
    """
    from dataforge.schema.yaml_text import load_yaml  # noqa: PLC0415  - PyYAML only when needed

    return from_document(load_yaml(text, source), source)


def from_json(text: str, source: str = "schema") -> Schema:
    """Read a schema from JSON text; raises as ``from_yaml`` does."""
    try:
        document = json.loads(text, object_pairs_hook=_unrepeated)
    except json.JSONDecodeError as fault:
        msg = f"{source}:{fault.lineno}:{fault.colno}: this is not readable JSON: {fault.msg}"
        raise ParseError(msg) from None
    except _RepeatedKeyError as fault:
        msg = f"{source}: this is not readable JSON: the key {fault.args[0]!r} stands twice"
        raise ParseError(msg) from None
    return from_document(document, source)


def from_document(document: Any, source: str = "schema") -> Schema:
    """Build a schema from plain dicts and lists of any known version."""
    if not isinstance(document, dict):
        msg = (
            f"{source}: a schema is a mapping with 'version' and 'tables', "
            f"found {'nothing' if document is None else type(document).__name__}"
        )
        raise ParseError(msg)
    current = _migrated(document, source)
    problems: list[Problem] = []
    expanded = _long_form(current, problems)
    try:
        schema = Schema.model_validate(expanded)
    except ValidationError as error:
        replaced = {problem.path for problem in problems}
        rest = [p for p in problems_of(error, expanded) if p.path not in replaced]
        raise SchemaError.of([*problems, *rest]) from None
    return schema


def read_schema(path: str | Path) -> Schema:
    """Read a schema file: ``.json`` or text that starts with ``{`` is JSON, all else YAML."""
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8-sig")
    except OSError as fault:
        msg = f"cannot read the schema {place}: {fault.strerror or fault}"
        raise ParseError(msg) from None
    except UnicodeDecodeError as fault:
        msg = f"cannot read the schema {place}: byte {fault.start} is not UTF-8; save it as UTF-8"
        raise ParseError(msg) from None
    is_json = place.suffix.lower() == ".json" or text.lstrip().startswith("{")
    return from_json(text, str(place)) if is_json else from_yaml(text, str(place))


def write_schema(schema: Schema, path: str | Path) -> None:
    """Write the schema as JSON (``.json``) or YAML; no half file is left under the name."""
    place = Path(path)
    text = to_json(schema) if place.suffix.lower() == ".json" else to_yaml(schema)
    draft = place.with_name(f".{place.name}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(place)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        msg = f"cannot write the schema {place}: {fault.strerror or fault}"
        raise OutputError(msg) from None


def schema_hash(schema: Schema) -> str:
    """Return the SHA-256 (64 hex digits) of the schema's canonical JSON: long form, sorted keys."""
    canonical = json.dumps(_dumped(schema), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of schema documents, for editors and other tools."""
    document = Schema.model_json_schema()
    _accept_short_types(document["$defs"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": JSON_SCHEMA_ID,
        **document,
        "title": "DataForge schema",
    }


def _accept_short_types(definitions: dict[str, Any]) -> None:
    short = {
        "type": "string",
        "pattern": TEXT_PATTERN,
        "description": "A short form: integer, string(40), decimal(10, 2), enum(a, b), text[]",
    }
    for model, name in (("Column", "type"), ("ArrayType", "item")):
        properties = definitions[model]["properties"]
        properties[name] = {"anyOf": [short, properties[name]]}


def _migrated(document: dict[str, Any], source: str) -> dict[str, Any]:
    version = document.get("version", FORMAT_VERSION)
    known = [*sorted(MIGRATIONS), FORMAT_VERSION]
    if isinstance(version, bool) or not isinstance(version, int):
        msg = f"{source}: version is {version!r}, a whole number is expected ({FORMAT_VERSION})"
        raise ParseError(msg)
    if version > FORMAT_VERSION:
        msg = (
            f"{source}: the schema has format version {version}, this release reads up to "
            f"{FORMAT_VERSION}; upgrade dataforge-studio"
        )
        raise ParseError(msg)
    if version not in known:
        msg = f"{source}: unknown format version {version}; known: {', '.join(map(str, known))}"
        raise ParseError(msg)
    for step in range(version, FORMAT_VERSION):
        document = MIGRATIONS[step](document)
    return {**document, "version": FORMAT_VERSION}


def _dumped(schema: Schema) -> dict[str, Any]:
    written = schema.model_dump(mode="json", exclude_defaults=True)
    return {"version": schema.version, **written}


def _short_form(schema: Schema) -> dict[str, Any]:
    written = _dumped(schema)
    for table, plain in zip(schema.tables, written.get("tables", ()), strict=True):
        for column, fields in zip(table.columns, plain["columns"], strict=True):
            fields["type"] = type_text(column.type) or fields["type"]
    return written


def _long_form(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Expand short column types; what cannot be read goes to ``problems``."""
    tables = document.get("tables")
    if not isinstance(tables, list):
        return document
    return {**document, "tables": [_long_table(table, problems) for table in tables]}


def _long_table(table: Any, problems: list[Problem]) -> Any:
    if not isinstance(table, dict) or not isinstance(table.get("columns"), list):
        return table
    columns = [
        {**column, "type": _long_type(column["type"], _path(table, column), problems)}
        if isinstance(column, dict) and "type" in column
        else column
        for column in table["columns"]
    ]
    return {**table, "columns": columns}


def _path(table: dict[str, Any], column: dict[str, Any]) -> str:
    return f"tables.{table.get('name', '?')}.columns.{column.get('name', '?')}.type"


def _long_type(written: Any, path: str, problems: list[Problem]) -> Any:
    if isinstance(written, dict) and "item" in written:
        return {**written, "item": _long_type(written["item"], f"{path}.item", problems)}
    if not isinstance(written, str):
        return written
    try:
        return parse_type(written)
    except ValueError as fault:
        problems.append(Problem(path, str(fault), "write for example integer or string(40)"))
        return written


class _RepeatedKeyError(ValueError):
    """A JSON object names a key twice."""


def _unrepeated(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found
