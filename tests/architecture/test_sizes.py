"""Files and functions stay small; each exception is listed with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))

MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 60

LONG_FILES: dict[str, str] = {}
"""Path below ``src/dataforge`` → why it is longer."""

LONG_FUNCTIONS: dict[str, str] = {}
"""``path:function`` → why it is longer."""


def place(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "dataforge").as_posix()


def functions(path: Path) -> list[tuple[str, int]]:
    """Every function of a file with its length; docstring and decorators do not count."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.lineno
            if ast.get_docstring(node) is not None:
                text = node.body[0]
                start += (text.end_lineno or text.lineno) - text.lineno + 1
            found.append((node.name, (node.end_lineno or node.lineno) - start + 1))
    return found


def long_files() -> dict[str, int]:
    lengths = {place(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    return {name: length for name, length in lengths.items() if length > MOST_FILE_LINES}


def long_functions() -> dict[str, int]:
    return {
        f"{place(path)}:{name}": length
        for path in SOURCES
        for name, length in functions(path)
        if length > MOST_FUNCTION_LINES
    }


def test_files_are_short() -> None:
    found = long_files()
    assert set(found) == set(LONG_FILES), found


def test_functions_are_short() -> None:
    found = long_functions()
    assert set(found) == set(LONG_FUNCTIONS), found
