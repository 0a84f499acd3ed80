"""MySQL and MariaDB: rows by LOAD DATA LOCAL, or by INSERT where the server forbids that.

DDL commits at once there, so an unfinished load drops the tables it made; rows in tables that
existed before are in one transaction.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Self

import pyarrow as pa
import pymysql
from pymysql.connections import Connection

from dataforge.addresses import Address
from dataforge.errors import DatabaseError
from dataforge.schema import BinaryType, ColumnType, GeometryType, Schema, Table
from dataforge.sinks.databases.existing import FoundColumn, Match, created, group_columns, match
from dataforge.sinks.databases.kept import Kept
from dataforge.sinks.databases.mysql_existing import Aside
from dataforge.sinks.ddl.names import Names, TableName
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.text.copy_text import MYSQL_LOAD, copy_values
from dataforge.sinks.text.rows import RowText
from dataforge.sinks.text.sql_literals import sql_values

_CATALOGUE = """
SELECT table_name, column_name, data_type, coalesce(generation_expression, '') <> ''
FROM information_schema.columns
WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position
"""
_SESSION = (
    "SET time_zone = '+00:00'",
    "SET sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET innodb_strict_mode = OFF",
)
_FILE_BYTES = 1 << 26
_INSERT_ROWS = 500
_LOCAL_FORBIDDEN = {1148, 2068, 3948, 4166}


class MysqlTarget:
    """A MySQL or MariaDB database behind one connection."""

    dialect = "mysql"

    def __init__(self, connection: Connection[Any], label: str) -> None:
        """Take over an open connection; ``label`` names it in messages."""
        self._connection = connection
        self._label = label
        self._match: Match | None = None
        self._made: list[str] = []
        self._pending: list[str] = []
        self._aside = Aside(connection)
        self._local = True
        self._finished = False
        self.notes: tuple[str, ...] = ()

    @classmethod
    def connect(cls, address: Address) -> Self:
        """Connect; DatabaseError says where to and why not."""
        options = dict(address.options)
        try:
            connection = pymysql.connect(
                host=address.host or "localhost",
                port=address.port or 3306,
                user=address.user,
                password=address.password or "",
                database=address.database or None,
                unix_socket=options.get("unix_socket") or options.get("socket"),
                charset="utf8mb4",
                local_infile=True,
            )
            with connection.cursor() as cursor:
                for statement in _SESSION:
                    cursor.execute(statement)
        except (pymysql.Error, OSError) as error:
            reason = str(error.args[-1] if error.args else error)
            reason = reason.replace(address.password, "***") if address.password else reason
            msg = f"cannot connect to MySQL at {address.label}: {reason}"
            raise DatabaseError(msg) from None
        return cls(connection, address.label)

    def create(self, schema: Schema) -> None:
        """Make missing tables without foreign keys, which ``finish`` adds."""
        with self._refusals("creating the tables"):
            found = group_columns(
                (None, table, FoundColumn(column, kind.lower(), bool(generated)))
                for table, column, kind, generated in self._rows(_CATALOGUE)
            )
            matched = match(schema, Names.of(schema, self.dialect), found, self._has_rows)
            self._match = matched
            ddl = write_ddl(schema, self.dialect, matched.names)
            for name, statement in zip(ddl.table_names, ddl.tables, strict=True):
                if name not in matched.existing:
                    self._rows(statement)
                    self._made.append(matched.names.table(name))
            owned = zip(ddl.constraint_tables, ddl.constraints, strict=True)
            self._pending = [text for name, text in owned if name not in matched.existing]
            self._aside.take([matched.names.tables[name].name for name in matched.existing])
            self.notes = ddl.notes
            self._connection.begin()

    def _has_rows(self, target: TableName) -> bool:
        quoted = target.name.replace("`", "``")
        return bool(self._rows(f"SELECT EXISTS (SELECT 1 FROM `{quoted}`)")[0][0])

    def load(self, table: Table, arrow_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Load the rows by files of up to ``_FILE_BYTES``, each proved to have gone in whole."""
        columns = created(self._match).writable(table.name, arrow_schema.names)
        count = 0
        with self._refusals(f"loading {table.name}"):
            for batch in batches:
                for start in range(0, batch.num_rows, _batch_rows(batch)):
                    piece = batch.slice(start, _batch_rows(batch)).select(columns)
                    self._load_piece(table, columns, piece)
                    count += piece.num_rows
        return count

    def _load_piece(self, table: Table, columns: list[str], piece: pa.RecordBatch) -> None:
        if self._local:
            try:
                self._load_file(table, columns, piece)
            except pymysql.Error as error:
                if error.args[0] not in _LOCAL_FORBIDDEN:
                    raise
                self._local = False
            else:
                return
        self._insert(table, columns, piece)

    def _load_file(self, table: Table, columns: list[str], piece: pa.RecordBatch) -> None:
        encoders = [
            partial(copy_values, logical=table.column(name).type, wording=MYSQL_LOAD)
            for name in columns
        ]
        text = RowText(encoders, between=["\t"] * (len(columns) - 1), null="\\N")
        with tempfile.NamedTemporaryFile(prefix="dataforge-") as file:
            for block in text.blocks([piece]):
                file.write(block)
            file.flush()
            self._run_load(table, columns, file.name, piece.num_rows)

    def _run_load(self, table: Table, columns: list[str], path: str, rows: int) -> None:
        """Run LOAD DATA LOCAL, which turns errors into warnings: any warning is an error here."""
        names = created(self._match).names
        fields, sets = self._fields(table, columns)
        statement = (
            f"LOAD DATA LOCAL INFILE %s INTO TABLE {names.table(table.name)}"
            f" CHARACTER SET utf8mb4 ({', '.join(fields)})"
        ) + (f" SET {', '.join(sets)}" if sets else "")
        with self._connection.cursor() as cursor:
            loaded = cursor.execute(statement, [path])
            cursor.execute("SHOW WARNINGS")
            warnings = [row for row in cursor.fetchall() if row[0] != "Note"]
        if warnings or loaded != rows:
            reason = warnings[0][2] if warnings else f"{loaded} of {rows} rows went in"
            msg = f"MySQL at {self._label} refused rows of {table.name}: {reason}"
            raise DatabaseError(msg)

    def _fields(self, table: Table, columns: list[str]) -> tuple[list[str], list[str]]:
        """Return LOAD DATA's field list, with variables where a function makes the value.

        Beside such a function MariaDB 10.11 forgets that an AUTO_INCREMENT column was given a
        value and numbers a 0 anew, unless that column is set from a variable too.
        """
        matched = created(self._match)
        makers = {
            name: _from_text(table.column(name).type, matched.kind(table.name, name))
            for name in columns
        }
        if any(makers.values()):
            numbered = {name for key in table.keys for name in key if name in makers}
            makers |= {name: makers[name] or "{}" for name in numbered}
        quoted = {name: matched.names.column(table.name, name) for name in columns}
        marks = {name: f"@v{number}" for number, name in enumerate(columns)}
        fields = [marks[name] if makers[name] else quoted[name] for name in columns]
        sets = [f"{quoted[n]} = {made.format(marks[n])}" for n, made in makers.items() if made]
        return fields, sets

    def _insert(self, table: Table, columns: list[str], piece: pa.RecordBatch) -> None:
        names = created(self._match).names
        encoders = [
            partial(sql_values, logical=table.column(name).type, dialect="mysql")
            for name in columns
        ]
        text = RowText(
            encoders, before="(", between=[", "] * (len(columns) - 1), after=")", null="NULL"
        )
        listed = names.column_list(table.name, columns)
        head = f"INSERT INTO {names.table(table.name)} ({listed}) VALUES "
        with self._connection.cursor() as cursor:
            for rows in text.rows([piece]):
                for start in range(0, len(rows), _INSERT_ROWS):
                    cursor.execute(head + ",".join(rows.slice(start, _INSERT_ROWS).to_pylist()))

    def finish(self, schema: Schema) -> None:
        """Commit the rows, add the foreign keys, each proved by the server, gather statistics."""
        with self._refusals("proving the foreign keys of existing tables"):
            self._aside.prove()
            self._connection.commit()
        for statement in self._pending:
            with self._refusals(f"running {statement}"):
                self._rows(statement)
        with self._refusals("finishing the load"):
            self._aside.put_back()
            names = created(self._match).names
            listed = ", ".join(names.table(table.name) for table in schema.tables)
            if listed:
                self._rows(f"ANALYZE TABLE {listed}")
            self._connection.commit()
        self._finished = True

    def keep(self, kept: Kept) -> None:
        """Write a manifest and commit it."""
        with self._refusals("keeping the manifest"), self._connection.cursor() as cursor:
            for statement, values in kept.statements("%s", "longtext"):
                cursor.execute(statement, values)
            self._connection.commit()
        self._finished = True

    def _rows(self, statement: str) -> tuple[tuple[Any, ...], ...]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return tuple(cursor.fetchall())

    @contextmanager
    def _refusals(self, doing: str) -> Iterator[None]:
        try:
            yield
        except pymysql.Error as error:
            msg = f"MySQL at {self._label} refused {doing}: {error.args[-1]}"
            raise DatabaseError(msg) from error

    def __enter__(self) -> Self:
        """Return the target itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Roll back and drop what was made unless the load is finished; disconnect."""
        try:
            if not self._finished:
                self._take_back()
        finally:
            self._connection.close()

    def _take_back(self) -> None:
        with self._refusals("taking the unfinished load back"):
            self._connection.rollback()
            self._rows("SET foreign_key_checks = OFF")
            for name in self._made:
                self._rows(f"DROP TABLE IF EXISTS {name}")
            self._aside.put_back()


def _batch_rows(batch: pa.RecordBatch) -> int:
    """Return the rows of which text stays near ``_FILE_BYTES``."""
    row_bytes = max(1, batch.nbytes // max(1, batch.num_rows))
    return max(1, _FILE_BYTES // int(row_bytes))


def _from_text(logical: ColumnType, kind: str) -> str:
    """Return the expression that makes a column's value from a field, '' where the text does."""
    if isinstance(logical, BinaryType):
        return "UNHEX({})"
    if isinstance(logical, GeometryType) and (not kind or kind in _SPATIAL):
        return "ST_GeomFromText({})"
    return "CAST({} AS UNSIGNED)" if kind == "bit" else ""


_SPATIAL = {"point", "linestring", "polygon", "multipolygon", "geometry", "geomcollection"}
