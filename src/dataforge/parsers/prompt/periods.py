"""Spans of time in words: in May 2025, last year, between 2020 and 2023, for a week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from dataforge.parsers.prompt.lexicon import Lexicon, one_of
from dataforge.parsers.prompt.numerals import numbers_in

_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365, "business_day": 1}
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Moments in [``start``, ``end``), named at ``text[first:last]``."""

    start: datetime
    end: datetime
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Duration:
    """``count`` of ``unit``, named at ``text[first:last]``."""

    count: int
    unit: str
    first: int
    last: int

    @property
    def seconds(self) -> float:
        """The length in seconds, a month being 30 days."""
        return self.count * _SECONDS.get(self.unit, _DAYS.get(self.unit, 1) * 86_400)


def periods_in(text: str, words: Lexicon, now: datetime) -> tuple[Period, ...]:
    """Return the spans of time that a text names, in order, none within another."""
    found: list[Period] = []
    for pattern, read in _readers(words.language, words):
        for match in pattern.finditer(text):
            span = read(match, words, now)
            if span is not None and not any(_overlaps(match, each) for each in found):
                found.append(Period(*span, match.start(), match.end()))
    return tuple(sorted(found, key=lambda each: each.first))


def durations_in(text: str, words: Lexicon) -> tuple[Duration, ...]:
    """Return lengths of time: a week, 30 days, two months, one hour."""
    units = words.table("units")
    unit = re.compile(rf"\s*({_any(units, words)})", re.IGNORECASE)
    found = []
    for number in numbers_in(text, words.language):
        match = unit.match(text, number.end)
        if match and number.value >= 1:
            name = str(units[_plain(match[1])])
            found.append(Duration(int(number.value), name, number.start, match.end()))
    single = re.compile(rf"(?:{words.any('one')})\s*({_any(units, words)})", re.IGNORECASE)
    for match in single.finditer(text):
        if not any(each.first <= match.start() < each.last for each in found):
            found.append(Duration(1, str(units[_plain(match[1])]), match.start(), match.end()))
    return tuple(sorted(found, key=lambda each: each.first))


def _plain(word: str) -> str:
    return re.sub(r"\s+", " ", word.casefold())


def _any(table: object, words: Lexicon) -> str:
    return one_of((str(word) for word in table), spaced=words.spaced)  # type: ignore[attr-defined]


def _overlaps(match: re.Match[str], other: Period) -> bool:
    return match.start() < other.last and other.first < match.end()


Span = tuple[datetime, datetime]
_Reader = Callable[[re.Match[str], Lexicon, datetime], Span | None]


@cache
def _readers(_language: str, words: Lexicon) -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    return tuple(_patterns(words))


def _patterns(words: Lexicon) -> Iterator[tuple[re.Pattern[str], _Reader]]:
    month = _any(words.table("months"), words)
    in_time, last, to = words.any("in_time"), words.any("last"), words.any("to")
    of = r"(?:\s+(?:de|del|do|of|von|,))?\s*"
    unit = _any(words.table("units"), words)
    flags = re.IGNORECASE
    day = r"\d{4}-\d{2}-\d{2}"
    yield re.compile(rf"(?P<from>{day})\s*(?:{to})\s*(?P<to>{day})", flags), _between_days
    yield (
        re.compile(
            rf"(?P<m1>{month})(?:{of}{_YEAR.format('y1')})?\s*(?:{to})\s*(?P<m2>{month}){of}"
            rf"{_YEAR.format('y2')}",
            flags,
        ),
        _months,
    )
    yield (
        re.compile(rf"{_YEAR.format('y1')}\s*年?\s*(?:{to})\s*{_YEAR.format('y2')}(?!\d)", flags),
        _years,
    )
    yield re.compile(rf"(?P<m1>{month}){of}{_YEAR.format('y1')}(?!\d)", flags), _month
    yield re.compile(rf"{_YEAR.format('y1')}\s*年\s*(?P<n>\d{{1,2}})\s*月"), _numbered
    yield re.compile(rf"\bQ(?P<q>[1-4])\s*{of}{_YEAR.format('y1')}", flags), _quarter
    yield re.compile(rf"(?:{last})\s*(?:(?P<count>\d+)\s*)?(?P<unit>{unit})", flags), _last
    yield re.compile(rf"(?P<unit>{unit})\s*(?:{words.any('last_after')})", flags), _last
    yield re.compile(rf"(?:{words.any('this')})\s*(?P<unit>{unit})", flags), _current
    yield re.compile(rf"(?:{words.any('since')})\s*{_YEAR.format('y1')}(?!\d)", flags), _since
    yield (
        re.compile(rf"(?:{in_time})\s*(?:{words.any('months_word')})?\s*(?P<m1>{month})", flags),
        _bare_month,
    )
    yield re.compile(rf"(?:{in_time})\s*{_YEAR.format('y1')}(?![\d-])\s*年?", flags), _year
    yield re.compile(rf"{_YEAR.format('y1')}\s*年"), _year


