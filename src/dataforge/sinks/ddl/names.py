"""What tables, columns and constraints are called in a database: quoted, short enough, unique."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dataforge.schema import Schema, Table
from dataforge.sinks.ddl.dialects import Dialect, dialect

_HASH_DIGITS = 8


@dataclass(frozen=True, slots=True)
class TableName:
    """A table's namespace (None for the database's default) and bare name."""

    namespace: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """The identifiers of a schema in a dialect; everything that is returned as SQL is quoted."""

    dialect: Dialect
    tables: Mapping[str, TableName]
    columns: Mapping[str, Mapping[str, str]]
    _taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, schema: Schema, dialect_name: str) -> Names:
        """Name everything in ``schema``; the same schema always gives the same names."""
        facts = dialect(dialect_name)
        tables = _table_names(schema.tables, facts)
        columns = {table.name: _column_names(table, facts) for table in schema.tables}
        return cls(facts, tables, columns, _index_names(tables.values()))

    def adopting(
        self, tables: Mapping[str, TableName], columns: Mapping[str, Mapping[str, str]]
    ) -> Names:
        """Return names in which some tables and their columns are called as a database has them."""
        found = {**self.tables, **tables}
        return Names(self.dialect, found, {**self.columns, **columns}, _index_names(found.values()))

    def quote(self, name: str) -> str:
        """Return the quoted identifier."""
        opening, closing = self.dialect.quotes
        return opening + name.replace(closing, closing * 2) + closing

    def table(self, name: str) -> str:
        """Return the quoted, qualified name of the schema's table ``name``."""
        target = self.tables[name]
        qualifier = f"{self.quote(target.namespace)}." if target.namespace else ""
        return qualifier + self.quote(target.name)

    def column(self, table: str, name: str) -> str:
        """Return the quoted name of a column."""
        return self.quote(self.columns[table][name])

    def column_list(self, table: str, names: Iterable[str]) -> str:
        """Return quoted column names, comma-separated."""
        return ", ".join(self.column(table, name) for name in names)

    def constraint(self, wanted: str) -> str:
        """Return a quoted name near ``wanted`` that was not given out before."""
        name, number = shortened(wanted, self.dialect.name_bytes), 1
        while name.lower() in self._taken:
            number += 1
            name = shortened(f"{wanted}_{number}", self.dialect.name_bytes)
        self._taken.add(name.lower())
        return self.quote(name)


def _index_names(tables: Iterable[TableName]) -> set[str]:
    """Return the names that keys must not have: PostgreSQL's tables and indexes share one space."""
    bare = [table.name.lower() for table in tables]
    return {*bare, *(f"{name}_pkey" for name in bare)}


def shortened(name: str, limit_bytes: int) -> str:
    """Return ``name``, or its beginning and a hash of the whole where it is too long."""
    if len(name.encode()) <= limit_bytes:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]
    room = limit_bytes - _HASH_DIGITS - 1
    return f"{name.encode()[:room].decode(errors='ignore')}_{digest}"


def unique_names(names: Sequence[str], facts: Dialect) -> list[str]:
    """Shorten names to what the dialect takes, each different from those before it."""
    taken: set[str] = set()
    made: list[str] = []
    for name in names:
        candidate, number = shortened(name, facts.name_bytes), 1
        while _folded(candidate, facts) in taken:
            number += 1
            candidate = shortened(f"{name}_{number}", facts.name_bytes)
        taken.add(_folded(candidate, facts))
        made.append(candidate)
    return made


def _folded(name: str, facts: Dialect) -> str:
    return name.lower() if facts.folds_case else name


def bare_name(table: Table) -> str:
    """Return the table's name without its namespace."""
    prefix = f"{table.namespace}."
    return table.name.removeprefix(prefix) if table.namespace else table.name


def _table_names(tables: tuple[Table, ...], facts: Dialect) -> dict[str, TableName]:
    """Keep namespaces where the database has them; else use bare names unless two clash."""
    named: dict[str, TableName] = {}
    spaces = {table.name: _namespace(table, facts) for table in tables}
    for space in dict.fromkeys(spaces.values()):
        here = [table for table in tables if spaces[table.name] == space]
        short = unique_names(_distinct(here), facts)
        named |= {t.name: TableName(space, name) for t, name in zip(here, short, strict=True)}
    return named


def _distinct(tables: list[Table]) -> list[str]:
    """Return bare names, with the namespace in front where two tables share one."""
    bare = [bare_name(table).lower() for table in tables]
    return [
        bare_name(table) if bare.count(bare_name(table).lower()) == 1 else _joined(table)
        for table in tables
    ]


def _column_names(table: Table, facts: Dialect) -> dict[str, str]:
    names = [column.name for column in table.columns]
    return dict(zip(names, unique_names(names, facts), strict=True))


def _namespace(table: Table, facts: Dialect) -> str | None:
    space = table.namespace
    default = not facts.namespaces or space is None or space.lower() in facts.default_namespaces
    return None if default else space


def _joined(table: Table) -> str:
    return f"{table.namespace}_{bare_name(table)}" if table.namespace else table.name
