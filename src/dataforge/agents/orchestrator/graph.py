"""The orchestrator's state machine: one turn from its words to versions, plans and answers."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from dataforge.agents.orchestrator.nodes import Nodes, after_review, next_intent
from dataforge.agents.orchestrator.state import ConversationState


def conversation_graph(
    nodes: Nodes, saver: BaseCheckpointSaver[Any]
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Return the graph: route → (shape → review* → keep | documents | replicate | explain)*."""
    graph: StateGraph[Any, Any, Any, Any] = StateGraph(ConversationState)
    graph.add_node("route", nodes.route)
    graph.add_node("shape", nodes.shape)
    graph.add_node("review", nodes.review)
    graph.add_node("keep", nodes.keep)
    graph.add_edge(START, "route")
    graph.add_edge("shape", "review")
    graph.add_conditional_edges("review", after_review)
    for name in ("documents", "replicate", "explain"):
        graph.add_node(name, getattr(nodes, name))
    for name in ("route", "keep", "documents", "replicate", "explain"):
        graph.add_conditional_edges(name, next_intent)
    return graph.compile(checkpointer=saver, name="orchestrator")
