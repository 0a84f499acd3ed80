"""A JSON Schema document, its references, and the schema that stands at a place once they are in.

A node is the object at a place, as parsed. Its effective form has ``$ref`` and ``allOf`` merged in
and ``anyOf`` and ``oneOf`` reduced to what all alternatives share; ``nullable`` says whether null
is one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from dataforge.errors import Problem, did_you_mean

Json = dict[str, Any]

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
_UNUSED = (
    "not",
    "if",
    "patternProperties",
    "propertyNames",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
)
_MOST_REFERENCES = 64
_TIGHTER = {
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "minItems": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
}


@dataclass(frozen=True, slots=True)
class Node:
    """The effective schema at ``pointer``.

    ``target`` is where its last reference leads, ``#`` and a pointer, empty where there is none.
    """

    pointer: str
    facts: Json
    nullable: bool = False
    target: str = ""

    @property
    def place(self) -> str:
        """Where its content stands, ``#`` and a pointer."""
        return self.target or f"#{self.pointer}"

    def below(self, *steps: str) -> str:
        """Return the pointer of a place in its content."""
        return self.place[1:] + "".join(f"/{escaped(step)}" for step in steps)

    @property
    def kind(self) -> str:
        """The type, found from the keywords where it is not said; empty for anything."""
        said = self.facts.get("type")
        if isinstance(said, str):
            return said
        for kind, words in _TELLING.items():
            if any(word in self.facts for word in words):
                return kind
        return ""


_TELLING = {
    "object": ("properties", "required", "additionalProperties"),
    "array": ("items", "minItems", "maxItems", "prefixItems", "uniqueItems"),
    "string": ("pattern", "minLength", "maxLength", "format", "contentEncoding"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


@dataclass(slots=True)
class Document:
    """A parsed document, and the remarks of reading it."""

    root: Json
    source: str
    problems: list[Problem] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    _told: set[tuple[str, str]] = field(default_factory=set)
    _known: dict[int, Node] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def remark(self, pointer: str, message: str, remedy: str = "") -> None:
        """Keep a problem, once."""
        if (pointer, message) not in self._told:
            self._told.add((pointer, message))
            self.problems.append(
                Problem(f"{self.source}#{pointer}", message, remedy, severity="warning")
            )

    def node(self, raw: object, pointer: str) -> Node:
        """Return the effective schema of a place; ``raw`` is a piece of the document."""
        known = self._known.get(id(raw))
        if known is not None:
            return replace(known, pointer=pointer)
        if id(raw) in self._open:
            self.remark(pointer, "is made of itself by way of allOf, anyOf or oneOf")
            return Node(pointer, {})
        self._open.add(id(raw))
        found = self._effective(raw, pointer)
        self._open.remove(id(raw))
        if isinstance(raw, dict):
            self._known[id(raw)] = found
        return found

    def _effective(self, raw: object, pointer: str) -> Node:
        facts, target = self._referenced(raw, pointer)
        for part, place in self._all_of(facts, pointer):
            inner = self.node(part, place)
            facts = _merged({k: v for k, v in facts.items() if k != "allOf"}, inner.facts)
        facts, nullable = _without_null(facts)
        facts, either = self._alternatives(facts, pointer)
        self._count_unused(facts, pointer)
        self._check_type(facts, pointer)
        return Node(pointer, facts, nullable or either, target)

    def _referenced(self, raw: object, pointer: str) -> tuple[Json, str]:
        """Follow references; keywords beside one are kept, as newer drafts have it."""
        facts, target = self._object(raw, pointer), ""
        for _ in range(_MOST_REFERENCES):
            reference = facts.get("$ref", facts.get("$dynamicRef", facts.get("$recursiveRef")))
            if not isinstance(reference, str):
                return facts, target
            found = self.resolve(reference, pointer)
            if found is None:
                return {k: v for k, v in facts.items() if k not in _REFERENCES}, target
            beside = {k: v for k, v in facts.items() if k not in _REFERENCES}
            target = f"#{found[1]}"
            facts = _merged(beside, self._object(found[0], found[1]))
        self.remark(pointer, "its references lead in a circle", "let one of them say something")
        return {}, target

    def _object(self, raw: object, pointer: str) -> Json:
        if isinstance(raw, dict):
            return self._sound(raw, pointer)
        if not isinstance(raw, bool):
            self.remark(pointer, "is no schema: neither an object nor true or false")
        return {}

    def _sound(self, facts: Json, pointer: str) -> Json:
        """Leave out keywords whose values are of no use, such as ``required: true``."""
        wrong = [
            word for word, kind in _KINDS.items() if not isinstance(facts.get(word, kind()), kind)
        ]
        if isinstance(facts.get("required"), list):
            wrong += ["required"] * any(not isinstance(each, str) for each in facts["required"])
        for word in wrong:
            self.remark(pointer, f"{word} is no {_KINDS[word].__name__}: it is left out")
        return {k: v for k, v in facts.items() if k not in wrong} if wrong else facts

    def resolve(self, reference: str, pointer: str) -> tuple[object, str] | None:
        """Return what a reference leads to and its pointer; None, and a remark, where nothing."""
        base, _, fragment = reference.partition("#")
        if base and base != self.root.get("$id", self.root.get("id")):
            found = self._with_id(base)
            if found is None:
                self.remark(
                    pointer,
                    f"$ref {reference!r} leads out of the document, which is not followed",
                    "put what it refers to under $defs",
                )
                return None
            return found
        if fragment and not fragment.startswith("/"):
            anchored = self._with_anchor(fragment)
            if anchored is None:
                self.remark(pointer, f"$ref {reference!r}: there is no such anchor")
            return anchored
        found_here = self._at(unquote(fragment))
        if found_here is None:
            known = self._definitions()
            hint = did_you_mean(fragment.rpartition("/")[2], known)
            self.remark(pointer, f"$ref {reference!r} leads nowhere{hint}")
            return None
        return found_here, unquote(fragment)

    def _at(self, pointer: str) -> object | None:
        found: object = self.root
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                return None
        return found

    def _definitions(self) -> list[str]:
        return [name for word in DEFINITIONS for name in self.root.get(word, {})]

    def _with_anchor(self, anchor: str) -> tuple[object, str] | None:
        return self._marked(("$anchor", "$dynamicAnchor"), anchor)

    def _with_id(self, name: str) -> tuple[object, str] | None:
        return self._marked(("$id", "id"), name)

    def _marked(self, words: tuple[str, ...], value: str) -> tuple[object, str] | None:
        for key in DEFINITIONS:
            for name, each in self.root.get(key, {}).items():
                if isinstance(each, dict) and any(each.get(word) == value for word in words):
                    return each, f"/{key}/{escaped(name)}"
        return None

    def _all_of(self, facts: Json, pointer: str) -> Iterator[tuple[object, str]]:
        parts = facts.get("allOf", [])
        for number, part in enumerate(parts if isinstance(parts, list) else []):
            yield part, f"{pointer}/allOf/{number}"

    def _alternatives(self, facts: Json, pointer: str) -> tuple[Json, bool]:
        """Reduce anyOf and oneOf: to the one that is not null, a list of values, or a union."""
        nullable = False
        for word in ("anyOf", "oneOf"):
            raw = facts.get(word)
            if not isinstance(raw, list) or not raw:
                continue
            nodes = [self.node(each, f"{pointer}/{word}/{n}") for n, each in enumerate(raw)]
            rest = [node for node in nodes if node.kind != "null"]
            nullable |= len(rest) < len(nodes) or any(node.nullable for node in rest)
            beside = {key: value for key, value in facts.items() if key != word}
            facts = _merged(beside, self._common(rest, pointer)) if rest else beside
        return facts, nullable

    def _common(self, nodes: list[Node], pointer: str) -> Json:
        if len(nodes) == 1:
            return nodes[0].facts
        listed = [_values(node.facts) for node in nodes]
        if all(values is not None for values in listed):
            return {"enum": [v for values in listed if values is not None for v in values]}
        kinds = {node.kind for node in nodes}
        if kinds == {"object"}:
            return _either_object([node.facts for node in nodes])
        if kinds <= {"integer", "number"}:
            return {"type": "number"}
        if len(kinds) == 1:
            return {"type": kinds.pop()}
        told = ", ".join(sorted(kind or "anything" for kind in kinds))
        self.remark(pointer, f"may be one of {told}: the first is taken", "keep one of them")
        return nodes[0].facts

    def _count_unused(self, facts: Json, pointer: str) -> None:
        for word in _UNUSED:
            if word in facts and (pointer, word) not in self._told:
                self._told.add((pointer, word))
                self.passed_over[word] += 1

    def _check_type(self, facts: Json, pointer: str) -> None:
        said = facts.get("type")
        if isinstance(said, list):
            rest = [each for each in said if each != "null"]
            if len(rest) > 1:
                self.remark(pointer, f"may be one of {', '.join(map(str, rest))}", "keep one")
            facts["type"] = rest[0] if rest else "null"
            said = facts["type"]
        if said is not None and said not in TYPES:
            self.remark(pointer, f"there is no type {said!r}{did_you_mean(str(said), TYPES)}")
            del facts["type"]


DEFINITIONS = ("$defs", "definitions")
_KINDS: dict[str, type[Any]] = {
    "properties": dict,
    "required": list,
    "enum": list,
    "format": str,
    "allOf": list,
}
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})


