"""Rows sorted into a folder for each value of a column, named as Hive does (``country=DE``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataforge.errors import UsageError
from dataforge.schema import Column, IntegerType, Table
from dataforge.sinks.files.parquet import ParquetSink
from dataforge.sinks.layout import Part, order_path
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.text.coded import plain
from dataforge.sinks.writing import Target, write_part, write_parts

NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__"
ORDER_TABLE = Table(name="order", columns=(Column(name="part", type=IntegerType(bits=32)),))
_ORDER_SCHEMA = pa.schema([pa.field("part", pa.int32(), nullable=False)])
_MOST_FOLDERS = 1000

Places = npt.NDArray[np.int32]


def write_partitions(
    target: Target, batches: Iterable[pa.RecordBatch], part: Part, columns: Sequence[str]
) -> tuple[PartEntry, ...]:
    """Write a range of rows to a file in the folder of each value; return their entries.

    ``part.path`` has ``*`` for the folders. The rows of the range are held while they are sorted;
    within a file they keep their order. The last entry is of the file that says in which of the
    others each row went. UsageError where the columns have very many values.
    """
    held = list(batches)
    codes, names = _coded(held, columns, target.table.name)
    entries: list[PartEntry] = []
    places = np.empty(len(codes), np.int32)
    pattern = "/".join("*" * len(columns))
    for name in sorted(names):
        there = np.flatnonzero(codes == names[name])
        own = Part(part.path.replace(pattern, name), 0, len(there))
        made = write_parts(target, _RowsAt(held, there), own)
        numbers = np.arange(len(entries), len(entries) + len(made), dtype=np.int32)
        places[there] = np.repeat(numbers, [entry.rows for entry in made])
        entries += [entry.model_copy(update={"start": part.start}) for entry in made]
    return (*entries, _write_order(target, places, part))


def read_order(path: Path) -> Places:
    """Return for each row of a range the number of the part that it is in, int32."""
    numbers: Places = pq.read_table(path, columns=["part"])["part"].to_numpy()
    return numbers


class _RowsAt:
    """The rows of batches at ascending places: any range of them on demand."""

    def __init__(self, batches: Sequence[pa.RecordBatch], there: npt.NDArray[np.int64]) -> None:
        self._batches = batches
        self._there = there

    def __call__(self, start: int, stop: int) -> Iterator[pa.RecordBatch]:
        wanted, base = self._there[start:stop], 0
        for batch in self._batches:
            low, high = np.searchsorted(wanted, (base, base + batch.num_rows))
            if low < high:
                yield batch.take(pa.array(wanted[low:high] - base))
            base += batch.num_rows


def _write_order(target: Target, places: Places, part: Part) -> PartEntry:
    rows = pa.RecordBatch.from_arrays([pa.array(places)], schema=_ORDER_SCHEMA)
    own = Part(order_path(part), part.start, part.stop)
    return write_part(ParquetSink(), ORDER_TABLE, _ORDER_SCHEMA, [rows], target.place, own)


def _coded(
    batches: Sequence[pa.RecordBatch], columns: Sequence[str], table: str
) -> tuple[Places, dict[str, int]]:
    """Return the number of each row's folder, int32, and the numbers of the folders."""
    names: dict[str, int] = {}
    codes = [np.empty(0, np.int32)]
    for batch in batches:
        folders = _folders(batch, columns).dictionary_encode()
        numbers = [names.setdefault(each, len(names)) for each in folders.dictionary.to_pylist()]
        if len(names) > _MOST_FOLDERS:
            msg = (
                f"{table}: {', '.join(columns)} would make more than {_MOST_FOLDERS:,} "
                "folders → partition by a column with fewer values"
            )
            raise UsageError(msg)
        codes.append(np.array(numbers, np.int32)[folders.indices.to_numpy()])
    return np.concatenate(codes), names


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
