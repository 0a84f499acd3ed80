"""What ends a proof from outside: Ctrl-C, and a machine that has nothing left to give.

Where a signal's handler raises while DuckDB works, DuckDB swallows that and raises a bare
RuntimeError, "Query interrupted"; where the system gives it no further thread or memory, it raises
another. Neither says anything about the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dataforge.errors import Problem, VerificationError

_INTERRUPTED = "interrupted"


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt for an interrupted query, VerificationError for a lack of means."""
    try:
        yield
    except RuntimeError as error:
        if type(error) is not RuntimeError:  # NotImplementedError and the like are bugs
            raise
        if _INTERRUPTED in str(error).lower():
            raise KeyboardInterrupt from None
        raise exhausted(error) from None


def exhausted(error: Exception) -> VerificationError:
    """Say that the machine, not the data, stopped the proof."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    problem = Problem("verification", first, "free some memory or disk space, then verify again")
    return VerificationError("the proof could not be finished:", (problem,))
