"""What the schema agent's graph keeps: plain values, so that any checkpointer can hold them."""

from __future__ import annotations

import operator
from typing import Annotated, Any, NotRequired

from langchain.agents import AgentState
from pydantic import BaseModel, Field


class SchemaReady(BaseModel):
    """Say that the draft is what was asked for. Call this only when validate_schema finds none."""

    assumptions: list[str] = Field(
        default_factory=list, description="What you decided where the request is silent."
    )
    unmet: list[str] = Field(
        default_factory=list, description="What of the request the schema cannot honour, and why."
    )


class DraftState(AgentState[SchemaReady]):
    """``request`` in words, ``base`` the schema to start from, ``edits`` what was done to it.

    ``rounds`` counts repairs, ``problems`` has the texts of the last check, ``proposal`` the
    result once there is one.
    """

    request: str
    base: NotRequired[dict[str, Any] | None]
    edits: Annotated[list[dict[str, Any]], operator.add]
    rounds: NotRequired[int]
    problems: NotRequired[list[tuple[str, str, str]]]
    proposal: NotRequired[dict[str, Any]]
