"""Tables whose rows follow each other in time: readings of devices, candles of a market."""

from __future__ import annotations

from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.request import Request
from dataforge.schema import Schema


def with_series(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with the tables of readings and candles."""
    return schema
