"""One pass over a table's files: every condition on rows, and the columns that others need.

All conditions of a table are one disjunction in that pass. Only where it is true of some row is
the table read again to count and show what each condition found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dataforge.schema import Table
from dataforge.verification.along import along_time
from dataforge.verification.beside import beside
from dataforge.verification.certificate import MAX_EXAMPLES, Check, Violation
from dataforge.verification.conditions import Condition, derived, not_null, rules
from dataforge.verification.interrupts import exhausted
from dataforge.verification.scope import Place, Question, RefusedError, ask, passed, verdict
from dataforge.verification.sources import (
    CASTING,
    DELIMITERS,
    FIELD_KINDS,
    Source,
    delimited_reader,
    json_lines_reader,
    open_source,
)
from dataforge.verification.sql_text import any_of, ident

READ_ERRORS = (duckdb.Error, pa.ArrowException, OSError, UnicodeDecodeError, RefusedError)


class DuckSession:
    """Questions to a DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Ask ``connection``."""
        self._connection = connection

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows that a query gives; VerificationError where memory or disk run out."""
        try:
            return self._connection.execute(sql).fetchall()
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise exhausted(error) from None
        except duckdb.Error as error:
            raise RefusedError(_first_line(error)) from None


@dataclass(frozen=True, slots=True)
class Files:
    """The parts of a table and the columns that they have.

    ``order`` is where the numbers are that their rows have in the table, if these are not in
    order; ``in_order`` is false where nothing says in which they are.
    """

    kind: str
    table: Table
    names: tuple[str, ...]
    paths: tuple[Path, ...]
    defused: bool = False
    order: Path | None = None
    in_order: bool = True


@dataclass(frozen=True, slots=True)
class Staged:
    """What the pass left behind: checks, and the table's place unless it could not be read."""

    checks: tuple[Check, ...]
    place: Place | None


def stage(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    relation: str,
    needed: Iterable[str],
    now: datetime,
) -> Staged:
    """Read the table's files once into the temporary table ``relation``."""
    kept = [name for name in files.names if name in set(needed)]
    fault = ""
    for quick in (True, False) if files.kind in CASTING else (True,):
        try:
            source = _open(connection, files, quick=quick)
            conditions, skipped = _evaluable(connection, source, files.table, now)
            count = _read(connection, source, relation, kept, conditions)
        except duckdb.OutOfMemoryException as error:
            raise exhausted(error) from None
        except READ_ERRORS as error:
            fault = _first_line(error)
        else:
            checks = [*_proven(connection, files.table, source, relation, conditions), *skipped]
            return Staged(tuple(checks), _place(files, relation, kept, count))
    return _without_conditions(connection, files, relation, kept, now, fault)


def _without_conditions(
    connection: duckdb.DuckDBPyConnection,
    files: Files,
    relation: str,
    kept: Sequence[str],
    now: datetime,
    fault: str,
) -> Staged:
    """Find out whether the files or a condition stopped the pass, and check what can be."""
    try:
        source = _open(connection, files, quick=False)
        count = _read(connection, source, relation, kept, ())
    except READ_ERRORS:
        return Staged((_unreadable(connection, files, fault),), None)
    conditions, skipped = _evaluable(connection, source, files.table, now)
    place = _place(files, relation, kept, count)
    made = [_alone(connection, files.table, source, each) for each in conditions]
    return Staged((*made, *skipped), place)


def _open(connection: duckdb.DuckDBPyConnection, files: Files, *, quick: bool) -> Source:
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


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    relation: str,
    kept: Sequence[str],
    conditions: Sequence[Condition],
) -> int:
    broken = any_of([*(c.broken for c in conditions)])
    picked = [*map(ident, kept), f"coalesce({broken}, FALSE) AS __broken"]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {relation} AS "
        f"SELECT {', '.join(picked)} FROM ({source.typed()})"
    )
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _place(files: Files, relation: str, kept: Sequence[str], count: int) -> Place:
    columns = {name: ident(name) for name in kept}
    return Place(
        files.table, relation, columns, ("rowid",), numbered=files.in_order, row_count=count
    )


def _evaluable(
    connection: duckdb.DuckDBPyConnection, source: Source, table: Table, now: datetime
) -> tuple[list[Condition], list[Check]]:
    """Return the conditions of a table, and a skipped check for each that DuckDB cannot bind."""
    conditions = [*_types(source, table), *not_null(table, source.names, source.stored_of)]
    skipped = []
    stated = (*rules(table, source.names, now), *derived(table, source.names, now))
    for each in (*stated, *along_time(table, source.names), *beside(table, source.names, now)):
        try:
            connection.execute(f"EXPLAIN SELECT {each.broken} FROM ({source.typed()})")
        except duckdb.Error as error:
            skipped.append(_not_bound(table, each, _first_line(error)))
        else:
            conditions.append(each)
    return conditions, skipped


