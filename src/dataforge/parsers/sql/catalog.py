"""Everything read so far, and how a written name finds its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from dataforge.errors import Problem, Severity
from dataforge.parsers.sql.cursor import Name
from dataforge.parsers.sql.drafts import ColumnDraft, Names, TableDraft, UserType


def folded(name: Name, dialect: str) -> str:
    """The name as the server would keep it."""
    if name.quoted or dialect not in {"postgres", "oracle"}:
        return name.value
    return name.value.lower() if dialect == "postgres" else name.value.upper()


@dataclass(slots=True)
class Catalog:
    """Tables and types in the order of the script, with problems and what was passed over."""

    dialect: str
    source: str
    tables: list[TableDraft] = field(default_factory=list)
    types: dict[str, UserType] = field(default_factory=dict)
    indexes: dict[str, Names] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    namespace: str | None = None
    partitions: set[str] = field(default_factory=set)

    def report(
        self, line: int, message: str, remedy: str = "", severity: Severity = "warning"
    ) -> None:
        """Keep a problem with its place in the source."""
        self.problems.append(Problem(f"{self.source}:{line}", message, remedy, severity))

    def find(self, parts: Names) -> TableDraft | None:
        """Find a table by its written name: the same namespace first, then anywhere."""
        named = list(self._named(parts[-1]))
        space = parts[-2].value.casefold() if len(parts) > 1 else self.namespace
        for table in named:
            if (table.namespace or "").casefold() == (space or "").casefold():
                return table
        return named[0] if named else None

    def _named(self, name: Name) -> Iterator[TableDraft]:
        """Exact matches as the server folds names, before matches by letters alone."""
        wanted = folded(name, self.dialect)
        exact = [t for t in self.tables if folded(t.name, self.dialect) == wanted]
        yield from exact
        letters = name.value.casefold()
        for table in self.tables:
            if table not in exact and table.name.value.casefold() == letters:
                yield table

    def find_column(self, table: TableDraft, name: Name) -> ColumnDraft | None:
        """Find a column by its written name."""
        wanted = folded(name, self.dialect)
        letters = name.value.casefold()
        loose = None
        for column in table.columns:
            if folded(column.name, self.dialect) == wanted:
                return column
            if column.name.value.casefold() == letters:
                loose = column
        return loose
