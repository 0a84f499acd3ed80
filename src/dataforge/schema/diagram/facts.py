"""What every drawing says about a table: labels, marks, and how many rows meet how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dataforge.schema.type_text import type_text
from dataforge.schema.types import ColumnType, EnumType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dataforge.schema.model import Column, Schema, Table
    from dataforge.schema.relations import ForeignKey


class Edge(NamedTuple):
    """A foreign key with the tables at both its ends."""

    child: Table
    parent: Table
    key: ForeignKey

    @property
    def is_optional(self) -> bool:
        """Whether a child row may have no parent."""
        columns = self.child.columns_by_name
        return any(columns[name].nullable for name in self.key.columns if name in columns)

    @property
    def is_single(self) -> bool:
        """Whether a parent has at most one child: a key of the child lies in the foreign key."""
        return any(set(key) <= set(self.key.columns) for key in self.child.keys)

    @property
    def meaning(self) -> str:
        """The relation in words, seen from the child."""
        many = "one" if self.is_single else "many"
        one = "zero or one" if self.is_optional else "one"
        return f"{many} to {one}"


def edges(schema: Schema) -> Iterator[Edge]:
    """Yield every foreign key whose parent is in the schema, in the order of the tables."""
    tables = schema.tables_by_name
    for table in schema.tables:
        for key in table.foreign_keys:
            if key.parent in tables:
                yield Edge(table, tables[key.parent], key)


def type_label(kind: ColumnType) -> str:
    """Return the short form of a type; an enumeration goes by its name or as ``enum``."""
    if isinstance(kind, EnumType):
        return kind.name or ("set" if kind.multiple else "enum")
    return type_text(kind) or kind.kind


def marks(table: Table, column: Column) -> tuple[str, ...]:
    """Return which of ``PK``, ``FK`` and ``UK`` apply to a column."""
    found = (
        ("PK", column.name in table.primary_key),
        ("FK", any(column.name in key.columns for key in table.foreign_keys)),
        ("UK", any((column.name,) == key.columns for key in table.unique_keys)),
    )
    return tuple(mark for mark, applies in found if applies)
