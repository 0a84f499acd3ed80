"""Columns whose values differ from step to step of a series, so that a key may hold them."""

from __future__ import annotations

from dataforge.schema.model import Table
from dataforge.schema.specs import CandleFieldSpec, CandleSpec, TimestepSpec
from dataforge.schema.types import DateType, TimestampType

_WITHIN_A_DAY = frozenset({"second", "minute", "hour"})


def is_stepwise(table: Table, name: str, *, within_owner: bool) -> bool:
    """Tell whether a column repeats no value within an owner, or else within the whole table.

    Moments are late by less than a step, so only dates of steps within a day repeat.
    """
    spec, kind = table.column(name).spec, table.column(name).type
    if not isinstance(kind, DateType | TimestampType):
        return False
    match spec:
        case TimestepSpec():
            distinct = isinstance(kind, TimestampType) or spec.unit not in _WITHIN_A_DAY
            per = spec.per
        case CandleFieldSpec(field="date", column=close):
            candle = table.column(close).spec
            distinct, per = True, candle.per if isinstance(candle, CandleSpec) else None
        case _:
            return False
    # One series over the table has no moment twice, under an owner either.
    return distinct and (within_owner or table.owner is None or per == "table")
