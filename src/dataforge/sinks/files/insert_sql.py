"""SQL files: INSERT statements in a database's dialect, or COPY blocks for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.errors import UsageError
from dataforge.schema import Table
from dataforge.sinks.ddl.names import Names
from dataforge.sinks.port import ByteStream
from dataforge.sinks.text.copy_text import POSTGRES_COPY, copy_values
from dataforge.sinks.text.rows import RowText
from dataforge.sinks.text.scan import text_bytes
from dataforge.sinks.text.sql_literals import sql_values

_STATEMENT_ROWS = 500


@dataclass(frozen=True, slots=True)
class SqlSink:
    """Statements that fill the tables that ``write_ddl`` of the same schema and dialect makes."""

    names: Names
    dialect: str
    kind: str = "sql"
    extension: str = "sql"

    def losses(self, table: Table) -> tuple[str, ...]:
        """Say that types are the dialect's, which the DDL's notes tell."""
        return ()

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write the statements for one part."""
        names = self.names
        target = names.table(table.name)
        listed = ", ".join(names.column(table.name, name) for name in arrow_schema.names)
        if self.dialect == "postgres":
            _write_copy(table, arrow_schema, batches, stream, f"{target} ({listed})")
            return
        opening, closing = _identity_switch(table, target, self.dialect)
        stream.write(opening)
        for statement in _inserts(table, arrow_schema, batches, self.dialect, target, listed):
            stream.write(statement)
        stream.write(closing)

    def read(self, table: Table, arrow_schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
        """Refuse: SQL text is for a database's own client."""
        msg = f"{path} is SQL → run it with the database's own client instead of loading it"
        raise UsageError(msg)


def _write_copy(
    table: Table,
    arrow_schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    stream: ByteStream,
    target: str,
) -> None:
    encoders = [
        partial(copy_values, logical=table.column(name).type, wording=POSTGRES_COPY)
        for name in arrow_schema.names
    ]
    rows = RowText(encoders, between=["\t"] * (len(encoders) - 1), null="\\N")
    stream.write(f"COPY {target} FROM stdin;\n".encode())
    for block in rows.blocks(batches):
        stream.write(block)
    stream.write(b"\\.\n")


def _identity_switch(table: Table, target: str, dialect: str) -> tuple[bytes, bytes]:
    """SQL Server takes given values for an identity column only while told to."""
    if dialect != "tsql" or not any(column.identity for column in table.columns):
        return b"", b""
    switch = f"SET IDENTITY_INSERT {target} "
    return f"{switch}ON;\n".encode(), f"{switch}OFF;\n".encode()


def _inserts(
    table: Table,
    arrow_schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    dialect: str,
    target: str,
    listed: str,
) -> Iterator[memoryview[int] | bytes]:
    """Yield statements of up to ``_STATEMENT_ROWS`` rows; Oracle takes one row a statement."""
    encoders = [
        partial(sql_values, logical=table.column(name).type, dialect=dialect)
        for name in arrow_schema.names
    ]
    between = [", "] * (len(encoders) - 1)
    head = f"INSERT INTO {target} ({listed}) VALUES"
    if dialect == "oracle":
        rows = RowText(encoders, before=f"{head} (", between=between, after=");\n", null="NULL")
        yield from rows.blocks(batches)
        return
    rows = RowText(encoders, before="(", between=between, after=")", null="NULL")
    for values in _regrouped(rows.rows(batches)):
        yield f"{head}\n".encode()
        yield text_bytes(_comma_lines(values)).data


def _regrouped(arrays: Iterable[pa.Array]) -> Iterator[pa.Array]:
    """Cut a stream of arrays into pieces of ``_STATEMENT_ROWS``, whatever its batches were."""
    rest = pa.array([], pa.string())
    for array in arrays:
        rest = pa.concat_arrays([rest, array]) if len(rest) else array
        full = len(rest) - len(rest) % _STATEMENT_ROWS
        for start in range(0, full, _STATEMENT_ROWS):
            yield rest.slice(start, _STATEMENT_ROWS)
        rest = rest.slice(full)
    if len(rest):
        yield rest


def _comma_lines(values: pa.Array) -> pa.Array:
    """Return one string: the rows on lines of their own, commas between, a semicolon last."""
    one = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)
    return pc.binary_join_element_wise(pc.binary_join(one, ",\n"), ";\n", "")
