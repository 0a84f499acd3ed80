"""The directory of a data set: made ready for a run, left tidy however the run ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dataforge.errors import OutputError, UsageError
from dataforge.sinks.atomic import output_error
from dataforge.sinks.layout import ORDER_FOLDER
from dataforge.sinks.manifest import MANIFEST_NAME, read_manifest
from dataforge.workflows.ledger import Finished, Ledger
from dataforge.workflows.lock import LOCK_NAME, locked

SCHEMA_NAME = "schema.yaml"
DDL_NAME = "ddl.sql"
CERTIFICATE_NAME = "certificate.json"
DATA_NAME = "data"
TRUTH_NAME = "truth"
CLEAN_NAME = "clean"


@contextmanager
def opened(
    ledger: Ledger, paths: Sequence[str], *, resume: bool, overwrite: bool
) -> Iterator[Finished]:
    """Hold the ledger's directory for a run that writes ``paths``; yield what is finished of it.

    OutputError where another run holds the directory, where it has other content (unless
    ``overwrite``) or where it cannot be written. A run that fails leaves the parts it finished,
    for ``resume`` to take up, unless a changed request must follow (UsageError): then, and where
    there is no finished part, it leaves nothing. In an empty directory ``resume`` makes all parts.
    """
    out = ledger.directory
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error
    with locked(out):
        finished = _ready(ledger, resume=resume, overwrite=overwrite)
        ledger.start(paths, finished)
        try:
            yield finished
        except BaseException as failure:
            _tidy(ledger, paths, wanted=not isinstance(failure, UsageError))
            raise
        ledger.remove()


def refuse_unfinished(out: Path) -> None:
    """UsageError where a run into ``out`` was stopped before its end."""
    if Ledger(out, "").path.is_file() and not (out / MANIFEST_NAME).exists():
        msg = f"{out} holds an unfinished run → finish it by the same command with --resume"
        raise UsageError(msg)


def _ready(ledger: Ledger, *, resume: bool, overwrite: bool) -> Finished:
    out = ledger.directory
    try:
        occupied = any(each.name != LOCK_NAME for each in out.iterdir())
    except OSError as error:
        raise output_error(out, error) from error
    if resume and ledger.matches():
        return ledger.finished()
    if occupied and not overwrite:
        _refuse(out, resume=resume)
    if occupied:
        clear(out)
    return {}


def _refuse(out: Path, *, resume: bool) -> None:
    if resume:
        msg = (
            f"{out} holds no unfinished run of this schema, seed and format → leave out --resume "
            "and name an empty directory, or replace what is there with --overwrite"
        )
    else:
        msg = (
            f"{out} is not empty → name another directory, replace what is there with "
            "--overwrite, or take up an interrupted run with --resume"
        )
    raise OutputError(msg)


def clear(out: Path) -> None:
    """Remove what earlier runs wrote, and nothing else."""
    written: list[str] = []
    if (out / MANIFEST_NAME).exists():
        written.extend(part.path for t in read_manifest(out).tables for part in t.files)
    written.extend(Ledger(out, "").planned())
    for name in (MANIFEST_NAME, SCHEMA_NAME, DDL_NAME, CERTIFICATE_NAME):
        _remove(out / name)
    found = [path for each in written for path in _matching(out, each)]
    for path in found:
        _remove(path)
    if (out / CLEAN_NAME).is_dir():
        clear(out / CLEAN_NAME)
    folders = (out / DATA_NAME, out / TRUTH_NAME, out / ORDER_FOLDER)
    for partial in (*out.glob(".*.partial"), *(p for f in folders for p in f.rglob(".*.partial"))):
        _remove(partial)
    emptied = [path.relative_to(out).as_posix() for path in found]
    _remove_emptied(out, [*emptied, f"{CLEAN_NAME}/{MANIFEST_NAME}"])


def _tidy(ledger: Ledger, paths: Sequence[str], *, wanted: bool) -> None:
    """Remove the hidden files of workers that were stopped, and a run that nobody can take up."""
    out = ledger.directory
    folders = {folder for path in paths for folder in _matching(out, str(Path(path).parent))}
    for partial in (each for folder in folders for each in folder.glob(".*.partial")):
        partial.unlink(missing_ok=True)
    found = [each for path in paths for each in _matching(out, path)]
    if not wanted or not ledger.has_finished():
        for each in found:
            each.unlink(missing_ok=True)
        ledger.remove()
    _remove_emptied(out, [*paths, *(each.relative_to(out).as_posix() for each in found)])


def _matching(out: Path, path: str) -> list[Path]:
    """Return the place of a path, or those that are there where it has ``*`` for folders."""
    return sorted(out.glob(path)) if "*" in path else [out / path]


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def _remove_emptied(out: Path, paths: Iterable[str]) -> None:
    folders = {folder for path in paths for folder in Path(path).parents} - {Path()}
    for folder in sorted(folders, key=lambda each: -len(each.parts)):
        place = out / folder
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
