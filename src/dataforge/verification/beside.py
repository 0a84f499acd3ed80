"""What holds between the columns of a row: moments and numbers after others, and their shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from dataforge.schema import (
    Column,
    ConditionalSpec,
    DateType,
    DecimalType,
    FloatType,
    OffsetSpec,
    ShareSpec,
    Spec,
    Table,
    TimestampType,
    TimeType,
)
from dataforge.verification.certificate import Kind
from dataforge.verification.conditions import RELATIVE, Condition, present_fixed
from dataforge.verification.sql_text import any_of, ident

_MOMENTS = (DateType, TimestampType)
_SMALLEST_FLOAT = "1e-6"


def beside(table: Table, present: Iterable[str], now: datetime) -> Iterator[Condition]:
    """Yield the conditions of a table's offsets and shares whose columns were written."""
    known = frozenset(present)
    for column in table.columns:
        if column.name not in known or column.spec is None:
            continue
        for guard, spec in _branches(column.spec, now):
            for names, text, broken in _related(column, spec, table):
                if known.issuperset(names):
                    shown = tuple(map(ident, (column.name, *names)))
                    kind: Kind = "share_of" if isinstance(spec, ShareSpec) else "after"
                    bad = f"({broken}) AND {guard}" if guard else broken
                    yield Condition(kind, (column.name, *names), text, bad, shown)


def _branches(spec: Spec, now: datetime) -> Iterator[tuple[str, Spec]]:
    """Yield the specs that make a column, each with SQL for the rows that it makes."""
    if not isinstance(spec, ConditionalSpec):
        yield "", spec
        return
    before: list[str] = []
    for branch in spec.branches:
        text = f"COALESCE({present_fixed(branch.condition, now)}, FALSE)"
        for guard, part in _branches(branch.then, now):
            yield " AND ".join([*before, text, *([guard] if guard else [])]), part
        before.append(f"NOT {text}")
    for guard, part in _branches(spec.otherwise, now):
        yield " AND ".join([*before, *([guard] if guard else [])]), part


def _related(
    column: Column, spec: Spec, table: Table
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield (columns read, constraint, SQL that is true of the rows that break it)."""
    match spec:
        case OffsetSpec(minimum=least) if least >= 0 and not isinstance(column.type, TimeType):
            own = () if spec.foreign_key is not None else (spec.column,)
            for name in (*own, *spec.after):
                mine, other = _comparable(column, table.column(name))
                yield (name,), f"not before {name}", f"{mine} < {other}"
        case OffsetSpec(maximum=most, foreign_key=None) if most <= 0 and not spec.after:
            mine, other = _comparable(column, table.column(spec.column))
            yield (spec.column,), f"not after {spec.column}", f"{mine} > {other}"
        case ShareSpec():
            yield from _share(column, spec)
        case _:
            pass


def _comparable(column: Column, base: Column) -> tuple[str, str]:
    """Compare a date with a moment by the day."""
    cells = ident(column.name), ident(base.name)
    kinds = isinstance(column.type, DateType), isinstance(base.type, DateType)
    if kinds[0] == kinds[1] or not isinstance(base.type, _MOMENTS):
        return cells
    return f"CAST({cells[0]} AS DATE)", f"CAST({cells[1]} AS DATE)"


def _share(column: Column, spec: ShareSpec) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Hold a share to its bounds, give or take the last digit, and to the side of its base."""
    cell, base = ident(column.name), ident(spec.column)
    floor = "0" if spec.above is None else ident(spec.above)
    names = (spec.column,) if spec.above is None else (spec.column, spec.above)
    span, slack = f"({base} - {floor})", f"({_step(column, spec)} + {RELATIVE} * abs({base}))"
    broken = [
        f"{span} >= 0 AND {cell} < {floor} + {spec.minimum:g} * {span} - {slack}",
        f"{span} >= 0 AND {cell} > {floor} + {spec.maximum:g} * {span} + {slack}",
    ]
    if spec.maximum <= 1:
        broken.append(f"{cell} > {base}")
    if spec.minimum >= 1:
        broken.append(f"{cell} < {base}")
    of = spec.column if spec.above is None else f"{spec.column} above {spec.above}"
    text = f"{spec.minimum:g} to {spec.maximum:g} of {of}"
    yield names, text, any_of(broken)


def _step(column: Column, spec: ShareSpec) -> str:
    """Return the distance of two values of the column."""
    match column.type:
        case DecimalType(scale=scale):
            digits = scale if spec.decimals is None else min(scale, spec.decimals)
        case FloatType():
            return _SMALLEST_FLOAT if spec.decimals is None else f"1e-{spec.decimals}"
        case _:
            digits = 0
    return f"1e-{digits}" if digits else "1"
