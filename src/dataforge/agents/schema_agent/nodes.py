"""The steps around the model's loop: check, repair, finish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.config import get_stream_writer

from dataforge.agents.prompt_files import prompt
from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.check import Check, told
from dataforge.agents.schema_agent.draft import traced
from dataforge.agents.schema_agent.state import DraftState
from dataforge.agents.schema_agent.tools import draft_of
from dataforge.agents.steps import Step
from dataforge.errors import ModelError, Problem, SchemaError
from dataforge.schema import normalize

Update = dict[str, Any]

MOST_REPAIRS = 3
REFUSALS = frozenset({"refusal", "content_filtered", "guardrail_intervened", "content_filter"})
"""What providers call the end of an answer that is a refusal."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of one graph: what drafts have to pass, and the name of the model."""

    check: Check
    model: str

    def checked(self, state: DraftState) -> Update:
        """Check the draft; ModelError where the model declined."""
        last = next(m for m in reversed(state["messages"]) if isinstance(m, AIMessage))
        if declined(last):
            raise ModelError("the model declines this request → say it otherwise, or use another")
        problems = self.check(normalize(draft_of(state).schema))
        return {"problems": [(each.path, each.message, each.remedy) for each in problems]}

    def repair(self, state: DraftState) -> Update:
        """Give the model the problems' texts."""
        text = told(_problems(state))
        rounds = state.get("rounds", 0) + 1
        get_stream_writer()(Step(kind="repair", name=str(rounds), text=text).plain)
        message = HumanMessage(f"{prompt('schema_agent', 'repair')}\n{text}")
        return {"messages": [message], "rounds": rounds}

    def finish(self, state: DraftState) -> Update:
        """Make the proposal; SchemaError where problems are left."""
        if state["problems"]:
            raise SchemaError.of(_problems(state))
        draft = traced(draft_of(state))
        ready = state.get("structured_response")
        proposal = SchemaProposal(
            request=state["request"],
            schema=normalize(draft.schema_),
            trace=draft.trace,
            assumptions=_together(draft.assumptions, ready.assumptions if ready else ()),
            unmet=_together(draft.unmet, ready.unmet if ready else ()),
            model=self.model,
        )
        return {"proposal": proposal.model_dump(mode="json", by_alias=True)}


def next_after_check(state: DraftState) -> Literal["repair", "finish"]:
    """Go back to the model while there are problems and rounds left."""
    left = state.get("rounds", 0) < MOST_REPAIRS
    return "repair" if state["problems"] and left else "finish"


def declined(message: BaseMessage) -> bool:
    """Tell whether an answer is a refusal."""
    facts = message.response_metadata
    reason = facts.get("stopReason") or facts.get("stop_reason") or facts.get("finish_reason")
    return reason in REFUSALS


def _problems(state: DraftState) -> tuple[Problem, ...]:
    return tuple(Problem(*facts) for facts in state["problems"])


def _together(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in lists for text in each if text))
