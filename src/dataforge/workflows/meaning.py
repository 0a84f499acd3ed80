"""What the names of a schema were taken to mean."""

from __future__ import annotations

from dataforge.errors import SchemaError
from dataforge.parsers.meaning import Finding, explain
from dataforge.schema import Schema, normalize, validate

__all__ = ["Finding", "explain_meaning"]


def explain_meaning(schema: Schema) -> tuple[Finding, ...]:
    """Return a finding for every column that is filled by what its name means.

    Raises ``SchemaError`` with every problem of the schema.
    """
    schema = normalize(schema)
    errors = [problem for problem in validate(schema) if problem.severity == "error"]
    if errors:
        raise SchemaError.of(errors)
    return explain(schema)
