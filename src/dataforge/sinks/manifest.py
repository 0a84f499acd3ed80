"""The manifest of a data set: which files there are, what they hold and their hashes.

It carries no time of day, so that the same schema and seed give the same bytes.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from dataforge.errors import UsageError
from dataforge.sinks.atomic import write_bytes

MANIFEST_NAME = "manifest.json"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _below(path: str) -> str:
    """Refuse a path that leads out of the data set: runs replace and remove what is listed."""
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
        msg = f"{path!r} leads out of the data set"
        raise ValueError(msg)
    return path


PartPath = Annotated[str, AfterValidator(_below)]


class PartEntry(_Entry):
    """A file below the data set's directory: ``rows`` rows from row number ``start``.

    ``sheet`` is theirs where a file holds more than one table.
    """

    path: PartPath
    start: int
    rows: int
    size_bytes: int
    sha256: str
    sheet: str | None = None


class TableEntry(_Entry):
    """A table's columns in file order, its parts in row order, and what the format lost.

    ``truth`` are the files that say in what a dirty table is not its clean twin.
    Partitioned by columns, parts of the same ``start`` share a range of rows, and ``order`` are
    Parquet files, one for each range: the column ``part`` says for each of its rows in which of
    the range's parts, counted from 0, it is the next.
    """

    name: str
    rows: int
    columns: tuple[str, ...]
    parts: tuple[PartEntry, ...]
    truth: tuple[PartEntry, ...] | None = None
    order: tuple[PartEntry, ...] | None = None
    losses: tuple[str, ...] = ()
    partition_by: tuple[str, ...] | None = None

    @property
    def files(self) -> tuple[PartEntry, ...]:
        """Every part of the table, of the truth about it and of its order."""
        return (*self.parts, *(self.truth or ()), *(self.order or ()))


class Manifest(_Entry):
    """Everything that was written, and by what.

    ``dialect`` is that of SQL files; ``defused`` says that text which a spreadsheet would run has
    an apostrophe before it.
    """

    format_version: Literal[1] = 1
    engine_version: str
    schema_hash: str
    seed: int
    format: str
    dialect: str | None = None
    compression: str | None = None
    defused: bool | None = None
    created_by: str
    tables: tuple[TableEntry, ...]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the content of ``manifest.json``."""
    return (manifest.model_dump_json(indent=2, exclude_none=True) + "\n").encode()


def write_manifest(manifest: Manifest, directory: Path) -> Path:
    """Write ``manifest.json`` into ``directory`` in one step; OutputError when it cannot be."""
    path = directory / MANIFEST_NAME
    write_bytes(path, manifest_bytes(manifest))
    return path


def read_manifest(directory: Path) -> Manifest:
    """Read ``manifest.json``; UsageError when there is none or it is not one."""
    path = directory / MANIFEST_NAME
    try:
        return parse_manifest(path.read_bytes(), str(path))
    except FileNotFoundError:
        msg = f"{path} does not exist → name a directory that `dataforge generate` finished"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise UsageError(msg) from error


def parse_manifest(content: bytes, place: str) -> Manifest:
    """Read a manifest's content; UsageError, which names ``place``, when it is not one."""
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        msg = f"{place} is not a manifest of format version 1: {error.errors()[0]['msg']}"
        raise UsageError(msg) from None
