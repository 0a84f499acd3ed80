"""A follow-up, clause by clause."""

from __future__ import annotations

from dataforge.parsers.prompt import analyze
from dataforge.parsers.refining.clauses import Clause, clauses
from dataforge.parsers.refining.result import Applied, Refinement
from dataforge.parsers.refining.rules import RULES, Change
from dataforge.schema import Schema, normalize, validate


def refine(schema: Schema, text: str) -> Refinement:
    """Return the schema with the changes that ``text`` speaks of; all else stays as it is.

    Pure and deterministic. A clause that is not understood, or whose change would break the
    schema, changes nothing and is told.
    """
    changes, unmet = [], []
    for readings in clauses(text, schema):
        words = readings[0].words
        change = _change(schema, readings)
        if change is None:
            unmet.append(f"{words.text.strip()!r}: not understood as a change of this schema")
        elif _broken(change.schema):
            unmet.append(f"{words.text.strip()!r}: other parts of the schema need it as it is")
        else:
            schema = change.schema
            changes.append(Applied(words, change.paths, (change.check,)))
    return Refinement(schema, tuple(changes), tuple(unmet))


def refusal(text: str) -> str | None:
    """Return why nothing can be made of a follow-up, None where it can be read."""
    if not text.strip():
        return "the request is empty; say what should change"
    reason = analyze(text).refused
    return reason if reason is not None and "action" in reason else None


def _change(schema: Schema, readings: tuple[Clause, ...]) -> Change | None:
    found = (rule(schema, clause) for clause in readings for rule in RULES)
    return next((change for change in found if change is not None), None)


def _broken(schema: Schema) -> bool:
    return any(problem.severity == "error" for problem in validate(normalize(schema)))
