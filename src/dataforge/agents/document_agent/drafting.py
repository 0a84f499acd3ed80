"""The plan that a request's words give without a model."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from dataforge.agents.document_agent.plan import DocumentField, DocumentPlan, Variation
from dataforge.schema import Schema, Table
from dataforge.schema.yaml_text import load_yaml

MOST_FIELDS = 12
SCANNED_SHARE = 0.3
_COUNT = re.compile(r"(?<![\w.])(\d{1,3}(?:[,. ]\d{3})+|\d+)(?![\w.])")


def drafted(request: str, schema: Schema | None) -> DocumentPlan:
    """Return the plan: type and formats by words, the table by type, fields by its columns."""
    said = request.casefold()
    known = _documents()
    kind = next((k for k, v in known["types"].items() if _any(v["words"], said)), "document")
    table = _table(said, kind, schema)
    formats = tuple(name for name, words in known["formats"].items() if _any(words, said))
    count = _COUNT.search(request)
    scanned = SCANNED_SHARE if _any(known["scanned"], said) else 0.0
    tie = "no table fits" if table is None else f"{table.name} has what a {kind} says"
    return DocumentPlan(
        type=kind,
        table=None if table is None else table.name,
        fields=() if table is None or schema is None else _fields(table, schema),
        count=int(re.sub(r"\D", "", count[0])) if count else None,
        formats=formats or ("pdf",),
        variation=Variation(layouts=3, scanned_share=scanned),
        locale="en_US" if schema is None else str(schema.locale),
        reasons=(f"the words speak of {kind}s", tie),
    )


def _table(said: str, kind: str, schema: Schema | None) -> Table | None:
    if schema is None:
        return None
    usual = _documents()["types"].get(kind, {}).get("tables", [])
    spoken = [name for name in schema.tables_by_name if name.replace("_", " ") in said]
    found = [name for name in (*usual, *spoken) if name in schema.tables_by_name]
    return schema.table(found[0]) if found else None


def _fields(table: Table, schema: Schema) -> tuple[DocumentField, ...]:
    """Return the table's own columns, those of its parents' names, and of its lines."""
    bound = {column for key in table.foreign_keys for column in key.columns}
    own = [_field(table, c.name) for c in table.columns if c.name not in bound][:MOST_FIELDS]
    lines = [
        _field(child, column.name, repeated=True)
        for child in schema.tables
        for key in child.foreign_keys
        if key.parent == table.name and key.owning
        for column in child.columns
        if column.name not in {*child.primary_key, *key.columns}
    ]
    return (*own, *lines[:MOST_FIELDS])


def _field(table: Table, column: str, *, repeated: bool = False) -> DocumentField:
    name = f"{table.name}.{column}"
    return DocumentField(name=name, source=name, repeated=repeated)


def _any(words: list[str], said: str) -> bool:
    return any(re.search(rf"(?<![a-z]){re.escape(word)}", said) for word in words)


@cache
def _documents() -> dict[str, Any]:
    place = files("dataforge.agents.document_agent").joinpath("data/documents.yaml")
    found: dict[str, Any] = load_yaml(place.read_text("utf-8"), "documents")
    return found
