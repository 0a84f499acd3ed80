"""The schema agent's graph: the model reasons and acts, then the draft is checked and repaired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from dataforge.agents.prompt_files import prompt
from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.check import Check, valid
from dataforge.agents.schema_agent.nodes import Nodes, next_after_check
from dataforge.agents.schema_agent.places import document_of
from dataforge.agents.schema_agent.plain import accepted
from dataforge.agents.schema_agent.quoting import Material, quoted
from dataforge.agents.schema_agent.state import DraftState, SchemaReady
from dataforge.agents.schema_agent.summaries import of_schema
from dataforge.agents.schema_agent.tools import schema_tools
from dataforge.agents.steps import OnStep, Step, unheard
from dataforge.schema import Schema

CALLS_A_ROUND = 12
"""Calls of the model between two checks; an agent that needs more goes round in circles."""


def schema_graph(
    model: BaseChatModel, *, check: Check = valid, name: str = "offline"
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Return the graph: agent → check → (repair → agent)* → finish."""
    agent = create_agent(
        model,
        schema_tools(check),
        system_prompt=prompt("schema_agent", "system"),
        response_format=ToolStrategy(SchemaReady, tool_message_content="noted"),
        state_schema=DraftState,
        middleware=[ModelCallLimitMiddleware(run_limit=CALLS_A_ROUND, exit_behavior="end")],
        name="reason_and_act",
    )
    nodes = Nodes(check, name)
    graph: StateGraph[Any, Any, Any, Any] = StateGraph(DraftState)
    graph.add_node("agent", agent)
    graph.add_node("check", nodes.checked)
    graph.add_node("repair", nodes.repair)
    graph.add_node("finish", nodes.finish)
    graph.add_edge(START, "agent")
    graph.add_edge("agent", "check")
    graph.add_conditional_edges("check", next_after_check)
    graph.add_edge("repair", "agent")
    graph.add_edge("finish", END)
    return graph.compile(checkpointer=False, name="schema_agent")


def propose(
    graph: CompiledStateGraph[Any, Any, Any, Any],
    request: str,
    *,
    base: Schema | None = None,
    materials: Iterable[Material] = (),
    on_step: OnStep = unheard,
) -> SchemaProposal:
    """Run the graph on a request; ``base`` is the schema that it speaks of, where there is one.

    Raises UsageError for a request of which nothing can be made, ModelError and BudgetError from
    the model, SchemaError where the last repair leaves problems.
    """
    accepted(request, base)
    message = quoted(request, materials, "" if base is None else of_schema(base))
    start = {
        "messages": [HumanMessage(message)],
        "request": request,
        "base": None if base is None else document_of(base),
        "edits": [],
    }
    final: dict[str, Any] = {}
    parts: Iterator[Any] = graph.stream(start, stream_mode=["custom", "values"], subgraphs=True)
    for _, mode, part in parts:
        if mode == "custom":
            on_step(Step.model_validate(part))
        elif "proposal" in part:
            final = part
    return SchemaProposal.model_validate(final["proposal"])
