"""Whether a schema is sound, and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from dataforge.app.inputs import Reading
from dataforge.cli.failures import problem_fields
from dataforge.cli.output import counted, print_json
from dataforge.cli.readings import explain, remarks_json
from dataforge.errors import OUTCOMES, Problem
from dataforge.schema import Schema, diff, normalize, validate

DIFFERENT = 1
COLOURS = {"added": "green", "removed": "red", "changed": "yellow"}


def validate_reading(reading: Reading, *, as_json: bool) -> None:
    """Print every problem of the schema; exit with the code of an invalid schema on an error."""
    problems = validate(normalize(reading.schema))
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        found = {"valid": not errors, "findings": [problem_fields(p) for p in problems]}
        print_json({**found, **remarks_json(reading)})
    else:
        explain(reading)
        _print(problems)
        warnings = len(problems) - len(errors)
        counts = f"{counted(len(errors), 'error')}, {counted(warnings, 'warning')}"
        click.echo(f"{counted(len(reading.schema.tables), 'table')}: {counts}")
    if errors:
        click.get_current_context().exit(OUTCOMES["schema_invalid"].exit_code)


def _print(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"{problem.severity}: {problem}")


def compare(old: Schema, new: Schema, *, as_json: bool) -> None:
    """Print the changes from ``old`` to ``new``; exit with 1 where there are any."""
    changes = diff(normalize(old), normalize(new))
    if as_json:
        print_json({"equal": not changes, "changes": [asdict(change) for change in changes]})
    elif not changes:
        click.echo("no difference")
    for change in () if as_json else changes:
        click.secho(str(change), fg=COLOURS[change.kind])
    if changes:
        click.get_current_context().exit(DIFFERENT)
