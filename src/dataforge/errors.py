"""The error tree and the one table that maps its codes to exit codes and HTTP statuses.

DataForgeError
├── UsageError            the caller asked for something that cannot be (exit code 2)
│   ├── SchemaError       a schema does not validate; carries every problem
│   ├── ParseError        an input text cannot be read as a schema
│   ├── UnknownNameError  a name is not in a registry; lists the known and the nearest
│   ├── CapacityError     more unique values are asked for than exist
│   └── RuleConflictError rules contradict each other, or no row satisfies them
└── RunError              the request was fine, the run failed (exit code 1)
    ├── OutputError       a file or folder cannot be written
    ├── DatabaseError     a database refused a connection or a statement
    ├── ModelError        a language model refused, or its answers are of no use
    │   └── ModelUnavailableError  it is throttled, too slow or not to be reached
    ├── BudgetError       the next call of a model could pass the budget
    └── VerificationError written data breaks a promise of its schema
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    ``path`` is a dotted path into the schema or a place in a file
    (``tables.orders.columns.customer_id``, ``schema.sql:41``).
    """

    path: str
    message: str
    remedy: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """Render as ``path: message. remedy``."""
        return f"{self.path}: {self.message}" + (f" → {self.remedy}" if self.remedy else "")


class DataForgeError(Exception):
    """Root of every error that this package raises on purpose."""

    code: ClassVar[str] = "failed"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        """Keep the message apart from the problems so that doors can render both."""
        super().__init__(message, tuple(problems))
        self.message = message
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """Render the message with one line per problem."""
        return "\n".join([self.message, *(f"  {problem}" for problem in self.problems)])


class UsageError(DataForgeError):
    """The request cannot be carried out as it was made."""

    code = "misused"


class SchemaError(UsageError):
    """A schema does not validate."""

    code = "schema_invalid"

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> SchemaError:
        """Build from the problems that ``validate`` found."""
        count = len(problems)
        return cls(f"the schema has {count} problem{'s' if count != 1 else ''}:", problems)


class ParseError(UsageError):
    """An input text cannot be read as a schema."""

    code = "input_unreadable"


class UnknownNameError(UsageError):
    """A name is not known; the message lists what is, nearest first."""

    code = "name_unknown"

    @classmethod
    def of(cls, noun: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """Build from facts: what was asked for and what exists."""
        return cls(f"unknown {noun} {name!r}{did_you_mean(name, known)}")


class CapacityError(UsageError):
    """A unique key cannot hold as many rows as were asked for."""

    code = "capacity_exceeded"


class RuleConflictError(UsageError):
    """Rules contradict each other, or no drawn row satisfies them."""

    code = "rules_conflict"


class RunError(DataForgeError):
    """The request was fine but carrying it out failed."""


class OutputError(RunError):
    """A file or folder cannot be written."""

    code = "output_failed"


class DatabaseError(RunError):
    """A database refused a connection or a statement."""

    code = "database_failed"
    retryable = True


class ModelError(RunError):
    """A language model refused a request, or what it answers is of no use."""

    code = "model_failed"


class ModelUnavailableError(ModelError):
    """A language model is throttled, too slow or not to be reached; later it may answer."""

    code = "model_unavailable"
    retryable = True


class BudgetError(RunError):
    """The next call of a language model could pass the job's budget."""

    code = "budget_exceeded"


class VerificationError(RunError):
    """Written data breaks a promise of its schema."""

    code = "verification_failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a door answers for an error code."""

    exit_code: int
    http_status: int


OUTCOMES: dict[str, Outcome] = {
    "failed": Outcome(1, 500),
    "misused": Outcome(2, 400),
    "schema_invalid": Outcome(2, 422),
    "input_unreadable": Outcome(2, 422),
    "name_unknown": Outcome(2, 404),
    "capacity_exceeded": Outcome(2, 422),
    "rules_conflict": Outcome(2, 422),
    "output_failed": Outcome(1, 507),
    "database_failed": Outcome(1, 502),
    "model_failed": Outcome(1, 502),
    "model_unavailable": Outcome(1, 503),
    "budget_exceeded": Outcome(1, 402),
    "verification_failed": Outcome(1, 422),
}


_NEAREST = 5
_MOST_LISTED = 60


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean …? known: …)`` with the nearest known name first.

    Of many known names only the nearest are listed.
    """
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=_NEAREST, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    if len(names) > _MOST_LISTED:
        near = nearest or names[:_NEAREST]
        return f" ({hint}near: {', '.join(near)}; {len(names)} are known)"
    return f" ({hint}known: {', '.join(names)})" if names else ""
