"""What a reader remarked about its input, in words on stderr and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dataforge.cli.failures import problem_fields
from dataforge.cli.output import remark, remark_all

if TYPE_CHECKING:
    from dataforge.app.inputs import Reading


def explain(reading: Reading) -> None:
    """Say what could not be read, what was passed over and which keys could be inferred."""
    remark_all((str(problem) for problem in reading.problems), noun="warning")
    if reading.passed_over:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in reading.passed_over.items())
        remark(f"passed over, as it describes no table: {counts}")
    if reading.language:
        locale = reading.schema.locale
        remark(f"note: the names are {reading.language}, so the data is too (locale {locale})")
    if reading.candidates:
        remark_all(
            (
                f"{item.table}.{', '.join(item.columns)} → "
                f"{item.parent}.{', '.join(item.parent_columns)} is not declared: {item.evidence}"
                for item in reading.candidates
            ),
        )
        count = len(reading.candidates)
        keys = "this foreign key" if count == 1 else f"these {count} foreign keys"
        remark(f"note: --infer-keys uses {keys}")


def remarks_json(reading: Reading) -> dict[str, Any]:
    """Return the same as plain values."""
    return {
        "dialect": reading.dialect,
        "language": reading.language,
        "problems": [problem_fields(problem) for problem in reading.problems],
        "passed_over": dict(reading.passed_over),
        "candidates": [asdict(candidate) for candidate in reading.candidates],
    }
