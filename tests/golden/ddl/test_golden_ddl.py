"""Each ``<dialect>_<case>.sql`` beside this file reads as the listing in its ``.txt`` twin.

To add a case, write the script, run ``python tests/golden/ddl/listing.py case.sql`` and keep what
it prints, once it is what the script means, as ``case.txt``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dataforge.parsers.sql import detect_dialect, read_ddl
from golden.ddl.listing import listing

CASES = sorted(Path(__file__).parent.glob("*.sql"))


@pytest.mark.parametrize("script", CASES, ids=lambda path: path.stem)
def test_script_reads_as_listed(script: Path) -> None:
    parsed = read_ddl(script, dialect=script.stem.partition("_")[0])
    assert listing(parsed) == script.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", CASES, ids=lambda path: path.stem)
def test_dialect_is_found(script: Path) -> None:
    assert detect_dialect(script.read_text(encoding="utf-8")) == script.stem.partition("_")[0]


def test_there_is_a_case_for_every_dialect() -> None:
    assert {case.stem.partition("_")[0] for case in CASES} == {
        "postgres",
        "mysql",
        "sqlite",
        "tsql",
        "oracle",
    }
