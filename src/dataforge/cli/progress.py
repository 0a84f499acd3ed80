"""A progress display that knows only the events of the run.

On a terminal it is a bar with rows, rate and time left; elsewhere a line every few seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from dataforge.cli.output import remark

if TYPE_CHECKING:
    from dataforge.workflows.events import Event

EVERY_S = 5.0
DRAWN_EVERY_S = 0.1


class Display(Protocol):
    """Takes the events of a run, between entering and leaving."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        ...

    def __call__(self, event: Event) -> None:
        """Show one event."""
        ...

    @property
    def notes(self) -> list[str]:
        """What the run remarked on the way."""
        ...


def display(verb: str, *, quiet: bool = False) -> Display:
    """Choose by where stderr leads: a bar for a terminal, lines for a file, nothing if quiet."""
    if quiet:
        return Lines(verb, clock=None)
    return Bar(verb) if sys.stderr.isatty() else Lines(verb, time.monotonic)


class Lines:
    """A line on stderr every ``EVERY_S`` seconds, none for a short run."""

    def __init__(self, verb: str, clock: Callable[[], float] | None) -> None:
        """``verb`` begins each line; without a ``clock`` (seconds) nothing is printed."""
        self.notes: list[str] = []
        self._verb = verb
        self._clock = clock
        self._shown_at = clock() if clock else 0.0

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to restore."""

    def __call__(self, event: Event) -> None:
        """Print when it is time to; keep notes for the end."""
        if event.kind == "note":
            self.notes.append(event.message)
        if event.kind != "progress" or not event.rows_total or self._clock is None:
            return
        now = self._clock()
        if now - self._shown_at >= EVERY_S:
            self._shown_at = now
            percent = 100 * event.rows_done // event.rows_total
            remark(f"{self._verb}: {event.rows_done:,} of {event.rows_total:,} rows ({percent} %)")


class Bar:
    """A bar on stderr that is taken away at the end."""

    def __init__(self, verb: str) -> None:
        """``verb`` stands before the bar until a table's name is known."""
        self.notes: list[str] = []
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            RowsColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            # Refreshing by itself takes a thread, and a process with threads cannot fork workers.
            auto_refresh=False,
        )
        self._verb = verb
        self._task = self._progress.add_task(verb, total=None)
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Move the bar; keep notes for the end."""
        if event.kind == "note":
            self.notes.append(event.message)
        elif event.kind in {"started", "progress"}:
            self._progress.update(
                self._task,
                completed=event.rows_done,
                total=event.rows_total or None,
                description=event.message or f"{self._verb} {event.table}".strip(),
            )
            self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn_at >= DRAWN_EVERY_S:
            self._drawn_at = now
            self._progress.refresh()


class RowsColumn(ProgressColumn):
    """``1,200,000 of 8,661,245 rows``."""

    def render(self, task: Task) -> Text:
        """Render the counts."""
        total = "" if task.total is None else f" of {int(task.total):,}"
        return Text(f"{int(task.completed):,}{total} rows")


class RateColumn(ProgressColumn):
    """``1,450,000 rows/s``."""

    def render(self, task: Task) -> Text:
        """Render the rate of the last seconds."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "", style="dim")
