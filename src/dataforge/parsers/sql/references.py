"""Bind foreign keys to their parents once every table is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Name
from dataforge.parsers.sql.drafts import ForeignKeyDraft, TableDraft
from dataforge.schema.model import Column, Table, UniqueKey
from dataforge.schema.relations import ForeignKey
from dataforge.schema.types import ColumnType, DecimalType, IntegerType


def bind_references(tables: list[Table], catalog: Catalog, names: dict[int, str]) -> list[Table]:
    """Return ``tables`` with their foreign keys; each one that is left out becomes a problem."""
    binder = _Binder(catalog, names, {table.name: table for table in tables})
    for draft in catalog.tables:
        binder.bind_table(draft)
    return [binder.tables[table.name] for table in tables]


@dataclass(slots=True)
class _Binder:
    catalog: Catalog
    names: dict[int, str]
    tables: dict[str, Table]
    missing: dict[str, int] = field(default_factory=dict)

    def bind_table(self, draft: TableDraft) -> None:
        name = self.names[id(draft)]
        kept: list[ForeignKey] = []
        for written in draft.foreign_keys:
            key = self._bind(written, draft)
            if key is None:
                continue
            same = (key.columns, key.parent)
            if all((other.columns, other.parent) != same for other in kept):
                kept.append(key)
                self._align_types(name, key)
        self.tables[name] = self.tables[name].model_copy(update={"foreign_keys": tuple(kept)})

    def _bind(self, written: ForeignKeyDraft, draft: TableDraft) -> ForeignKey | None:
        child = self.names[id(draft)]
        parent_draft = self.catalog.find(written.parent)
        if parent_draft is None:
            missing = ".".join(part.value for part in written.parent)
            self._report(written, child, f"its parent table {missing!r} is not in this file")
            return None
        parent = self.names[id(parent_draft)]
        columns = self._spell(draft, written.columns)
        parent_columns = self._spell(parent_draft, written.parent_columns)
        if not written.parent_columns:
            parent_columns = self.tables[parent].primary_key
        if columns is None or parent_columns is None or len(columns) != len(parent_columns):
            self._report(written, child, f"its columns do not match those of {parent!r}")
            return None
        self._make_key(written, parent, parent_columns)
        return ForeignKey(
            columns=columns,
            parent=parent,
            parent_columns=parent_columns,
            name=written.name,
            on_delete=written.on_delete,
            on_update=written.on_update,
        )

    def _spell(self, draft: TableDraft, names: tuple[Name, ...]) -> tuple[str, ...] | None:
        found = [self.catalog.find_column(draft, name) for name in names]
        if any(column is None for column in found):
            return None
        return tuple(column.name.value for column in found if column is not None)

    def _report(self, written: ForeignKeyDraft, child: str, reason: str) -> None:
        label = written.name or ", ".join(name.value for name in written.columns)
        self.catalog.report(
            written.line,
            f"foreign key {label!r} of table {child!r} is left out: {reason}",
            "add the missing definition, or fill the columns by a spec",
        )

    def _make_key(self, written: ForeignKeyDraft, parent: str, columns: tuple[str, ...]) -> None:
        """What is referenced must be unique; the key that says so may be missing."""
        table = self.tables[parent]
        if any(set(key) == set(columns) for key in table.keys):
            return
        unique = (*table.unique_keys, UniqueKey(columns=columns))
        self.tables[parent] = table.model_copy(update={"unique_keys": unique})
        self.catalog.report(
            written.line,
            f"{parent!r} is referenced by {', '.join(columns)}, which are no key of it",
            "they are made unique, so that the reference can hold",
        )

    def _align_types(self, child: str, key: ForeignKey) -> None:
        """Oracle's NUMBER(p) may become integer here and decimal there: take the parent's."""
        parent = self.tables[key.parent]
        types: dict[str, ColumnType] = {
            name: parent.column(other).type
            for name, other in zip(key.columns, key.parent_columns, strict=True)
        }
        table = self.tables[child]
        columns = tuple(_aligned(column, types.get(column.name)) for column in table.columns)
        if columns != table.columns:
            self.tables[child] = table.model_copy(update={"columns": columns})


def _aligned(column: Column, wanted: ColumnType | None) -> Column:
    """A column that refers to a key takes its values from there, so it has no spec of its own."""
    numeric = IntegerType | DecimalType
    if wanted is not None and column.spec is not None:
        column = column.model_copy(update={"spec": None})
    if isinstance(column.type, numeric) and isinstance(wanted, numeric):
        whole = all(getattr(kind, "scale", 0) == 0 for kind in (column.type, wanted))
        if whole and column.type.kind != wanted.kind:
            return column.model_copy(update={"type": wanted})
    return column
