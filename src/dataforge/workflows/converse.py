"""A conversation about data: the orchestrator over the workflow that describes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dataforge.agents.checkpoints import saver
from dataforge.agents.orchestrator.conversation import Conversation
from dataforge.agents.orchestrator.graph import conversation_graph
from dataforge.agents.orchestrator.nodes import Nodes
from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.quoting import Material
from dataforge.agents.steps import OnStep
from dataforge.llm import model
from dataforge.schema import Schema
from dataforge.workflows.describe import Asked, describe, generable


@contextmanager
def conversing(
    asked: Asked,
    name: str,
    place: str | Path,
    *,
    review: bool = False,
) -> Iterator[Conversation]:
    """Open the conversation ``name`` that is kept at ``place``, begun or to be begun."""

    def shape(
        request: str, base: Schema | None, materials: Sequence[Material], on_step: OnStep
    ) -> SchemaProposal:
        return describe(request, asked, base=base, materials=materials, on_step=on_step)

    with saver(place, asked.model.region) as kept:
        chat = model(asked.model, asked.ledger, on_retry=asked.on_retry)
        graph = conversation_graph(Nodes(chat, shape, generable), kept)
        yield Conversation(graph, name, review)
