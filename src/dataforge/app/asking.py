"""Wiring of what is asked in words: the model, its ledger, and the workflow that asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.schema_agent.quoting import Material
from dataforge.agents.steps import OnStep, Step, unheard
from dataforge.agents.vocabularies.store import FolderStore
from dataforge.app.model_settings import AgentSettings
from dataforge.app.settings import Settings
from dataforge.app.tracing import traced
from dataforge.errors import UsageError
from dataforge.llm import OFFLINE, Budget, Entry, Ledger, ModelSettings
from dataforge.schema import Schema
from dataforge.workflows.describe import Asked, describe


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers requests of one job: a model with its ledger, as set or as asked for."""

    settings: AgentSettings
    asked: Asked

    @classmethod
    def opened(
        cls,
        settings: Settings,
        *,
        model: str | None = None,
        budget: str | None = None,
        job: str = "prompt",
        on_step: OnStep = unheard,
    ) -> Desk:
        """Open a desk; ``model`` and ``budget`` come before what the environment says."""
        agents = settings.agents
        chosen = replace(agents.model, name=model) if model else agents.model
        limit = budget or agents.budget
        ledger = Ledger(
            job=job,
            budget=Budget.parse(limit) if limit else Budget(),
            on_entry=lambda entry: _kept(agents.state, entry),
        )

        def on_retry(message: str) -> None:
            on_step(Step(kind="note", text=message))

        vocabularies = FolderStore(agents.cache / "vocabularies")
        return cls(agents, Asked(chosen, ledger, on_retry, vocabularies))

    @property
    def model(self) -> ModelSettings:
        """The model that is asked."""
        return self.asked.model

    @property
    def ledger(self) -> Ledger:
        """What it took so far."""
        return self.asked.ledger

    def describe(
        self,
        request: str,
        *,
        base: Schema | None = None,
        materials: Iterable[Material] = (),
        on_step: OnStep = unheard,
    ) -> SchemaProposal:
        """Return the schema that a request asks for, or that it makes of ``base``."""
        with traced(on=self.settings.tracing):
            return describe(request, self.asked, base=base, materials=materials, on_step=on_step)

    @property
    def bill(self) -> str:
        """What the job took, in words; empty for the offline model."""
        if self.model.name == OFFLINE or not self.ledger.entries:
            return ""
        spent, calls = self.ledger.spent, len(self.ledger.entries)
        cost = f"${self.ledger.cost:.4f}" if self.ledger.cost else "cost not known"
        return (
            f"{self.model.name}: {calls} calls, {spent.input_tokens:,} tokens read, "
            f"{spent.output_tokens:,} written, {cost}"
        )


def material(path: Path) -> Material:
    """Read a file that comes with a request."""
    try:
        return Material(path.name, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path} as UTF-8 text ({type(error).__name__})") from None


def _kept(folder: Path, entry: Entry) -> None:
    """Append a call to the user's ledger; a folder that cannot be written stops no job."""
    usage = entry.usage
    line = {
        "job": entry.job,
        "model": entry.model,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost_usd": None if entry.cost is None else str(entry.cost),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "ledger.jsonl").open("a", encoding="utf-8") as book:
            book.write(json.dumps(line) + "\n")
    except OSError:
        return
