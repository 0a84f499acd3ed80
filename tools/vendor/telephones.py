"""Telephone numbers that are valid for a country, as templates by kind and area.

A template is a number in national and in international form whose ``#`` may be any digit: every
completion is valid to phonenumbers (Apache-2.0). Where a regulator keeps numbers for fiction that
phonenumbers takes for valid, the area has those alone.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.geodata import GEOCODE_DATA
from tools.vendor.gazetteer import Town

SAMPLE = 1500
FEW = 40
MOST_FIXED = 3
MOST_MOBILE = 24
GEOGRAPHIC = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
CELLULAR = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# Digits of a national significant number; Germany's depend on the area.
LENGTHS = {
    "GB": 10, "FR": 9, "ES": 9, "IT": 10, "BR": 10, "NL": 9, "PL": 9, "SE": 9, "TR": 10, "JP": 9,
    "KR": 9, "IN": 10, "SA": 9,
}  # fmt: skip
# Reserved for drama and the like: NANP 555-01xx; Ofcom, Arcep, Bundesnetzagentur and PTS, each
# as published; an entry is a national significant number.
FICTION = {
    "GB": [
        "1134960###", "1144960###", "1154960###", "1164960###", "1174960###", "1184960###",
        "1214960###", "1314960###", "1414960###", "1514960###", "1614960###", "2079460###",
        "1914980###", "2890180###", "2920180###",
    ],
    "FR": ["19900####", "26191####", "35301####", "46571####", "53649####"],
    "DE": ["3023125###", "6990009###", "4066969###", "2214710###", "8999998###"],
}  # fmt: skip
# What mobile numbers begin with, and how many digits they have.
MOBILE = {
    "GB": ("74 75 77 78 79", 10), "DE": ("151 152 157 160 162 163 170 171 172 173 174 175 176", 0),
    "FR": ("6 7", 9), "ES": ("6 7", 9), "IT": ("32 33 34 36 37 38 39", 10),
    "NL": ("61 62 63 64 65", 9), "PL": ("50 51 53 57 60 66 69 72 73 78 79 88", 9),
    "SE": ("70 72 73 76 79", 9), "TR": ("530 531 532 533 535 536 541 542 543 544 551 552 553", 10),
    "JP": ("90 80 70", 10), "KR": ("10", 10), "SA": ("50 53 54 55 56 58 59", 9),
    "CN": ("135 136 137 138 139 150 151 158 159 177 186 187 188 189 199", 11),
    "IN": ("70 72 75 78 79 80 82 84 87 88 89 90 91 93 94 95 96 97 98 99", 10),
}  # fmt: skip
# Trunk prefixes that phonenumbers writes and people leave out.
UNSPOKEN = {("IN", "mobile"): "0"}


@dataclass(frozen=True)
class Template:
    """Numbers of one kind in one area (``""`` for all)."""

    kind: str
    area: str
    national: str
    international: str


def _number(country: str, digits: str) -> PhoneNumber:
    return phonenumbers.parse(f"+{phonenumbers.country_code_for_region(country)}{digits}", country)


def _valid(country: str, digits: str, types: set[int]) -> bool:
    number = _number(country, digits)
    return (
        phonenumbers.is_valid_number_for_region(number, country)
        and phonenumbers.number_type(number) in types
    )


def _filled(digits: str, dice: random.Random) -> str:
    return "".join(dice.choice("0123456789") if mark == "#" else mark for mark in digits)


def _template(country: str, digits: str, types: set[int], kind: str, area: str) -> Template | None:
    """Return the template of ``digits`` if all its completions are valid and look alike."""
    dice = random.Random(digits)  # noqa: S311 - a sample, not a secret
    if not all(_valid(country, _filled(digits, dice), types) for _ in range(FEW)):
        return None
    if not all(_valid(country, _filled(digits, dice), types) for _ in range(SAMPLE)):
        return None
    shapes = {_shape(country, digits, _filled(digits, dice)) for _ in range(FEW)}
    if len(shapes) > 1:
        return None
    national, international = shapes.pop()
    return Template(
        kind, area, national.removeprefix(UNSPOKEN.get((country, kind), "")), international
    )


def _shape(country: str, digits: str, filled: str) -> tuple[str, str]:
    """Return both forms of a number with ``#`` where ``digits`` has it."""
    number = _number(country, filled)
    free = digits.count("#")
    forms = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    national, international = (_masked(phonenumbers.format_number(number, f), free) for f in forms)
    return national, international


def _masked(text: str, free: int) -> str:
    characters = list(text)
    for at in range(len(characters) - 1, -1, -1):
        if characters[at].isdigit() and free:
            characters[at] = "#"
            free -= 1
    return "".join(characters)


def plan(towns: dict[Town, str], country: str) -> list[Template]:
    """Return the templates of a country: fixed lines of each area, then mobile numbers."""
    codes = sorted(set(towns.values()))
    fixed = [template for area in codes for template in _fixed(country, area)]
    if country == "BR":
        return fixed + [template for area in codes for template in _mobile_of(country, area)]
    return fixed + _mobiles(country)


