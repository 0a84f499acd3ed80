"""SQLite: one transaction, foreign keys on and checked when it commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Self

import pyarrow as pa

from dataforge.addresses import Address
from dataforge.errors import DatabaseError
from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    FloatType,
    IntegerType,
    Schema,
    Table,
)
from dataforge.sinks.databases.existing import FoundColumn, Match, created, group_columns, match
from dataforge.sinks.databases.kept import Kept
from dataforge.sinks.ddl.names import Names, TableName
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.text.coded import PerValue, plain
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.words import Wording, words

_CATALOGUE = """
SELECT m.name, p.name, lower(p.type), p.hidden IN (2, 3)
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND p.hidden <> 1
ORDER BY m.name, p.cid
"""
_WORDING = Wording(zone="", lists=json_lists)
_NATIVE = (IntegerType, FloatType, BooleanType, BinaryType)
_MEMORY = ":memory:"


class SqliteTarget:
    """A SQLite file behind one connection and one transaction."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection, label: str, made: Path | None) -> None:
        """Take over a connection; ``made`` is the file to remove unless the load is finished."""
        self._connection = connection
        self._label = label
        self._made = made
        self._match: Match | None = None
        self.notes: tuple[str, ...] = ()

    @classmethod
    def connect(cls, address: Address) -> Self:
        """Open the file, made when there is none; DatabaseError says why not."""
        path = Path(address.database)
        made = None if address.database in {"", _MEMORY} or path.exists() else path
        try:
            connection = sqlite3.connect(address.database or _MEMORY, isolation_level=None)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            msg = f"cannot open the SQLite file {address.database}: {error}"
            raise DatabaseError(msg) from error
        connection.execute("PRAGMA defer_foreign_keys = ON")
        return cls(connection, address.database, made)

    def create(self, schema: Schema) -> None:
        """Make missing tables, foreign keys included: they are checked at the end."""
        with self._refusals("creating the tables"):
            rows = self._connection.execute(_CATALOGUE).fetchall()
            found = group_columns(
                (None, name, FoundColumn(column, kind, bool(generated)))
                for name, column, kind, generated in rows
            )
            matched = match(schema, Names.of(schema, self.dialect), found, self._has_rows)
            ddl = write_ddl(schema, self.dialect, matched.names)
            for name, statement in zip(ddl.table_names, ddl.tables, strict=True):
                if name not in matched.existing:
                    self._connection.execute(statement)
            self._match, self.notes = matched, ddl.notes

    def _has_rows(self, target: TableName) -> bool:
        quoted = target.name.replace('"', '""')
        row = self._connection.execute(f'SELECT EXISTS (SELECT 1 FROM "{quoted}")').fetchone()
        return bool(row[0])

    def load(self, table: Table, arrow_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Insert the rows a batch at a time."""
        matched = created(self._match)
        columns = matched.writable(table.name, arrow_schema.names)
        listed = matched.names.column_list(table.name, columns)
        marks = ", ".join("?" * len(columns))
        target = matched.names.table(table.name)
        statement = f"INSERT INTO {target} ({listed}) VALUES ({marks})"
        values = [PerValue(partial(_values, logical=table.column(name).type)) for name in columns]
        count = 0
        with self._refusals(f"loading {table.name}"):
            for batch in batches:
                chosen = batch.select(columns).columns
                lists = [
                    plain(of(array)).to_pylist() for of, array in zip(values, chosen, strict=True)
                ]
                self._connection.executemany(statement, zip(*lists, strict=True))
                count += batch.num_rows
        return count

    def finish(self, schema: Schema) -> None:
        """Prove the foreign keys, gather statistics, commit."""
        with self._refusals("finishing the load"):
            broken = self._connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                child, row, parent, _ = broken
                msg = f"SQLite at {self._label}: row {row} of {child} has no parent in {parent}"
                raise DatabaseError(msg)
            self._connection.execute("ANALYZE")
            self._connection.execute("COMMIT")
        self._made = None

    def keep(self, kept: Kept) -> None:
        """Write a manifest and commit it."""
        with self._refusals("keeping the manifest"):
            for statement, values in kept.statements("?", "text"):
                self._connection.execute(statement, values)
            self._connection.execute("COMMIT")

    @contextmanager
    def _refusals(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:
            msg = f"SQLite at {self._label} refused {doing}: {error}"
            raise DatabaseError(msg) from error

    def __enter__(self) -> Self:
        """Return the target itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Roll back what was not finished and close; a file made for it goes."""
        self._connection.close()
        if self._made is not None:
            self._made.unlink(missing_ok=True)


def _values(array: pa.Array, logical: ColumnType) -> pa.Array:
    """Return what SQLite stores natively as it is and the rest as text; 0 and 1 for booleans."""
    if isinstance(logical, BooleanType):
        return array.cast(pa.int8())
    return plain(array) if isinstance(logical, _NATIVE) else words(array, logical, _WORDING)
