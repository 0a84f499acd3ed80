"""PostgreSQL's binary COPY: which tables can go that way, and their rows as bytes.

A row is an int16 count of fields, then per field an int32 length (-1 for null) and the payload,
all big-endian: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Payloads
are what each type's receive function reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)
from dataforge.sinks.databases.postgres_payloads import (
    booleans,
    dates,
    floats,
    integers,
    numerics,
    times,
    timestamps,
    uuids,
)
from dataforge.sinks.text.coded import PerValue, fused
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.rows import ROWS_AT_ONCE
from dataforge.sinks.text.scan import text_bytes
from dataforge.sinks.text.words import Wording, words

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
# A domain is sent as its base type, an enum as its label. Types from elsewhere stay unnamed.
SERVER_TYPES = """
SELECT a.attname, CASE
    WHEN b.typtype = 'e' THEN 'text'
    WHEN b.typnamespace = 'pg_catalog'::regnamespace OR b.typname = 'citext' THEN b.typname
    ELSE '' END
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""

_NULL = b"\xff\xff\xff\xff"
_TEXTS = ("text", "varchar", "bpchar", "citext", "json", "jsonb")
_INTEGER_BITS = {"int2": 16, "int4": 32, "int8": 64}
_FLOATS = {32: "float4", 64: "float8"}
_WORDING = Wording(zone="+00", binary="\\x", lists=json_lists)

Values = npt.NDArray[Any]
Payload = Callable[[pa.Array], Values]
Text = Callable[[pa.Array], pa.Array]
Field = tuple[str, Any]


def binary_types(
    table: Table, columns: Sequence[str], found: Mapping[str, str]
) -> list[Encoder] | None:
    """Return the encoders of ``columns``, or None where one has no binary form here.

    ``found`` has the server's type of each of the schema's columns, see ``SERVER_TYPES``. A type
    that could refuse or change values that its text form takes has none.
    """
    encoders = [_encoder(table.column(name).type, found.get(name, "")) for name in columns]
    whole = [encoder for encoder in encoders if encoder is not None]
    return whole if len(whole) == len(encoders) else None


def _encoder(logical: ColumnType, server: str) -> Encoder | None:
    if server in _TEXTS:
        return Encoder(text=partial(_text, logical=logical, version=server == "jsonb"))
    if server == "bytea" and isinstance(logical, BinaryType):
        return Encoder(text=partial(_text, logical=TextType(), version=False))
    payload = _payload(logical, server)
    return None if payload is None else Encoder(payload=payload)


