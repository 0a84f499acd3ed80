"""The schema of a request by the words alone: what stands in where a model fails."""

from __future__ import annotations

from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.check import Check, valid
from dataforge.agents.schema_agent.draft import analysis, drafted, traced
from dataforge.agents.schema_agent.edits import Edit
from dataforge.errors import SchemaError, UsageError
from dataforge.parsers.refining import refusal
from dataforge.schema import Schema


def accepted(request: str, base: Schema | None = None) -> None:
    """Raise UsageError with the reason where nothing may or can be made of a request."""
    refused = analysis(request).refused if base is None else refusal(request)
    if refused is not None:
        raise UsageError(f"{refused[:1].upper()}{refused[1:]}")


def propose_offline(
    request: str, check: Check = valid, note: str = "", base: Schema | None = None
) -> SchemaProposal:
    """Return the proposal that needs no model; ``note`` is put first among its assumptions.

    ``base`` is a schema that the request changes. The edits are those that the offline model makes
    by the graph, so that both give the same.
    """
    accepted(request, base)
    edits = (Edit(kind="columns"), Edit(kind="relations"), Edit(kind="normalize"))
    found = traced(drafted(request, base, edits))
    problems = check(found.schema_)
    if problems:
        raise SchemaError.of(problems)
    notes = (note,) if note else ()
    return SchemaProposal(
        request=request,
        schema=found.schema_,
        trace=found.trace,
        assumptions=(*notes, *found.assumptions),
        unmet=found.unmet,
    )
