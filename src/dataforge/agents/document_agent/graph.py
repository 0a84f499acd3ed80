"""The document agent's graph."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from dataforge.agents.document_agent.drafting import drafted
from dataforge.agents.document_agent.plan import DocumentPlan, problems_of
from dataforge.agents.planning import planned
from dataforge.agents.prompt_files import prompt
from dataforge.agents.schema_agent.quoting import quoted
from dataforge.agents.schema_agent.summaries import of_schema
from dataforge.schema import Schema


def plan_documents(model: BaseChatModel, request: str, schema: Schema | None) -> DocumentPlan:
    """Return the plan of the documents that a request asks for, tied to the schema's tables."""
    return planned(
        model,
        prompt("document_agent", "system"),
        quoted(request, draft="" if schema is None else of_schema(schema)),
        drafted(request, schema),
        lambda plan: problems_of(plan, schema),
    )
