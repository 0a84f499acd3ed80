"""The logical types that a database's columns get: keys agree, and limits are kept to.

A foreign key's column takes the type of the key it points to, all the way up, since servers
compare the two; MySQL's limits on keys (3072 bytes) and rows (65535 bytes) narrow or move columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.schema import (
    ArrayType,
    BinaryType,
    ColumnType,
    EnumType,
    GeometryType,
    JsonType,
    Schema,
    StringType,
    Table,
    TextType,
)

Address = tuple[str, str]

_KEY_CHARACTERS = {"mysql": 768, "tsql": 425, "oracle": 1500}
_DEFAULT_KEY_LENGTH = 255
_MYSQL_ROW_BYTES = 65_000
_MYSQL_FIXED_BYTES = 16
_MYSQL_VARYING = 16383
_MYSQL_CHARACTER_BYTES = 4
_UNSIZED = (TextType, JsonType, GeometryType, ArrayType)


@dataclass(frozen=True, slots=True)
class Shape:
    """Column types by (table, column), and notes on those that are not the schema's own."""

    types: Mapping[Address, ColumnType]
    notes: tuple[str, ...]


def shape(schema: Schema, dialect: str) -> Shape:
    """Decide the type of every column of ``schema`` in ``dialect``."""
    types = {(t.name, c.name): c.type for t in schema.tables for c in t.columns}
    notes: list[str] = []
    if dialect in _KEY_CHARACTERS:
        _fit_keys(schema, types, _KEY_CHARACTERS[dialect], notes)
    _follow_parents(schema, types, notes)
    if dialect == "mysql":
        for table in schema.tables:
            _fit_row(table, types, _key_columns(schema, table), notes)
    return Shape(types, tuple(notes))


def _follow_parents(schema: Schema, types: dict[Address, ColumnType], notes: list[str]) -> None:
    parents = _parents(schema)
    for address in parents:
        root, seen = address, {address}
        while root in parents and parents[root] not in seen:
            root = parents[root]
            seen.add(root)
        if types[address] != types[root]:
            types[address] = types[root]
            notes.append(f"{'.'.join(address)}: declared like {'.'.join(root)}, which it refers to")


def _parents(schema: Schema) -> dict[Address, Address]:
    """Map each foreign-key column to the column it refers to; the first key decides."""
    parents: dict[Address, Address] = {}
    for table in schema.tables:
        for key in table.foreign_keys:
            for column, target in zip(key.columns, key.parent_columns, strict=True):
                child, parent = (table.name, column), (key.parent, target)
                if parent != child and key.parent in schema.tables_by_name:
                    parents.setdefault(child, parent)
    return parents


def _key_columns(schema: Schema, table: Table) -> set[str]:
    """Return the columns that any key of or to this table needs."""
    columns = {name for key in table.keys for name in key}
    columns |= {name for key in table.foreign_keys for name in key.columns}
    for other in schema.tables:
        for key in other.foreign_keys:
            columns |= set(key.parent_columns) if key.parent == table.name else set()
    return columns


def _fit_keys(
    schema: Schema, types: dict[Address, ColumnType], room: int, notes: list[str]
) -> None:
    """Give strings in keys a length that the key's limit leaves room for."""
    for table in schema.tables:
        for key in (*table.keys, *(foreign.columns for foreign in table.foreign_keys)):
            wide = [name for name in key if _characters(types[table.name, name])]
            if not wide:
                continue
            share = room // len(wide)
            total = sum(_characters(types[table.name, name]) for name in wide)
            for name in wide:
                _narrow(types, (table.name, name), share, notes, crowded=total > room)


def _characters(logical: ColumnType) -> int:
    """Return the characters a key reserves for a string, 0 for types of fixed small size."""
    match logical:
        case StringType(max_length=int(length)) | BinaryType(max_length=int(length)):
            return length
        case StringType() | BinaryType():
            return 1 << 20
        case _ if isinstance(logical, _UNSIZED):
            return 1 << 20
        case EnumType():
            return 0
        case _:
            return 0


def _narrow(
    types: dict[Address, ColumnType], at: Address, share: int, notes: list[str], *, crowded: bool
) -> None:
    logical = types[at]
    length = _characters(logical)
    if not crowded or length <= share:
        return
    kept = min(share, _DEFAULT_KEY_LENGTH) if length >= 1 << 20 else share
    made = BinaryType if isinstance(logical, BinaryType) else StringType
    types[at] = made(max_length=kept)
    was = "unbounded" if length >= 1 << 20 else f"{length} long"
    notes.append(f"{'.'.join(at)}: {was}, declared {kept} long to fit into a key")


def _fit_row(
    table: Table, types: dict[Address, ColumnType], keys: set[str], notes: list[str]
) -> None:
    """Move the widest strings outside keys to text until MySQL's row limit is kept."""
    widths = {column.name: _row_bytes(types[table.name, column.name]) for column in table.columns}
    spare = sorted((n for n in widths if n not in keys), key=lambda n: (-widths[n], n))
    for name in spare:
        if sum(widths.values()) <= _MYSQL_ROW_BYTES:
            return
        if widths[name] <= _MYSQL_FIXED_BYTES:
            return
        binary = isinstance(types[table.name, name], BinaryType)
        types[table.name, name] = BinaryType() if binary else TextType()
        widths[name] = _MYSQL_FIXED_BYTES
        notes.append(f"{table.name}.{name}: declared as text to keep the row below 65535 bytes")


def _row_bytes(logical: ColumnType) -> int:
    match logical:
        case StringType(max_length=int(length)) if length <= _MYSQL_VARYING:
            return length * _MYSQL_CHARACTER_BYTES + 2
        case BinaryType(max_length=int(length)) if length <= _MYSQL_VARYING:
            return length + 2
        case _:
            return _MYSQL_FIXED_BYTES
