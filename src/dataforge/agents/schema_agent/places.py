"""Places in a schema document: reading, setting and removing what a dotted path names."""

from __future__ import annotations

import copy
import json
from typing import Any

from dataforge.errors import Problem, SchemaError, did_you_mean
from dataforge.schema import Schema, to_json

Document = dict[str, Any]

_LISTS = frozenset({"columns", "foreign_keys", "rules", "unique_keys", "expectations", "dirt"})
"""Lists of a table that are left out of a document where they are empty."""


def document_of(schema: Schema) -> Document:
    """Return a schema as plain values in the form of its file."""
    found: Document = json.loads(to_json(schema))
    return found


def changed(document: Document, path: str, value: Any) -> Document:
    """Return a copy with ``value`` at ``path``, None removes; SchemaError for no such place."""
    revised = copy.deepcopy(document)
    *way, last = _parts(revised, path)
    place: Any = revised
    for part in way:
        place = _step(place, part, path, begin=True)
    if isinstance(place, list):
        _set_member(place, last, value, path)
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return revised


def exists(document: Document, path: str) -> bool:
    """Tell whether a path names something that is there."""
    place: Any = document
    try:
        for part in _parts(document, path):
            place = _step(place, part, path)
    except SchemaError:
        return False
    return True


def _parts(document: Document, path: str) -> list[str]:
    """Split a path at its dots, but for those in the names of tables."""
    parts = path.split(".")
    if parts[0] != "tables" or len(parts) < 3:
        return parts
    names = {table.get("name") for table in document.get("tables", ())}
    for stop in range(len(parts), 1, -1):
        if ".".join(parts[1:stop]) in names:
            return ["tables", ".".join(parts[1:stop]), *parts[stop:]]
    return parts


def _step(place: Any, part: str, path: str, *, begin: bool = False) -> Any:
    if isinstance(place, list):
        at = _index(place, part)
        if at is not None:
            return place[at]
        known = [str(name) for member in place for name in _names(member)]
        raise _no_place(path, f"there is no {part!r}{did_you_mean(part, known)}")
    if isinstance(place, dict) and part in place:
        return place[part]
    if isinstance(place, dict) and begin and part in _LISTS:
        return place.setdefault(part, [])
    raise _no_place(path, f"there is no {part!r}")


def _set_member(place: list[Any], part: str, value: Any, path: str) -> None:
    at = _index(place, part)
    if value is None:
        if at is None:
            known = [str(name) for member in place for name in _names(member)]
            raise _no_place(path, f"there is no {part!r}{did_you_mean(part, known)}")
        del place[at]
    elif at is None:
        named = isinstance(value, dict) and "name" not in value
        place.append({"name": part, **value} if named else value)
    else:
        place[at] = value


def _index(place: list[Any], part: str) -> int | None:
    if part.isdecimal() and int(part) < len(place):
        return int(part)
    return next((at for at, member in enumerate(place) if part in _names(member)), None)


def _names(member: Any) -> list[str]:
    if not isinstance(member, dict):
        return []
    said = (member.get(field) for field in ("name", "expression", "columns"))
    return [
        ",".join(map(str, name)) if isinstance(name, (list, tuple)) else str(name)
        for name in said
        if name is not None
    ]


def _no_place(path: str, reason: str) -> SchemaError:
    return SchemaError.of([Problem(path, reason, "name a table, a column or a field of them")])
