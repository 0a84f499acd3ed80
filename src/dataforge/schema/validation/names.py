"""Names and row counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Schema

MOST_ROWS = 2**40


def check_names(schema: Schema) -> Iterator[Problem]:
    """Table, column and key names must be distinct, best even without regard to case."""
    yield from _repeated("tables", "table", [table.name for table in schema.tables])
    for table in schema.tables:
        path = f"tables.{table.name}"
        yield from _repeated(f"{path}.columns", "column", [c.name for c in table.columns])
        names = [key.name for key in table.foreign_keys if key.name]
        for name in _twice(names):
            yield Problem(
                f"{path}.foreign_keys.{name}",
                f"two foreign keys are named {name!r}",
                "rename one of them",
            )


def check_sizes(schema: Schema) -> Iterator[Problem]:
    """Row counts must be countable."""
    counts = [(f"tables.{table.name}.rows", table.rows) for table in schema.tables]
    for path, count in [("default_rows", schema.default_rows), *counts]:
        if count is not None and not 0 <= count <= MOST_ROWS:
            message = f"{count} rows are asked for, 0 to {MOST_ROWS} (2**40) are possible"
            yield Problem(path, message, "write a smaller number")


def _repeated(path: str, noun: str, names: Iterable[str]) -> Iterator[Problem]:
    known = list(names)
    for name in _twice(known):
        yield Problem(f"{path}.{name}", f"two {noun}s are named {name!r}", "rename one of them")
    distinct = list(dict.fromkeys(known))
    for folded in _twice(name.casefold() for name in distinct):
        clash = [name for name in distinct if name.casefold() == folded]
        yield Problem(
            f"{path}.{clash[0]}",
            f"{' and '.join(map(repr, clash))} differ only by case, which many databases ignore",
            "rename one of them",
            "warning",
        )


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
