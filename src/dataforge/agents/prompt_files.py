"""Prompts are versioned files beside the agents that use them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def prompt(agent: str, name: str, version: int = 1) -> str:
    """Return the text of ``<agent>/prompts/<name>.v<version>.md``."""
    place = files("dataforge.agents").joinpath(agent, "prompts", f"{name}.v{version}.md")
    return place.read_text(encoding="utf-8").strip()
