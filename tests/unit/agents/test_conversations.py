"""Ten conversations on the Bedrock wire, by Converse and by ConverseStream."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bedrock_server import Turn, bedrock_server
from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.graph import schema_graph
from dataforge.llm import Ledger, model
from dataforge.workflows.describe import Asked, describe, generable

CONVERSATIONS = yaml.safe_load(Path(__file__).with_name("conversations.yaml").read_text("utf-8"))
BEGUN = [
    Turn(calls=[("analyze_prompt", {})]),
    Turn(calls=[("suggest_columns", {}), ("infer_relationships", {})]),
]


def turns(conversation: dict[str, Any]) -> list[Turn]:
    found: list[Turn] = []
    for turn in conversation["turns"]:
        calls = [] if turn == "begin" else [(name, arguments) for name, arguments in turn]
        found += BEGUN if turn == "begin" else [Turn("One moment.", calls=calls)]
    return found


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda each: each["request"][:30])
def test_a_conversation_ends_with_the_schema_it_is_about(conversation: dict[str, Any]) -> None:
    script = turns(conversation)
    with bedrock_server(script) as server:
        asked = Asked(server.settings(attempts=1), Ledger("recorded"))
        proposal = describe(conversation["request"], asked)
    judge(proposal, conversation)
    assert len(server.requests) == len(script) == len(asked.ledger.entries)
    assert all(path.endswith("/converse") for path in server.paths)


def test_the_same_graph_runs_over_converse_stream() -> None:
    conversation = CONVERSATIONS[0]
    with bedrock_server(turns(conversation)) as server:
        chat = model(server.settings(attempts=1)).model_copy(update={"disable_streaming": False})
        graph = schema_graph(chat, check=generable, name="bedrock")
        start = {"messages": [("user", "x")], "request": conversation["request"], "edits": []}
        parts = list(graph.stream(start, stream_mode=["messages", "values"]))
    final = next(part for mode, part in reversed(parts) if mode == "values")
    judge(SchemaProposal.model_validate(final["proposal"]), conversation)
    assert all(path.endswith("/converse-stream") for path in server.paths)


def judge(proposal: SchemaProposal, conversation: dict[str, Any]) -> None:
    tables = proposal.schema_.tables_by_name
    assert set(conversation["tables"]) <= set(tables)
    assert not generable(proposal.schema_)
    for name, rows in conversation.get("rows", {}).items():
        assert tables[name].rows == rows
    for child, parent in conversation.get("keys", {}).items():
        assert parent in [key.parent for key in tables[child].foreign_keys]
    assert conversation.get("assumed", "") in "\n".join(proposal.assumptions)
    assert conversation.get("unmet", "") in "\n".join(proposal.unmet)
