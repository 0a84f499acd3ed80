"""What a file format is: a name, an extension, what it loses, and how to write and read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from dataforge.schema import Table


class ByteStream(Protocol):
    """The least that a sink may ask of where it writes to."""

    def write(self, data: bytes | memoryview[int], /) -> int:
        """Take all of ``data``, any object with the buffer interface."""
        ...


class FileSink(Protocol):
    """Writes a part of a table as one file and reads it back.

    Implementations hold no state between calls, and their bytes depend on the values alone:
    neither on how the rows are cut into batches nor, for text formats, on dictionary encoding.
    """

    @property
    def kind(self) -> str:
        """The name of the format."""
        ...

    @property
    def extension(self) -> str:
        """The file name's ending, without the dot."""
        ...

    def losses(self, table: Table) -> tuple[str, ...]:
        """Say, a sentence each, which types or values of ``table`` the format cannot keep."""
        ...

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write a complete file; string columns may come as dictionary<int32, string>."""
        ...

    def read(self, table: Table, arrow_schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
        """Read a file back as batches of exactly ``arrow_schema``."""
        ...
