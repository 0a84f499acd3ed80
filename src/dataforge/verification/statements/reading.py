"""One part of SQL text as batches of values, for whoever wants to compare them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dataforge.errors import VerificationError
from dataforge.schema import Schema, Table
from dataforge.sinks.manifest import Manifest
from dataforge.verification.sources import open_source
from dataforge.verification.sql_text import ident
from dataforge.verification.statements.spool import SqlFiles

_BATCH_ROWS = 1 << 16


def part_values(
    path: Path, manifest: Manifest, schema: Schema, table: Table, columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a part in order; bytes are hexadecimal text, lists JSON text.

    Raises VerificationError where the part is not statements or a value is not of its type.
    """
    with tempfile.TemporaryDirectory(prefix="dataforge-read-") as folder, duckdb.connect() as link:
        link.execute("SET TimeZone = 'UTC'")
        files = SqlFiles.of(manifest, schema, Path(folder))
        spooled = files.spooled(path, table, columns)
        source = open_source(link, files.kind, table, columns, [spooled], quick=False)
        cells = zip(source.cells, map(ident, columns), strict=True)
        picked = ", ".join(
            f"CASE WHEN {each.bad or 'FALSE'} THEN error('unfit') ELSE {name} END AS {name}"
            for each, name in cells
        )
        try:
            found = link.sql(f"SELECT {picked} FROM ({source.typed()})")
            batches: Any = found.to_arrow_reader(_BATCH_ROWS)
            yield from batches
        except (duckdb.Error, pa.ArrowException):
            raise VerificationError("a value is not of its column's type") from None
