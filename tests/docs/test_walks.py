"""The site's tutorial, guides and laws do what they say: every snippet is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippets import ROOT, follow

DOCS = ROOT / "docs"
WALKS = [
    DOCS / "index.md",
    DOCS / "tutorial.md",
    *sorted(DOCS.glob("howto/*.md")),
    *sorted(DOCS.glob("laws/*.md")),
    DOCS / "meaning.md",
]


@pytest.mark.timeout(900)  # a page starts the command up to a dozen times
@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_snippet_of_the_page_runs(page: Path, tmp_path: Path) -> None:
    follow(page, tmp_path)
