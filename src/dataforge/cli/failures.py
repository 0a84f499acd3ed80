"""The one place that turns a failure into words on stderr and an exit code."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from dataforge.app.secrets import masked
from dataforge.cli.plain import visible
from dataforge.errors import OUTCOMES, DataForgeError, Problem

INTERRUPTED = 130

MOST_PROBLEMS = 50
"""A message names so many problems and counts the rest; ``--json`` has them all."""


def report_failure(failure: BaseException, *, as_json: bool) -> int:
    """Explain ``failure`` on stderr and return the exit code; bugs are raised on."""
    if isinstance(failure, DataForgeError):
        _write(failure.code, failure.message, failure.problems, as_json=as_json)
        return OUTCOMES[failure.code].exit_code
    if isinstance(failure, click.ClickException):
        return _misused(failure, as_json=as_json)
    if isinstance(failure, (click.Abort, KeyboardInterrupt)):
        click.echo(
            _json_text("interrupted", "interrupted", ()) if as_json else "interrupted", err=True
        )
        return INTERRUPTED
    raise failure


def _misused(failure: click.ClickException, *, as_json: bool) -> int:
    if as_json:
        _write("misused", failure.format_message(), (), as_json=True)
    else:
        failure.show(sys.stderr)
    return failure.exit_code


def _write(code: str, message: str, problems: tuple[Problem, ...], *, as_json: bool) -> None:
    text = _json_text(code, message, problems) if as_json else _plain_text(message, problems)
    click.echo(visible(masked(text)), err=True)


def _plain_text(message: str, problems: tuple[Problem, ...]) -> str:
    shown = [f"  {problem}" for problem in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        shown.append(f"  … and {len(problems) - MOST_PROBLEMS} more (--json lists them all)")
    return "\n".join([f"error: {message}", *shown])


def _json_text(code: str, message: str, problems: tuple[Problem, ...]) -> str:
    found: dict[str, Any] = {"code": code, "message": message}
    found["problems"] = [problem_fields(problem) for problem in problems]
    return json.dumps({"error": found}, ensure_ascii=False)


def problem_fields(problem: Problem) -> dict[str, str]:
    """Return a problem as plain fields for JSON."""
    return {
        "path": problem.path,
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": problem.severity,
    }
