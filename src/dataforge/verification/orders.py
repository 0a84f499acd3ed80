"""Which row of its table each row of partitioned files is, as the files beside them tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from dataforge.sinks.manifest import PartEntry, TableEntry
from dataforge.verification.certificate import Check, Violation

Numbers = npt.NDArray[np.int64]


def row_numbers(directory: Path, entry: TableEntry, target: Path) -> Path | None:
    """Write to ``target`` the number of each row, in the order of the parts; one column ``row``.

    None where there is no telling: the table is not partitioned, or the files that tell do not
    fit its parts.
    """
    if not entry.order or order_faults(directory, entry):
        return None
    with pq.ParquetWriter(target, pa.schema([("row", pa.int64())])) as writer:
        for part in entry.order:
            rows = np.argsort(_places(directory, part), kind="stable") + part.start
            writer.write_table(pa.table({"row": rows.astype(np.int64)}))
    return target


def order_check(directory: Path, entry: TableEntry) -> Check:
    """Check that the files that tell the order speak of the rows that the parts have."""
    faults = order_faults(directory, entry)
    return Check(
        kind="rows",
        table=entry.name,
        constraint="the order tells of every row of the partitioned files",
        verdict="failed" if faults else "passed",
        violations=len(faults),
        examples=tuple(Violation(key=path, found=fault) for path, fault in faults[:5]),
    )


def order_faults(directory: Path, entry: TableEntry) -> list[tuple[str, str]]:
    """Return the paths of files that do not tell the order, and why not."""
    return list(_faults(directory, entry))


def _faults(directory: Path, entry: TableEntry) -> Iterator[tuple[str, str]]:
    wanted: dict[int, list[int]] = defaultdict(list)
    for part in entry.parts:
        wanted[part.start].append(part.rows)
    told = entry.order or ()
    if [part.start for part in told] != list(wanted):
        yield "manifest.json", "the order is of other ranges than the parts"
        return
    for part in told:
        try:
            places = _places(directory, part)
        except (OSError, pa.ArrowException, KeyError) as error:
            yield part.path, type(error).__name__
            continue
        counts = wanted[part.start]
        found = np.bincount(places[places >= 0], minlength=len(counts)).tolist()
        if found != counts or (places < 0).any():
            yield part.path, f"{len(places):,} rows of other parts than the manifest has"


def _places(directory: Path, part: PartEntry) -> Numbers:
    column = pq.read_table(directory / part.path, columns=["part"])["part"]
    places: Numbers = column.to_numpy().astype(np.int64)
    return places
