"""A schema with every spec of what happens in time, small or with one family of any size."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

from dataforge.schema import Schema, from_yaml

MACHINE: dict[str, Any] = {
    "initial": "placed",
    "terminal": ["delivered", "cancelled"],
    "transitions": [
        {"source": "placed", "target": "paid", "probability": 0.85},
        {"source": "placed", "target": "cancelled", "probability": 0.15},
        {"source": "paid", "target": "shipped", "probability": 0.9},
        {"source": "paid", "target": "cancelled", "probability": 0.1},
        {"source": "shipped", "target": "delivered", "probability": 0.8},
        {
            "source": "shipped",
            "target": "paid",
            "probability": 0.2,
            "dwell": {"minimum": 3600, "maximum": 7200},
        },
    ],
    "dwell": {"distribution": {"kind": "log_normal", "median": 90000, "sigma": 1.2}},
}

_TABLES = Template(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
HOURS = [0.1] * 6 + [1, 2, 6, 9, 10, 10, 8, 9, 10, 9, 8, 6, 4, 3, 2.5, 2, 1, 0.5]


def processes(accounts: int = 60, entries: int = 400, seed: int = 0, law: str = "null") -> Schema:
    """Return the schema; ``law`` is YAML for how entries fall on accounts."""
    return from_yaml(
        _TABLES.substitute(
            accounts=accounts,
            entries=entries,
            seed=seed,
            law=law,
            hours=HOURS,
            status={"kind": "status", "after": "opened", **MACHINE},
            events={"kind": "event_state", **MACHINE},
        )
    )
