"""Proving a data set directory: manifest, schema, every file, every constraint."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

from dataforge.errors import Problem, VerificationError
from dataforge.schema import Schema, Table, dirtied, normalize
from dataforge.schema.serialize import read_schema, schema_hash
from dataforge.schema.truth import TRUTH_TABLE
from dataforge.sinks.manifest import (
    MANIFEST_NAME,
    Manifest,
    PartEntry,
    TableEntry,
    read_manifest,
)
from dataforge.verification.certificate import (
    Certificate,
    Check,
    TableProof,
    Violation,
    joined_hash,
)
from dataforge.verification.dirty_tables import DirtyFiles, orphan_checks, stage_dirty
from dataforge.verification.files import FileHashes, column_checks, readable_parts
from dataforge.verification.interrupts import interruptible
from dataforge.verification.needs import needed_columns
from dataforge.verification.orders import order_check, row_numbers
from dataforge.verification.proofs import between_tables
from dataforge.verification.scope import Place, Scope
from dataforge.verification.sources import DELIMITERS, FORMATS, JSON_LAYOUTS, open_source
from dataforge.verification.staging import READ_ERRORS, DuckSession, Files, Staged, stage
from dataforge.verification.statements.malformed import MalformedError
from dataforge.verification.statements.spool import SqlFiles
from dataforge.verification.undoing import TRUTH_COLUMNS, Undone
from dataforge.verification.workbooks import sheet_as_parquet

SCHEMA_NAME = "schema.yaml"
CLEAN_NAME = "clean"
MEMORY_SHARE = "60%"
Progress = Callable[[str, int, int], None]


def prove_directory(
    directory: Path, on_progress: Progress | None = None, memory_limit: str = MEMORY_SHARE
) -> Certificate:
    """Read everything that was written to ``directory`` back and check it against its schema.

    ``on_progress`` gets the table just read, the rows read so far and the rows in all.
    ``memory_limit`` is DuckDB's; beyond it a temporary directory is used. Raises UsageError where
    there is no data set, VerificationError for one that cannot be proven from its files.
    """
    manifest = read_manifest(directory)
    schema = read_schema(directory / SCHEMA_NAME)
    _refuse(manifest)
    with (
        interruptible(),
        tempfile.TemporaryDirectory(prefix="dataforge-verify-") as spill,
        duckdb.connect() as connection,
        ThreadPoolExecutor(1) as pool,
    ):
        connection.execute(f"SET memory_limit = '{memory_limit}'")
        connection.execute("SET temp_directory = ?", [spill])
        connection.execute("SET TimeZone = 'UTC'")
        hashes = FileHashes(directory, pool)
        hashes.start(part for entry in manifest.tables for part in entry.files)
        run = _Run(directory, manifest, schema, connection, hashes, Path(spill), on_progress)
        return run.certificate()


def _refuse(manifest: Manifest) -> None:
    """Stop at what no check could make sense of."""
    if manifest.format not in FORMATS:
        problem = Problem(
            "manifest.json: format",
            f"{manifest.format!r} files cannot be read back",
            f"generate in one of {', '.join(FORMATS)}",
        )
        raise VerificationError("the data set cannot be verified from its files:", (problem,))


class _Run:
    """One proof, from the first file to the certificate."""

    def __init__(
        self,
        directory: Path,
        manifest: Manifest,
        schema: Schema,
        connection: duckdb.DuckDBPyConnection,
        hashes: FileHashes,
        spill: Path,
        on_progress: Progress | None,
    ) -> None:
        self._directory = directory
        self._manifest = manifest
        self._schema = schema
        self._connection = connection
        self._hashes = hashes
        self._spill = spill
        self._on_progress = on_progress
        self._total = sum(entry.rows for entry in manifest.tables)
        self._done = 0
        self._entries = {entry.name: entry for entry in manifest.tables}
        self._written = dirtied(normalize(schema)).tables_by_name
        self._undone: dict[str, Undone] = {}
        self._statements = (
            SqlFiles.of(manifest, schema, spill / "fields") if manifest.format == "sql" else None
        )

    def certificate(self) -> Certificate:
        staged = {}
        needed = needed_columns(self._schema)
        for number, table in enumerate(self._schema.tables):
            if entry := self._entries.get(table.name):
                staged[table.name] = self._stage(table, entry, f"t{number}", needed[table.name])
        places = {name: each.place for name, each in staged.items() if each.place}
        scope = Scope(self._schema, places, DuckSession(self._connection))
        related = between_tables(scope, in_order=True)
        checks = [self._schema_check()]
        proofs = []
        for name, each in staged.items():
            files, hashes = self._hashes.check(self._entries[name])
            checks += [*files, *each.checks, *related.get(name, ())]
            if name in self._undone:
                checks += orphan_checks(self._connection, self._undone[name], places)
            proofs.append(TableProof(name=name, rows=_rows(each.place), sha256=joined_hash(hashes)))
        return Certificate.of(self._manifest.schema_hash, self._manifest.seed, proofs, checks)

    def _schema_check(self) -> Check:
        """Compare what the manifest says of the schema with the schema that lies beside it."""
        manifest, schema = self._manifest, self._schema
        known, written = set(schema.tables_by_name), set(self._entries)
        faults = [
            *([] if schema_hash(schema) == manifest.schema_hash else ["another schema_hash"]),
            *([] if schema.seed == manifest.seed else ["another seed"]),
            *(f"table {name} was not written" for name in sorted(known - written)),
            *(f"table {name} is not in the schema" for name in sorted(written - known)),
        ]
        return Check(
            kind="schema",
            constraint="manifest.json is of schema.yaml",
            verdict="failed" if faults else "passed",
            violations=len(faults),
            examples=tuple(Violation(key=SCHEMA_NAME, found=fault[:80]) for fault in faults[:5]),
        )

    def _stage(self, table: Table, entry: TableEntry, relation: str, needed: set[str]) -> Staged:
        staged = self._read(table, entry, relation, needed)
        if self._statements is not None:
            self._statements.clear()
        self._done += entry.rows
        if self._on_progress:
            self._on_progress(table.name, self._done, self._total)
        return staged

    def _read(self, table: Table, entry: TableEntry, relation: str, needed: set[str]) -> Staged:
        if not readable_parts(self._directory, entry):
            return Staged((_unread(table, "a file is missing"),), None)
        kind = self._manifest.format
        clean, table = table, self._written[table.name]
        checks, names = column_checks(self._directory, kind, table, entry, self._statements)
        if names is None:
            return Staged((*checks, _unread(table, "the files do not have its columns")), None)
        paths, malformed = self._paths(entry, table, names)
        if malformed:
            return Staged((*checks, _malformed(table, malformed)), None)
        files = Files(
            kind if self._statements is None else self._statements.kind,
            table,
            tuple(names),
            paths,
            defused=bool(self._manifest.defused),
            order=row_numbers(self._directory, entry, self._spill / f"{relation}-order.parquet"),
        )
        files = replace(files, in_order=_in_order(files, entry))
        if entry.order:
            checks = [*checks, order_check(self._directory, entry)]
        if entry.truth is not None:
            made = self._dirty(clean, files, entry, relation, needed)
            return replace(made, checks=(*checks, *made.checks))
        files = replace(files, table=clean)
        staged = stage(self._connection, files, relation, needed, self._schema.now)
        counts = list(self._count_checks(files, entry, staged.place)) if staged.place else []
        return Staged((*checks, *counts, *staged.checks), staged.place)

    def _dirty(
        self, table: Table, dirty: Files, entry: TableEntry, relation: str, needed: set[str]
    ) -> Staged:
        """Undo the dirt of a table by its truth and stage what is left."""
        try:
            twin = self._twin(table, dirty.names, relation)
        except MalformedError as error:
            place = Violation(key=f"{CLEAN_NAME}, line {error.line:,}", found=error.found)
            return Staged((_malformed(table, [place]),), None)
        found = DirtyFiles(table, dirty, self._truth(entry), twin)
        now = self._schema.now
        made = stage_dirty(self._connection, found, relation, needed, now, self._spill)
        if made.undone is None or made.staged.place is None:
            return made.staged
        self._undone[table.name] = made.undone
        excess = made.undone.row_count - entry.rows
        counts = [_count_check(table.name, f"{entry.rows:,} in the manifest", excess, [])]
        if table.rows is not None:
            excess = made.staged.place.row_count - table.rows
            counts.append(_count_check(table.name, f"{table.rows:,} in the schema", excess, []))
        return Staged((*counts, *made.staged.checks), made.staged.place)

    def _truth(self, entry: TableEntry) -> Files:
        paths = tuple(self._directory / part.path for part in entry.truth or ())
        kind = self._manifest.format
        if kind not in {*DELIMITERS, *JSON_LAYOUTS, "arrow"}:
            kind = "parquet"
        return Files(kind, TRUTH_TABLE, TRUTH_COLUMNS, paths, bool(self._manifest.defused))

    def _twin(self, table: Table, names: Sequence[str], relation: str) -> Files | None:
        """Return the files of the clean twin where it was written, in the columns' order."""
        folder = self._directory / CLEAN_NAME
        if not (folder / MANIFEST_NAME).exists():
            return None
        twin = read_manifest(folder)
        entry = next((each for each in twin.tables if each.name == table.name), None)
        if entry is None or not readable_parts(folder, entry):
            return None
        columns = tuple(name for name in names if name in table.columns_by_name)
        paths = tuple(self._path(folder / part.path, part, table, columns) for part in entry.parts)
        kind = twin.format if self._statements is None else self._statements.kind
        order = row_numbers(folder, entry, self._spill / f"{relation}-twin-order.parquet")
        return Files(kind, table, columns, paths, bool(twin.defused), order)

    def _paths(
        self, entry: TableEntry, table: Table, names: Sequence[str]
    ) -> tuple[tuple[Path, ...], list[Violation]]:
        """Return the files to read, and where those of SQL are not what the table's should be."""
        paths, malformed = [], []
        workers = 1 if self._statements is None else os.cpu_count()
        with ThreadPoolExecutor(workers) as pool:
            waiting = [
                pool.submit(self._path, self._directory / part.path, part, table, names)
                for part in entry.parts
            ]
        for part, made in zip(entry.parts, waiting, strict=True):
            try:
                paths.append(made.result())
            except MalformedError as error:
                place = f"{part.path}, line {error.line:,}"
                malformed.append(Violation(key=place, found=error.found))
        return tuple(paths), malformed

    def _path(self, path: Path, part: PartEntry, table: Table, names: Sequence[str]) -> Path:
        """Return the file to read: rows of sheets and statements are put into one for DuckDB."""
        if self._statements is not None:
            return self._statements.spooled(path, table, names)
        return (
            path if part.sheet is None else sheet_as_parquet(path, part.sheet, table, self._spill)
        )

    def _count_checks(self, files: Files, entry: TableEntry, place: Place) -> Iterator[Check]:
        """Compare the rows with the manifest's count and, where it has one, the schema's."""
        found = place.row_count
        wrong = []
        if found != entry.rows:
            wrong = [Violation(key=path, found=text) for path, text in self._parts(files, entry)]
        yield _count_check(entry.name, f"{entry.rows:,} in the manifest", found - entry.rows, wrong)
        if files.table.rows is not None:
            text = f"{files.table.rows:,} in the schema"
            yield _count_check(entry.name, text, found - files.table.rows, [])

    def _parts(self, files: Files, entry: TableEntry) -> Iterator[tuple[str, str]]:
        for part, path in zip(entry.parts, files.paths, strict=True):
            try:
                source = open_source(
                    self._connection, files.kind, files.table, files.names, [path], quick=False
                )
                row = self._connection.execute(f"SELECT count(*) FROM ({source.raw})").fetchone()
            except READ_ERRORS:
                continue
            if row and row[0] != part.rows:
                yield part.path, f"{row[0]:,} rows where the manifest has {part.rows:,}"


def _in_order(files: Files, entry: TableEntry) -> bool:
    """Whether the rows are read in the order that they have in the table."""
    return not entry.partition_by or files.order is not None or len(entry.parts) <= 1


def _rows(place: Place | None) -> int:
    return place.row_count if place else 0


def _count_check(table: str, text: str, excess: int, examples: list[Violation]) -> Check:
    return Check(
        kind="rows",
        table=table,
        constraint=text,
        verdict="failed" if excess else "passed",
        violations=abs(excess),
        examples=tuple(examples[:5]),
        reason=f"{abs(excess):,} rows too {'many' if excess > 0 else 'few'}" if excess else "",
    )


def _malformed(table: Table, places: Sequence[Violation]) -> Check:
    return Check(
        kind="format",
        table=table.name,
        constraint="sql",
        verdict="failed",
        violations=len(places),
        examples=tuple(places[:5]),
        reason="rows of literals alone are read, nothing is executed",
    )


def _unread(table: Table, reason: str) -> Check:
    return Check(
        kind="format",
        table=table.name,
        constraint="every constraint of the table",
        verdict="skipped",
        reason=reason,
    )
