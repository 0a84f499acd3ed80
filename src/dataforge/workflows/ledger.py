"""The ledger of a run: which parts are finished, so that a killed run can be taken up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dataforge.sinks.atomic import output_error
from dataforge.sinks.manifest import PartEntry, PartPath

LEDGER_NAME = ".dataforge-ledger.jsonl"

Finished = dict[str, tuple[PartEntry, ...]]
_Paths = TypeAdapter(list[PartPath])


class FinishedFile(BaseModel):
    """A file of a run, and the rows that each table has in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: PartPath
    entries: tuple[PartEntry, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file in the data set's directory.

    Its first line says which run it is of and which files that run writes; a line for each
    finished file follows, with an entry for each table that has rows in it.
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

    def finished(self) -> Finished:
        """Return the entries of finished files, as far as these still have their content."""
        return {
            line.unit: line.entries
            for line in self._entries()
            if all(_is_whole(self.directory, entry) for entry in line.entries)
        }

    def has_finished(self) -> bool:
        """Tell whether a file was finished, without a look at it."""
        return next(self._entries(), None) is not None

    def planned(self) -> tuple[str, ...]:
        """Return the paths that the run writes, below the directory, finished or not."""
        lines = self._lines()
        return _paths_of(lines[0]) if lines else ()

    def start(self, paths: Iterable[str], finished: Finished) -> None:
        """Begin anew for a run that writes ``paths``, with files that are finished already."""
        with self._writing("w") as write:
            write({"fingerprint": self.fingerprint, "paths": list(paths)})
            for unit, entries in finished.items():
                write(FinishedFile(unit=unit, entries=entries).model_dump())

    def add(self, unit: str, entries: tuple[PartEntry, ...]) -> None:
        """Record a finished file."""
        with self._writing("a") as write:
            write(FinishedFile(unit=unit, entries=entries).model_dump())

    def remove(self) -> None:
        """Remove the ledger: the manifest has taken its place."""
        self.path.unlink(missing_ok=True)

    def _entries(self) -> Iterator[FinishedFile]:
        for line in self._lines()[1:]:
            try:
                yield FinishedFile.model_validate(line)
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


def run_paths(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the fingerprint and the paths that a ledger's first line has, empty where none."""
    try:
        line = json.loads(content)
    except ValueError:
        return "", ()
    if not isinstance(line, dict):
        return "", ()
    return str(line.get("fingerprint", "")), _paths_of(line)


def _paths_of(line: dict[str, Any]) -> tuple[str, ...]:
    try:
        return tuple(_Paths.validate_python(line.get("paths")))
    except ValidationError:
        return ()  # not what a run writes


def _is_whole(directory: Path, entry: PartEntry) -> bool:
    """Compare sizes, then hashes: a power cut can leave a name without all of its bytes."""
    path = directory / entry.path
    if not path.is_file() or path.stat().st_size != entry.size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
