"""Composite keys of schemas whose columns carry their table's prefix (``OL_W_ID`` ~ ``W_ID``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dataforge.parsers.sql.result import KeyCandidate
from dataforge.schema.model import Schema, Table
from dataforge.schema.types import ColumnType

_FEWEST_TABLES = 3
_SCORE = 0.8


def prefixed_candidates(
    schema: Schema, family: Callable[[ColumnType], str]
) -> Mapping[str, tuple[KeyCandidate, ...]]:
    """Return candidates by table; none unless at least three tables have a prefix of their own."""
    prefixes = {table.name: _prefix(table) for table in schema.tables}
    known = [prefix for prefix in prefixes.values() if prefix]
    if len(set(known)) < _FEWEST_TABLES or len(known) * 2 < len(schema.tables):
        return {}
    naming = _Naming(prefixes, frozenset(known))
    return {
        table.name: _widest(
            [
                candidate
                for parent in schema.tables
                if parent is not table
                for candidate in naming.match(table, parent, family)
            ]
        )
        for table in schema.tables
    }


def _prefix(table: Table) -> str:
    """What all columns start with, up to the first underscore; empty where they differ."""
    starts = {column.name.partition("_")[0].lower() for column in table.columns}
    return starts.pop() if len(starts) == 1 and len(table.columns) > 1 else ""


class _Naming:
    def __init__(self, prefixes: Mapping[str, str], known: frozenset[str]) -> None:
        self._prefixes = prefixes
        self._known = known

    def canonical(self, table: Table, column: str) -> str:
        """``D_W_ID`` of DISTRICT (prefix D) is ``w_id``; ``D_ID`` stays ``d_id``."""
        rest = self._without_prefix(table, column)
        return rest if rest.partition("_")[0] in self._known and "_" in rest else column.lower()

    def _without_prefix(self, table: Table, column: str) -> str:
        return column.lower().removeprefix(self._prefixes[table.name] + "_")

    def match(
        self, child: Table, parent: Table, family: Callable[[ColumnType], str]
    ) -> list[KeyCandidate]:
        """Find columns of ``child`` for every primary-key column of ``parent``."""
        if not parent.primary_key or not self._prefixes[child.name]:
            return []
        exact = {self._without_prefix(child, c.name): c for c in child.columns}
        loose = {self.canonical(child, c.name): c for c in child.columns}
        by_name = [exact.get(name.lower()) for name in parent.primary_key]
        found = (
            by_name
            if all(by_name)
            else [loose.get(self.canonical(parent, name)) for name in parent.primary_key]
        )
        columns = [column for column in found if column is not None]
        if len(columns) < len(parent.primary_key) or any(
            family(column.type) != family(parent.column(name).type)
            for column, name in zip(columns, parent.primary_key, strict=True)
        ):
            return []
        names = tuple(column.name for column in columns)
        if self._prefixes[parent.name] == self._prefixes[child.name] or not any(
            self.canonical(parent, name) == name.lower() for name in parent.primary_key
        ):
            return []
        evidence = (
            f"without the prefix of {child.name!r}, {', '.join(names)} "
            f"{'are' if len(names) > 1 else 'is'} the primary key of {parent.name!r}"
        )
        return [KeyCandidate(child.name, names, parent.name, parent.primary_key, evidence, _SCORE)]


def _widest(candidates: list[KeyCandidate]) -> tuple[KeyCandidate, ...]:
    """Keep the widest keys whose columns do not overlap: narrower ones follow from them."""
    kept: list[KeyCandidate] = []
    for candidate in sorted(candidates, key=lambda c: -len(c.columns)):
        if all(set(candidate.columns).isdisjoint(other.columns) for other in kept):
            kept.append(candidate)
    return tuple(kept)
