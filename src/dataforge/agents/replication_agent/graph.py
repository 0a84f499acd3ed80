"""The replication agent's graph."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from dataforge.agents.planning import planned
from dataforge.agents.prompt_files import prompt
from dataforge.agents.replication_agent.drafting import drafted
from dataforge.agents.replication_agent.plan import Finding, ReplicationPlan, problems_of
from dataforge.agents.schema_agent.quoting import quoted
from dataforge.agents.schema_agent.summaries import of_schema
from dataforge.errors import UsageError
from dataforge.schema import Schema


def plan_replication(
    model: BaseChatModel,
    request: str,
    profile: Schema | None,
    findings: tuple[Finding, ...] = (),
) -> ReplicationPlan:
    """Return the plan for a data set; ``profile`` is the schema that was found in it."""
    if profile is None:
        raise UsageError("there is no data to replicate → name a data set, a file or a database")
    found = "\n".join(f"{f.table}.{f.column}: {f.kind}" for f in findings)
    return planned(
        model,
        prompt("replication_agent", "system"),
        quoted(request, draft=f"{of_schema(profile)}\nfindings:\n{found}"),
        drafted(request, profile, findings),
        lambda plan: problems_of(plan, profile, findings),
    )
