"""Tables that a database has already, matched with a schema's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dataforge.errors import Problem, UsageError
from dataforge.schema import Schema, Table
from dataforge.sinks.ddl.names import Names, TableName, bare_name


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column in a database: ``kind`` is the server's word for its type, in lower case."""

    name: str
    kind: str
    generated: bool = False


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table in a database, with its namespace or None for the default one."""

    namespace: str | None
    name: str
    columns: tuple[FoundColumn, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The names to use for a schema in this database, and the found columns by table and name."""

    names: Names
    existing: Mapping[str, Mapping[str, FoundColumn]]

    def kind(self, table: str, column: str) -> str:
        """Return the server's type of a column of an existing table, else an empty string."""
        found = self.existing.get(table, {}).get(column)
        return found.kind if found else ""

    def writable(self, table: str, columns: Iterable[str]) -> list[str]:
        """Return those of ``columns`` that the database does not compute itself."""
        existing = self.existing.get(table, {})
        return [name for name in columns if name not in existing or not existing[name].generated]


def group_columns(
    rows: Iterable[tuple[str | None, str, FoundColumn]],
) -> tuple[FoundTable, ...]:
    """Gather catalogue rows (namespace, table, column), which come in order, into tables."""
    tables: dict[tuple[str | None, str], list[FoundColumn]] = {}
    for namespace, name, column in rows:
        tables.setdefault((namespace, name), []).append(column)
    return tuple(FoundTable(*key, tuple(columns)) for key, columns in tables.items())


def match(
    schema: Schema,
    names: Names,
    found: Sequence[FoundTable],
    has_rows: Callable[[TableName], bool],
) -> Match:
    """Find the schema's tables by name, exact first, then whatever the case.

    A namespace that the database lacks is looked past. UsageError lists every table that has rows
    already or lacks a column.
    """
    tables: dict[str, TableName] = {}
    existing: dict[str, dict[str, FoundColumn]] = {}
    problems: list[Problem] = []
    for table in schema.tables:
        target = _find(table, names, found)
        if target is None:
            continue
        tables[table.name] = TableName(target.namespace, target.name)
        existing[table.name] = _columns(table, target, problems)
        if has_rows(tables[table.name]):
            problems.append(Problem(table.name, "the table exists and has rows", _EMPTY_IT))
    if problems:
        msg = "the database has tables of the same names that cannot be filled:"
        raise UsageError(msg, problems)
    columns = {name: {k: v.name for k, v in found.items()} for name, found in existing.items()}
    return Match(names.adopting(tables, columns), existing)


_EMPTY_IT = "empty or drop it, or name another database"


def _find(table: Table, names: Names, found: Sequence[FoundTable]) -> FoundTable | None:
    target = names.tables[table.name]
    wanted = ((table.namespace, bare_name(table)), (target.namespace, target.name))
    for namespace, name in (*wanted, (None, target.name)):
        exact = [t for t in found if (t.namespace, t.name) == (namespace, name)]
        folded = [t for t in found if _folded(t.namespace, t.name) == _folded(namespace, name)]
        if exact or len(folded) == 1:
            return (exact or folded)[0]
    return None


def _folded(namespace: str | None, name: str) -> tuple[str, str]:
    return (namespace or "").lower(), name.lower()


def _columns(table: Table, target: FoundTable, problems: list[Problem]) -> dict[str, FoundColumn]:
    exact = {column.name: column for column in target.columns}
    folded = {column.name.lower(): column for column in target.columns}
    matched: dict[str, FoundColumn] = {}
    for column in table.columns:
        hit = exact.get(column.name) or folded.get(column.name.lower())
        if hit is None:
            place = f"{table.name}.{column.name}"
            problems.append(Problem(place, "the table exists without this column", _EMPTY_IT))
        else:
            matched[column.name] = hit
    return matched


def created(found: Match | None) -> Match:
    """Return what ``create`` found; RuntimeError where it was not called."""
    if found is None:
        msg = "create(schema) comes before load and finish"
        raise RuntimeError(msg)
    return found
