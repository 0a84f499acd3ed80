"""Tables of figures and the bounds they must keep, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Bound:
    """A promise about a figure: ``value`` is at most (or at least) ``limit``.

    A ``goal`` is aimed at and shown, but missing it does not fail the run.
    """

    what: str
    value: float
    limit: float
    at_least: bool = False
    goal: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "holds" if self.holds else "missed"
        asked = "goal" if self.goal else "asked"
        limit = f"{self.limit:,.0f}" if self.limit >= 10 else f"{self.limit:g}"
        return f"{self.what}: {self.value:,.2f} ({asked}: {sign} {limit}), {verdict}"


@dataclass(frozen=True)
class Section:
    """One benchmark: what was done, its rows, its bounds."""

    title: str
    what: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    bounds: Sequence[Bound] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        lines = [f"## {self.title}", "", self.what, ""]
        lines.append("| " + " | ".join(self.header) + " |")
        lines.append("|" + "---|" * len(self.header))
        lines.extend("| " + " | ".join(row) + " |" for row in self.rows)
        lines.append("")
        lines.extend(f"- {bound}" for bound in self.bounds)
        return "\n".join(lines)


def write_report(path: Path, machine: str, sections: Sequence[Section]) -> None:
    intro = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Whole commands, start-up included, medians of",
        "interleaved runs, on the machine that ran them last:",
        "",
        machine + ".",
        "",
        "",
    ]
    path.write_text("\n".join(intro) + "\n\n".join(s.text for s in sections) + "\n")