def north_american(area: str) -> list[Template]:
    """Return the fictitious numbers of an area, which are fixed and mobile, and all of it.

    The latter are for columns that need more distinct numbers than there are fictitious ones.
    """
    national, international = f"({area}) 555-01##", f"+1 {area}-555-01##"
    wide = (f"({area}) {first}##-####" for first in "2346789")
    return [
        *(Template(kind, area, national, international) for kind in ("fixed", "mobile")),
        *(Template("any", area, text, f"+1 {area}-{text[6:]}") for text in wide),
    ]


def _fixed(country: str, area: str) -> list[Template]:
    fiction = [number for number in FICTION.get(country, ()) if number.startswith(area)]
    made = (_template(country, number, GEOGRAPHIC, "fixed", area) for number in fiction)
    reserved = [template for template in made if template is not None]
    if reserved:
        return reserved
    for length in _lengths(country, area):
        found = [*_completable(country, area, length, GEOGRAPHIC, "fixed", area)][:MOST_FIXED]
        if found:
            return found
    msg = f"no fixed numbers for area {area} of {country}"
    raise ValueError(msg)


def _lengths(country: str, area: str) -> tuple[int, ...]:
    match country:
        case "CN":
            return (len(area) + 8, len(area) + 7)
        case "DE":
            return (10, 11)
        case _:
            return (LENGTHS[country], LENGTHS[country] + 1, LENGTHS[country] - 1)


def _mobile_of(country: str, area: str) -> list[Template]:
    numbers = (f"{area}9{digit}#######" for digit in "6789")
    made = (_template(country, number, CELLULAR, "mobile", area) for number in numbers)
    return [template for template in made if template is not None]


def _mobiles(country: str) -> list[Template]:
    """Return templates of mobile numbers, of the commonest beginnings."""
    heads, length = MOBILE[country]
    groups = []
    for head in heads.split():
        size = length or (11 if head.startswith("15") else 10)
        groups.append([*_completable(country, head, size, CELLULAR, "mobile", "")])
    ranked = [each for at in range(8) for group in groups for each in group[at : at + 1]]
    return ranked[:MOST_MOBILE]


def _completable(
    country: str, head: str, length: int, types: set[int], kind: str, area: str
) -> Iterator[Template]:
    """Yield templates that begin with ``head``, the shortest beginnings that are wholly valid."""
    for digit in "25346789":
        whole = (head + digit).ljust(length, "#")
        template = _template(country, whole, types, kind, area)
        if template:
            yield template
            continue
        deeper = (
            _template(country, (head + digit + second).ljust(length, "#"), types, kind, area)
            for second in "24680"
        )
        yield from itertools.islice((each for each in deeper if each), 1)


@cache
def _described(country: str) -> dict[str, dict[str, int]]:
    """Return how often a place's name describes numbers of an area: name → area → count."""
    code = str(phonenumbers.country_code_for_region(country))
    found: dict[str, dict[str, int]] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith(code) and (area := _area(country, prefix[len(code) :])):
            for text in names.values():
                for name in _names(text):
                    counts = found.setdefault(name, {})
                    counts[area] = counts.get(area, 0) + 1
    return found


def _names(text: str) -> Iterable[str]:
    words = text.replace("/", ",").replace(" - ", ",").split(",")
    yield text.casefold()
    yield words[0].strip().casefold()


@cache
def _area(country: str, digits: str) -> str:
    """Return the area code that a geographic prefix belongs to; empty where it is none."""
    for length in range(max(8, len(digits)), 12):
        for filling in ("2345678", "3456789", "4567890", "2233445"):
            whole = (digits + filling)[:length]
            if len(whole) == length and _valid(country, whole, GEOGRAPHIC):
                return _area_of(country, whole)
    return ""


def _area_of(country: str, digits: str) -> str:
    if country in {"ES", "PL"}:
        return digits[:2] if country == "PL" or digits[1] in "13" else digits[:3]
    # Italian numbers keep the 0 of their area code, which the length does not count.
    number = _number(country, digits)
    size = phonenumbers.length_of_geographical_area_code(number)
    return digits[:size]


def areas(towns: list[Town], country: str) -> dict[Town, str]:
    """Return the area code of each town.

    It is the one that the gazetteer says, else that of the numbers described by the town's name,
    else that of the nearest town of the region (or country) that has one.
    """
    found = {town: area for town in towns if (area := town.area or _named(town, country))}
    return {town: found.get(town) or found[_nearest(town, found)] for town in towns}


def _named(town: Town, country: str) -> str:
    """Return the area code most often described by the town's name, or by its name and more."""
    described = _described(country)
    stem = town.name.partition(" (")[0]
    names = [n.casefold() for n in (town.name, town.known_as, stem, stem[:-1], *town.names)]
    exact = [described[name] for name in names if name in described]
    longer = [c for name, c in described.items() if name.startswith(f"{stem.casefold()} ")]
    counts = next(iter(exact + longer), {})
    return max(counts, key=lambda area: (counts[area], area), default="")


def _nearest(town: Town, found: dict[Town, str]) -> Town:
    return min(
        found,
        key=lambda other: (
            other.region != town.region,
            (other.latitude - town.latitude) ** 2 + (other.longitude - town.longitude) ** 2,
        ),
    )
