"""A dirty table: its truth is proven, undone, and what is left is checked like any other table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dataforge.schema import OrphanDirt, Table
from dataforge.schema.dirt_targets import dirty_columns, reference_of
from dataforge.verification.certificate import Check
from dataforge.verification.dirt import orphan_check, restored_path, truth_checks, twin_check
from dataforge.verification.dirt_rates import rate_checks
from dataforge.verification.scope import Place
from dataforge.verification.staging import READ_ERRORS, DuckSession, Files, Staged, stage
from dataforge.verification.undoing import Undone, export, open_files, undo


@dataclass(frozen=True, slots=True)
class DirtyFiles:
    """The written files of the clean ``table``: dirty rows, truth, and the twin if it is there."""

    table: Table
    dirty: Files
    truth: Files
    twin: Files | None


@dataclass(frozen=True, slots=True)
class DirtyStaged:
    """The restored rows as they were staged, and what the truth says of them."""

    staged: Staged
    undone: Undone | None


def stage_dirty(
    connection: duckdb.DuckDBPyConnection,
    files: DirtyFiles,
    relation: str,
    needed: Iterable[str],
    now: datetime,
    spill: Path,
) -> DirtyStaged:
    """Prove the truth of a dirty table, and stage its rows without their dirt as ``relation``."""
    session = DuckSession(connection)
    name = files.table.name
    try:
        undone = undo(connection, relation, files.table, files.dirty, files.truth)
        restored = export(connection, undone, restored_path(spill, relation))
        twin = None if files.twin is None else open_files(connection, files.twin, quick=False)
        checks = [
            *truth_checks(session, undone),
            *rate_checks(session, undone, now),
            twin_check(session, undone, twin),
        ]
    except READ_ERRORS as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        text = "dirty rows and truth can be read"
        check = Check(
            kind="dirt", table=name, constraint=text, verdict="failed", violations=1, reason=reason
        )
        return DirtyStaged(Staged((check,), None), None)
    for made in (undone.dirty, undone.rows, undone.clean):
        connection.execute(f"DROP TABLE {made}")
    staged = stage(connection, restored, relation, needed, now)
    return DirtyStaged(Staged((*checks, *staged.checks), staged.place), undone)


def orphan_checks(
    connection: duckdb.DuckDBPyConnection, undone: Undone, places: Mapping[str, Place]
) -> Iterator[Check]:
    """Yield a check for each foreign key that was given orphans."""
    table = undone.table
    columns = {
        column
        for spec in table.dirt
        if isinstance(spec, OrphanDirt)
        for column in dirty_columns(table, spec)
    }
    for column in sorted(columns):
        reference = table.foreign_keys[reference_of(table, column)]
        place = places.get(reference.parent)
        if place is not None and place.has(reference.parent_columns):
            key = place.columns[reference.parent_columns[0]]
            yield orphan_check(DuckSession(connection), undone, column, place.relation, key)
