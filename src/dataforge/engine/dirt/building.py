"""Specs of dirt → steps, settled once before the first row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataforge.engine.dirt.draws import Editor
from dataforge.engine.dirt.encodings import Encoding
from dataforge.engine.dirt.formats import Format
from dataforge.engine.dirt.moments import DateSwap, Late
from dataforge.engine.dirt.numbers import Outlier, Unit, deviation
from dataforge.engine.dirt.orphans import orphan_of
from dataforge.engine.dirt.rows import RowOrder
from dataforge.engine.dirt.steps import Edit, Missing, Near, Step, Swap
from dataforge.engine.dirt.texts import Case, Whitespace
from dataforge.engine.dirt.typos import Typo, layout_of
from dataforge.engine.nulls import plain
from dataforge.engine.plan import Plan
from dataforge.locales import locale_mix
from dataforge.schema import (
    CaseDirt,
    CellDirt,
    DateSwapDirt,
    DuplicateDirt,
    EncodingDirt,
    FormatDirt,
    LateDirt,
    MissingDirt,
    OrphanDirt,
    OutlierDirt,
    OutOfOrderDirt,
    SwapDirt,
    Table,
    TypoDirt,
    UnitDirt,
    WhitespaceDirt,
)
from dataforge.schema.dirt_targets import dirty_columns
from dataforge.schema.dirtied import near_columns
from dataforge.schema.expressions import parse_expression
from dataforge.streams import derive_key

_SAMPLE_ROWS = 1024
_NEAR_KINDS = ("typo", "case", "whitespace")
_NEAR_WEIGHTS = (0.6, 0.2, 0.2)
_WITHOUT_OPTIONS: dict[type[CellDirt], Editor] = {
    CaseDirt: Case(),
    WhitespaceDirt: Whitespace(),
    DateSwapDirt: DateSwap(),
}


@dataclass(frozen=True, slots=True)
class Built:
    """Where the rows stand, the steps, the kinds by number, and the first kind of near copies."""

    order: RowOrder
    steps: Sequence[Step]
    kinds: Sequence[str]
    near: int


def build(plan: Plan, table: Table) -> Built:
    """Build the dirt of a table of a clean plan; SchemaError where some cannot be made."""
    steps: list[Step] = []
    seen: Counter[str] = Counter()
    for number, spec in enumerate(table.dirt):
        key = derive_key(plan.schema.seed, table.name, "dirt", spec.kind, seen[spec.kind])
        seen[spec.kind] += 1
        path = f"tables.{table.name}.dirt.{number}"
        match spec:
            case SwapDirt() if spec.rate:
                steps.append(Swap(number, spec.columns, key, spec.rate))
            case CellDirt() if spec.rate or isinstance(spec, MissingDirt):
                steps += [
                    _step(plan, table, spec, number, column, derive_key(key, column), path)
                    for column in dirty_columns(table, spec)
                ]
            case _:
                pass
    near = len(table.dirt)
    steps += _near_steps(plan, table, near)
    kinds = (*(spec.kind for spec in table.dirt), *_NEAR_KINDS)
    return Built(_order(plan, table), steps, kinds, near)


def _step(
    plan: Plan, table: Table, spec: CellDirt, number: int, column: str, key: int, path: str
) -> Step:
    if isinstance(spec, MissingDirt):
        condition = None if spec.when is None else parse_expression(spec.when)
        return Missing(number, column, key, spec.rate, spec.otherwise, condition, spec.markers)
    return Edit(number, column, key, spec.rate, _editor(plan, table, spec, column, path))


def _editor(plan: Plan, table: Table, spec: CellDirt, column: str, path: str) -> Editor:
    match spec:
        case TypoDirt():
            return Typo(spec.keyboard or layout_of(locale_mix(plan.schema.locale).main))
        case EncodingDirt():
            return Encoding(spec.forms)
        case FormatDirt():
            return Format(spec.forms)
        case OutlierDirt():
            return Outlier(spec.factor, _distance(plan, table, spec, column))
        case UnitDirt():
            return Unit(*spec.conversion, spec.decimals)
        case LateDirt():
            return Late(spec.minimum, spec.maximum)
        case OrphanDirt():
            return orphan_of(plan, table, column, path)
        case _:
            return _WITHOUT_OPTIONS[type(spec)]


def _distance(plan: Plan, table: Table, spec: OutlierDirt, column: str) -> float | None:
    """Return how far outliers are, by the first rows' deviation."""
    if spec.sigmas is None:
        return None
    rows = min(plan.tables[table.name].row_count, _SAMPLE_ROWS)
    return spec.sigmas * deviation(plain(plan.frame(table.name, np.arange(rows)).column(column)))


def _near_steps(plan: Plan, table: Table, number: int) -> list[Step]:
    spec = next((each for each in table.dirt if isinstance(each, DuplicateDirt)), None)
    if spec is None or not spec.rate or not spec.near_share:
        return []
    key = derive_key(plan.schema.seed, table.name, "dirt", "near")
    editors = (Typo(layout_of(locale_mix(plan.schema.locale).main)), Case(), Whitespace())
    columns = near_columns(table)
    return [Near(number, columns, key, spec.near_share, editors, _NEAR_WEIGHTS)]


def _order(plan: Plan, table: Table) -> RowOrder:
    rows = plan.tables[table.name].row_count
    key = derive_key(plan.schema.seed, table.name, "dirt", "order")
    order = RowOrder(key, rows)
    for spec in table.dirt:
        match spec:
            case DuplicateDirt():
                count = round(rows * spec.rate)
                order = RowOrder(key, rows, count, order.late_rate, order.window)
            case OutOfOrderDirt():
                order = RowOrder(key, rows, order.duplicates, spec.rate, spec.window)
            case _:
                pass
    return order
