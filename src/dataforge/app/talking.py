"""Wiring of conversations: where they are kept, who answers, what is traced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dataforge.agents.steps import OnStep, unheard
from dataforge.app.asking import Desk
from dataforge.app.settings import Settings
from dataforge.app.tracing import traced
from dataforge.errors import UsageError

if TYPE_CHECKING:
    from dataforge.agents.orchestrator.conversation import Conversation

FILE = "conversations.sqlite"


@contextmanager
def talking(
    name: str,
    settings: Settings,
    *,
    model: str | None = None,
    budget: str | None = None,
    review: bool = False,
    on_step: OnStep = unheard,
) -> Iterator[tuple[Conversation, Desk]]:
    """Open the conversation ``name`` where the settings keep them, with the desk that answers."""
    try:
        from dataforge.workflows.converse import conversing  # noqa: PLC0415 - loads LangGraph
    except ModuleNotFoundError as error:
        remedy = "pip install 'dataforge-studio[agents]'"
        raise UsageError(f"a conversation needs the package {error.name} → {remedy}") from None
    agents = settings.agents
    place = agents.checkpoints or agents.state / FILE
    if agents.memory:
        place = f"agentcore:{agents.memory}"
    desk = Desk.opened(settings, model=model, budget=budget, job=f"chat {name}", on_step=on_step)
    with (
        traced(on=agents.tracing),
        conversing(desk.asked, name, place, review=review) as conversation,
    ):
        yield conversation, desk
