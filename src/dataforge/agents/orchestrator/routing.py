"""Routing of a turn by a model: the signs in its words are a tool, the route is its answer."""

from __future__ import annotations

import json
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field

from dataforge.agents.orchestrator.intents import Intent, intents_in
from dataforge.agents.prompt_files import prompt
from dataforge.agents.schema_agent.quoting import quoted

MOST_CALLS = 4


class Route(BaseModel):
    """The intents of the turn in their order."""

    intents: list[Intent] = Field(default_factory=list)


def routed(model: BaseChatModel, text: str, *, has_schema: bool) -> tuple[Intent, ...]:
    """Return the intents of a turn; where a model names none, those of the words' signs."""
    signs = intents_in(text, has_schema=has_schema)

    @tool
    def find_intents() -> str:
        """Find the signs of intents in the words of the turn."""
        told = [intent.model_dump(mode="json") for intent in signs]
        return json.dumps({"intents": told}, ensure_ascii=False)

    agent: Any = create_agent(
        model,
        [find_intents],
        system_prompt=prompt("orchestrator", "route"),
        response_format=ToolStrategy(Route, tool_message_content="routed"),
        middleware=[ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="end")],
        name="router",
    )
    # The agent is run for its answer alone: its messages are no part of the conversation's state.
    ended = agent.invoke(
        {"messages": [HumanMessage(quoted(text))]}, {"configurable": {"thread_id": None}}
    )
    route = ended.get("structured_response")
    named = tuple(route.intents) if isinstance(route, Route) else ()
    return named or signs
