"""From what a text format can hold back to the logical Arrow types."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from dataforge.sinks.text.scan import text_bytes, text_offsets


def read_type(kind: pa.DataType) -> pa.DataType:
    """Return the type to read a column as: lists and bytes come as text first."""
    return pa.string() if pa.types.is_binary(kind) or pa.types.is_list(kind) else kind


def restored(batch: pa.RecordBatch, arrow_schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch with exactly ``arrow_schema``."""
    columns = [_restore(batch.column(field.name), field.type) for field in arrow_schema]
    return pa.RecordBatch.from_arrays(columns, schema=arrow_schema)


def _restore(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if array.type == kind:
        return array
    if pa.types.is_binary(kind):
        return bytes_of(array)
    if pa.types.is_list(kind):
        return lists_of(array, kind)
    return array.cast(kind)


_NIBBLES = np.zeros(256, np.uint8)
_NIBBLES[np.frombuffer(b"0123456789", np.uint8)] = np.arange(10)
_NIBBLES[np.frombuffer(b"abcdef", np.uint8)] = np.arange(10, 16)


def bytes_of(array: pa.Array) -> pa.Array:
    """Return the bytes that lower-case hexadecimal texts stand for; null stays null."""
    nibbles = _NIBBLES[text_bytes(array)]
    data = (nibbles[0::2] << 4) | nibbles[1::2]
    offsets = text_offsets(array) if len(array) else np.zeros(1, np.int32)
    halved = ((offsets - offsets[0]) // 2).astype(np.int32)
    made = pa.BinaryArray.from_buffers(
        pa.binary(), len(array), [None, pa.py_buffer(halved), pa.py_buffer(data)]
    )
    return pc.if_else(array.is_valid(), made, None) if array.null_count else made


def lists_of(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return the lists that JSON texts stand for; null stays null."""
    if not len(array):
        return pa.array([], kind)
    lines = pc.binary_join_element_wise('{"v":', array.fill_null("null"), "}\n", "")
    return read_json_lines(text_bytes(lines), pa.schema([("v", kind)]))["v"].combine_chunks()


def read_json_lines(data: object, arrow_schema: pa.Schema) -> pa.Table:
    """Read JSON objects, one a line, into exactly the columns of ``arrow_schema``.

    Bytes are read from hexadecimal text, at any depth of lists.
    """
    textual = pa.schema([(field.name, _textual(field.type)) for field in arrow_schema])
    options = pyarrow.json.ParseOptions(
        explicit_schema=textual, unexpected_field_behavior="ignore", newlines_in_values=False
    )
    buffer = pa.py_buffer(data)
    table = pyarrow.json.read_json(
        pa.BufferReader(buffer),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=max(buffer.size, 1)),
        parse_options=options,
    )
    columns = [_retyped(table[field.name].combine_chunks(), field.type) for field in arrow_schema]
    return pa.table(columns, schema=arrow_schema)


def _textual(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_textual(kind.value_type))
    return pa.string() if pa.types.is_binary(kind) or pa.types.is_temporal(kind) else kind


def _retyped(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        values = _retyped(array.values, kind.value_type)
        return pa.ListArray.from_arrays(array.offsets, values, mask=array.is_null())
    if pa.types.is_binary(kind):
        return bytes_of(array)
    if pa.types.is_time(kind):
        instants = pc.binary_join_element_wise("1970-01-01 ", array, "")
        return instants.cast(pa.timestamp("us")).cast(kind)
    return array if array.type == kind else array.cast(kind)
