"""A conversation: turns in, steps out; it goes on where it was left, in another process too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from dataforge.agents.schema_agent.quoting import Material
from dataforge.agents.steps import Step
from dataforge.schema import Schema
from dataforge.schema.serialize import from_document

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The thread ``name`` of a graph with a checkpointer."""

    graph: CompiledStateGraph[Any, Any, Any, Any]
    name: str
    review: bool = False

    def say(self, text: str, materials: Sequence[Material] = ()) -> Iterator[Step]:
        """Take a turn; yield its steps as they happen. Under review it ends with a question."""
        told = [{"name": material.name, "text": material.text} for material in materials]
        turn = {"request": text, "materials": told, "review": self.review, "pending": None}
        begun = self.values.get("versions") is not None
        lists: Values = {} if begun else {"versions": [], "plans": [], "said": []}
        yield from self._run({**turn, "intents": [], **lists})

    def answer(self, answer: Any) -> Iterator[Step]:
        """Answer the question: ``yes``, ``no``, edits in words, or edits in JSON."""
        yield from self._run(Command(resume=answer))

    def go_on(self) -> Iterator[Step]:
        """Finish a turn that was cut off by the end of its process; nothing where none was."""
        state = self.graph.get_state(self._config)
        failed = any(task.error is not None for task in state.tasks)
        if state.next and not failed and self.question is None:
            yield from self._run(None)

    @property
    def question(self) -> Values | None:
        """The version under review that waits for an answer, None where nothing waits."""
        state = self.graph.get_state(self._config)
        waiting = [each.value for task in state.tasks for each in task.interrupts]
        return waiting[0] if waiting else None

    @property
    def values(self) -> Values:
        """What the conversation keeps."""
        found: Values = self.graph.get_state(self._config).values
        return found

    @property
    def versions(self) -> list[Values]:
        """Every version of the schema, the newest last."""
        found: list[Values] = self.values.get("versions", [])
        return found

    @property
    def plans(self) -> list[Values]:
        """Every plan for documents and replications, the newest last."""
        found: list[Values] = self.values.get("plans", [])
        return found

    def schema(self, number: int | None = None) -> Schema | None:
        """Return a version's schema, the newest where no number is given."""
        versions = self.versions
        if not versions:
            return None
        chosen = versions[-1] if number is None else versions[number - 1]
        return from_document(chosen["schema"])

    @property
    def _config(self) -> Any:
        return {"configurable": {"thread_id": self.name}}

    def _run(self, start: Any) -> Iterator[Step]:
        for part in self.graph.stream(start, self._config, stream_mode="custom"):
            yield Step.model_validate(part)
        question = self.question
        if question is not None:
            yield Step(kind="review", name="schema", text=question.get("complaint", ""))
