"""The files of a data set against its manifest: there, whole, unchanged, with the right columns."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataforge.errors import UsageError
from dataforge.schema import Table
from dataforge.sinks.manifest import PartEntry, TableEntry
from dataforge.verification.certificate import Check, Violation
from dataforge.verification.sources import DELIMITERS, JSON_LAYOUTS
from dataforge.verification.statements.spool import SqlFiles
from dataforge.verification.workbooks import header_of

_NO_FILE = "there is no such file"


class FileHashes:
    """Hashes files in a thread while the checks run; ``hashlib`` works outside Python's lock."""

    def __init__(self, directory: Path, pool: ThreadPoolExecutor) -> None:
        """Hash files below ``directory`` in ``pool``."""
        self._directory = directory
        self._pool = pool
        self._found: dict[str, Future[tuple[int, str] | str]] = {}

    def start(self, parts: Iterable[PartEntry]) -> None:
        """Queue the parts' files."""
        for part in parts:
            self._found[part.path] = self._pool.submit(_digest, self._directory / part.path)

    def check(self, entry: TableEntry) -> tuple[list[Check], list[str]]:
        """Return a check for each part of a table, and the hashes that were found."""
        checks, hashes = [], []
        for part in entry.files:
            found = self._found[part.path].result()
            fault = found if isinstance(found, str) else _difference(part, *found)
            checks.append(_file_check(entry, part, fault))
            hashes.append("" if isinstance(found, str) else found[1])
        return checks, hashes


def readable_parts(directory: Path, entry: TableEntry) -> bool:
    """Whether every part of the table, and of its truth, is a file that can be opened."""
    return all(_opens(directory / part.path) for part in entry.files)


def column_checks(
    directory: Path, kind: str, table: Table, entry: TableEntry, statements: SqlFiles | None = None
) -> tuple[list[Check], list[str] | None]:
    """Compare the columns of the schema, the manifest and each file.

    ``statements`` are what the files of a data set in SQL hold.
    Returns the checks and the order in which the files have the columns, or None where the files
    do not agree or cannot be read. Objects of JSON files are compared row by row later.
    """
    wanted = {column.name for column in table.columns if not column.generated}
    optional = {column.name for column in table.columns if column.generated}
    faults = [("manifest.json", fault) for fault in _set_faults(entry.columns, wanted, optional)]
    orders: list[list[str]] = []
    formats: list[tuple[str, str]] = []
    for part in entry.parts:
        try:
            path = directory / part.path
            names = (
                _columns_of(kind, path, part.sheet, entry.columns)
                if statements is None
                else statements.columns(path, table, entry.columns)
            )
        except (OSError, UsageError, pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
            formats.append((part.path, _short(error)))
            continue
        orders.append(names)
        faults += [(part.path, fault) for fault in _set_faults(names, wanted, optional)]
        if sorted(names) == sorted(entry.columns) and tuple(names) != entry.columns:
            faults.append((part.path, f"order {', '.join(names)}"))
    text = "as in the schema, in the manifest's order"
    checks = [_found_check("columns", table.name, text, faults)]
    if formats:
        checks.append(_found_check("format", table.name, kind, formats))
    known = set(table.columns_by_name)
    usable = not formats and orders and all(order == orders[0] for order in orders)
    fits = usable and set(orders[0]) <= known and len(set(orders[0])) == len(orders[0])
    return checks, orders[0] if fits else None


def _columns_of(kind: str, path: Path, sheet: str | None, expected: Sequence[str]) -> list[str]:
    if kind in DELIMITERS:
        unpacked = pa.input_stream(str(path), compression="detect")
        with io.TextIOWrapper(unpacked, encoding="utf-8", newline="") as file:
            return next(csv.reader(file, delimiter=DELIMITERS[kind]), [])
    if kind in JSON_LAYOUTS:
        return list(expected)
    if kind == "xlsx":
        return header_of(path, sheet)
    if kind == "arrow":
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            return list(reader.schema.names)
    return list(pq.read_schema(path).names)


def _set_faults(names: Sequence[str], wanted: set[str], optional: set[str]) -> list[str]:
    missing = sorted(wanted - set(names))
    extra = sorted(set(names) - wanted - optional)
    twice = sorted({name for name in names if list(names).count(name) > 1})
    told = (("missing", missing), ("not in the schema", extra), ("twice", twice))
    return [f"{what}: {', '.join(which)}" for what, which in told if which]


def _found_check(
    kind: str, table: str, constraint: str, faults: Sequence[tuple[str, str]]
) -> Check:
    examples = tuple(Violation(key=place, found=fault[:200]) for place, fault in faults[:5])
    return Check.model_validate(
        {
            "kind": kind,
            "table": table,
            "constraint": constraint,
            "verdict": "failed" if faults else "passed",
            "violations": len(faults),
            "examples": examples,
        }
    )


def _file_check(entry: TableEntry, part: PartEntry, fault: str) -> Check:
    return Check(
        kind="file",
        table=entry.name,
        constraint=part.path,
        verdict="failed" if fault else "passed",
        violations=int(bool(fault)),
        examples=(Violation(key=part.path, found=fault),) if fault else (),
    )


def _difference(part: PartEntry, size_bytes: int, sha256: str) -> str:
    if size_bytes != part.size_bytes:
        return f"{size_bytes:,} bytes where the manifest has {part.size_bytes:,}"
    return "" if sha256 == part.sha256 else f"sha256 {sha256} is not the manifest's"


def _digest(path: Path) -> tuple[int, str] | str:
    try:
        with path.open("rb") as file:
            return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return _NO_FILE
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _opens(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())