def escaped(name: str) -> str:
    """Return a member's name as a JSON pointer has it."""
    return name.replace("~", "~0").replace("/", "~1")


def _values(facts: Json) -> list[object] | None:
    if "const" in facts:
        return [facts["const"]]
    found = facts.get("enum")
    return found if isinstance(found, list) else None


def _without_null(facts: Json) -> tuple[Json, bool]:
    """Take null out of ``type`` and ``enum``; OpenAPI says ``nullable``."""
    facts, nullable = dict(facts), facts.get("nullable") is True
    said = facts.get("type")
    if isinstance(said, list) and "null" in said:
        nullable = True
        facts["type"] = [each for each in said if each != "null"] or ["null"]
    listed = facts.get("enum")
    if isinstance(listed, list) and None in listed and len(listed) > 1:
        nullable = True
        facts["enum"] = [each for each in listed if each is not None]
    return facts, nullable


def _merged(first: Json, second: Json) -> Json:
    """Return what both ask for: members of both, the tighter bounds, else the first's word."""
    found = {**second, **first}
    if "properties" in first and "properties" in second:
        found["properties"] = {**second["properties"], **first["properties"]}
    if "required" in first and "required" in second:
        found["required"] = [*second["required"], *first["required"]]
    for word, tighter in _TIGHTER.items():
        bounds: list[Any] = [facts[word] for facts in (first, second) if word in facts]
        if len(bounds) == 2 and all(map(_is_number, bounds)):
            found[word] = tighter(bounds)
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _either_object(found: list[Json]) -> Json:
    """Return an object with every alternative's members, of which the shared ones are required."""
    properties: Json = {}
    for facts in reversed(found):
        properties = {**properties, **facts.get("properties", {})}
    required = set.intersection(*(set(facts.get("required", [])) for facts in found))
    return {"type": "object", "properties": properties, "required": sorted(required)}
