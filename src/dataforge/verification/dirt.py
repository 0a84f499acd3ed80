"""Dirt against its truth table: everything that differs is listed, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from dataforge.schema.dirt_targets import dirty_columns
from dataforge.schema.truth import DUPLICATE, KIND_SEPARATOR, NEAR_DUPLICATE, OUT_OF_ORDER
from dataforge.verification.certificate import MAX_EXAMPLES, Check, Violation
from dataforge.verification.scope import Session
from dataforge.verification.sources import Source
from dataforge.verification.sql_text import all_of, any_of, ident, literal
from dataforge.verification.undoing import Undone

_ROW_KINDS = (DUPLICATE, NEAR_DUPLICATE, OUT_OF_ORDER)
_NEAR_KINDS = ("typo", "case", "whitespace")


def truth_checks(session: Session, undone: Undone) -> Iterator[Check]:
    """Yield the checks of a table's truth that need no other table."""
    yield _found(session, undone, "dirty values fit the columns that are left to them", _unfit)
    yield _found(session, undone, "the truth names places of the table, each once", _misplaced)
    yield _found(session, undone, "every dirty value is the one in the truth", _not_as_told)
    yield _found(session, undone, "what the truth lists differs from the clean twin", _no_change)
    yield _found(session, undone, "every clean row is there, once", _rows_amiss)
    yield _found(session, undone, "duplicates are rows that are there", _copies_amiss)
    yield _found(session, undone, "duplicates are exact or near as they are called", _miscalled)
    yield _found(session, undone, "rows out of order are those listed", _disorder)
    if undone.label is not None:
        yield _found(session, undone, f"{undone.label} labels the dirty rows", _mislabelled)


def twin_check(session: Session, undone: Undone, twin: Source | None) -> Check:
    """Compare the restored rows with the clean twin, cell for cell, where it was written."""
    text = "dirty rows and truth are the clean twin"
    if twin is None:
        return Check(
            kind="dirt",
            table=undone.table.name,
            constraint=text,
            verdict="skipped",
            reason="there is no clean twin → generate with --clean-twin",
        )
    differs = any_of(f"t.{ident(name)} IS DISTINCT FROM c.{ident(name)}" for name in undone.columns)
    query = (
        f"SELECT coalesce(c.__row, t.__row) AS __row, '' AS __column "
        f"FROM (SELECT * FROM {undone.clean} WHERE NOT __copy) c "
        f"FULL JOIN ({twin.typed(numbered=True)}) t ON t.__row = c.__source "
        f"WHERE c.__source IS NULL OR t.__row IS NULL OR {differs}"
    )
    return _check(session, undone, text, query)


def orphan_check(
    session: Session, undone: Undone, column: str, parent: str, parent_column: str
) -> Check:
    """Look for orphans that have a parent after all."""
    value = undone.typed(column, "t.dirty_value")
    query = (
        f'SELECT t."row" AS __row, t."column" AS __column FROM {undone.truth} t '
        f"WHERE t.\"column\" = {literal(column)} AND t.kinds = 'orphan' "
        f"AND {value} IN (SELECT {parent_column} FROM {parent})"
    )
    return _check(session, undone, f"orphans of {column} have no parent", query)


def _found(session: Session, undone: Undone, text: str, query: Callable[[Undone], str]) -> Check:
    return _check(session, undone, text, query(undone))


def _check(session: Session, undone: Undone, text: str, query: str) -> Check:
    """Make a check of a query for the rows (``__row``, ``__column``) where it does not hold."""
    (count,) = session.rows(f"SELECT count(*) FROM ({query})")[0]
    violations = int(str(count))
    examples: list[Violation] = []
    if violations:
        rows = session.rows(f"SELECT * FROM ({query}) ORDER BY ALL LIMIT {MAX_EXAMPLES}")
        examples = [
            Violation(row=None if row is None else int(str(row)), column=str(column or ""))
            for row, column in rows
        ]
    return Check(
        kind="dirt",
        table=undone.table.name,
        constraint=text,
        verdict="failed" if violations else "passed",
        violations=violations,
        examples=tuple(examples),
    )


def _unfit(undone: Undone) -> str:
    return (
        f"SELECT __row, '' AS __column FROM {undone.dirty} WHERE __unfit "
        f"UNION ALL SELECT \"row\", 'truth' FROM {undone.truth} WHERE __unfit"
    )


