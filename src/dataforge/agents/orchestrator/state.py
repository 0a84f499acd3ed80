"""What a conversation keeps between turns: plain values that any checkpointer can hold."""

from __future__ import annotations

import operator
from typing import Annotated, Any, NotRequired, TypedDict


class ConversationState(TypedDict):
    """``request`` and ``materials`` are of this turn, ``intents`` what of it is still to be done.

    ``versions`` has every schema that was agreed on, the newest last: ``number``, ``note`` (the
    words), ``schema`` (a document), ``trace``, ``assumptions``, ``unmet`` and ``changes``.
    ``pending`` is a version under review. ``plans`` are documents' and replications', ``said`` what
    was answered.
    """

    request: str
    materials: list[dict[str, str]]
    review: bool
    intents: NotRequired[list[dict[str, str]]]
    pending: NotRequired[dict[str, Any] | None]
    versions: Annotated[list[dict[str, Any]], operator.add]
    plans: Annotated[list[dict[str, Any]], operator.add]
    said: Annotated[list[str], operator.add]
