"""Runs the fenced blocks of a page in order, as a reader would who follows it.

- A block with a ``title="file"`` is written to that file.
- ``sh`` is run by bash, ``python`` is a program of its own, both in the page's directory, where
  examples/ and its shop.sql lie ready. A command that fails fails the page.
- ``text`` is what the block before it prints: lines in this order, ``…`` stands for what varies.
- Other languages (``console`` for what needs a server, ``yaml`` for fragments) are not run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_S = 240
ELISION = "…"

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n"
    r"(?P<text>.*?)^(?P=indent)```",
    re.MULTILINE | re.DOTALL,
)
PROGRAMS = {"dataforge": '-c "from dataforge.cli.main import main; main()"', "python": ""}


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: what it is and where it stands."""

    language: str
    title: str | None
    text: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, without the indentation of lists they stand in."""
    text = page.read_text("utf-8")
    return [
        Block(
            found["language"],
            found["title"],
            re.sub(rf"(?m)^{found['indent']}", "", found["text"]),
            text.count("\n", 0, found.start()) + 1,
        )
        for found in _BLOCK.finditer(text)
    ]


def follow(page: Path, directory: Path) -> int:
    """Do what the page tells, in an empty directory; return how many blocks were run.

    Raises AssertionError with the page's line for what fails or prints something else.
    """
    shutil.copytree(ROOT / "examples", directory / "examples")
    shutil.copy(ROOT / "examples/shop.sql", directory)
    environment = _environment(directory)
    printed, ran = "", 0
    for block in blocks_of(page):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        if block.title:
            (directory / block.title).write_text(block.text, "utf-8")
        elif block.language == "sh":
            printed = _run(["bash", "-euo", "pipefail", "-c", block.text], environment, where)
            ran += 1
        elif block.language == "python":
            printed = _run([sys.executable, "-c", block.text], environment, where)
            ran += 1
        elif block.language == "text":
            _compare(block.text, printed, where)
    return ran


def _environment(directory: Path) -> dict[str, str]:
    home = directory / ".bin"
    home.mkdir()
    for name, arguments in PROGRAMS.items():
        program = home / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        program.chmod(0o755)
    return os.environ | {
        "PATH": f"{home}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PWD": str(directory),
        "COLUMNS": "100",
    }


def _run(words: list[str], environment: dict[str, str], where: str) -> str:
    done = subprocess.run(
        words,
        cwd=environment["PWD"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, f"{where} ends with {done.returncode}\n{done.stdout}"
    return done.stdout


def _compare(wanted: str, printed: str, where: str) -> None:
    lines = iter(printed.splitlines())
    for line in wanted.splitlines():
        pattern = ".*".join(map(re.escape, line.rstrip().split(ELISION)))
        found = any(re.fullmatch(pattern, each.rstrip()) for each in lines)
        assert found, f"{where} is not printed: {line!r}\n{printed}"
