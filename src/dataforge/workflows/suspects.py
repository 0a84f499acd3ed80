"""Which cells of a filled database are not those that were loaded: the engine as a witness.

A digest only says that something in a block of rows was changed. Of the block's rows, those that
the schema never makes are the changed ones, and the row it makes that is most like one of them
shows which cells differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine import Plan
from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    StringType,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)
from dataforge.verification import Check, Violation
from dataforge.verification.loaded import LoadedTable, changed_rows

_MOST_EXAMPLES = 5
_BETWEEN = "\x1f"
_NULL = "\0"
_COMPARED = (
    IntegerType,
    DecimalType,
    FloatType,
    BooleanType,
    StringType,
    TextType,
    EnumType,
    DateType,
    TimeType,
    TimestampType,
    UuidType,
    BinaryType,
)
"""Types whose values come back from every database as they went in."""

Texts = Mapping[str, pa.Array]
"""Columns of one length as text, none null, by the schema's name of the column."""


def name_changes(check: Check, url: str, loaded: LoadedTable, plan: Plan) -> Check:
    """Return a failed check of a table's content with the cells that were changed."""
    rows = changed_rows(url, loaded)
    batch_schema = plan.tables[loaded.name].arrow_schema
    texts = _comparable(loaded, rows, plan, batch_schema)
    if not texts:
        return check
    unknown = _never_made(texts, plan, loaded.name)
    if len(unknown) > max(_MOST_EXAMPLES, len(rows) // 2):
        return check  # the database shows values in another form
    found = [cell for row in unknown[:_MOST_EXAMPLES] for cell in _cells(texts, row, plan, loaded)]
    if not unknown:
        found = list(_documents(texts, rows, plan, loaded))
    if not found:
        return check  # rows are missing, and only these
    columns = tuple(dict.fromkeys(cell.column for cell in found if cell.column))
    return check.model_copy(
        update={
            "columns": columns,
            "violations": len(unknown) or len(found),
            "examples": tuple(found[:_MOST_EXAMPLES]),
        }
    )


def _comparable(
    loaded: LoadedTable, rows: Sequence[Sequence[object]], plan: Plan, made: pa.Schema
) -> Texts:
    table = plan.written_schema.table(loaded.name)
    cells = dict(zip(loaded.columns, zip(*rows, strict=True), strict=True)) if rows else {}
    texts = {}
    for name, values in cells.items():
        logical = table.column(name).type
        if isinstance(logical, _COMPARED):
            text = _read_text(values, made.field(name).type, logical)
            if text is not None:
                texts[name] = text
    return texts


def _read_text(values: Sequence[object], kind: pa.DataType, logical: ColumnType) -> pa.Array | None:
    """Return what a driver read as the text that the engine's value has; None where it has none."""
    try:
        given = pa.array([str(v) if isinstance(v, UUID) else v for v in values])
        value_type = kind.value_type if pa.types.is_dictionary(kind) else kind
        return _text(given.cast(value_type), logical)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None


def _text(array: pa.Array, logical: ColumnType) -> pa.Array:
    """Return cells as text; padding and what a binary column holds do not count as differences."""
    if isinstance(logical, BinaryType):
        array = pa.array([None if v is None else v.hex() for v in array.to_pylist()], pa.string())
    return pc.utf8_rtrim_whitespace(array.cast(pa.string())).fill_null(_NULL)


def _made(names: Sequence[str], plan: Plan, table: str) -> Iterator[Texts]:
    for batch in plan.batches(table):
        yield _texts_of(batch, names, plan, table)


def _texts_of(batch: pa.RecordBatch, names: Sequence[str], plan: Plan, table: str) -> Texts:
    described = plan.written_schema.table(table)
    return {name: _text(batch.column(name), described.column(name).type) for name in names}


def _joined(texts: Texts) -> pa.Array:
    return pc.binary_join_element_wise(*texts.values(), _BETWEEN)


def _never_made(texts: Texts, plan: Plan, table: str) -> list[int]:
    """Return the positions of rows that are none of the table's."""
    wanted = _joined(texts)
    known = np.zeros(len(wanted), dtype=bool)
    for made in _made(list(texts), plan, table):
        known |= pc.is_in(wanted, value_set=_joined(made)).to_numpy(zero_copy_only=False)
    return [int(position) for position in np.flatnonzero(~known)]


def _documents(
    texts: Texts, rows: Sequence[Sequence[object]], plan: Plan, loaded: LoadedTable
) -> Iterator[Violation]:
    """Compare documents, lists and shapes of rows whose other cells are as they were loaded.

    A column counts where most of the rows agree: a database may show its values in another form.
    """
    others = [name for name in loaded.columns if name not in texts]
    wanted = _joined(texts)
    made: dict[str, dict[int, str]] = {name: {} for name in others}
    for batch in plan.batches(loaded.name):
        at = pc.index_in(
            wanted, value_set=_joined(_texts_of(batch, list(texts), plan, loaded.name))
        )
        places = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
        there = batch.take(at.drop_null())
        for name in others:
            values = map(_canonical, there.column(name).to_pylist())
            made[name].update(zip(places.tolist(), values, strict=True))
    positions = {name: number for number, name in enumerate(loaded.columns)}
    for name in others:
        now = {row: _canonical(rows[row][positions[name]]) for row in made[name]}
        changed = [row for row, text in made[name].items() if now[row] != text]
        if 2 * len(changed) < len(now):
            for row in changed:
                told = f"{_shown(now[row], quoted=True)} where the schema makes "
                expected = _shown(made[name][row], quoted=True)
                yield Violation(key=_key(texts, row, loaded), column=name, found=told + expected)


def _canonical(value: object) -> str:
    """Return a document, a list or a text in one form, whatever its spacing and order of keys."""
    if value is None:
        return _NULL
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, sort_keys=True, default=str)


@dataclass(slots=True)
class _Nearest:
    """The row that agrees with another in the most columns so far."""

    agreeing: int = 0
    cells: dict[str, str] | None = None

    def see(self, row: Mapping[str, str], made: Texts) -> None:
        equal = (pc.equal(made[name], value).cast(pa.int16()) for name, value in row.items())
        counts = reduce(pc.add, equal)
        best = pc.max(counts).as_py() or 0
        if best > self.agreeing:
            at = pc.index(counts, best).as_py()
            self.agreeing = best
            self.cells = {name: column[at].as_py() for name, column in made.items()}


def _cells(texts: Texts, row: int, plan: Plan, loaded: LoadedTable) -> Iterator[Violation]:
    found = {name: column[row].as_py() for name, column in texts.items()}
    nearest = _Nearest()
    for made in _made(list(texts), plan, loaded.name):
        nearest.see(found, made)
    key = _key(texts, row, loaded)
    expected = nearest.cells or {}
    if 2 * nearest.agreeing < len(found):
        yield Violation(key=key, found="a row that was not loaded")
        return
    for name, value in found.items():
        if expected[name] != value:
            told = f"{_shown(value, quoted=True)} where the schema makes "
            yield Violation(key=key, column=name, found=told + _shown(expected[name], quoted=True))


def _key(texts: Texts, row: int, loaded: LoadedTable) -> str:
    named = [name for name in loaded.key_names if name in texts]
    return ", ".join(f"{name}={_shown(texts[name][row].as_py())}" for name in named)


def _shown(text: str, *, quoted: bool = False) -> str:
    if text == _NULL:
        return "null"
    return repr(text[:30]) if quoted else text[:30]
