"""The truth about a batch: a row for everything in which it is not the clean twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from dataforge.engine.dirt.batch import Acts, DirtyBatch
from dataforge.engine.dirt.draws import BoolArray
from dataforge.engine.rules.cast import cast_to
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.schema.truth import (
    DUPLICATE,
    NEAR_DUPLICATE,
    OUT_OF_ORDER,
    TRUTH_TABLE,
    joined_kinds,
)
from dataforge.streams import IntArray

TRUTH_SCHEMA = arrow_schema_of(TRUTH_TABLE)


Text = Callable[[str, pa.Array], pa.Array]


def sql_text(_column: str, values: pa.Array) -> pa.Array:
    """Return values of a column as SQL prints them."""
    return cast_to(values, pa.string())


def is_dirty(batch: DirtyBatch) -> BoolArray:
    """Tell which rows the truth speaks of."""
    dirty = (batch.placed.duplicate >= 0) | batch.placed.late
    for name in batch.acts:
        dirty[batch.changed(name)] = True
    return dirty


def truth_of(
    batch: DirtyBatch,
    start: int,
    columns: Sequence[str],
    kinds: Sequence[str],
    near: int,
    text: Text,
) -> pa.RecordBatch:
    """Return the truth about rows from ``start`` on, by row, whole rows first, then by column.

    ``kinds`` names the bits of the acts; those from ``near`` on make a duplicate a near one.
    ``text`` writes the values of a column.
    """
    parts = [_duplicates(batch, near), _late(batch)]
    parts += [_cells(batch, name, kinds, text) for name in columns if name in batch.acts]
    joined = pa.concat_batches(parts)
    places = joined.column("row").to_numpy()
    joined = joined.take(pa.array(np.argsort(places, kind="stable")))
    rows = pa.array(joined.column("row").to_numpy() + start)
    return joined.set_column(0, TRUTH_SCHEMA.field(0), rows)


def _duplicates(batch: DirtyBatch, near: int) -> pa.RecordBatch:
    places = np.flatnonzero(batch.placed.duplicate >= 0)
    changed = np.zeros(batch.size, dtype=np.bool_)
    for acts in batch.acts.values():
        changed |= acts >= np.uint64(1 << near)
    named = pa.array([DUPLICATE, NEAR_DUPLICATE]).take(pa.array(changed[places].astype(np.int64)))
    return _part(batch, places, kinds=named, duplicate=True)


def _late(batch: DirtyBatch) -> pa.RecordBatch:
    places = np.flatnonzero(batch.placed.late)
    return _part(batch, places, kinds=pa.array([OUT_OF_ORDER] * places.size, pa.string()))


def _cells(batch: DirtyBatch, name: str, kinds: Sequence[str], text: Text) -> pa.RecordBatch:
    places = batch.changed(name)
    taken = pa.array(places)
    return _part(
        batch,
        places,
        kinds=_named(batch.acts[name][places], kinds),
        column=pa.array([name]).take(pa.array(np.zeros(places.size, dtype=np.int64))),
        clean=text(name, batch.clean(name).take(taken)),
        dirty=text(name, batch.value(name).take(taken)),
    )


def _named(acts: Acts, kinds: Sequence[str]) -> pa.Array:
    """Write the names of the bits, once for each distinct set of them."""
    distinct, inverse = np.unique(acts, return_inverse=True)
    written = [
        joined_kinds(kind for number, kind in enumerate(kinds) if int(act) >> number & 1)
        for act in distinct
    ]
    return pa.array(written, pa.string()).take(pa.array(inverse))


def _part(
    batch: DirtyBatch,
    places: IntArray,
    *,
    kinds: pa.Array,
    column: pa.Array | None = None,
    clean: pa.Array | None = None,
    dirty: pa.Array | None = None,
    duplicate: bool = False,
) -> pa.RecordBatch:
    text = pa.nulls(places.size, pa.string())
    source = pa.array(batch.placed.source[places])
    columns = {
        "row": pa.array(places),
        "source_row": source,
        "column": text if column is None else column,
        "kinds": kinds,
        "clean_value": text if clean is None else clean,
        "dirty_value": text if dirty is None else dirty,
        "duplicate_of": source if duplicate else pa.nulls(places.size, pa.int64()),
    }
    return pa.RecordBatch.from_pydict(columns, schema=TRUTH_SCHEMA)
