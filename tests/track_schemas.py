"""A fleet of things that move, for the suites of the engine and of the verifier."""

from __future__ import annotations

from typing import Any

from dataforge.schema import Schema

FIELDS = ("latitude", "longitude", "timestamp", "speed", "heading", "distance")


def fleet(readings: int = 700, things: int = 6, number: str = "float", **track: Any) -> Schema:
    """Return things and their readings; ``track`` is said of all six measures."""

    def column(field: str) -> dict[str, Any]:
        kind: dict[str, Any] = {"kind": "timestamp" if field == "timestamp" else number}
        if kind["kind"] == "decimal":
            kind |= {"precision": 12, "scale": 6}
        return {
            "name": field,
            "type": kind,
            "spec": {"kind": "track", "field": field, **track},
        }

    key = {"name": "id", "type": {"kind": "integer"}}
    owner = {"columns": ["thing_id"], "parent": "things", "parent_columns": ["id"], "owning": True}
    fixes = {
        "name": "fixes",
        "rows": readings * things,
        "columns": [{"name": "thing_id", "type": {"kind": "integer"}}, *map(column, FIELDS)],
        "foreign_keys": [owner],
    }
    things_table = {"name": "things", "rows": things, "columns": [key], "primary_key": ["id"]}
    return Schema.model_validate({"tables": [things_table, fixes], "locale": "de_DE"})
