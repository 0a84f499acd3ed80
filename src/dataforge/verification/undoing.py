"""Undoing dirt: dirty files and their truth become the clean rows that both promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dataforge.schema import Table, UuidType
from dataforge.schema.truth import OUT_OF_ORDER, TRUTH_TABLE
from dataforge.verification.cells import sql_type
from dataforge.verification.sources import CASTING, Source, open_source
from dataforge.verification.sql_text import any_of, ident, literal
from dataforge.verification.staging import READ_ERRORS, Files


@dataclass(frozen=True, slots=True)
class Undone:
    """What is known of a dirty table, as temporary relations under ``name``.

    ``dirty``: the values as written, with ``__row`` and whether one does not fit its column
    (``__unfit``). ``truth``: the truth table. ``rows``: for
    each row its clean row and whether it is a copy. ``clean``: the values with the truth undone,
    with ``__row``, ``__source`` and ``__copy``.
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    label: str | None
    row_count: int
    clean_count: int

    @property
    def dirty(self) -> str:
        """The relation of written values."""
        return f"{self.name}_dirty"

    @property
    def truth(self) -> str:
        """The relation of the truth."""
        return f"{self.name}_truth"

    @property
    def rows(self) -> str:
        """The relation of places."""
        return f"{self.name}_rows"

    @property
    def clean(self) -> str:
        """The relation of restored values."""
        return f"{self.name}_clean"

    def typed(self, column: str, text: str) -> str:
        """Return SQL for a truth's text as a value of a column."""
        return f"TRY_CAST({text} AS {sql_type(self.table.column(column).type)})"


def undo(
    connection: duckdb.DuckDBPyConnection, name: str, table: Table, dirty: Files, truth: Files
) -> Undone:
    """Read the written rows of the clean ``table`` and undo their dirt; raises ``READ_ERRORS``."""
    label = table.dirt_label if table.dirt_label in dirty.names else None
    columns = tuple(each for each in dirty.names if each != label)
    _load(connection, f"{name}_dirty", dirty)
    _load(connection, f"{name}_truth", truth)
    rows = _count(connection, f"{name}_dirty")
    copies = _count(connection, f'{name}_truth WHERE "duplicate_of" IS NOT NULL')
    undone = Undone(name, table, columns, label, rows, max(rows - copies, 0))
    connection.execute(_placing(undone))
    connection.execute(_restoring(undone))
    return undone


def export(connection: duckdb.DuckDBPyConnection, undone: Undone, path: Path) -> Files:
    """Write the restored rows in their order as a file that is checked like any other."""
    shown = (
        f"CAST({ident(name)} AS VARCHAR) AS {ident(name)}"
        if isinstance(undone.table.column(name).type, UuidType)
        else ident(name)
        for name in undone.columns
    )
    connection.execute(
        f"COPY (SELECT {', '.join(shown)} FROM {undone.clean} WHERE NOT __copy "
        f"ORDER BY __source) TO {literal(str(path))} (FORMAT parquet)"
    )
    return Files("parquet", undone.table, undone.columns, (path,))


def open_files(connection: duckdb.DuckDBPyConnection, files: Files, *, quick: bool) -> Source:
    """Open files as the relation of their rows."""
    return open_source(
        connection,
        files.kind,
        files.table,
        files.names,
        files.paths,
        quick=quick,
        defused=files.defused,
        order=files.order,
    )


def _load(connection: duckdb.DuckDBPyConnection, relation: str, files: Files) -> None:
    """Keep the typed values of files, each row with its number."""
    picked = ", ".join(map(ident, files.names))
    modes: Sequence[bool] = (True, False) if files.kind in CASTING else (True,)
    for quick in modes:
        try:
            source = open_files(connection, files, quick=quick)
            unfit = any_of([each.bad for each in source.cells if each.bad])
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {relation} AS "
                f"SELECT {picked}, __row, coalesce({unfit}, FALSE) AS __unfit "
                f"FROM ({source.typed(numbered=True)})"
            )
        except READ_ERRORS:
            if quick is modes[-1]:
                raise
        else:
            return


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _placing(undone: Undone) -> str:
    """Give each row its clean one: as the truth says, else the next that is left."""
    return f"""
        CREATE OR REPLACE TEMP TABLE {undone.rows} AS
        WITH stated AS (
            SELECT "row" AS __row, source_row AS __source, kinds <> '{OUT_OF_ORDER}' AS __copy
            FROM {undone.truth} WHERE "column" IS NULL
        ), rest AS (
            SELECT d.__row, row_number() OVER (ORDER BY d.__row) AS n
            FROM {undone.dirty} d ANTI JOIN stated s USING (__row)
        ), free AS (
            SELECT r.__source, row_number() OVER (ORDER BY r.__source) AS n
            FROM range({undone.clean_count}) r(__source)
            ANTI JOIN (SELECT __source FROM stated WHERE NOT __copy) s USING (__source)
        )
        SELECT __row, __source, FALSE AS __copy FROM rest JOIN free USING (n)
        UNION ALL SELECT __row, __source, __copy FROM stated
    """


def _restoring(undone: Undone) -> str:
    """Put clean values where the truth has some."""
    values, joins = [], []
    for number, name in enumerate(undone.columns):
        told = f"x{number}"
        clean = undone.typed(name, f"{told}.clean_value")
        values.append(
            f'CASE WHEN {told}."row" IS NULL THEN d.{ident(name)} ELSE {clean} END AS {ident(name)}'
        )
        joins.append(
            f'LEFT JOIN (SELECT "row", clean_value FROM {undone.truth} '
            f'WHERE "column" = {literal(name)}) {told} ON {told}."row" = d.__row'
        )
    return (
        f"CREATE OR REPLACE TEMP TABLE {undone.clean} AS "
        f"SELECT r.__row, r.__source, r.__copy, {', '.join(values)} "
        f"FROM {undone.rows} r JOIN {undone.dirty} d USING (__row) {' '.join(joins)}"
    )


TRUTH_COLUMNS = tuple(column.name for column in TRUTH_TABLE.columns)
