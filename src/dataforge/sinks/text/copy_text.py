r"""PostgreSQL's COPY text format, which MySQL's LOAD DATA reads by default as well.

Fields are parted by tabs, null is ``\N``, and backslash, tab and line breaks are escaped:
https://www.postgresql.org/docs/current/sql-copy.html, "Text Format".
"""

from __future__ import annotations

import pyarrow as pa

from dataforge.schema import ColumnType
from dataforge.sinks.text.json_text import json_lists
from dataforge.sinks.text.lists import postgres_lists
from dataforge.sinks.text.scan import replaced
from dataforge.sinks.text.words import BARE, Wording, words

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

POSTGRES_COPY = Wording(zone="+00", binary="\\\\x", lists=postgres_lists)
MYSQL_LOAD = Wording(true="1", false="0", zone="", lists=json_lists)


def copy_values(array: pa.Array, logical: ColumnType, wording: Wording) -> pa.Array:
    """Return the escaped field of each value of a plain array; null stays null."""
    text = words(array, logical, wording)
    return text if isinstance(logical, BARE) else replaced(text, _ESCAPES)
