"""A prefix of an object store: made ready for a run, left tidy however the run ends.

What ``directory`` does for a directory. Objects cannot be appended to, so the ledger is an object
for the run and one for each finished file; there is no lock, as two runs of one schema write the
same bytes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase as fnmatch
from pathlib import Path

from pydantic import ValidationError

from dataforge.errors import OutputError, UsageError
from dataforge.sinks.manifest import MANIFEST_NAME, PartEntry, parse_manifest
from dataforge.sinks.objects.place import ObjectPlace
from dataforge.workflows.directory import CERTIFICATE_NAME, CLEAN_NAME, DDL_NAME, SCHEMA_NAME
from dataforge.workflows.ledger import Finished, FinishedFile, run_paths

LEDGER_PREFIX = ".dataforge-ledger"
_RUN_NAME = f"{LEDGER_PREFIX}/run.json"


@dataclass(frozen=True, slots=True)
class ObjectLedger:
    """Which files of a run are finished."""

    place: ObjectPlace
    fingerprint: str

    def add(self, unit: str, entries: tuple[PartEntry, ...]) -> None:
        """Record a finished file."""
        line = FinishedFile(unit=unit, entries=entries)
        self.place.write_bytes(_line_name(unit), line.model_dump_json().encode())

    def start(self, paths: Iterable[str], finished: Finished) -> None:
        """Begin anew for a run that writes ``paths``, with files that are finished already."""
        run = {"fingerprint": self.fingerprint, "paths": list(paths)}
        self.place.write_bytes(_RUN_NAME, json.dumps(run).encode())
        for unit, entries in finished.items():
            self.add(unit, entries)

    def remove(self, names: Iterable[str]) -> None:
        """Remove what ``names`` has of the ledger."""
        self.place.delete([name for name in names if name.startswith(f"{LEDGER_PREFIX}/")])

    def finished(self, sizes: dict[str, int]) -> Finished:
        """Return the entries of finished files that are there with all of their bytes."""
        found: Finished = {}
        for name in sizes:
            if not name.startswith(f"{LEDGER_PREFIX}/") or name == _RUN_NAME:
                continue
            try:
                line = FinishedFile.model_validate_json(self.place.read_bytes(name) or b"")
            except ValidationError:
                continue
            if all(sizes.get(entry.path) == entry.size_bytes for entry in line.entries):
                found[line.unit] = line.entries
        return found

    def run(self) -> tuple[str, tuple[str, ...]]:
        """Return the fingerprint and the paths of the run whose ledger is there."""
        return run_paths(self.place.read_bytes(_RUN_NAME) or b"")


@contextmanager
def opened_bucket(
    ledger: ObjectLedger, paths: Iterable[str], *, resume: bool, overwrite: bool
) -> Iterator[Finished]:
    """Hold a prefix for a run that writes ``paths``; yield what is finished of it.

    OutputError where it has other content (unless ``overwrite``). A run that fails leaves the
    files it finished, for ``resume``, unless a changed request must follow (UsageError).
    """
    place, planned = ledger.place, tuple(paths)
    sizes = place.sizes()
    finished: Finished = {}
    if resume and ledger.run()[0] == ledger.fingerprint:
        finished = ledger.finished(sizes)
    elif sizes and not overwrite:
        _refuse(place, resume=resume)
    elif sizes:
        _clear(ledger, sizes)
    ledger.start(planned, finished)
    try:
        yield finished
    except UsageError:
        _clear(ledger, place.sizes())
        raise
    ledger.remove(place.sizes())


def _refuse(place: ObjectPlace, *, resume: bool) -> None:
    if resume:
        msg = (
            f"{place} holds no unfinished run of this schema, seed and format → leave out --resume "
            "and name an empty prefix, or replace what is there with --overwrite"
        )
    else:
        msg = (
            f"{place} is not empty → name another prefix, replace what is there with --overwrite, "
            "or take up an interrupted run with --resume"
        )
    raise OutputError(msg)


def _clear(ledger: ObjectLedger, sizes: dict[str, int]) -> None:
    """Remove what earlier runs wrote, and nothing else."""
    written = {MANIFEST_NAME, SCHEMA_NAME, DDL_NAME, CERTIFICATE_NAME, *ledger.run()[1]}
    content = ledger.place.read_bytes(MANIFEST_NAME)
    if content is not None:
        manifest = parse_manifest(content, f"{ledger.place}/{MANIFEST_NAME}")
        written |= {part.path for table in manifest.tables for part in table.files}
    if f"{CLEAN_NAME}/{MANIFEST_NAME}" in sizes:
        twin = ledger.place.below(CLEAN_NAME)
        _clear(ObjectLedger(twin, ""), twin.sizes())
    ledger.remove(sizes)
    matching = {name for name in sizes if any(fnmatch(name, path) for path in written)}
    ledger.place.delete(sorted(matching))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A directory of this machine with a data set's manifest and schema; parts come when asked."""

    place: ObjectPlace
    directory: Path

    def fetch(self, path: str) -> None:
        """Copy one file."""
        self.place.download(path, self.directory / path)

    def drop(self, path: str) -> None:
        """Remove the copy of one file."""
        (self.directory / path).unlink(missing_ok=True)


@contextmanager
def fetched(place: ObjectPlace) -> Iterator[Fetched]:
    """Copy manifest and schema into a temporary directory, which goes with the block.

    UsageError where there is no data set, or only an unfinished one.
    """
    with tempfile.TemporaryDirectory(prefix="dataforge-fetched-") as folder:
        here = Fetched(place, Path(folder))
        if place.read_bytes(MANIFEST_NAME) is None and ObjectLedger(place, "").run()[0]:
            msg = f"{place} holds an unfinished run → finish it by the same command with --resume"
            raise UsageError(msg)
        for name in (MANIFEST_NAME, SCHEMA_NAME):
            here.fetch(name)
        yield here


def _line_name(unit: str) -> str:
    return f"{LEDGER_PREFIX}/{hashlib.sha256(unit.encode()).hexdigest()[:32]}.json"
