"""DuckDB: one transaction; a new file takes its name when it is finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa

from dataforge.addresses import Address
from dataforge.drivers import first_line
from dataforge.errors import DatabaseError, OutputError
from dataforge.schema import Schema, Table
from dataforge.sinks.atomic import partial_path
from dataforge.sinks.databases.existing import FoundColumn, Match, created, group_columns, match
from dataforge.sinks.databases.kept import Kept
from dataforge.sinks.ddl.names import Names, TableName
from dataforge.sinks.ddl.order import parents_first
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.text.coded import plain

_CATALOGUE = """
SELECT schema_name, table_name, column_name, lower(data_type), is_generated
FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
ORDER BY schema_name, table_name, column_index
"""
_BATCH = "__dataforge_batch"
_DEFAULT_NAMESPACE = "main"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Rows in the table ``name``, to be added to ``target``."""

    name: str
    target: str
    listed: str


class DuckdbTarget:
    """A DuckDB file behind one connection and one transaction.

    DuckDB checks foreign keys as rows arrive: those of a table that comes before one of its
    parents wait in a temporary table.
    """

    dialect = "duckdb"

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, made: Path | None
    ) -> None:
        """Take over a connection; ``made`` is a new file that becomes ``path`` in the end."""
        self._connection = connection
        self._path = path
        self._made = made
        self._match: Match | None = None
        self._loaded: set[str] = set()
        self._waiting: dict[str, _Waiting] = {}
        self.notes: tuple[str, ...] = ()

    @classmethod
    def connect(cls, address: Address) -> Self:
        """Open the file, or a hidden one beside where it will be; DatabaseError says why not."""
        path = Path(address.database)
        made = None if path.exists() else partial_path(path)
        try:
            if made is not None:
                _remove(made)
            connection = duckdb.connect(str(made or path))
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("BEGIN TRANSACTION")
        except (duckdb.Error, OSError) as error:
            msg = f"cannot open the DuckDB file {path}: {first_line(error)}"
            raise DatabaseError(msg) from None
        return cls(connection, path, made)

    def create(self, schema: Schema) -> None:
        """Make missing namespaces and tables, keys and checks included."""
        with self._refusals("creating the tables"):
            rows = self._connection.execute(_CATALOGUE).fetchall()
            found = group_columns(
                (
                    None if namespace == _DEFAULT_NAMESPACE else namespace,
                    name,
                    FoundColumn(column, kind, bool(generated)),
                )
                for namespace, name, column, kind, generated in rows
            )
            matched = match(schema, Names.of(schema, self.dialect), found, self._has_rows)
            ddl = write_ddl(schema, self.dialect, matched.names)
            for statement in ddl.prelude:
                self._connection.execute(statement)
            for name, statement in zip(ddl.table_names, ddl.tables, strict=True):
                if name not in matched.existing:
                    self._connection.execute(statement)
            self._match, self.notes = matched, ddl.notes

    def _has_rows(self, target: TableName) -> bool:
        parts = (part for part in (target.namespace, target.name) if part)
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in parts)
        rows = self._connection.execute(f"SELECT EXISTS (SELECT 1 FROM {quoted})").fetchall()
        return rows == [(True,)]

    def load(self, table: Table, arrow_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Insert the rows a batch at a time, as DuckDB reads Arrow's memory."""
        matched = created(self._match)
        columns = matched.writable(table.name, arrow_schema.names)
        listed = matched.names.column_list(table.name, columns)
        target = matched.names.table(table.name)
        if not self._loaded.issuperset(_parents(table)):
            target = self._set_aside(table, target, listed)
        count = 0
        for batch in batches:
            chosen = batch.select(columns)
            rows = pa.table([plain(column) for column in chosen.columns], names=columns)
            with self._refusals(f"loading {table.name}"):
                self._connection.register(_BATCH, rows)
                self._connection.execute(f"INSERT INTO {target} ({listed}) FROM {_BATCH}")
                self._connection.unregister(_BATCH)
            count += batch.num_rows
        if table.name not in self._waiting:
            self._loaded.add(table.name)
        return count

    def _set_aside(self, table: Table, target: str, listed: str) -> str:
        name = f"temp.__dataforge_{len(self._waiting)}"
        with self._refusals(f"loading {table.name}"):
            self._connection.execute(
                f"CREATE TEMP TABLE {name} AS SELECT {listed} FROM {target} LIMIT 0"
            )
        self._waiting[table.name] = _Waiting(name, target, listed)
        return name

    def finish(self, schema: Schema) -> None:
        """Add what waited, parents first; commit, and give a new file its name."""
        for table in parents_first(schema):
            if waiting := self._waiting.get(table.name):
                into = f"INSERT INTO {waiting.target} ({waiting.listed})"
                with self._refusals(f"loading {table.name}"):
                    self._connection.execute(f"{into} FROM {waiting.name}")
        with self._refusals("finishing the load"):
            self._connection.execute("COMMIT")
            self._connection.execute("CHECKPOINT")
            self._connection.close()
        if self._made is not None:
            try:
                self._made.replace(self._path)
            except OSError as error:
                msg = f"cannot write {self._path}: {error.strerror}"
                raise OutputError(msg) from error
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
        except duckdb.Error as error:
            msg = f"DuckDB at {self._path} refused {doing}: {first_line(error)}"
            raise DatabaseError(msg) from None

    def __enter__(self) -> Self:
        """Return the target itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Roll back what was not finished and close; a file made for it goes."""
        self._connection.close()
        if self._made is not None:
            _remove(self._made)


def _parents(table: Table) -> set[str]:
    return {key.parent for key in table.foreign_keys} - {table.name}


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
