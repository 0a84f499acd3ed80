"""The ledger of a run: which parts are finished, so that a killed run can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataforge.sinks.atomic import output_error
from dataforge.sinks.manifest import PartEntry

LEDGER_NAME = ".dataforge-ledger.jsonl"


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file in the data set's directory; its first line says which run it is of."""

    directory: Path
    fingerprint: str

    @property
    def path(self) -> Path:
        """Where the ledger is kept."""
        return self.directory / LEDGER_NAME

    def matches(self) -> bool:
        """Tell whether there is a ledger of this very run."""
        lines = self._lines()
        return bool(lines) and lines[0] == {"fingerprint": self.fingerprint}

    def finished(self) -> dict[str, PartEntry]:
        """Return the finished parts by path, as far as their files still have their size."""
        found = {}
        for line in self._lines()[1:]:
            entry = PartEntry.model_validate(line)
            file = self.directory / entry.path
            if file.is_file() and file.stat().st_size == entry.size_bytes:
                found[entry.path] = entry
        return found

    def start(self) -> None:
        """Begin a new ledger."""
        with self._writing("w") as write:
            write({"fingerprint": self.fingerprint})

    def add(self, entry: PartEntry) -> None:
        """Record a finished part."""
        with self._writing("a") as write:
            write(entry.model_dump())

    def remove(self) -> None:
        """Remove the ledger: the manifest has taken its place."""
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self, mode: str) -> Iterator[Callable[[dict[str, Any]], None]]:
        try:
            with self.path.open(mode, encoding="utf-8") as file:

                def write(line: dict[str, Any]) -> None:
                    file.write(json.dumps(line) + "\n")

                yield write
        except OSError as error:
            raise output_error(self.path, error) from error

    def _lines(self) -> list[dict[str, Any]]:
        if not self.path.is_file():
            return []
        lines = []
        for text in self.path.read_text(encoding="utf-8").splitlines():
            try:
                lines.append(json.loads(text))
            except json.JSONDecodeError:
                break  # the kill came in the middle of this line
        return lines
