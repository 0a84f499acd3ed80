"""Rates of dirt: as many cells and rows as asked for, within sampling error.

Kinds are drawn independently of each other, so among the cells that no other kind touched a kind's
share is its rate. What a kind makes of a value can keep a later one from acting there, or let it
act: then the share lies between what the two extremes give. Where a value may leave a kind nothing
to do (no accents, no letters) only those that surely can be changed count towards the lower bound
(``dirt_sure``).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dataforge.schema import (
    CellDirt,
    DirtSpec,
    DuplicateDirt,
    LateDirt,
    MissingDirt,
    OrphanDirt,
    OutOfOrderDirt,
    SwapDirt,
    Table,
    WhitespaceDirt,
)
from dataforge.schema.dirt_targets import dirty_columns
from dataforge.schema.truth import NEAR_DUPLICATE, OUT_OF_ORDER
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import present_fixed
from dataforge.verification.dirt_sure import surely
from dataforge.verification.scope import Session
from dataforge.verification.sql_text import ident, literal
from dataforge.verification.undoing import Undone

_DEVIATIONS = 5
_BLOCK_SHARE = 15 / 16


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate on the cells of a column where ``where`` holds; ``sure`` ones can all be changed.

    ``later`` is the share of cells on which kinds act that this one may hinder or help.
    """

    kind: str
    column: str
    rate: float
    later: float
    where: str
    sure: str | None
    text: str


def rate_checks(session: Session, undone: Undone, now: datetime) -> Iterator[Check]:
    """Yield a check for each rate of a table."""
    table = undone.table
    seen = Counter((spec.kind, name) for spec in table.dirt for name in dirty_columns(table, spec))
    for spec in table.dirt:
        for name in dirty_columns(table, spec):
            if name in undone.columns and seen[spec.kind, name] == 1:
                for rate in _rates(spec, name, undone, now):
                    yield _cell_check(session, undone, rate)
        match spec:
            case DuplicateDirt():
                yield _duplicates(session, undone, spec)
            case OutOfOrderDirt():
                yield _disorder(session, undone, spec)
            case _:
                pass


def _rates(spec: DirtSpec, name: str, undone: Undone, now: datetime) -> Iterator[_Rate]:
    later = _later(undone.table, spec, name)
    text = f"{spec.kind} in {spec.rate:.2%}" if not isinstance(spec, DuplicateDirt) else ""
    if isinstance(spec, MissingDirt) and spec.when is not None:
        condition = f"coalesce(({present_fixed(spec.when, now)}), FALSE)"
        where = f"{spec.when} holds"
        yield _Rate("missing", name, spec.rate, later, condition, "TRUE", f"{text} where {where}")
        other = f"missing in {spec.otherwise:.2%} elsewhere"
        yield _Rate("missing", name, spec.otherwise, later, f"NOT {condition}", "TRUE", other)
    elif isinstance(spec, CellDirt | SwapDirt):
        sure = surely(spec, undone.table.column(name), undone.clean)
        yield _Rate(spec.kind, name, spec.rate, later, "TRUE", sure, text)


def _later(table: Table, spec: DirtSpec, name: str) -> float:
    """Return the share of a column's cells that later kinds hit whose work depends on this one."""
    untouched, own = 1.0, table.dirt.index(spec)
    for other in table.dirt[own + 1 :]:
        if name in dirty_columns(table, other) and not _apart(spec, other):
            rate = max(other.rate, other.otherwise if isinstance(other, MissingDirt) else 0)
            untouched *= 1 - rate
    return 1 - untouched


def _apart(spec: DirtSpec, other: DirtSpec) -> bool:
    """Whether a later kind acts whatever the earlier did: it needs a value, and nothing of it."""
    needs_nothing = isinstance(other, LateDirt | OrphanDirt | WhitespaceDirt) or (
        isinstance(other, MissingDirt) and not other.markers
    )
    return needs_nothing and not isinstance(spec, MissingDirt | SwapDirt)


def _cell_check(session: Session, undone: Undone, rate: _Rate) -> Check:
    value = f"c.{ident(rate.column)}"
    given = "TRUE" if rate.kind == "swap" else f"{value} IS NOT NULL"
    sure = rate.sure or "FALSE"
    (row,) = session.rows(
        f"SELECT count(*), count(*) FILTER (hit), count(*) FILTER (sure), "
        f"count(*) FILTER (sure AND hit) FROM (SELECT coalesce(t.kinds = "
        f"{literal(rate.kind)}, FALSE) AS hit, coalesce({sure}, FALSE) AS sure "
        f'FROM {undone.clean} c LEFT JOIN (SELECT * FROM {undone.truth} WHERE "column" = '
        f'{literal(rate.column)}) t ON t."row" = c.__row '
        f"WHERE NOT c.__copy AND {given} AND {rate.where} "
        f"AND (t.kinds IS NULL OR t.kinds = {literal(rate.kind)}))"
    )
    cells, hits, sure_cells, sure_hits = (int(str(each)) for each in row)
    other = 1 - rate.later
    least = _share(rate.rate * other, 1 - rate.rate)
    most = _share(rate.rate, (1 - rate.rate) * other)
    fine = hits <= _bound(cells, most, 1)
    fine = fine and _bound(sure_cells, least, -1) <= sure_hits <= _bound(sure_cells, most, 1)
    reason = f"{hits:,} of {cells:,} cells"
    return _judged(undone, (rate.column,), f"{rate.text} of its cells", reason, fine=fine)


def _share(hit: float, missed: float) -> float:
    return hit / (hit + missed) if hit + missed else 0.0


def _bound(count: int, rate: float, side: int) -> float:
    """Return the furthest count within sampling error on a side."""
    return count * rate + side * (_DEVIATIONS * math.sqrt(count * rate * (1 - rate)) + 1)


def _duplicates(session: Session, undone: Undone, spec: DuplicateDirt) -> Check:
    copies = undone.row_count - undone.clean_count
    (near,) = session.rows(f"SELECT count(*) FROM {undone.truth} WHERE kinds = '{NEAR_DUPLICATE}'")[
        0
    ]
    fine = copies == round(undone.clean_count * spec.rate)
    fine = fine and int(str(near)) <= _bound(copies, spec.near_share, 1)
    reason = f"{copies:,} duplicates of {undone.clean_count:,} rows, {near} of them near"
    return _judged(undone, (), f"{spec.rate:.2%} more rows are duplicates", reason, fine=fine)


def _disorder(session: Session, undone: Undone, spec: OutOfOrderDirt) -> Check:
    (found,) = session.rows(f"SELECT count(*) FROM {undone.truth} WHERE kinds = '{OUT_OF_ORDER}'")[
        0
    ]
    late, rows = int(str(found)), undone.clean_count
    # Late rows beside late ones, before copies and at the ends of blocks may stay where they are.
    copies = 1 - (undone.row_count - rows) / max(undone.row_count, 1)
    least = _bound(rows, spec.rate, -1) * (1 - spec.rate) * copies * _BLOCK_SHARE
    fine = least <= late <= _bound(rows, spec.rate, 1)
    reason = f"{late:,} of {rows:,} rows"
    return _judged(undone, (), f"{spec.rate:.2%} of the rows are out of order", reason, fine=fine)


def _judged(
    undone: Undone, columns: tuple[str, ...], text: str, reason: str, *, fine: bool
) -> Check:
    return Check(
        kind="dirt",
        table=undone.table.name,
        columns=columns,
        constraint=text,
        verdict="passed" if fine else "failed",
        violations=int(not fine),
        reason="" if fine else reason,
    )
