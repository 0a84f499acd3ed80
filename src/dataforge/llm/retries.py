"""When a failed call is tried again, and after which wait."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BASE_S = 0.5
MOST_S = 20.0


def _uniform() -> float:
    """Return one of 2**32 evenly spaced numbers in [0, 1), from the operating system."""
    return int.from_bytes(os.urandom(4)) / 2**32


@dataclass(frozen=True, slots=True)
class Patience:
    """``attempts`` tries in all; the waits between them double and are drawn from zero up.

    Full jitter (Brooker, "Exponential Backoff And Jitter", 2015) keeps callers that were throttled
    together from coming back together. ``draw`` gives uniforms in [0, 1).
    """

    attempts: int = 4
    base_s: float = BASE_S
    most_s: float = MOST_S
    draw: Callable[[], float] = _uniform
    sleep: Callable[[float], None] = time.sleep

    def waits(self) -> Iterator[float]:
        """Yield the seconds to wait before the second, third, … try."""
        for retry in range(max(0, self.attempts - 1)):
            yield self.draw() * min(self.most_s, self.base_s * 2**retry)
