"""Public holidays by rule: fixed days, days counted from Easter, and nth weekdays of a month.

The national days that a whole country keeps, as its law names them today, without days of single
regions and without substitutes for days that fall on a Sunday. Countries whose holidays follow
other calendars have those with a fixed Gregorian day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

# ``MM-DD``; ``E+n`` days from Easter Sunday; ``MM:w:n`` the nth weekday w (0 Monday) of a month,
# n = -1 the last.
_RULES = {
    "US": "01-01 01:0:3 02:0:3 05:0:-1 06-19 07-04 09:0:1 10:0:2 11-11 11:3:4 12-25",
    "GB": "01-01 E-2 E+1 05:0:1 05:0:-1 08:0:-1 12-25 12-26",
    "IE": "01-01 03-17 E+1 05:0:1 06:0:1 08:0:1 10:0:-1 12-25 12-26",
    "DE": "01-01 E-2 E+1 05-01 E+39 E+50 10-03 12-25 12-26",
    "AT": "01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 10-26 11-01 12-08 12-25 12-26",
    "CH": "01-01 E-2 E+1 E+39 E+50 08-01 12-25 12-26",
    "FR": "01-01 E+1 05-01 05-08 E+39 E+50 07-14 08-15 11-01 11-11 12-25",
    "ES": "01-01 01-06 E-2 05-01 08-15 10-12 11-01 12-06 12-08 12-25",
    "IT": "01-01 01-06 E+1 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26",
    "PT": "01-01 E-2 04-25 05-01 E+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
    "BR": "01-01 E-2 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25",
    "NL": "01-01 E+1 04-27 E+39 E+50 12-25 12-26",
    "BE": "01-01 E+1 05-01 E+39 E+50 07-21 08-15 11-01 11-11 12-25",
    "PL": "01-01 01-06 E+1 05-01 05-03 E+60 08-15 11-01 11-11 12-25 12-26",
    "SE": "01-01 01-06 E-2 E+1 05-01 E+39 06-06 12-25 12-26",
    "DK": "01-01 E-3 E-2 E+1 E+39 E+50 12-25 12-26",
    "NO": "01-01 E-3 E-2 E+1 05-01 05-17 E+39 E+50 12-25 12-26",
    "FI": "01-01 01-06 E-2 E+1 05-01 E+39 12-06 12-25 12-26",
    "TR": "01-01 04-23 05-01 05-19 07-15 08-30 10-29",
    "JP": "01-01 01:0:2 02-11 02-23 04-29 05-03 05-04 05-05 07:0:3 08-11 09:0:3 10:0:2 11-03 11-23",
    "CN": "01-01 05-01 10-01 10-02 10-03",
    "KR": "01-01 03-01 05-05 06-06 08-15 10-03 10-09 12-25",
    "IN": "01-26 08-15 10-02 12-25",
    "SA": "02-22 09-23",
    "CA": "01-01 E-2 07-01 09:0:1 10:0:2 12-25",
    "AU": "01-01 01-26 E-2 E+1 04-25 12-25 12-26",
    "MX": "01-01 02:0:1 03:0:3 05-01 09-16 11:0:3 12-25",
}
COUNTRIES = frozenset(_RULES)
_EPOCH = date(1970, 1, 1)


def holidays_of(country: str, years: Iterable[int]) -> list[int]:
    """Return the days of public holidays, as days since 1970, ascending. KeyError: unknown."""
    rules = _RULES[country].split()
    return sorted({(_day(rule, year) - _EPOCH).days for year in years for rule in rules})


def easter(year: int) -> date:
    """Return Easter Sunday (Butcher's algorithm, Nature, 20 April 1876; Gregorian calendar)."""
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - _lunar(century) + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _lunar(century: int) -> int:
    return (century - (century + 8) // 25 + 1) // 3


def _day(rule: str, year: int) -> date:
    if rule.startswith("E"):
        return easter(year) + timedelta(days=int(rule[1:]))
    if ":" not in rule:
        return date.fromisoformat(f"{year:04}-{rule}")
    month, weekday, number = map(int, rule.split(":"))
    if number > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
