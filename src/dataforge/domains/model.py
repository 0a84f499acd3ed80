"""What the catalogue knows of one domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Final

from dataforge.schema import Schema
from dataforge.schema.serialize import from_document
from dataforge.schema.yaml_text import load_yaml

LANGUAGES: Final = ("en", "de", "fr", "es", "pt", "zh")

# The head of a file is read without the schema, which is most of it.
_SCHEMA = "\nschema:\n"


@dataclass(frozen=True)
class Domain:
    """A trade: its schema, and the words by which people speak of it and of its tables.

    ``titles`` has a name and ``cues`` the phrases that mean the domain, by language; ``words``
    has for each table what it is called, by language: in English singular forms alone, in the
    others plurals too. ``core`` names the tables that are made where only the domain is named.
    ``group`` is its place in the gallery.
    """

    name: str
    group: str
    titles: Mapping[str, str]
    cues: Mapping[str, tuple[str, ...]]
    core: tuple[str, ...]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    @cached_property
    def schema(self) -> Schema:
        """The tables: a schema that validates, generates and verifies. Read when asked for."""
        body = _text(self.name).split(_SCHEMA, 1)[1]
        return from_document(load_yaml("schema:\n" + body, self.name)["schema"], self.name)


def read_domain(name: str) -> Domain:
    """Read the head of a domain's file; a name without a file is a FileNotFoundError."""
    head = load_yaml(_text(name).split(_SCHEMA, 1)[0], name)
    words = {table: _lists(called) for table, called in head["words"].items()}
    return Domain(
        name=head["domain"],
        group=head["group"],
        titles=head["titles"],
        cues=_lists(head["cues"]),
        core=tuple(head["core"]),
        words=words,
    )


def _lists(by_language: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(found) for language, found in by_language.items()}


def _text(name: str) -> str:
    path = files("dataforge.domains").joinpath("data", f"{name}.yaml")
    return path.read_text(encoding="utf-8")
