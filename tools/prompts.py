"""Measure what requests in words become, and write the table of docs/prompts.md.

``python tools/prompts.py`` composes every request of the golden lists (and of the corpus, where it
is at hand), generates and verifies it, and writes the figures into the page; ``--quick`` only
composes and writes nothing.
"""

# ruff: noqa: INP001, T201  - a script, not a package

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "prompts.md"
sys.path.insert(0, str(ROOT / "tests"))

from prompt_figures import measured, summary  # noqa: E402  - found on the path set above


def main() -> None:
    """Print what is missing, and write the table into the page."""
    quick = "--quick" in sys.argv
    results = measured(prove=not quick)
    for name, figures in results.items():
        for missing in figures.missing:
            print(f"{name}: {missing}")
    table = summary(results)
    slow = max((each.seconds for each in results.values()), default=0)
    print(f"{table}\nslowest: {slow:.2f} s")
    if PAGE.exists() and not quick:
        text = PAGE.read_text("utf-8")
        marked = re.sub(
            r"(<!-- figures -->\n).*?(\n<!-- end -->)",
            rf"\g<1>\n{table}\n\g<2>",
            text,
            flags=re.DOTALL,
        )
        PAGE.write_text(marked, "utf-8")


if __name__ == "__main__":
    main()
