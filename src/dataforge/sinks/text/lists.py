"""Lists as text: JSON arrays and PostgreSQL array literals."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.schema import ArrayType
from dataforge.sinks.text.scan import joined, replaced
from dataforge.sinks.text.words import BARE, Wording, words


def join_lists(array: pa.Array, item_text: pa.Array, opening: str, closing: str) -> pa.Array:
    """Return one text a list, its items joined by commas; a null list stays null.

    ``item_text`` has one non-null text for each value of ``array.flatten()``.
    """
    lengths = pc.fill_null(pc.list_value_length(array), 0)
    ends = pc.cumulative_sum(lengths).cast(pa.int32())
    lists = pa.ListArray.from_arrays(pa.concat_arrays([pa.array([0], pa.int32()), ends]), item_text)
    text = joined(opening, pc.binary_join(lists, ","), closing)
    return pc.if_else(array.is_valid(), text, None) if array.null_count else text


def postgres_lists(array: pa.Array, logical: ArrayType) -> pa.Array:
    r"""Return ``{1,2,NULL}`` or ``{"a","b\"c"}``: what PostgreSQL's array input reads."""
    items = array.flatten()
    text = words(items, logical.item, POSTGRES_WORDING)
    if pa.types.is_binary(items.type):
        text = joined('"\\', text, '"')
    elif not isinstance(logical.item, (*BARE, ArrayType)):
        text = joined('"', replaced(text, {"\\": "\\\\", '"': '\\"'}), '"')
    return join_lists(array, text.fill_null("NULL"), "{", "}")


POSTGRES_WORDING = Wording(zone="+00", binary="\\x", lists=postgres_lists)
