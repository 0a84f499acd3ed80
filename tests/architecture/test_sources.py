"""What no source file may do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "dataforge"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEXTS = sorted(
    path
    for pattern in (
        "*.md",
        "*.toml",
        "Makefile",
        "NOTICE",
        ".ci/*",
        "src/**/*",
        "tests/**/*",
        "docs/**/*",
        "examples/*",
        "benchmarks/**/*",
        "requirements/*",
    )
    for path in ROOT.glob(pattern)
    if path.is_file() and path.suffix != ".pyc"
)
MODULES = {"random", "pickle", "marshal", "shelve"}
CALLS = {"eval", "exec", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
# Faker draws from the global generator in places: its adapter seeds that and puts it back.
SEEDED = {"src/dataforge/engine/generators/faker_library.py": {"random"}}
GLOBAL_RANDOMNESS = ("np.random.", "numpy.random.")
UNWELCOME_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(paths: list[Path]) -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def imported_modules(tree: ast.AST) -> set[str]:
    plain = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    origins = {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    return {name.split(".")[0] for name in plain | origins}


def forbidden_calls(tree: ast.AST) -> set[str]:
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {call for call in calls if call in CALLS or call.startswith(GLOBAL_RANDOMNESS)}


def attribute_chains(tree: ast.AST) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def imported_names(tree: ast.AST) -> set[str]:
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_only_app_reads_the_environment() -> None:
    forbidden = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
    outside = [path for path in SOURCES if PACKAGE / "app" not in path.parents]
    found = {
        place(path): used & forbidden
        for path, tree in parsed(outside)
        if (used := attribute_chains(tree) | imported_names(tree)) & forbidden
    }
    assert outside
    assert not found


def test_no_global_randomness_clock_pickle_or_eval() -> None:
    found = {
        place(path): faults
        for path, tree in parsed(SOURCES)
        if (faults := imported_modules(tree) & MODULES | forbidden_calls(tree))
        != SEEDED.get(place(path), set())
    }
    assert not found


def test_names_say_what_a_module_holds() -> None:
    parts = {part for path in SOURCES for part in path.with_suffix("").parts}
    assert not UNWELCOME_NAMES & parts


def test_no_text_names_a_folder_of_one_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(?:work|root|home)/")
    this = Path(__file__)
    found = [
        place(path)
        for path in TEXTS
        if path != this and pattern.search(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found