def _payload(logical: ColumnType, server: str) -> Payload | None:
    """Return what makes a column of payloads of equal length, None for other pairs of types."""
    match logical, server:
        case IntegerType(bits=bits, signed=signed), "int2" | "int4" | "int8":
            fits = bits + (not signed) <= _INTEGER_BITS[server]
            return partial(integers, size=_INTEGER_BITS[server] // 8) if fits else None
        case ((IntegerType() | DecimalType()), "numeric"):
            return numerics
        case FloatType(bits=bits), "float4" | "float8" if server == _FLOATS[bits]:
            return floats
        case BooleanType(), "bool":
            return booleans
        case DateType(), "date":
            return dates
        case TimeType(), "time":
            return times
        case TimestampType(precision=precision), "timestamp" | "timestamptz":
            return partial(timestamps, precision=precision)
        case ((UuidType() | StringType() | TextType()), "uuid"):
            return uuids
        case _:
            return None


def _text(array: pa.Array, logical: ColumnType, *, version: bool) -> pa.Array:
    """Return the bytes of each value, behind the number of the format where there is one."""
    raw = pa.types.is_binary(array.type) and isinstance(logical, TextType)
    text = array if raw else words(array, logical, _WORDING).cast(pa.binary())
    return pc.binary_join_element_wise(b"\1", text, b"") if version else text


class Encoder:
    """Adds the fields of one column to rows: of equal length, or text of any."""

    def __init__(self, *, payload: Payload | None = None, text: Text | None = None) -> None:
        """Take either kind of function; ``payload`` gives shape (n,) or (n, k), big-endian."""
        self._payload, self._text = payload, text
        self._coded = PerValue(self._alone)

    def add(self, array: pa.Array, rows: Rows) -> None:
        """Append the column's fields to the rows."""
        if pa.types.is_dictionary(array.type):
            array = self._coded(array)
            if pa.types.is_dictionary(array.type):
                rows.coded.append(array)
            else:
                rows.append(array)
        elif self._text is not None:
            text = self._text(array)
            rows.fields([(">i4", pc.binary_length(text).fill_null(-1).to_numpy())])
            rows.append(text.fill_null(b""))
        elif array.null_count:
            rows.append(self._alone(array))
        else:
            rows.fields(self._of_equal_length(array))

    def _alone(self, array: pa.Array) -> pa.Array:
        """Return the whole field of each value as an array; null stays null."""
        if self._text is None:
            valid = array.is_valid().to_numpy(zero_copy_only=False)
            return _records(len(array), self._of_equal_length(array), valid)
        text = self._text(array)
        lengths = pc.binary_length(text).fill_null(-1).to_numpy()
        return pc.binary_join_element_wise(_records(len(array), [(">i4", lengths)]), text, b"")

    def _of_equal_length(self, array: pa.Array) -> list[Field]:
        if self._payload is None:
            raise TypeError(self)
        values = self._payload(array)
        size = values.itemsize * int(np.prod(values.shape[1:]))
        return [(">i4", size), (values.dtype.str, values)]


class Rows:
    """Rows in the making: neighbouring fields of equal length go into records first."""

    def __init__(self, length: int, columns: int) -> None:
        """Begin ``length`` rows with their count of fields."""
        self._length = length
        self._fields: list[Field] = [(">i2", columns)]
        self._pieces: list[pa.Array] = []
        self.coded: list[pa.Array] = []

    def fields(self, fields: list[Field]) -> None:
        """Append fields, each a dtype with a constant or one value a row."""
        self._end_coded()
        self._fields += fields

    def append(self, piece: pa.Array) -> None:
        """Append whole fields of any length."""
        self._end_coded()
        self._end_fields()
        self._pieces.append(piece)

    def joined(self) -> Values:
        """Return the bytes of all rows end to end."""
        self._end_coded()
        self._end_fields()
        if len(self._pieces) == 1:
            return text_bytes(self._pieces[0])
        replace = {"null_handling": "replace", "null_replacement": _NULL}
        return text_bytes(pc.binary_join_element_wise(*self._pieces, b"", **replace))

    def _end_fields(self) -> None:
        if self._fields:
            self._pieces.append(_records(self._length, self._fields))
            self._fields = []

    def _end_coded(self) -> None:
        if self.coded:
            self._end_fields()
            pieces, _ = fused(self.coded, [b""] * (len(self.coded) - 1), _NULL)
            self._pieces += pieces
            self.coded = []


def binary_blocks(
    encoders: Sequence[Encoder], batches: Iterable[pa.RecordBatch]
) -> Iterator[memoryview[int] | bytes]:
    """Yield the header, the rows of at most ``ROWS_AT_ONCE`` at a time, and the trailer."""
    yield HEADER
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            piece = batch.slice(start, ROWS_AT_ONCE)
            rows = Rows(piece.num_rows, len(encoders))
            for encoder, array in zip(encoders, piece.columns, strict=True):
                encoder.add(array, rows)
            yield rows.joined().data
    yield TRAILER


def _records(length: int, fields: Sequence[Field], valid: Values | None = None) -> pa.Array:
    """Return a binary array whose values are the fields' bytes end to end."""
    names = [f"f{number}" for number in range(len(fields))]
    kinds = [(n, kind, np.shape(v)[1:]) for n, (kind, v) in zip(names, fields, strict=True)]
    records = np.empty(length, np.dtype(kinds))
    for name, (_, values) in zip(names, fields, strict=True):
        records[name] = values
    offsets = np.arange(length + 1, dtype=np.int32) * np.int32(records.itemsize)
    mask = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    buffers = [mask, pa.py_buffer(offsets), pa.py_buffer(records.view(np.uint8))]
    return pa.Array.from_buffers(pa.binary(), length, buffers)
