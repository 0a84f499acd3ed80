"""What a database is to a load: create, load each table, finish; or nothing happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, Self

import pyarrow as pa

from dataforge.schema import Schema, Table
from dataforge.sinks.databases.kept import Kept


class DatabaseTarget(Protocol):
    """An open database. Leaving its context without ``finish`` takes everything back.

    Every method raises DatabaseError when the server refuses, without the password.
    """

    @property
    def dialect(self) -> str:
        """The SQL dialect's name."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the database does not keep, known after ``create``."""
        ...

    def create(self, schema: Schema) -> None:
        """Make the tables that do not exist; existing ones are used when they are empty.

        UsageError lists every existing table that has rows or lacks a column.
        """
        ...

    def load(self, table: Table, arrow_schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
        """Add the rows of a table, in any order of tables; return how many."""
        ...

    def finish(self, schema: Schema) -> None:
        """Switch every constraint on, prove the rows against them, and make it all final."""
        ...

    def keep(self, kept: Kept) -> None:
        """Write a manifest and make it final; on a connection of its own, without ``create``."""
        ...

    def __enter__(self) -> Self:
        """Return the target itself."""
        ...

    def __exit__(self, *exception: object) -> None:
        """Take back what was not finished, and disconnect."""
        ...
