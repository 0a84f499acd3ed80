"""The ledger of a run: which parts are finished, so that a killed run can be taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dataforge.sinks.atomic import output_error
from dataforge.sinks.manifest import PartEntry, PartPath

LEDGER_NAME = ".dataforge-ledger.jsonl"

_Paths = TypeAdapter(list[PartPath])


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file in the data set's directory.

    Its first line says which run it is of and which files that run writes; a line for each
    finished part follows.
    """

    directory: Path
    fingerprint: str

    @property
    def path(self) -> Path:
        """Where the ledger is kept."""
        return self.directory / LEDGER_NAME

    def matches(self) -> bool:
        """Tell whether there is a ledger of this very run."""
        lines = self._lines()
        return bool(lines) and lines[0].get("fingerprint") == self.fingerprint

    def finished(self) -> dict[str, PartEntry]:
        """Return the finished parts by path, as far as their files still have their content."""
        return {entry.path: entry for entry in self._entries() if _is_whole(self.directory, entry)}

    def has_finished(self) -> bool:
        """Tell whether a part was finished, without a look at the files."""
        return next(self._entries(), None) is not None

    def planned(self) -> tuple[str, ...]:
        """Return the paths that the run writes, below the directory, finished or not."""
        lines = self._lines()
        try:
            return tuple(_Paths.validate_python(lines[0].get("paths"))) if lines else ()
        except ValidationError:
            return ()  # not what a run writes

    def start(self, paths: Iterable[str], finished: Iterable[PartEntry] = ()) -> None:
        """Begin anew for a run that writes ``paths``, with parts that are finished already."""
        with self._writing("w") as write:
            write({"fingerprint": self.fingerprint, "paths": list(paths)})
            for entry in finished:
                write(entry.model_dump())

    def add(self, entry: PartEntry) -> None:
        """Record a finished part."""
        with self._writing("a") as write:
            write(entry.model_dump())

    def remove(self) -> None:
        """Remove the ledger: the manifest has taken its place."""
        self.path.unlink(missing_ok=True)

    def _entries(self) -> Iterator[PartEntry]:
        for line in self._lines()[1:]:
            try:
                yield PartEntry.model_validate(line)
            except ValidationError:
                return  # from here on it is not what a run writes

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
        for text in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                break  # the kill came in the middle of this line
            if not isinstance(line, dict):
                break
            lines.append(line)
        return lines


def _is_whole(directory: Path, entry: PartEntry) -> bool:
    """Compare sizes, then hashes: a power cut can leave a name without all of its bytes."""
    path = directory / entry.path
    if not path.is_file() or path.stat().st_size != entry.size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
