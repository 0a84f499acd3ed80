"""Measure DataForge side by side with its peers and write docs/benchmarks.md.

Usage: run.py [people|tpch|offset|memory|verify|dirt|start|specs|fields|coherence …]
Without a name all are run.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import cases
from report import Section, write_report

ROOT = Path(__file__).resolve().parent.parent
CASES: dict[str, Callable[[Path], Section]] = {
    "people": cases.people,
    "tpch": cases.tpch,
    "offset": cases.offset,
    "memory": cases.memory,
    "verify": cases.verify,
    "dirt": cases.dirt,
    "start": cases.start,
    "specs": cases.specs,
    "fields": cases.fields,
    "coherence": cases.coherence,
}


def main() -> None:
    wanted = sys.argv[1:] or list(CASES)
    with tempfile.TemporaryDirectory(prefix="dataforge-bench-") as scratch:
        sections = []
        for name in wanted:
            print(f"… {name}", flush=True)
            section = CASES[name](Path(scratch))
            print(section.text, flush=True)
            sections.append(section)
    if not sys.argv[1:]:
        write_report(ROOT / "docs" / "benchmarks.md", _machine(), sections)
    failed = [
        bound for section in sections for bound in section.bounds if not (bound.holds or bound.goal)
    ]
    for bound in failed:
        print(f"missed: {bound}", file=sys.stderr)
    sys.exit(bool(failed))


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    names = ("dataforge-studio", "numpy", "pyarrow", "duckdb", "faker", "mimesis", "tpchgen-cli")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{cores} cores, Python {platform.python_version()}, {versions}"


if __name__ == "__main__":
    main()