def _types(source: Source, table: Table) -> list[Condition]:
    """Return a condition for each column, and one for malformed objects."""
    conditions = [
        Condition(
            "type",
            (name,),
            table.column(name).type.kind,
            each.bad or "FALSE",
            (source.stored_of(name),),
        )
        for name, each in zip(source.names, source.cells, strict=True)
    ]
    if source.extra:
        shown = ("array_to_string(json_keys(__json), ', ')",)
        text = "the members are the columns"
        conditions.append(Condition("columns", ("members",), text, source.extra, shown))
    return conditions


def _proven(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source,
    relation: str,
    conditions: Sequence[Condition],
) -> list[Check]:
    """Turn the pass into a check for each condition, reading again only where a row is broken."""
    session = DuckSession(connection)
    (some,) = session.rows(f"SELECT count(*) FROM {relation} WHERE __broken")[0]
    questions = [_question(table, source, each) for each in conditions]
    if not some:
        return [passed(question) for question in questions]
    counts = ", ".join(f"count(*) FILTER ({each.broken})" for each in conditions)
    found = session.rows(f"SELECT {counts} FROM ({source.typed()})")[0]
    return [
        verdict(session, question, int(str(count)))
        for question, count in zip(questions, found, strict=True)
    ]


def _question(table: Table, source: Source, condition: Condition) -> Question:
    numbered = f"({source.typed(numbered=True)})"
    place = Place(table, numbered, {}, ("__row",), numbered=True, row_count=0)
    return Question(
        condition.kind,
        place,
        condition.columns,
        condition.constraint,
        f"{numbered} t WHERE {condition.broken}",
        condition.shown,
    )


def _alone(
    connection: duckdb.DuckDBPyConnection, table: Table, source: Source, condition: Condition
) -> Check:
    """Check one condition; one whose evaluation fails for some row does not hold."""
    return ask(DuckSession(connection), _question(table, source, condition))


def _not_bound(table: Table, condition: Condition, reason: str) -> Check:
    return Check(
        kind=condition.kind,
        table=table.name,
        columns=condition.columns,
        constraint=condition.constraint,
        verdict="skipped",
        reason=f"cannot be evaluated: {reason}",
    )


def _unreadable(connection: duckdb.DuckDBPyConnection, files: Files, fault: str) -> Check:
    """Say where the files of a table are malformed."""
    examples: tuple[Violation, ...] = ()
    if files.kind in DELIMITERS:
        examples = _rejected_lines(connection, files)
    elif files.kind == "jsonl":
        examples = _broken_objects(connection, files)
    return Check(
        kind="format",
        table=files.table.name,
        constraint="sql" if files.kind in FIELD_KINDS else files.kind,
        verdict="failed",
        violations=max(1, len(examples)),
        examples=examples,
        reason="" if examples else fault,
    )


def _rejected_lines(connection: duckdb.DuckDBPyConnection, files: Files) -> tuple[Violation, ...]:
    """Let DuckDB name the lines that have too few or too many fields or a broken quote."""
    reader = delimited_reader(
        DELIMITERS[files.kind], ["VARCHAR"] * len(files.names), files.paths, ", store_rejects=true"
    )
    try:
        connection.execute(f"SELECT count(COLUMNS(*)) FROM {reader}").fetchall()
        rows = connection.execute(
            "SELECT s.file_path, e.line, lower(e.error_type) FROM reject_errors e "
            "JOIN reject_scans s USING (scan_id, file_id) ORDER BY s.file_path, e.line "
            f"LIMIT {MAX_EXAMPLES}"
        ).fetchall()
    except duckdb.Error:
        return ()
    return tuple(
        Violation(key=f"{Path(str(path)).name}, line {line}", found=str(what))
        for path, line, what in rows
    )


def _broken_objects(connection: duckdb.DuckDBPyConnection, files: Files) -> tuple[Violation, ...]:
    """Name the lines that are no JSON."""
    numbered = f"SELECT row_number() OVER () - 1 AS n, json FROM {json_lines_reader(files.paths)}"
    try:
        rows = connection.execute(
            f"SELECT n FROM ({numbered}) WHERE NOT json_valid(json) ORDER BY n LIMIT {MAX_EXAMPLES}"
        ).fetchall()
    except duckdb.Error:
        return ()
    return tuple(Violation(row=int(row), found="no JSON object") for (row,) in rows)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
