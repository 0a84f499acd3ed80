"""What holds in each row along time: valid candles, labels that fit their values, business days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataforge.schema import (
    BooleanType,
    CandleFieldSpec,
    CandleSpec,
    Column,
    DateType,
    SensorSpec,
    SeriesLabelSpec,
    SeriesSpec,
    Table,
    TimestampType,
    TimestepSpec,
    absent_labels,
    series_labels,
)
from dataforge.verification.conditions import Condition
from dataforge.verification.sql_text import any_of, ident, literal

# (greater, smaller) fields of a candle
_ORDER = (("high", "open"), ("high", "close"), ("high", "low"), ("open", "low"), ("close", "low"))


def along_time(table: Table, present: Iterable[str]) -> Iterator[Condition]:
    """Yield the conditions of a table's series, sensors, candles and steps that were written."""
    known = frozenset(present)
    for column in table.columns:
        if column.name not in known:
            continue
        match column.spec:
            case CandleSpec():
                yield from _candle(table, column.name, known)
            case SeriesLabelSpec(column=told) if told in known:
                yield from _label(column, table.column(told))
            case TimestepSpec(calendar=calendar) if calendar != "every_day":
                yield from _business(column, column.spec.holidays)
            case CandleFieldSpec(field="date", column=close):
                spec = table.column(close).spec
                yield from _business(column, spec.holidays if isinstance(spec, CandleSpec) else ())
            case _:
                pass


def _candle(table: Table, close: str, known: frozenset[str]) -> Iterator[Condition]:
    """Ask for candles whose high is not the highest, whose low not the lowest, or not above 0."""
    fields = {
        column.spec.field: column.name
        for column in table.columns
        if isinstance(column.spec, CandleFieldSpec)
        and column.spec.column == close
        and column.name in known
    } | {"close": close}
    pairs = [(fields[a], fields[b]) for a, b in _ORDER if a in fields and b in fields]
    prices = [fields[name] for name in ("open", "high", "low", "close") if name in fields]
    broken = [f"{ident(high)} < {ident(low)}" for high, low in pairs]
    broken += [f"{ident(name)} <= 0" for name in prices]
    columns = (close, *(name for name in prices if name != close))
    text = "low <= open, close <= high; prices above 0"
    yield Condition("candle", columns, text, any_of(broken), tuple(map(ident, columns)))


def _label(label: Column, told: Column) -> Iterator[Condition]:
    """Ask for labels that there are not, and for nulls that their labels do not explain."""
    if not isinstance(told.spec, SeriesSpec | SensorSpec) or isinstance(label.type, BooleanType):
        return
    cell, value = ident(label.name), ident(told.name)
    names = ", ".join(map(literal, series_labels(told.spec)))
    broken = [f"{cell} NOT IN ({names})"]
    absent = ", ".join(map(literal, absent_labels(told.spec)))
    if absent:
        broken.append(f"{cell} IN ({absent}) AND {value} IS NOT NULL")
    if not told.null_share and not label.null_share:
        missing = f" AND {cell} NOT IN ({absent})" if absent else ""
        broken.append(f"{value} IS NULL{missing}")
    shown = (cell, value)
    yield Condition("label", (label.name, told.name), f"one of {names}", any_of(broken), shown)


def _business(column: Column, holidays: Iterable[object]) -> Iterator[Condition]:
    """Ask for moments on weekends and holidays."""
    if not isinstance(column.type, DateType | TimestampType):
        return
    cell = ident(column.name)
    broken = [f"isodow({cell}) > 5"]
    free = ", ".join(f"DATE '{day}'" for day in holidays)
    if free:
        broken.append(f"CAST({cell} AS DATE) IN ({free})")
    yield Condition("calendar", (column.name,), "business days", any_of(broken), (cell,))
