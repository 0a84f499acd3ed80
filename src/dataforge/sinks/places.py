"""Where a data set goes: files below a place, each complete under its name or not there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dataforge.sinks.atomic import HashingStream, replacing, write_bytes


class Place(Protocol):
    """Something that keeps files by POSIX-style paths; sent to workers, so it is picklable."""

    def replacing(self, path: str) -> AbstractContextManager[HashingStream]:
        """Open a stream whose content takes the name ``path`` when the block ends well."""
        ...

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write a small file in one step, to stay."""
        ...

    @property
    def in_process(self) -> bool:
        """Whether only this process sees what is written."""
        ...


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """A directory of this machine."""

    directory: Path

    def replacing(self, path: str) -> AbstractContextManager[HashingStream]:
        """Write beside the file and rename; the disk takes the bytes in its own time."""
        return replacing(self.directory / path, durable=False)

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write a file and wait until the disk has it."""
        write_bytes(self.directory / path, content)

    @property
    def in_process(self) -> bool:
        """A directory is there for every process."""
        return False
