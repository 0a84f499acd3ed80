"""What the environment says of language models, conversations and traces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dataforge.errors import Problem
from dataforge.llm.settings import OFFLINE, ModelSettings

_TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2")
_TRUE = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """Models and the places of agents.

    ``model`` is named by DATAFORGE_MODEL, else ``offline``; ``budget`` (DATAFORGE_BUDGET) is what a
    job may spend. ``state`` is the user's folder for conversations and the ledger,
    ``cache`` that for what models wrote, ``checkpoints`` (DATAFORGE_CHECKPOINTS) a file or
    ``redis://`` address instead. ``tracing`` (LANGSMITH_TRACING) sends masked traces to LangSmith.
    ``memory`` (DATAFORGE_AGENTCORE_MEMORY) is the identifier of an AgentCore Memory.
    """

    model: ModelSettings = field(default_factory=ModelSettings)
    budget: str | None = None
    state: Path = Path("~/.local/state/dataforge")
    cache: Path = Path("~/.cache/dataforge")
    checkpoints: str | None = None
    tracing: bool = False
    memory: str | None = None


def read_agents(found: Mapping[str, str], faults: list[Problem]) -> AgentSettings:
    """Read the variables; what cannot be used goes to ``faults``."""

    def text(*names: str) -> str | None:
        return next((value for name in names if (value := found.get(name, "").strip())), None)

    home = Path(text("HOME", "USERPROFILE") or "~")
    timeout = _seconds(text("DATAFORGE_MODEL_TIMEOUT"), faults)
    model = ModelSettings(
        name=text("DATAFORGE_MODEL") or OFFLINE,
        region=text("DATAFORGE_BEDROCK_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"),
        profile=text("AWS_PROFILE"),
        endpoint=text("DATAFORGE_BEDROCK_ENDPOINT", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
        timeout_s=timeout,
        fallback=_yes(text("DATAFORGE_MODEL_FALLBACK")),
    )
    return AgentSettings(
        model=model,
        budget=text("DATAFORGE_BUDGET"),
        state=Path(text("XDG_STATE_HOME") or home / ".local/state") / "dataforge",
        cache=Path(text("XDG_CACHE_HOME") or home / ".cache") / "dataforge",
        checkpoints=text("DATAFORGE_CHECKPOINTS"),
        tracing=any(_yes(text(name)) for name in _TRACING),
        memory=text("DATAFORGE_AGENTCORE_MEMORY"),
    )


def _seconds(text: str | None, faults: list[Problem]) -> float:
    usual = ModelSettings().timeout_s
    if text is None:
        return usual
    if not text.replace(".", "", 1).isdecimal() or float(text) <= 0:
        remedy = "set it to 60, or unset it"
        faults.append(Problem("DATAFORGE_MODEL_TIMEOUT", "is not a number of seconds", remedy))
        return usual
    return float(text)


def _yes(text: str | None) -> bool:
    return (text or "").casefold() in _TRUE
