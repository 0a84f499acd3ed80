"""Where a table's written rows can be asked for, and what asking means in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dataforge.errors import DatabaseError
from dataforge.schema import Schema, Table
from dataforge.verification.certificate import (
    MAX_EXAMPLES,
    MAX_FOUND,
    Check,
    Kind,
    Violation,
)

MAX_REASON = 300
# Kinds whose columns are at fault together; of others the first is, the rest explain.
_JOINT = frozenset({"primary_key", "unique", "foreign_key", "rule"})


@dataclass(frozen=True, slots=True)
class Place:
    """A table's rows: ``relation`` is SQL for them, ``columns`` the SQL of each written column.

    ``identity`` is the SQL of what names a row: its number, or the columns of its key.
    """

    table: Table
    relation: str
    columns: Mapping[str, str]
    identity: tuple[str, ...]
    numbered: bool
    row_count: int

    def has(self, names: Sequence[str]) -> bool:
        """Whether all of ``names`` were written and can be read."""
        return all(name in self.columns for name in names)

    def of(self, alias: str, names: Sequence[str]) -> list[str]:
        """Return the columns qualified by ``alias``."""
        return [f"{alias}.{self.columns[name]}" for name in names]

    def identity_of(self, alias: str) -> list[str]:
        """Return the identity qualified by ``alias``."""
        return [f"{alias}.{part}" for part in self.identity]


class RefusedError(DatabaseError):
    """A query that cannot be asked or evaluated, although the data can be reached."""


class Session(Protocol):
    """Runs SQL written for DuckDB against wherever the data is."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows that a query gives; RefusedError where it cannot be evaluated."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """A constraint as a query for the rows that break it.

    ``broken`` is everything from FROM on, the table's rows under the alias ``t``; ``shown`` is
    SQL for the cell to show of each of ``columns``.
    """

    kind: Kind
    place: Place
    columns: tuple[str, ...]
    constraint: str
    broken: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that checks across tables need: the schema, its places and a session."""

    schema: Schema
    places: Mapping[str, Place]
    session: Session


def ask(session: Session, question: Question) -> Check:
    """Count the rows that break a constraint and show the first few.

    A question that files cannot answer is a failure; a database may lack the words for it.
    """
    try:
        (count,) = session.rows(f"SELECT count(*) FROM {question.broken}")[0]
        return verdict(session, question, int(str(count)))
    except RefusedError as error:
        outcome = "failed" if question.place.numbered else "skipped"
        reason = f"cannot be evaluated: {error.message}"[:MAX_REASON]
        return passed(question).model_copy(update={"verdict": outcome, "reason": reason})


def verdict(session: Session, question: Question, violations: int) -> Check:
    """Make the check of a question whose count is known; examples are read when it is not 0."""
    check = passed(question)
    if not violations:
        return check
    return check.model_copy(
        update={
            "verdict": "failed",
            "violations": violations,
            "examples": _examples(session, question),
        }
    )


def passed(question: Question) -> Check:
    """Make the check of a question that is known to have no broken rows."""
    return Check(
        kind=question.kind,
        table=question.place.table.name,
        columns=question.columns,
        constraint=question.constraint,
    )


def _examples(session: Session, question: Question) -> tuple[Violation, ...]:
    identity = question.place.identity_of("t")
    picked = [f"{part} AS i{n}" for n, part in enumerate(identity)]
    picked += [f"{cell} AS f{n}" for n, cell in enumerate(question.shown)]
    order = f" ORDER BY {', '.join(f'i{n}' for n in range(len(identity)))}" if identity else ""
    rows = session.rows(
        f"SELECT {', '.join(picked) or '1'} FROM {question.broken}{order} LIMIT {MAX_EXAMPLES}"
    )
    return tuple(_violation(question, len(identity), row) for row in rows)


def _violation(question: Question, width: int, row: Sequence[object]) -> Violation:
    identity, found = row[:width], row[width:]
    named = zip(question.columns, found, strict=False)
    several = len(question.shown) > 1
    text = ", ".join(f"{name}={_text(value)}" if several else _text(value) for name, value in named)
    key_names = question.place.table.primary_key
    key = ", ".join(f"{name}={_text(v)}" for name, v in zip(key_names, identity, strict=False))
    numbered = question.place.numbered
    return Violation(
        row=int(str(identity[0])) if numbered else None,
        key="" if numbered else key[:MAX_FOUND],
        column=", ".join(question.columns if question.kind in _JOINT else question.columns[:1]),
        found=text[:MAX_FOUND],
    )


def _text(value: object) -> str:
    if value is None:
        return "null"
    return value.hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)
