"""What a turn of a conversation wants: intents by their words, several in one turn included."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from dataforge.schema.types import Model
from dataforge.schema.yaml_text import load_yaml

IntentKind = Literal["generate", "change", "explain", "documents", "replicate"]

_SENTENCE = re.compile(r"[^.!?;\n。！？；]*[.!?;\n。！？；]?", re.DOTALL)  # noqa: RUF001 - Chinese stops
_DECIMAL = re.compile(r"(?<=\d)[.](?=\d)")
_HELD = "\u2024"


class Intent(Model):
    """What is wanted, and the words of the turn that say so."""

    kind: IntentKind
    words: str


def intents_in(text: str, *, has_schema: bool) -> tuple[Intent, ...]:
    """Return the intents of a turn in their order; neighbours of one kind are one.

    Words without a sign of their own describe data: without a schema they ask for one, with a
    schema they change it, and behind another intent they belong to it.
    """
    found: list[Intent] = []
    for sentence in _sentences(text):
        kind = _kind(sentence, has_schema=has_schema)
        known: IntentKind = kind or ("change" if has_schema else "generate")
        if found and (found[-1].kind == known or (kind is None and found[-1].kind == "generate")):
            joined = f"{found[-1].words} {sentence}"
            found[-1] = found[-1].model_copy(update={"words": joined})
        else:
            found.append(Intent(kind=known, words=sentence))
    return tuple(found)


def _sentences(text: str) -> list[str]:
    held = _DECIMAL.sub(_HELD, text)
    parts = (match[0].replace(_HELD, ".").strip() for match in _SENTENCE.finditer(held))
    return [part for part in parts if part] or [text]


def _kind(sentence: str, *, has_schema: bool) -> IntentKind | None:
    for kind, pattern in _patterns().items():
        if kind == "generate" and not has_schema:
            continue
        if kind == "explain" and not has_schema and not sentence.endswith("?"):
            continue
        if pattern.search(sentence):
            return kind
    return None


@cache
def _patterns() -> dict[IntentKind, re.Pattern[str]]:
    text = files("dataforge.agents.orchestrator").joinpath("data/intents.yaml").read_text("utf-8")
    told: dict[str, Any] = load_yaml(text, "intents")
    return {
        kind: re.compile(
            rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)|{'|'.join(told['dense'][kind])}",
            re.IGNORECASE,
        )
        for kind, phrases in told["spaced"].items()
    }
