"""Whether agents' runs are traced; LangSmith's library itself is met in ``agents``."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec


def traced(*, on: bool) -> AbstractContextManager[object]:
    """Return the context in which agents run: traces with values masked, or none at all."""
    if find_spec("langsmith") is None:
        return nullcontext()
    from dataforge.agents.tracing import tracing  # noqa: PLC0415 - loads LangSmith where it is

    return tracing(on=on)