def _misplaced(undone: Undone) -> str:
    known = ", ".join(map(literal, undone.columns))
    kinds = {spec.kind for spec in undone.table.dirt if dirty_columns(undone.table, spec)}
    cell_kinds = ", ".join(map(literal, sorted(kinds | set(_NEAR_KINDS))))
    row_kinds = ", ".join(map(literal, _ROW_KINDS))
    wrong = any_of(
        (
            f't."row" NOT BETWEEN 0 AND {undone.row_count - 1}',
            f"t.source_row NOT BETWEEN 0 AND {undone.clean_count - 1}",
            f't."column" IS NULL AND t.kinds NOT IN ({row_kinds})',
            f't."column" IS NOT NULL AND t."column" NOT IN ({known})',
            (
                't."column" IS NOT NULL AND NOT list_has_all('
                f"[{cell_kinds}], string_split(t.kinds, '{KIND_SEPARATOR}'))"
            ),
            "r.__source IS DISTINCT FROM t.source_row",
            (
                f"(t.kinds IN ('{DUPLICATE}', '{NEAR_DUPLICATE}') AND t.\"column\" IS NULL) "
                "IS DISTINCT FROM (t.duplicate_of IS NOT NULL)"
            ),
            "t.duplicate_of <> t.source_row",
            'count(*) OVER (PARTITION BY t."row", t."column") > 1',
        )
    )
    return (
        f'SELECT __row, __column FROM (SELECT t."row" AS __row, t."column" AS __column, '
        f"({wrong}) AS wrong FROM {undone.truth} t "
        f'LEFT JOIN {undone.rows} r ON r.__row = t."row") WHERE wrong'
    )


def _not_as_told(undone: Undone) -> str:
    parts = [
        f'SELECT t."row" AS __row, t."column" AS __column FROM {undone.truth} t '
        f'JOIN {undone.dirty} d ON d.__row = t."row" WHERE t."column" = {literal(name)} '
        f"AND (d.{ident(name)} IS DISTINCT FROM {undone.typed(name, 't.dirty_value')} "
        f"OR (d.{ident(name)} IS NULL) <> (t.dirty_value IS NULL))"
        for name in undone.columns
    ]
    return " UNION ALL ".join(parts)


def _no_change(undone: Undone) -> str:
    return (
        f'SELECT "row" AS __row, "column" AS __column FROM {undone.truth} '
        'WHERE "column" IS NOT NULL AND clean_value IS NOT DISTINCT FROM dirty_value'
    )


def _rows_amiss(undone: Undone) -> str:
    return (
        f"SELECT __source AS __row, '' AS __column FROM {undone.rows} WHERE NOT __copy "
        "GROUP BY ALL HAVING count(*) > 1 "
        f"UNION ALL SELECT d.__row, '' FROM {undone.dirty} d ANTI JOIN {undone.rows} USING (__row) "
        f"UNION ALL SELECT __row, '' FROM {undone.rows} GROUP BY ALL HAVING count(*) > 1"
    )


def _copies_amiss(undone: Undone) -> str:
    differs = any_of(f"c.{ident(name)} IS DISTINCT FROM o.{ident(name)}" for name in undone.columns)
    return (
        f"SELECT c.__row, '' AS __column FROM (SELECT * FROM {undone.clean} WHERE __copy) c "
        f"LEFT JOIN (SELECT * FROM {undone.clean} WHERE NOT __copy) o USING (__source) "
        f"WHERE o.__row IS NULL OR {differs}"
    )


def _miscalled(undone: Undone) -> str:
    same = all_of(
        f"c.{ident(name)} IS NOT DISTINCT FROM o.{ident(name)}" for name in undone.columns
    )
    return (
        f"SELECT c.__row, '' AS __column FROM {undone.truth} t "
        f'JOIN {undone.dirty} c ON c.__row = t."row" '
        f"JOIN {undone.rows} r ON r.__source = t.duplicate_of AND NOT r.__copy "
        f"JOIN {undone.dirty} o ON o.__row = r.__row "
        f"WHERE t.duplicate_of IS NOT NULL AND (t.kinds = '{DUPLICATE}') <> ({same})"
    )


def _disorder(undone: Undone) -> str:
    return (
        "SELECT __row, '' AS __column FROM (SELECT r.__row, "
        "r.__source < max(r.__source) OVER (ORDER BY r.__row) AS behind, "
        f't."row" IS NOT NULL AS listed FROM {undone.rows} r '
        f"LEFT JOIN (SELECT \"row\" FROM {undone.truth} WHERE kinds = '{OUT_OF_ORDER}' "
        'AND "column" IS NULL) t ON t."row" = r.__row WHERE NOT r.__copy) WHERE behind <> listed'
    )


def _mislabelled(undone: Undone) -> str:
    label = ident(undone.label or "")
    return (
        f"SELECT d.__row, '' AS __column FROM {undone.dirty} d LEFT JOIN (SELECT DISTINCT \"row\" "
        f'FROM {undone.truth}) t ON t."row" = d.__row '
        f'WHERE d.{label} IS DISTINCT FROM (t."row" IS NOT NULL)'
    )


def restored_path(spill: Path, name: str) -> Path:
    """Return where the restored rows of a table are kept while they are checked."""
    return spill / f"{name}.parquet"
