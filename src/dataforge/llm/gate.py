"""How many calls run at a time: fewer when the provider throttles, more as it answers again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Admits at most ``limit`` calls at a time.

    A throttled call halves the limit, down to one; every ``limit`` answers in a row raise it by
    one, up to where it began (additive increase, multiplicative decrease).
    """

    def __init__(self, limit: int) -> None:
        self.most = max(1, limit)
        self.limit = self.most
        self._running = 0
        self._answered = 0
        self._change = threading.Condition()

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Wait for a place and hold it."""
        with self._change:
            self._change.wait_for(lambda: self._running < self.limit)
            self._running += 1
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._change.notify()

    def throttled(self) -> None:
        """Hear that the provider wants fewer calls."""
        with self._change:
            self.limit = max(1, self.limit // 2)
            self._answered = 0

    def answered(self) -> None:
        """Hear that a call was answered."""
        with self._change:
            self._answered += 1
            if self._answered >= self.limit < self.most:
                self.limit += 1
                self._answered = 0
                self._change.notify()
