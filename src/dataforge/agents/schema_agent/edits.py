"""What a tool call changes, as a value: a draft is what its edits make of a request."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dataforge.schema.types import Model

EditKind = Literal["analyze", "columns", "relations", "change", "normalize"]


class PathEdit(Model):
    """A new value for a place in the schema; null removes what is there."""

    path: str = Field(
        min_length=1,
        description="Dotted path: tables.orders.rows, tables.orders.columns.status.spec, "
        "tables.orders.rules. Tables, columns and foreign keys are named, not numbered.",
    )
    value: Any = Field(default=None, description="In the form of a schema file; null removes.")


class TableIdea(Model):
    """A table as a model suggests it: columns in the form of a schema file."""

    table: str = Field(min_length=1, description="Plural, snake_case: order_items.")
    columns: tuple[dict[str, Any], ...] = Field(
        default=(),
        description='Each {"name", "type", and where needed "nullable", "spec"}: '
        '{"name": "status", "type": "string(20)", "spec": {"kind": "categorical", '
        '"values": ["open", "paid"], "weights": [0.2, 0.8]}}. '
        "Empty: what the catalogue knows of such a table.",
    )
    primary_key: tuple[str, ...] = Field(default=(), description="Column names; id by default.")
    rows: int | None = Field(default=None, ge=0, description="How many rows; null: by its parent.")


class RelationIdea(Model):
    """Each row of ``child`` belongs to a row of ``parent``."""

    child: str
    parent: str
    column: str | None = Field(default=None, description="In the child; <parent>_id by default.")
    owning: bool = Field(default=False, description="The child's rows are parts of the parent.")
    minimum: int | None = Field(default=None, ge=0, description="Fewest children of a parent.")
    maximum: int | None = Field(default=None, ge=0, description="Most children of a parent.")
    mean: float | None = Field(default=None, gt=0, description="Children of a parent on average.")
    optional: bool = Field(default=False, description="A child may have no parent.")


class Edit(Model):
    """One edit of a draft, as the graph's state keeps it."""

    kind: EditKind
    tables: tuple[TableIdea, ...] = ()
    relations: tuple[RelationIdea, ...] = ()
    changes: tuple[PathEdit, ...] = ()
