"""What an OpenAPI document describes: its version, its named objects, the bodies it sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dataforge.errors import ParseError
from dataforge.parsers.json_schema.documents import Document, Node, escaped
from dataforge.parsers.json_schema.reading import is_object
from dataforge.parsers.openapi.files import FILES

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MOST_REFERENCES = 64


def check_version(root: Json, source: str) -> None:
    """Refuse what is no OpenAPI document of a version that is read."""
    said = root.get("openapi", root.get("swagger"))
    if said is None:
        msg = f"{source} is no OpenAPI document: neither openapi nor swagger stands at its top"
        raise ParseError(msg)
    if not str(said).startswith(("2.0", "3.0", "3.1", "3.2")):
        raise ParseError(f"{source} is of OpenAPI {said}: 2.0, 3.0 and 3.1 are read")


def named_objects(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield the objects that have a name: components, definitions, and those of other files."""
    for name, raw, pointer in _named(document.root):
        if isinstance(raw, dict):
            node = document.node(raw, pointer)
            if is_object(node):
                yield name, node


def _named(root: Json) -> Iterator[tuple[str, object, str]]:
    for steps in (("components", "schemas"), ("definitions",)):
        for name, raw in _inside(root, *steps).items():
            yield name, raw, "".join(f"/{step}" for step in steps) + f"/{escaped(name)}"
    for file, tree in _inside(root, FILES).items():
        yield from _of_file(file, tree)


def _of_file(file: str, tree: Json) -> Iterator[tuple[str, object, str]]:
    """Yield a file that is an object itself, and those that it holds by name."""
    at = f"/{FILES}/{escaped(file)}"
    if _describes(tree):
        yield file.rpartition("/")[2].partition(".")[0], tree, at
    places: tuple[tuple[str, ...], ...] = (("components", "schemas"), ("definitions",))
    for steps in (*places, ("schemas",), ()):
        for name, raw in _inside(tree, *steps).items():
            if _describes(raw):
                yield name, raw, at + "".join(f"/{step}" for step in (*steps, escaped(name)))


def _describes(raw: object) -> bool:
    return isinstance(raw, dict) and (
        isinstance(raw.get("properties"), dict) or isinstance(raw.get("allOf"), list)
    )


def inline_objects(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield the objects that operations send or take without a name, named by the operation."""
    for name, raw, pointer in bodies(document):
        node = document.node(raw, pointer)
        if node.kind == "array" and isinstance(node.facts.get("items"), dict):
            node = document.node(node.facts["items"], node.below("items"))
        if is_object(node):
            yield name, node


def bodies(document: Document) -> Iterator[tuple[str, object, str]]:
    """Yield the schemas of response and request bodies: a name, the piece, its pointer."""
    for path, item in _inside(document.root, "paths").items():
        found, at = followed(document, item, f"/paths/{escaped(path)}")
        for method in METHODS:
            operation = found.get(method)
            if isinstance(operation, dict):
                name = str(operation.get("operationId") or f"{method}{path}")
                yield from _of_operation(document, operation, f"{at}/{method}", name)


def _of_operation(
    document: Document, operation: Json, at: str, name: str
) -> Iterator[tuple[str, object, str]]:
    for status, raw in _inside(operation, "responses").items():
        if status.startswith("2"):
            yield from _contents(document, raw, f"{at}/responses/{status}", name)
    if "requestBody" in operation:
        yield from _contents(document, operation["requestBody"], f"{at}/requestBody", name)
    parameters = operation.get("parameters")
    for number, raw in enumerate(parameters if isinstance(parameters, list) else []):
        parameter, place = followed(document, raw, f"{at}/parameters/{number}")
        if parameter.get("in") == "body" and isinstance(parameter.get("schema"), dict):
            yield name, parameter["schema"], f"{place}/schema"


def _contents(
    document: Document, raw: object, at: str, name: str
) -> Iterator[tuple[str, object, str]]:
    body, place = followed(document, raw, at)
    if isinstance(body.get("schema"), dict):
        yield name, body["schema"], f"{place}/schema"
    for media, content in _inside(body, "content").items():
        if "json" in media and isinstance(content, dict) and "schema" in content:
            yield name, content["schema"], f"{place}/content/{escaped(media)}/schema"


def followed(document: Document, raw: object, pointer: str) -> tuple[Json, str]:
    """Return the object that stands at a place once its references are followed, and where."""
    for _ in range(_MOST_REFERENCES):
        if not isinstance(raw, dict):
            break
        reference = raw.get("$ref")
        if not isinstance(reference, str):
            return raw, pointer
        found = document.resolve(reference, pointer)
        if found is None:
            break
        raw, pointer = found
    return {}, pointer


def _inside(value: object, *steps: str) -> Json:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
