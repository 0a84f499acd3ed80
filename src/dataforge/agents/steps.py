"""What a user sees of an agent at work: an append-only series of steps that doors replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from dataforge.schema.types import Model

StepKind = Literal[
    "intent", "tool", "repair", "note", "review", "schema", "plan", "answer", "refused"
]


class Step(Model):
    """One thing that an agent did. ``name`` is the tool, intent or agent it is about."""

    kind: StepKind
    name: str = ""
    text: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """The step as plain values, as it goes through a graph's stream."""
        return self.model_dump(mode="json")


OnStep = Callable[[Step], None]


def unheard(_step: Step) -> None:
    """Listen to nothing."""
