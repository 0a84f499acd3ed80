"""What runs the pages notices what a reader would stumble over."""

from __future__ import annotations

from pathlib import Path

import pytest

import snippets
from snippets import follow

FENCE = "```"


def page_of(directory: Path, monkeypatch: pytest.MonkeyPatch, *blocks: tuple[str, str]) -> Path:
    """Write a page of blocks, each an info line and a text, into a repository of its own."""
    (directory / "examples").mkdir()
    (directory / "examples/shop.sql").write_text("CREATE TABLE t (id integer PRIMARY KEY);\n")
    (directory / "walk").mkdir()
    monkeypatch.setattr(snippets, "ROOT", directory)
    page = directory / "page.md"
    page.write_text("\n".join(f"{FENCE}{info}\n{text}\n{FENCE}\n" for info, text in blocks))
    return page


def test_blocks_are_run_in_order_and_their_output_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(
        tmp_path,
        monkeypatch,
        ('txt title="names.txt"', "Ada\nGrace"),
        ("sh", "cat names.txt"),
        ("text", "A…\nGrace"),
        ("python", 'print(len(open("names.txt").readlines()), "names")'),
        ("text", "2 names"),
        ("console", "$ false"),
    )
    assert follow(page, tmp_path / "walk") == 2


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([("sh", "true\nfalse")], r"page\.md:1 ends with 1"),
        ([("sh", "true | false")], r"page\.md:1 ends with 1"),
        ([("python", "1 / 0")], "ZeroDivisionError"),
        ([("sh", "echo one"), ("text", "two")], r"page\.md:5 is not printed: 'two'"),
        ([("sh", "echo b; echo a"), ("text", "a\nb")], "is not printed: 'b'"),
    ],
)
def test_what_does_not_do_as_it_says_fails(
    blocks: list[tuple[str, str]], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(tmp_path, monkeypatch, *blocks)
    with pytest.raises(AssertionError, match=told):
        follow(page, tmp_path / "walk")
