"""Tables and relations that a model suggests, written into a schema document."""

from __future__ import annotations

from typing import Any

from dataforge.agents.schema_agent.edits import RelationIdea, TableIdea
from dataforge.agents.schema_agent.places import Document, changed, document_of
from dataforge.domains import domain, known
from dataforge.errors import Problem, SchemaError, did_you_mean
from dataforge.parsers.meaning.words import singular
from dataforge.schema import Column, Table
from dataforge.schema.serialize import from_document

_KEY_TYPE = "integer"
_ALONE = frozenset(
    {"boolean", "categorical", "constant", "datetime", "number", "pattern", "record", "text",
     "uuid", "vocabulary"}
)  # fmt: skip
"""Kinds of specs that speak of no other column or table."""


def with_table(document: Document, idea: TableIdea) -> Document:
    """Return the document with a table, or with more columns of one that is there."""
    there = {table["name"]: table for table in document.get("tables", [])}
    table = dict(there.get(idea.table) or _begun(idea))
    columns = {column["name"]: column for column in table["columns"]}
    columns |= {str(column.get("name", "")): column for column in idea.columns}
    table["columns"] = list(columns.values())
    if idea.primary_key:
        table["primary_key"] = list(idea.primary_key)
    if idea.rows is not None:
        table["rows"] = idea.rows
    return changed({"tables": [], **document}, f"tables.{idea.table}", table)


def with_relation(document: Document, idea: RelationIdea) -> Document:
    """Return the document with a foreign key, its column added where the child lacks it."""
    schema = from_document(document, "draft")
    for name in (idea.child, idea.parent):
        if name not in schema.tables_by_name:
            hint = did_you_mean(name, schema.tables_by_name)
            raise SchemaError.of([Problem(f"tables.{name}", f"there is no such table{hint}")])
    parent = schema.table(idea.parent)
    if len(parent.primary_key) != 1:
        reason = "its primary key is not one column, so a foreign key cannot be inferred"
        raise SchemaError.of([Problem(f"tables.{idea.parent}", reason, "write it by a change")])
    child = schema.table(idea.child)
    column = idea.column or f"{singular(idea.parent)}_{parent.primary_key[0]}"
    place = f"tables.{idea.child}"
    if column not in child.columns_by_name:
        kind = next(c["type"] for c in _columns(document, idea.parent) if _is_key(c, parent))
        new = {"name": column, "type": kind, "nullable": idea.optional}
        document = changed(document, f"{place}.columns.{column}", new)
    key: dict[str, Any] = {
        "columns": [column],
        "parent": idea.parent,
        "parent_columns": list(parent.primary_key),
        "owning": idea.owning,
    }
    law = _law(idea)
    if law is not None:
        key["law"] = law
    return changed(document, f"{place}.foreign_keys.{column}", {"name": None, **key})


def _law(idea: RelationIdea) -> dict[str, Any] | None:
    if idea.minimum is not None or idea.maximum is not None:
        least = idea.minimum or 0
        most = idea.maximum if idea.maximum is not None else max(least, round(idea.mean or least))
        return {"kind": "range", "minimum": least, "maximum": most}
    return None if idea.mean is None else {"kind": "geometric", "mean": idea.mean}


def _begun(idea: TableIdea) -> Document:
    """Return a table of the catalogue by that name, or one with a key and the columns to come."""
    if not idea.columns:
        for name in known():
            if idea.table in domain(name).words:
                return _of_catalogue(name, idea.table)
    keyed = any(str(column.get("name")) in {"id", *idea.primary_key} for column in idea.columns)
    first = [] if keyed else [{"name": "id", "type": _KEY_TYPE, "nullable": False}]
    begun: Document = {"name": idea.table, "columns": first}
    if not idea.primary_key and (not keyed or _has(idea, "id")):
        begun["primary_key"] = ["id"]
    return begun


def _of_catalogue(name: str, table: str) -> Document:
    """Return a table of a domain without its ties to tables that may not be there."""
    found = domain(name).schema.table(table)
    bound = {column for key in found.foreign_keys for column in key.columns}
    alone = found.model_copy(
        update={
            "foreign_keys": (),
            "rules": (),
            "expectations": (),
            "columns": tuple(_alone(c) for c in found.columns if c.name not in bound),
        }
    )
    schema = domain(name).schema.model_copy(update={"tables": (alone,)})
    document: Document = document_of(schema)["tables"][0]
    return document


def _alone(column: Column) -> Column:
    """Return a column without a spec that speaks of others; its name then says what it holds."""
    if column.spec is None or column.spec.kind in _ALONE:
        return column
    return column.model_copy(update={"spec": None})


def _has(idea: TableIdea, name: str) -> bool:
    return any(column.get("name") == name for column in idea.columns)


def _columns(document: Document, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        each["columns"] for each in document["tables"] if each["name"] == table
    )
    return found


def _is_key(column: dict[str, Any], parent: Table) -> bool:
    return bool(column["name"] == parent.primary_key[0])
