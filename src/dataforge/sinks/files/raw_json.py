"""The JSON text of one member of many objects, by way of DuckDB.

``pyarrow.json`` can only take a member apart; a JSON column's text must come back whole.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa


def member_texts(data: bytes, name: str) -> pa.Array:
    """Return the text of member ``name`` of each line's object; JSON null becomes null."""
    lines = pa.table({"line": pa.array(data.decode().removesuffix("\n").split("\n"), pa.string())})
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("lines", lines)
        texts = connection.sql(
            "SELECT nullif(json_extract(line, $1)::VARCHAR, 'null') AS text FROM lines",
            params=[pointer],
        ).to_arrow_table()
    return texts["text"].combine_chunks().cast(pa.string())
