"""From words to a schema that can be generated from, by the schema agent or what stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec

from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.check import valid
from dataforge.agents.schema_agent.plain import propose_offline
from dataforge.agents.schema_agent.quoting import Material
from dataforge.agents.steps import OnStep, unheard
from dataforge.agents.vocabularies.store import VocabularyStore
from dataforge.engine import compile_schema
from dataforge.errors import ModelError, Problem, UsageError
from dataforge.llm import OFFLINE, Ledger, ModelSettings, model
from dataforge.schema import Schema
from dataforge.workflows.prepare import prepare


@dataclass(frozen=True, slots=True)
class Asked:
    """Which model is asked, and where its calls are entered.

    With ``vocabularies`` it also writes those for columns of free text, kept there.
    """

    model: ModelSettings
    ledger: Ledger
    on_retry: Callable[[str], None] = lambda _message: None
    vocabularies: VocabularyStore | None = None


def describe(
    request: str,
    asked: Asked,
    *,
    base: Schema | None = None,
    materials: Iterable[Material] = (),
    on_step: OnStep = unheard,
) -> SchemaProposal:
    """Return the schema that a request in words asks for; ``base`` is one that it changes.

    Raises UsageError for a request of which nothing can be made, BudgetError at the budget's end
    and ModelError where the model fails; then, as set, the plan without a model stands in.
    """
    if asked.model.name == OFFLINE and find_spec("langgraph") is None:
        return propose_offline(request, generable, base=base)
    try:
        return _by_agent(request, asked, base, materials, on_step)
    except ModelError as error:
        if not asked.model.fallback:
            raise
        note = f"the plan was made without a model, because {error.message.partition(' → ')[0]}"
        return propose_offline(request, generable, note, base=base)


def generable(schema: Schema) -> tuple[Problem, ...]:
    """Return what stands in the way of generating from a schema: problems, capacity, rules."""
    problems = valid(schema)
    if problems:
        return problems
    try:
        compile_schema(prepare(schema))
    except UsageError as error:
        return error.problems or (Problem("schema", error.message),)
    return ()


def _by_agent(
    request: str,
    asked: Asked,
    base: Schema | None,
    materials: Iterable[Material],
    on_step: OnStep,
) -> SchemaProposal:
    # The graph loads LangGraph, which a request without a model and without the extra goes without.
    from dataforge.agents.schema_agent.graph import propose, schema_graph  # noqa: PLC0415

    chat = model(asked.model, asked.ledger, on_retry=asked.on_retry)
    graph = schema_graph(chat, check=generable, name=asked.model.name)
    proposal = propose(graph, request, base=base, materials=materials, on_step=on_step)
    if asked.vocabularies is None or asked.model.name == OFFLINE:
        return proposal
    from dataforge.agents.vocabularies.writing import with_vocabularies  # noqa: PLC0415 - likewise

    schema = with_vocabularies(
        proposal.schema_, chat, asked.model.name, asked.vocabularies, on_step
    )
    return proposal.model_copy(update={"schema_": schema})
