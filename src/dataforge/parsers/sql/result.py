"""What reading a DDL script gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.errors import Problem
from dataforge.schema.model import Schema


@dataclass(frozen=True, slots=True)
class KeyCandidate:
    """A foreign key that nobody declared but that names make plain.

    ``evidence`` says in words what speaks for it; ``score`` is between 0 and 1, and only those
    of at least ``candidates.THRESHOLD`` are offered.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    evidence: str
    score: float


@dataclass(frozen=True, slots=True)
class ParsedDdl:
    """A schema with an account of everything the script had besides.

    ``detected`` tells whether the dialect was found rather than given; ``passed_over`` counts
    statements by kind (and COPY data by rows); ``problems`` have paths like ``file.sql:41``;
    ``candidates`` are undeclared foreign keys, best first within each table.
    """

    schema: Schema
    dialect: str
    detected: bool
    passed_over: Mapping[str, int]
    problems: tuple[Problem, ...]
    candidates: tuple[KeyCandidate, ...]
