"""What reading a JSON Schema gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.errors import Problem
from dataforge.schema.model import Schema


@dataclass(frozen=True, slots=True)
class ParsedJsonSchema:
    """A schema, and what of the document it does not say.

    ``problems`` have paths like ``order.json#/properties/total``; ``passed_over`` counts keywords
    that restrict documents in ways that no column has.
    """

    schema: Schema
    problems: tuple[Problem, ...]
    passed_over: Mapping[str, int]
