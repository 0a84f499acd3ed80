"""What a reviewer answers: approval, a refusal, edits in JSON, or edits in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from dataforge.agents.schema_agent.places import changed, document_of
from dataforge.errors import UsageError
from dataforge.schema import Schema
from dataforge.schema.serialize import from_document

_YES = frozenset({"", "y", "yes", "ok", "approve", "ja", "oui", "sí", "si", "sim", "是", "好"})
_NO = frozenset({"n", "no", "reject", "cancel", "nein", "non", "não", "否"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, with the words or the plain values that say what to change."""

    verdict: Literal["approve", "reject", "words", "json"]
    words: str = ""
    values: Any = None


def read_answer(answer: Any) -> Answer:
    """Read what a reviewer gave: text, or JSON as text or as plain values."""
    if not isinstance(answer, str):
        return Answer("json", values=answer)
    text = answer.strip()
    if text.casefold() in _YES:
        return Answer("approve")
    if text.casefold() in _NO:
        return Answer("reject")
    if text[0] in "{[":
        try:
            return Answer("json", values=json.loads(text))
        except json.JSONDecodeError as error:
            raise UsageError(f"this is not readable JSON: {error.msg} ({error.pos})") from None
    return Answer("words", words=text)


def edited(schema: Schema, values: Any) -> Schema:
    """Return the schema with edits: a whole document, ``{path: value}``, or a list of both fields.

    ParseError or SchemaError where that is no schema.
    """
    if isinstance(values, dict) and "tables" in values:
        return from_document(values, "edit")
    if isinstance(values, dict):
        steps = list(values.items())
    elif isinstance(values, list) and all(isinstance(v, dict) and "path" in v for v in values):
        steps = [(value["path"], value.get("value")) for value in values]
    else:
        raise UsageError('edits are a schema, {"path": value} or [{"path": ..., "value": ...}]')
    document = reduce(lambda doc, step: changed(doc, *step), steps, document_of(schema))
    return from_document(document, "edit")
