"""PostgreSQL: everything in one transaction, rows by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Self

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from dataforge.addresses import Address
from dataforge.errors import DatabaseError
from dataforge.schema import ArrayType, ColumnType, GeometryType, Schema, Table
from dataforge.sinks.databases.existing import FoundColumn, Match, created, group_columns, match
from dataforge.sinks.databases.kept import Kept
from dataforge.sinks.databases.postgres_binary import SERVER_TYPES, binary_blocks, binary_types
from dataforge.sinks.ddl.names import Names, TableName
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.text.copy_text import POSTGRES_COPY, copy_values
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.rows import RowText
from dataforge.sinks.text.words import Wording

_CATALOGUE = """
SELECT nullif(n.nspname, current_schema()), c.relname, a.attname, t.typname, a.attgenerated <> ''
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY n.nspname, c.relname, a.attnum
"""
_FOREIGN_KEYS = """
SELECT k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k
WHERE k.conrelid = %s::regclass AND k.contype = 'f' AND k.conparentid = 0
ORDER BY k.conname
"""
_SERIAL = "SELECT pg_get_serial_sequence(%s, %s)"
_TYPES = "SELECT typname FROM pg_type WHERE typtype = 'e'"
_JSON_COPY = Wording(zone="+00", binary="\\\\x", lists=json_lists)


class PostgresTarget:
    """A PostgreSQL database behind one connection and one transaction."""

    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection, label: str) -> None:
        """Take over an open connection; ``label`` names it in messages."""
        self._connection = connection
        self._label = label
        self._match: Match | None = None
        self._pending: list[str] = []
        self.notes: tuple[str, ...] = ()

    @classmethod
    def connect(cls, address: Address) -> Self:
        """Connect; DatabaseError says where to and why not."""
        options: dict[str, Any] = {
            "host": address.host or None,
            "port": address.port,
            "user": address.user,
            "password": address.password,
            "dbname": address.database or None,
            **dict(address.options),
        }
        try:
            connection = psycopg.connect(**{k: v for k, v in options.items() if v is not None})
        except psycopg.Error as error:
            msg = f"cannot connect to PostgreSQL at {address.label}: {_reason(error, address)}"
            raise DatabaseError(msg) from None
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET client_encoding TO 'UTF8'")
        return cls(connection, address.label)

    def create(self, schema: Schema) -> None:
        """Make missing tables without foreign keys; take the keys of existing ones off."""
        with self._refusals("creating the tables"):
            rows = self._connection.execute(_CATALOGUE).fetchall()
            found = group_columns((r[0], r[1], FoundColumn(r[2], r[3], r[4])) for r in rows)
            matched = match(schema, Names.of(schema, self.dialect), found, self._has_rows)
            self._match = matched
            for name in matched.existing:
                self._set_aside(matched.names.table(name))
            self._create_missing(schema, matched)

    def _create_missing(self, schema: Schema, matched: Match) -> None:
        ddl = write_ddl(schema, self.dialect, matched.names)
        known = {f'"{row[0]}"' for row in self._connection.execute(_TYPES).fetchall()}
        if len(matched.existing) < len(schema.tables):
            for statement in ddl.prelude:
                if statement.split(" AS ENUM")[0].removeprefix("CREATE TYPE ") not in known:
                    self._run(statement)
        for name, statement in zip(ddl.table_names, ddl.tables, strict=True):
            if name not in matched.existing:
                self._run(statement)
        owned = zip(ddl.constraint_tables, ddl.constraints, strict=True)
        self._pending += [text for name, text in owned if name not in matched.existing]
        self.notes = ddl.notes

    def _set_aside(self, target: str) -> None:
        """Drop a table's foreign keys and silence its triggers until the rows are in.

        Cycles load in any order this way, and adding a key again makes the server prove it.
        """
        for name, definition in self._connection.execute(_FOREIGN_KEYS, [target]).fetchall():
            quoted = '"' + name.replace('"', '""') + '"'
            self._run(f"ALTER TABLE {target} DROP CONSTRAINT {quoted}")
            self._pending.append(f"ALTER TABLE {target} ADD CONSTRAINT {quoted} {definition}")
        self._run(f"ALTER TABLE {target} DISABLE TRIGGER USER")
        self._pending.append(f"ALTER TABLE {target} ENABLE TRIGGER USER")

    def _has_rows(self, target: TableName) -> bool:
        name = sql.Identifier(*filter(None, (target.namespace, target.name)))
        row = self._connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name))
        return row.fetchone() == (True,)

    def load(self, table: Table, arrow_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Copy the rows in: in binary where every column's type has a form that is known here.

        Other tables go in the text format, types read by the server.
        """
        matched = created(self._match)
        columns = matched.writable(table.name, arrow_schema.names)
        listed = matched.names.column_list(table.name, columns)
        statement = f"COPY {matched.names.table(table.name)} ({listed}) FROM STDIN"
        chosen = (batch.select(columns) for batch in batches)
        with self._refusals(f"loading {table.name}"):
            encoders = binary_types(table, columns, self._server_types(table.name, columns))
            if encoders is None:
                text = _copy_text(table, columns, matched)
                return self._copy(statement, text.blocks(chosen))
            return self._copy(f"{statement} (FORMAT binary)", binary_blocks(encoders, chosen))

    def _copy(self, statement: str, blocks: Iterable[memoryview[int] | bytes]) -> int:
        with self._connection.cursor() as cursor:
            with cursor.copy(statement.encode()) as copy:
                for block in blocks:
                    copy.write(block)
            return cursor.rowcount

    def _server_types(self, table: str, columns: Iterable[str]) -> dict[str, str]:
        names = created(self._match).names
        rows = self._connection.execute(SERVER_TYPES, [names.table(table)]).fetchall()
        found: dict[str, str] = dict(rows)
        return {name: found.get(names.columns[table][name], "") for name in columns}

    def finish(self, schema: Schema) -> None:
        """Add the foreign keys, advance the sequences, gather statistics, commit."""
        names = created(self._match).names
        for statement in self._pending:
            with self._refusals(f"running {statement}"):
                self._run(statement)
        with self._refusals("finishing the load"):
            for table in schema.tables:
                for column in table.columns:
                    if column.identity:
                        self._advance(names, table.name, column.name)
                self._run(f"ANALYZE {names.table(table.name)}")
            self._connection.commit()

    def _advance(self, names: Names, table: str, column: str) -> None:
        """Let the next row that an application adds get a number past the loaded ones."""
        target, quoted = names.table(table), names.column(table, column)
        raw = names.columns[table][column]
        row = self._connection.execute(_SERIAL, [target, raw]).fetchone()
        if row and row[0]:
            largest = f"SELECT max({quoted}) FROM {target}"
            self._run(f"SELECT setval('{row[0]}', m) FROM ({largest}) AS t(m) WHERE m > 0")

    def _run(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def keep(self, kept: Kept) -> None:
        """Write a manifest and commit it."""
        with self._refusals("keeping the manifest"):
            for statement, values in kept.statements("%s", "text"):
                self._connection.execute(statement.encode(), values)
            self._connection.commit()

    @contextmanager
    def _refusals(self, doing: str) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            reason = error.diag.message_primary or str(error).strip() or type(error).__name__
            detail = f" ({error.diag.message_detail})" if error.diag.message_detail else ""
            msg = f"PostgreSQL at {self._label} refused {doing}: {reason}{detail}"
            raise DatabaseError(msg) from error

    def __enter__(self) -> Self:
        """Return the target itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Roll back what was not finished and disconnect."""
        self._connection.close()


def _copy_text(table: Table, columns: Sequence[str], matched: Match) -> RowText:
    encoders = [
        partial(_field, logical=table.column(name).type, kind=matched.kind(table.name, name))
        for name in columns
    ]
    return RowText(encoders, between=["\t"] * (len(columns) - 1), null="\\N")


def _field(array: pa.Array, logical: ColumnType, kind: str) -> pa.Array:
    """Return COPY fields, in the form that an existing column's type reads."""
    if isinstance(logical, ArrayType) and kind and not kind.startswith("_"):
        return copy_values(array, logical, _JSON_COPY)
    if isinstance(logical, GeometryType) and kind == "point":
        pair = pc.replace_substring_regex(array, r"^POINT ?\((\S+) (\S+)\)$", r"(\1,\2)")
        return copy_values(pair, logical, POSTGRES_COPY)
    return copy_values(array, logical, POSTGRES_COPY)


def _reason(error: psycopg.Error, address: Address) -> str:
    """Return the driver's words without the password."""
    text = " ".join(str(error).split())
    return text.replace(address.password, "***") if address.password else text
