"""Tables of days: the weekday, month, quarter or fiscal year of a row is that of its date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.words import pieces, singular
from dataforge.schema import (
    BooleanType,
    Column,
    DateType,
    DecimalType,
    EnumType,
    ExpressionSpec,
    IntegerType,
    Spec,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimestepSpec,
)

_FEWEST_PARTS = 3
_YEARS_BACK = 5
_SPOKEN = {
    "english": "en",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "polish": "pl",
}
_FISCAL_LAG = 6
"""Months from the start of a fiscal year to that of the calendar's: many start in July."""
_SHORT = {"abbr", "abbreviated", "abbreviation", "short"}
_NUMBERS = (IntegerType, DecimalType)
_TEXTS = (StringType, TextType)


def calendar_parts(table: Table, bounds: Bounds, language: str, now: datetime) -> dict[str, Spec]:
    """Return specs for the columns of a table of days that are read off its date.

    Such a table has one date, which is in no foreign key, and at least three columns that name
    parts of it. Where the date is unique, the days follow each other up to ``now``.
    """
    keyed = {name for key in table.foreign_keys for name in key.columns}
    dates = [
        column
        for column in table.columns
        if isinstance(column.type, DateType | TimestampType)
        and column.name not in keyed | bounds.tied
        and column.spec is None
    ]
    if len(dates) != 1:
        return {}
    (day,) = dates
    free = (c for c in table.columns if c.spec is None and c.name not in keyed | bounds.tied)
    parts = {c.name: text for c in free if (text := _part(c, day, language))}
    if len(parts) < _FEWEST_PARTS:
        return {}
    specs: dict[str, Spec] = {name: ExpressionSpec(expression=t) for name, t in parts.items()}
    if (day.name,) in table.keys or _is_of_days(table):
        first = (now - timedelta(days=365 * _YEARS_BACK)).replace(month=1, day=1)
        start = first.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        specs[day.name] = TimestepSpec(start=start)
    return specs


def _is_of_days(table: Table) -> bool:
    """Whether a table's name says that each row is a day."""
    words = {singular(word) for word in _words(table.name)} - {"dim", "d", "dimension", "table"}
    return bool(words) and words <= {"date", "day", "calendar", "time", "period"}


def _words(name: str) -> tuple[str, ...]:
    return tuple(piece.lower() for piece in pieces(name))


def _part(column: Column, day: Column, language: str) -> str:
    """Return the expression that reads a column off ``day``, empty for what is no part of it."""
    words = {singular(word) for word in _words(column.name)}
    spoken = next((_SPOKEN[word] for word in words if word in _SPOKEN), language)
    quoted = '"' + day.name.replace('"', '""') + '"'
    if isinstance(column.type, BooleanType):
        return f"DAYOFWEEK({quoted}) IN (0, 6)" if "weekend" in words else ""
    if isinstance(column.type, _NUMBERS):
        return _number(words, quoted)
    if isinstance(column.type, _TEXTS) and not isinstance(column.type, EnumType):
        return _name(words, quoted, spoken, getattr(column.type, "max_length", None))
    return ""


def _number(words: set[str], day: str) -> str:
    month = f"MONTH({day})"
    if words & {"fiscal", "fy"}:
        month = f"((MONTH({day}) + {_FISCAL_LAG - 1}) % 12 + 1)"
    of_year = f"(DATE_DIFF('day', DATE_TRUNC('year', {day}), {day}) + 1)"
    if "day" in words or "dow" in words or "weekday" in words:
        if words & {"week", "dow", "weekday"}:
            return f"DAYOFWEEK({day}) + 1"
        if "month" in words:
            return f"DAY({day})"
        return of_year if "year" in words else ""
    if "week" in words:
        return f"({of_year} - 1) // 7 + 1"
    if words & {"quarter", "qtr"}:
        return f"({month} - 1) // 3 + 1"
    if words & {"semester", "half"}:
        return f"({month} - 1) // 6 + 1"
    if "month" in words:
        return month
    if "year" in words or "fy" in words:
        later = f" + CASE WHEN MONTH({day}) > {12 - _FISCAL_LAG} THEN 1 ELSE 0 END"
        return f"YEAR({day}){later if words & {'fiscal', 'fy'} else ''}"
    return ""


def _name(words: set[str], day: str, language: str, room: int | None) -> str:
    if words & {"quarter", "qtr"}:
        return f"'Q' || CAST({_number(words, day)} AS VARCHAR)"
    kinds = {"day", "dow", "weekday", "month"} & words
    if not kinds or words & {"key", "code", "id", "description", "note"}:
        return ""
    months = "month" in kinds and not kinds & {"dow", "weekday"} and "day" not in kinds
    names = _names("month" if months else "day", language)
    longest = max(map(len, names))
    if words & _SHORT or (room or longest) < longest:
        names = tuple(name[: min(room or 3, 3)] for name in names)
    number = f"MONTH({day})" if months else f"DAYOFWEEK({day})"
    first = 1 if months else 0
    cases = " ".join(f"WHEN {first + n} THEN '{name}'" for n, name in enumerate(names))
    return f"CASE {number} {cases} END"


@cache
def _names(kind: str, language: str) -> tuple[str, ...]:
    """Return the names of the months from January, or of the days from Sunday."""
    text = files("dataforge.parsers.meaning").joinpath("data/calendar.txt").read_text("utf-8")
    lines: Iterable[list[str]] = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    found = {key: tuple(names.split()) for key, names in lines}
    return found.get(f"{kind} {language}", found[f"{kind} en"])
