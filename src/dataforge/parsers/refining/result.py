"""What a follow-up came to."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.parsers.prompt import Words
from dataforge.schema import Schema


@dataclass(frozen=True, slots=True)
class Applied:
    """A clause of the follow-up, the paths of the schema that it changed, and how to check it."""

    words: Words
    clauses: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refinement:
    """The schema after a follow-up; ``unmet`` says what of it was not understood."""

    schema: Schema
    changes: tuple[Applied, ...] = ()
    unmet: tuple[str, ...] = ()