def _first(year: int, month: int = 1) -> datetime:
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)  # noqa: DTZ001 - wall clock


def _between_days(match: re.Match[str], _: Lexicon, __: datetime) -> Span | None:
    try:
        start, end = (datetime.fromisoformat(match[name]) for name in ("from", "to"))
    except ValueError:
        return None
    return (start, end + timedelta(days=1)) if start <= end else None


def _number_of(match: re.Match[str], name: str, words: Lexicon) -> int:
    return int(words.table("months")[_plain(match[name])])


def _months(match: re.Match[str], words: Lexicon, _: datetime) -> Span | None:
    last = int(match["y2"])
    first = int(match["y1"] or last)
    start = _first(first, _number_of(match, "m1", words))
    end = _first(last, _number_of(match, "m2", words) + 1)
    return (start, end) if start < end else None


def _years(match: re.Match[str], _: Lexicon, __: datetime) -> Span | None:
    first, last = int(match["y1"]), int(match["y2"])
    return (_first(first), _first(last + 1)) if first <= last else None


def _month(match: re.Match[str], words: Lexicon, _: datetime) -> Span:
    year, month = int(match["y1"]), _number_of(match, "m1", words)
    return _first(year, month), _first(year, month + 1)


def _numbered(match: re.Match[str], _: Lexicon, __: datetime) -> Span | None:
    year, month = int(match["y1"]), int(match["n"])
    return (_first(year, month), _first(year, month + 1)) if 1 <= month <= 12 else None


def _quarter(match: re.Match[str], _: Lexicon, __: datetime) -> Span:
    year, month = int(match["y1"]), int(match["q"]) * 3 - 2
    return _first(year, month), _first(year, month + 3)


def _last(match: re.Match[str], words: Lexicon, now: datetime) -> Span | None:
    unit = str(words.table("units")[_plain(match["unit"])])
    count = int(match.groupdict().get("count") or 1)
    if unit in _MONTHS_OF and not match.groupdict().get("count"):
        months = _MONTHS_OF[unit]
        index = now.year * 12 + now.month - 1
        begin = index - index % months - months
        return _first(begin // 12, begin % 12 + 1), _first(
            (begin + months) // 12, (begin + months) % 12 + 1
        )
    return (now - timedelta(days=_DAYS[unit] * count), now) if unit in _DAYS else None


def _current(match: re.Match[str], words: Lexicon, now: datetime) -> Span | None:
    unit = str(words.table("units")[_plain(match["unit"])])
    return (_first(now.year), _first(now.year + 1)) if unit == "year" else None


def _since(match: re.Match[str], _: Lexicon, now: datetime) -> Span | None:
    start = _first(int(match["y1"]))
    return (start, now) if start < now else None


def _bare_month(match: re.Match[str], words: Lexicon, now: datetime) -> Span:
    """Return the last such month that has passed at ``now``."""
    month = _number_of(match, "m1", words)
    year = now.year if _first(now.year, month + 1) <= now else now.year - 1
    return _first(year, month), _first(year, month + 1)


def _year(match: re.Match[str], _: Lexicon, __: datetime) -> Span:
    return _first(int(match["y1"])), _first(int(match["y1"]) + 1)
