"""The steps of a turn: route, shape a schema, review it, keep it; plan; explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from langgraph.config import get_stream_writer
from langgraph.types import interrupt

from dataforge.agents.document_agent.graph import plan_documents
from dataforge.agents.orchestrator.edits import edited, read_answer
from dataforge.agents.orchestrator.explaining import explained
from dataforge.agents.orchestrator.intents import Intent
from dataforge.agents.orchestrator.routing import routed
from dataforge.agents.orchestrator.state import ConversationState
from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.replication_agent.graph import plan_replication
from dataforge.agents.schema_agent.check import Check
from dataforge.agents.schema_agent.places import document_of
from dataforge.agents.schema_agent.quoting import Material
from dataforge.agents.steps import OnStep, Step, StepKind
from dataforge.errors import DataForgeError, SchemaError
from dataforge.schema import Schema, diff
from dataforge.schema.serialize import from_document

Update = dict[str, Any]
Shape = Callable[[str, Schema | None, Sequence[Material], OnStep], SchemaProposal]
"""The schema agent: a request, the schema that it changes, material, who hears of the steps."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of one conversation's graph."""

    model: BaseChatModel
    shape_schema: Shape
    check: Check

    def route(self, state: ConversationState) -> Update:
        """Find the intents of the turn."""
        found = routed(self.model, state["request"], has_schema=bool(state.get("versions")))
        for intent in found:
            _tell("intent", intent.kind, intent.words)
        return {"intents": [intent.model_dump(mode="json") for intent in found]}

    def shape(self, state: ConversationState) -> Update:
        """Ask the schema agent for a schema, or for the change of the one that is there."""
        intent = _intent(state)
        base = current(state) if intent.kind == "change" else None
        return {"pending": self._version(intent.words, base, state)}

    def review(self, state: ConversationState) -> Update:
        """Show a version, take edits in words or JSON until it is approved or rejected."""
        pending = state["pending"]
        if pending is None or not state["review"] or pending.get("verdict"):
            return {}
        answer = interrupt({"kind": "review", **_shown(pending)})
        # An exception would leave the answer in the checkpoint, to fail again with the next one.
        try:
            return {"pending": self._answered(answer, pending, state)}
        except DataForgeError as error:
            return {"pending": {**pending, "complaint": str(error)}}

    def keep(self, state: ConversationState) -> Update:
        """Make an approved version the newest, and go on with the next intent."""
        pending, rest = state["pending"], state.get("intents", [])[1:]
        if pending is None or pending.get("verdict") == "reject":
            _tell("note", "review", "nothing was kept")
            return {"pending": None, "intents": rest}
        number = len(state.get("versions", [])) + 1
        kept = {key: value for key, value in pending.items() if key not in {"verdict", "complaint"}}
        _tell("schema", str(number), pending["note"])
        return {"pending": None, "intents": rest, "versions": [{**kept, "number": number}]}

    def documents(self, state: ConversationState) -> Update:
        """Plan documents about the tables."""
        plan = plan_documents(self.model, _intent(state).words, current(state))
        _tell("plan", "documents", plan.summary)
        found = {"agent": "documents", **plan.model_dump(mode="json")}
        return {"plans": [found], "intents": state.get("intents", [])[1:]}

    def replicate(self, state: ConversationState) -> Update:
        """Plan the replication of data that the turn brings or that the schema describes."""
        plan = plan_replication(self.model, _intent(state).words, current(state))
        _tell("plan", "replicate", plan.summary)
        found = {"agent": "replicate", **plan.model_dump(mode="json")}
        return {"plans": [found], "intents": state.get("intents", [])[1:]}

    def explain(self, state: ConversationState) -> Update:
        """Say what the schema is and why."""
        versions = state.get("versions")
        version = versions[-1] if versions else None
        text = explained(current(state), version, _intent(state).words)
        _tell("answer", "explain", text)
        return {"said": [text], "intents": state.get("intents", [])[1:]}

    def _answered(self, given: Any, pending: Update, state: ConversationState) -> Update:
        """Return the version under review after an answer."""
        answer = read_answer(given)
        if answer.verdict in {"approve", "reject"}:
            return {**pending, "verdict": answer.verdict}
        told = {key: value for key, value in pending.items() if key != "complaint"}
        schema = from_document(pending["schema"])
        if answer.verdict == "words":
            version = self._version(answer.words, schema, state)
            return {**version, "note": f"{pending['note']}; {answer.words}"}
        revised = edited(schema, answer.values)
        problems = self.check(revised)
        if problems:
            raise SchemaError.of(problems)
        return {**told, **_changed(current(state), revised)}

    def _version(self, words: str, base: Schema | None, state: ConversationState) -> Update:
        materials = [Material(**material) for material in state["materials"]]
        write = get_stream_writer()
        proposal = self.shape_schema(words, base, materials, lambda step: write(step.plain))
        told = proposal.model_dump(mode="json", by_alias=True, exclude={"schema_"})
        return {
            "note": words,
            **{key: told[key] for key in ("trace", "assumptions", "unmet", "model")},
            **_changed(current(state), proposal.schema_),
        }


def next_intent(
    state: ConversationState,
) -> Literal["shape", "documents", "replicate", "explain", "__end__"]:
    """Choose the node of the next intent, or the end."""
    if not state.get("intents"):
        return "__end__"
    kind = _intent(state).kind
    return "shape" if kind in {"generate", "change"} else kind  # type: ignore[return-value]  # the rest


def after_review(state: ConversationState) -> Literal["review", "keep"]:
    """Review again until there is a verdict; without a review keep at once."""
    pending = state["pending"]
    waiting = state["review"] and pending is not None and not pending.get("verdict")
    return "review" if waiting else "keep"


def current(state: ConversationState) -> Schema | None:
    """Return the newest schema, None before there is one."""
    versions = state.get("versions")
    return from_document(versions[-1]["schema"]) if versions else None


def _intent(state: ConversationState) -> Intent:
    return Intent.model_validate(state.get("intents", [])[0])


def _changed(old: Schema | None, new: Schema) -> Update:
    changes = () if old is None else diff(old, new)
    return {"schema": document_of(new), "changes": [str(change) for change in changes]}


def _shown(pending: Update) -> Update:
    fields = ("note", "schema", "changes", "assumptions", "unmet", "complaint")
    return {field: pending[field] for field in fields if field in pending}


def _tell(kind: StepKind, name: str, text: str) -> None:
    get_stream_writer()(Step(kind=kind, name=name, text=text).plain)
