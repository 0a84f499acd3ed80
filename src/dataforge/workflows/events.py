"""What a user is told of a running job: an append-only log that doors replay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

EventKind = Literal["started", "progress", "table", "note", "finished"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``rows_done`` and ``rows_total`` count the whole job."""

    kind: EventKind
    table: str = ""
    rows_done: int = 0
    rows_total: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What went into a database: rows by table, and what the database does not keep."""

    dialect: str
    rows: Mapping[str, int]
    notes: tuple[str, ...]


Listener = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Listen to nothing."""


@dataclass(slots=True)
class EventLog:
    """Appends events and then tells the listener; nothing is shown that is not in ``events``."""

    listener: Listener
    rows_total: int = 0
    rows_done: int = 0
    events: list[Event] = field(default_factory=list)

    def append(self, kind: EventKind, table: str = "", rows: int = 0, message: str = "") -> None:
        """Append an event that advances the job by ``rows``."""
        self.rows_done += rows
        event = Event(kind, table, self.rows_done, self.rows_total, message)
        self.events.append(event)
        self.listener(event)

    def counted(self, table: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass batches on, appending progress as each is asked for."""
        for batch in batches:
            yield batch
            self.append("progress", table, batch.num_rows)
