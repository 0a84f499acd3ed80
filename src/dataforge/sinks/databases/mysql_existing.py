"""What stands in a load's way in MySQL tables that were there before: triggers and cycles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymysql.connections import Connection

from dataforge.errors import DatabaseError

_TRIGGERS = """
SELECT trigger_name FROM information_schema.triggers
WHERE event_object_schema = DATABASE() AND event_object_table IN %s
  AND event_manipulation = 'INSERT'
ORDER BY action_order, trigger_name
"""
_KEYS = """
SELECT constraint_name, table_name, column_name, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL AND table_name IN %s
ORDER BY table_name, constraint_name, ordinal_position
"""


class Aside:
    """Sets INSERT triggers and the immediate checking of foreign keys aside for a load.

    InnoDB checks a key as each row goes in, so rows of a cycle fit in no order. Checking is
    switched off for the session and made up for by one anti-join a key before the commit.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        """Nothing is set aside yet."""
        self._connection = connection
        self._triggers: list[tuple[str, str, str]] = []
        self._tables: list[str] = []

    def take(self, tables: Sequence[str]) -> None:
        """Drop the INSERT triggers of ``tables``, kept as text, and stop checking keys."""
        self._tables = list(tables)
        if not self._tables:
            return
        for (name,) in self._rows(_TRIGGERS, [self._tables]):
            shown = self._rows(f"SHOW CREATE TRIGGER {_quote(name)}")[0]
            self._triggers.append((name, shown[1], shown[2]))
        for name, _, _ in self._triggers:
            self._rows(f"DROP TRIGGER {_quote(name)}")
        self._rows("SET foreign_key_checks = OFF")

    def prove(self) -> None:
        """Raise DatabaseError when a foreign key of ``tables`` has a row without its parent."""
        if not self._tables:
            return
        self._rows("SET foreign_key_checks = ON")
        for key in _grouped(self._rows(_KEYS, [self._tables])):
            orphans = self._rows(_anti_join(*key))[0][0]
            if orphans:
                name, child, _, parent, _ = key
                msg = f"{orphans} rows of {child} have no parent in {parent} (foreign key {name})"
                raise DatabaseError(msg)

    def put_back(self) -> None:
        """Make the triggers again, under the sql_mode that each was made in."""
        while self._triggers:
            _, mode, statement = self._triggers[0]
            self._rows("SET @dataforge_mode = @@sql_mode")
            self._rows("SET sql_mode = %s", [mode])
            self._rows(statement)
            self._rows("SET sql_mode = @dataforge_mode")
            self._triggers.pop(0)

    def _rows(self, statement: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())


Key = tuple[str, str, tuple[str, ...], str, tuple[str, ...]]


def _grouped(rows: Sequence[tuple[Any, ...]]) -> list[Key]:
    """Gather catalogue rows, one a column, into keys."""
    keys: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for name, table, column, parent, target in rows:
        keys.setdefault((name, table, parent), []).append((column, target))
    return [
        (name, table, tuple(c for c, _ in pairs), parent, tuple(t for _, t in pairs))
        for (name, table, parent), pairs in keys.items()
    ]


def _anti_join(
    _name: str, table: str, columns: Sequence[str], parent: str, targets: Sequence[str]
) -> str:
    pairs = list(zip(columns, targets, strict=True))
    on = " AND ".join(f"c.{_quote(c)} = p.{_quote(t)}" for c, t in pairs)
    given = " AND ".join(f"c.{_quote(c)} IS NOT NULL" for c in columns)
    return (
        f"SELECT count(*) FROM {_quote(table)} c LEFT JOIN {_quote(parent)} p ON {on}"
        f" WHERE {given} AND p.{_quote(targets[0])} IS NULL"
    )


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
