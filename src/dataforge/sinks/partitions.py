"""Rows sorted into a folder for each value of a column, named as Hive does (``country=DE``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.errors import UsageError
from dataforge.schema import Table
from dataforge.sinks.layout import Part
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.places import Place
from dataforge.sinks.port import FileSink
from dataforge.sinks.text.coded import plain
from dataforge.sinks.writing import write_part

NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"
_MOST_FOLDERS = 1000


def write_partitions(
    sink: FileSink,
    table: Table,
    arrow_schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    place: Place,
    part: Part,
    columns: Sequence[str],
) -> tuple[PartEntry, ...]:
    """Write a range of rows to a file in the folder of each value; return their entries.

    ``part.path`` has ``*`` for the folders. The rows of the range are held while they are sorted;
    within a file they keep their order. UsageError where the columns have very many values.
    """
    sorted_rows: dict[str, list[pa.RecordBatch]] = {}
    for batch in batches:
        folders = _folders(batch, columns).dictionary_encode()
        for code, folder in enumerate(folders.dictionary.to_pylist()):
            rows = batch.filter(pc.equal(folders.indices, code))
            sorted_rows.setdefault(folder, []).append(rows)
        if len(sorted_rows) > _MOST_FOLDERS:
            msg = (
                f"{table.name}: {', '.join(columns)} would make more than {_MOST_FOLDERS:,} "
                "folders → partition by a column with fewer values"
            )
            raise UsageError(msg)
    entries = []
    pattern = "/".join("*" * len(columns))
    for folder in sorted(sorted_rows):
        path = part.path.replace(pattern, folder)
        own = Part(path, part.start, part.stop)
        rows_there = sorted_rows.pop(folder)
        entries.append(write_part(sink, table, arrow_schema, rows_there, place, own))
    return tuple(entries)


def _folders(batch: pa.RecordBatch, columns: Sequence[str]) -> pa.Array:
    """Return the folder of each row; every distinct value is written once."""
    folders = [_folder(name, plain(batch.column(name))) for name in columns]
    return pc.binary_join_element_wise(*folders, "/")


def _folder(name: str, array: pa.Array) -> pa.Array:
    coded = array.cast(pa.string()).fill_null(NULL_FOLDER).dictionary_encode()
    named = [f"{quote(name, safe='')}={quote(v, safe='')}" for v in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(named, pa.string())).cast(
        pa.string()
    )
