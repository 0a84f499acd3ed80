"""Arrow's own file format (IPC, also known as Feather version 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dataforge.schema import Table
from dataforge.sinks.port import ByteStream
from dataforge.sinks.text.coded import plain


@dataclass(frozen=True, slots=True)
class ArrowSink:
    """Plain columns of the logical types: nothing is lost, any Arrow library reads it."""

    kind: str = "arrow"
    extension: str = "arrow"
    codec: str | None = "lz4"

    def losses(self, table: Table) -> tuple[str, ...]:
        """Nothing is lost."""
        return ()

    def write(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        batches: Iterable[pa.RecordBatch],
        stream: ByteStream,
    ) -> None:
        """Write the batches as they come, without dictionaries."""
        options = pa.ipc.IpcWriteOptions(compression=self.codec, use_threads=False)
        with pa.ipc.new_file(stream, arrow_schema, options=options) as writer:
            for batch in batches:
                columns = [plain(column) for column in batch.columns]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=arrow_schema))

    def read(
        self,
        table: Table,
        arrow_schema: pa.Schema,
        path: Path,
    ) -> Iterator[pa.RecordBatch]:
        """Read the file back, types as in ``arrow_schema``."""
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number).select(arrow_schema.names).cast(arrow_schema)
