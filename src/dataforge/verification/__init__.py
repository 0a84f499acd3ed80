"""Proves written data against its schema by reading it back, with no code that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dataforge.schema import Schema, Table
from dataforge.sinks.manifest import Manifest
from dataforge.verification.certificate import (
    CERTIFICATE_NAME,
    Certificate,
    Check,
    TableProof,
    Violation,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "CERTIFICATE_NAME",
    "Certificate",
    "Check",
    "TableProof",
    "Violation",
    "statement_values",
    "verify_database",
    "verify_directory",
]

Progress = Callable[[str, int, int], None]


def verify_directory(directory: Path, *, on_progress: Progress | None = None) -> Certificate:
    """Prove the data set in ``directory`` from its files, through DuckDB.

    ``on_progress`` gets the table just read, the rows read so far and the rows in all. A broken
    constraint is a failed check of the certificate, not an exception. Raises UsageError where
    there is no data set, ParseError or SchemaError for an unreadable schema, VerificationError
    for a format that cannot be read back. Deterministic: the same files, the same certificate.
    """
    from dataforge.verification.directory import prove_directory  # noqa: PLC0415 - loads DuckDB

    return prove_directory(directory, on_progress)


def statement_values(
    path: Path, manifest: Manifest, schema: Schema, table: Table, columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one part in SQL in order; bytes are hexadecimal text, lists JSON text.

    ``table`` is the written one of ``schema``. Raises VerificationError for a part that cannot be
    read as statements that fill it with ``columns``.
    """
    from dataforge.verification.statements import reading  # noqa: PLC0415 - loads DuckDB

    return reading.part_values(path, manifest, schema, table, columns)


def verify_database(
    url: str, schema: Schema | None = None, *, on_progress: Progress | None = None
) -> Certificate:
    """Prove the tables of ``schema`` in a PostgreSQL, MySQL, SQLite or DuckDB database.

    A database that was filled by this package says itself from what, and its rows are compared
    with those that were loaded. Raises UsageError for any other URL or where no schema
    is known, DatabaseError where the database cannot be asked.
    """
    from dataforge.verification.database import prove_database  # noqa: PLC0415 - loads drivers

    return prove_database(url, schema, on_progress)
