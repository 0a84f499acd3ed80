"""The certificate: what was proven about written data, constraint by constraint.

It carries no time of day and no durations: the same bytes give the same certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from dataforge.schema.types import Model
from dataforge.sinks.atomic import write_bytes

CERTIFICATE_NAME = "certificate.json"
MAX_EXAMPLES = 5
MAX_FOUND = 80

Kind = Literal[
    "file",
    "content",
    "format",
    "schema",
    "rows",
    "columns",
    "type",
    "not_null",
    "primary_key",
    "unique",
    "foreign_key",
    "rule",
    "share",
    "expression",
    "cardinality",
    "aggregate",
    "lookup",
    "ordinal",
    "running_total",
    "union_key",
    "depth",
    "path",
    "chain",
    "after",
    "share_of",
    "as_of",
    "interval",
    "balance",
    "double_entry",
    "track",
    "candle",
    "label",
    "calendar",
    "cycle",
    "catalog",
    "dirt",
]
Verdict = Literal["passed", "failed", "skipped"]


class Violation(Model):
    """One place where a constraint does not hold.

    ``row`` is the 0-based number of the row in the table, over its files in order; in a database,
    where rows have no number, ``key`` names the row by its primary key. ``found`` is cut to
    ``MAX_FOUND`` characters.
    """

    row: int | None = None
    key: str = ""
    column: str = ""
    found: str = ""


class Check(Model):
    """A constraint of a table and whether the data keeps it.

    ``violations`` counts all of them, ``examples`` shows the first few in row order. A check is
    ``skipped``, with its ``reason``, where something else keeps it from being made.
    """

    kind: Kind
    table: str = ""
    columns: tuple[str, ...] = ()
    constraint: str = ""
    verdict: Verdict = "passed"
    violations: int = Field(default=0, ge=0)
    examples: tuple[Violation, ...] = ()
    reason: str = ""


class TableProof(Model):
    """What a table was found to hold; ``sha256`` is over the hashes of its parts."""

    name: str
    rows: int = Field(ge=0)
    sha256: str = ""


class Certificate(Model):
    """Every check that was made on a data set; ``verdict`` is failed as soon as one check is."""

    version: Literal[1] = 1
    verdict: Literal["passed", "failed"]
    schema_hash: str
    seed: int
    data_hash: str
    tables: tuple[TableProof, ...]
    checks: tuple[Check, ...]

    @classmethod
    def of(
        cls, schema_hash: str, seed: int, tables: Iterable[TableProof], checks: Iterable[Check]
    ) -> Certificate:
        """Draw the verdict and the data's hash from the parts."""
        proofs, made = tuple(tables), tuple(checks)
        failed = any(check.verdict == "failed" for check in made)
        return cls(
            verdict="failed" if failed else "passed",
            schema_hash=schema_hash,
            seed=seed,
            data_hash=joined_hash(proof.sha256 for proof in proofs),
            tables=proofs,
            checks=made,
        )

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return self.verdict == "passed"

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.verdict == "failed")

    def write(self, path: Path) -> Path:
        """Write the certificate as JSON in one step; OutputError when it cannot be."""
        write_bytes(path, self.content())
        return path

    def content(self) -> bytes:
        """Return the certificate as JSON."""
        return (self.model_dump_json(indent=2) + "\n").encode()

    def summary(self) -> tuple[str, ...]:
        """Return the lines a terminal shows: totals, then each check that did not pass."""
        rows = sum(proof.rows for proof in self.tables)
        counts = {v: sum(c.verdict == v for c in self.checks) for v in ("passed", "skipped")}
        head = (
            f"{self.verdict.upper()}: {len(self.tables):,} tables, {rows:,} rows, "
            f"{len(self.checks):,} checks: {counts['passed']:,} passed, "
            f"{len(self.failures):,} failed, {counts['skipped']:,} skipped"
        )
        skipped = (check for check in self.checks if check.verdict == "skipped")
        told = [line for check in (*self.failures, *skipped) for line in _check_lines(check)]
        return (head, *told)


def joined_hash(hashes: Iterable[str]) -> str:
    """Return the SHA-256 of hexadecimal hashes end to end; empty when there are none."""
    joined = "".join(hashes)
    return hashlib.sha256(joined.encode()).hexdigest() if joined else ""


def _check_lines(check: Check) -> list[str]:
    place = f"{check.table}({', '.join(check.columns)})" if check.columns else check.table
    what = " ".join(part for part in (check.kind, place, check.constraint) if part)
    count = f": {check.violations:,} violations" if check.violations else ""
    reason = f": {check.reason}" if check.reason else ""
    lines = [f"  {check.verdict} {what}{count}{reason}"]
    return lines + [f"    {_place(example)}" for example in check.examples]


def _place(example: Violation) -> str:
    where = f"row {example.row}" if example.row is not None else example.key
    column = f"column {example.column}" if example.column else ""
    found = f"found {example.found}" if example.found else ""
    return ", ".join(part for part in (where, column, found) if part)
