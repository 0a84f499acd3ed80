"""From what was seen to a JSON Schema (draft 2020-12) that every example keeps to.

``x-presence`` is the share of the objects that have an optional member, ``x-null-share`` the share
of nulls among its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dataforge.parsers.examples.seen import Seen

Json = dict[str, Any]

_MOST_LISTED = 25
_REPEATED = 4
"""A list of values is one where each stands in the examples this often, on the average."""
_FORMATS: Mapping[str, re.Pattern[str]] = {
    "date-time": re.compile(
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[-+]\d\d:?\d\d)?"
    ),
    "date": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "time": re.compile(r"\d\d:\d\d:\d\d(?:\.\d+)?"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "ipv4": re.compile(r"(?:\d{1,3}\.){3}\d{1,3}"),
    "uri": re.compile(r"[a-z][a-z0-9+.-]*://\S+"),
}


def infer(documents: Iterable[Any]) -> Json:
    """Return the JSON Schema of some documents, given as parsed JSON; all of them satisfy it."""
    seen = Seen()
    for document in documents:
        seen.add(document)
    return schema_of(seen)


def schema_of(seen: Seen) -> Json:
    """Return the JSON Schema of the values that stood at a place."""
    kinds = [kind for kind in seen.kinds if kind != "null"]
    if {"integer", "number"} <= set(kinds):
        kinds.remove("integer")
    options = [_one(kind, seen) for kind in kinds]
    nulls = seen.kinds["null"]
    if not options:
        return {"type": ["string", "null"], "x-null-share": 1.0} if nulls else {}
    made: Json = options[0] if len(options) == 1 else {"anyOf": options}
    if nulls:
        if len(options) == 1 and "enum" not in made:
            made["type"] = [made["type"], "null"]
        else:
            made = {"anyOf": [*options, {"type": "null"}]}
        made["x-null-share"] = round(nulls / seen.count, 4)
    return made


def _one(kind: str, seen: Seen) -> Json:
    match kind:
        case "object":
            return _object(seen)
        case "array":
            return _array(seen)
        case "string":
            return _string(seen)
        case "integer" | "number":
            return _number(kind, seen)
        case _:
            return {"type": kind}


def _object(seen: Seen) -> Json:
    total = seen.kinds["object"]
    required = [name for name, member in seen.members.items() if member.count == total]
    properties = {}
    for name, member in seen.members.items():
        properties[name] = schema_of(member)
        if member.count < total:
            properties[name]["x-presence"] = round(member.count / total, 4)
    return {"type": "object", "properties": properties, "required": required}


def _array(seen: Seen) -> Json:
    low, high = seen.sizes or (0, 0)
    made: Json = {"type": "array", "minItems": low, "maxItems": high}
    if seen.items is not None and seen.items.count:
        made["items"] = schema_of(seen.items)
    return made


def _string(seen: Seen) -> Json:
    for form, pattern in _FORMATS.items():
        if seen.texts and all(pattern.fullmatch(text) for text in seen.texts):
            return {"type": "string", "format": form}
    if _is_list(len(seen.texts), seen):
        return {"type": "string", "enum": sorted(seen.texts)}
    _, longest = seen.lengths or (0, 0)
    return {"type": "string", "maxLength": longest}


def _number(kind: str, seen: Seen) -> Json:
    low, high = seen.bounds or (0, 0)
    return {"type": kind, "minimum": low, "maximum": high}


def _is_list(different: int, seen: Seen) -> bool:
    """Whether texts are a list of values: few, and each of them stands there often."""
    often = sum(seen.texts.values()) >= _REPEATED * different
    return 0 < different <= _MOST_LISTED and often and not seen.crowded
