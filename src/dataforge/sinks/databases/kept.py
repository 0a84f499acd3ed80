"""The table in which a database keeps what it was filled with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataforge.schema import MANIFEST_TABLE


@dataclass(frozen=True, slots=True)
class Kept:
    """The manifest of a load: its schema's hash, its text, the hashes of those it replaces."""

    schema_hash: str
    content: str
    replaced: tuple[str, ...] = ()

    def statements(self, mark: str, text_type: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield SQL with its values; ``mark`` is the driver's place for one."""
        columns = f"schema_hash varchar(64) PRIMARY KEY, content {text_type} NOT NULL"
        yield f"CREATE TABLE IF NOT EXISTS {MANIFEST_TABLE} ({columns})", ()
        gone: Iterable[str] = dict.fromkeys((self.schema_hash, *self.replaced))
        for each in gone:
            yield f"DELETE FROM {MANIFEST_TABLE} WHERE schema_hash = {mark}", (each,)
        values = (self.schema_hash, self.content)
        yield f"INSERT INTO {MANIFEST_TABLE} VALUES ({mark}, {mark})", values
