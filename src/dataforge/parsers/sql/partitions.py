"""PostgreSQL's partitions: a row that fits none of them is refused, so their bounds are a rule."""

from __future__ import annotations

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Cursor, spelled, split_commas
from dataforge.parsers.sql.drafts import CheckDraft, TableDraft
from dataforge.parsers.sql.lexer import Token

_OPEN_ENDS = frozenset({"MINVALUE", "MAXVALUE"})


def bound_by_partitions(table: TableDraft, catalog: Catalog) -> None:
    """Add to ``table`` the condition that its rows fit one of its partitions.

    Single-column LIST and RANGE partitions are covered; hash partitions and a default one take
    every row.
    """
    if not table.partitions:
        return
    catalog.report(
        table.line,
        f"table {table.name.value!r} has {len(table.partitions)} partition(s), which are left out",
        "their rows are those of the partitioned table",
    )
    if table.partitioned is None or len(table.partitioned[1]) != 1:
        return
    method, (column,) = table.partitioned
    written = f'"{column.value}"' if column.quoted else column.value
    makers = {"LIST": _listed, "RANGE": _ranged}
    maker = makers.get(method)
    text = maker(written, [Cursor(bounds) for bounds in table.partitions]) if maker else ""
    if text:
        table.checks.append(CheckDraft(text, None, table.line))


def _listed(column: str, bounds: list[Cursor]) -> str:
    values: list[str] = []
    for cursor in bounds:
        if not cursor.take("FOR", "VALUES", "IN"):
            return ""
        values += [spelled(part) for part in split_commas(cursor.group())]
    kept = [value for value in values if value.upper() != "NULL"]
    return f"{column} IN ({', '.join(kept)})" if kept else ""


def _ranged(column: str, bounds: list[Cursor]) -> str:
    spans: dict[str, str] = {}
    for cursor in bounds:
        if not cursor.take("FOR", "VALUES", "FROM"):
            return ""
        start = _edge(cursor.group())
        if not cursor.take("TO"):
            return ""
        spans[start] = _edge(cursor.group())
    return " OR ".join(_between(column, start, end) for start, end in _joined(spans))


def _edge(tokens: list[Token]) -> str:
    text = spelled(tokens)
    return text.upper() if text.upper() in _OPEN_ENDS else text


def _joined(spans: dict[str, str]) -> list[tuple[str, str]]:
    """Spans that follow each other without a gap become one."""
    starts = [start for start in spans if start not in set(spans.values())]
    joined = []
    for start in starts:
        end = spans[start]
        while end in spans:
            end = spans[end]
        joined.append((start, end))
    return joined


def _between(column: str, start: str, end: str) -> str:
    parts = [] if start in _OPEN_ENDS else [f"{column} >= {start}"]
    parts += [] if end in _OPEN_ENDS else [f"{column} < {end}"]
    return f"({' AND '.join(parts)})" if parts else "TRUE"
