"""What a draft must pass before it is handed back."""

from __future__ import annotations

from collections.abc import Callable

from dataforge.errors import Problem
from dataforge.schema import Schema, normalize, validate

Check = Callable[[Schema], tuple[Problem, ...]]
"""Every problem of a schema; none where it can be generated from."""

MOST_TOLD = 20


def valid(schema: Schema) -> tuple[Problem, ...]:
    """Return the errors that ``validate`` finds, and an empty schema as one."""
    if not schema.tables:
        return (Problem("tables", "there is none", "add one with suggest_columns"),)
    problems = validate(normalize(schema))
    return tuple(problem for problem in problems if problem.severity == "error")


def told(problems: tuple[Problem, ...]) -> str:
    """Return problems as lines, the first twenty in full."""
    lines = [f"- {problem}" for problem in problems[:MOST_TOLD]]
    if len(problems) > MOST_TOLD:
        lines.append(f"- … and {len(problems) - MOST_TOLD} more")
    return "\n".join(lines)
