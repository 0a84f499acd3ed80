"""Settings: the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.errors import Problem, UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; a command's own options come first.

    ``workers`` (DATAFORGE_WORKERS) is the number of processes, None for one per core.
    """

    workers: int | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read DATAFORGE_* variables; UsageError names each one that cannot be used."""
        found = os.environ if environment is None else environment
        workers = found.get("DATAFORGE_WORKERS", "").strip()
        if workers and not (workers.isdecimal() and int(workers) > 0):
            fault = Problem(
                "DATAFORGE_WORKERS", "is not a whole number above 0", "set it to 2, or unset it"
            )
            raise UsageError("the environment has a setting that cannot be used:", [fault])
        return cls(workers=int(workers) if workers else None)
