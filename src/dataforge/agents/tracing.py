"""Traces of agents' runs in LangSmith: off unless asked for, and then without a value.

The privacy law: of texts a trace holds the length, of other values the kind. What it is for stays:
which nodes, tools and models ran, in which order, for how long, with how many tokens and errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from langsmith import Client, tracing_context

_KEPT = frozenset({"type", "role", "name", "status", "finish_reason", "stopReason", "stop_reason"})
"""Fields whose texts are words of the protocol, never of a user."""

_SHORT = 60
PATIENCE_S = 5.0
"""A run waits so long for its trace to be sent; a collector that is away costs no more."""


@contextmanager
def tracing(*, on: bool) -> Iterator[None]:
    """Trace masked runs within, or none whatever the environment says."""
    if not on:
        with tracing_context(enabled=False):
            yield
        return
    client = Client(hide_inputs=masked, hide_outputs=masked, hide_metadata=True)
    try:
        with tracing_context(enabled=True, client=client):
            yield
    finally:
        client.cleanup(PATIENCE_S)


def masked(values: Any, field: str = "") -> Any:
    """Return the shape of values: keys, lengths, kinds and numbers of tokens."""
    match values:
        case dict():
            return {_key(key): masked(value, str(key)) for key, value in values.items()}
        case list() | tuple():
            return [masked(value, field) for value in values]
        case str() if field in _KEPT and len(values) <= _SHORT:
            return values
        case str():
            return f"<text of {len(values)} characters>"
        case int() if field.endswith("tokens"):
            return values
        case None | bool():
            return values
        case _:
            return f"<{type(values).__name__}>"


def _key(key: object) -> str:
    text = str(key)
    return text if text.isidentifier() and len(text) <= _SHORT else "<key>"
