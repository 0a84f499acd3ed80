"""Addresses of a row's place, in the order and form of its country.

A template of the locale's ``address.txt`` (``{street} {number}, {postcode} {city}``) becomes a
concatenation of as few parts as there are independent draws: everything that the town decides is
one list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa

from dataforge.corpora import joint_table
from dataforge.corpora.files import sections
from dataforge.engine.generators.records import places, streets
from dataforge.engine.generators.records.fields import Joined, MakeField, Part, Text

FORMS = streets.FORMS
_TOKEN = re.compile(r"\{(\w+)\}")
_OF_TOWN = frozenset({"postcode", "city", "district", "state", "state_code"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a template that one draw decides: ``kind`` says which."""

    kind: str
    shape: str


def _segments(template: str) -> list[Segment]:
    """Cut a template between its placeholders; words between two go with the first."""
    pieces = _TOKEN.split(template)
    head, named = pieces[0], list(zip(pieces[1::2], pieces[2::2], strict=True))
    made = [("town" if name in _OF_TOWN else name, f"{{{name}}}{after}") for name, after in named]
    made[0] = (made[0][0], head + made[0][1])
    return [
        Segment(kind, "".join(shape for _, shape in group))
        for kind, group in groupby(made, key=lambda piece: piece[0])
    ]


def _part(segment: Segment, locale: str, *, short: bool) -> Part:
    shape = _TOKEN.sub("{}", segment.shape)
    match segment.kind:
        case "street":
            return streets.part_of(streets.streets(locale), shape, short=short)
        case "number":
            return streets.part_of(streets.houses(locale), shape)
        case "unit":
            return streets.part_of(streets.units(locale), shape)
        case "neighbourhood":
            return places.neighbourhood(locale, shape)
        case _:
            return _town(segment.shape, locale)


def _town(shape: str, locale: str) -> Part:
    cities = joint_table("city", locale).columns
    names = [name for name in _TOKEN.findall(shape) if name != "postcode"]
    written = [
        _filled(shape, {name: cities[name][at] for name in names})
        for at in range(len(cities["city"]))
    ]
    if "{postcode}" not in shape:
        return Part(written, places.city_codes(locale))
    codes = places.postcode_list(locale)
    per = places.POSTCODES_PER_CITY
    values = [written[at // per].replace("{postcode}", code) for at, code in enumerate(codes)]
    return Part(values, places.postcode_codes(locale))


def _filled(shape: str, row: dict[str, str]) -> str:
    # A city that is a region of its own is not named twice: Beijing, Tokyo's wards have it apart.
    if row.get("state") == row.get("city"):
        shape = shape.replace("{state}{city}", "{city}")
    for name, value in row.items():
        shape = shape.replace(f"{{{name}}}", value)
    return shape


def _joined(template: str, locale: str, *, short: bool = False) -> Joined:
    return Joined(tuple(_part(each, locale, short=short) for each in _segments(template)))


def _lists(template: str, locale: str, *, short: bool = False) -> tuple[pa.Array, ...]:
    """Return the lists of a template's parts, each without repetition."""
    parts = (_part(segment, locale, short=short).values for segment in _segments(template))
    return tuple(pa.array(list(dict.fromkeys(part.to_pylist())), pa.string()) for part in parts)


def street_address(locale: str) -> Text:
    """House number and street."""
    (template,) = sections(locale, FORMS)["street_address"]
    whole = Text((_joined(template, locale),), unique=(_lists(template, locale),))
    if not streets.streets(locale).short:
        return whole
    return Text(
        (*whole.variants, _joined(template, locale, short=True)),
        unique=(*whole.unique, _lists(template, locale, short=True)),
    )


def full_address(locale: str) -> Text:
    """The address on one line: ``12 Oak Street, Denver, CO 80202``, ``Amselweg 3, 53111 Bonn``."""
    (template,) = sections(locale, FORMS)["full_address"]
    return Text(
        (_joined(template, locale), *street_address(locale).variants),
        unique=(_lists(template, locale),),
    )


FIELDS: dict[str, MakeField] = {
    **streets.FIELDS,
    "street_address": street_address,
    "full_address": full_address,
    **places.FIELDS,
}
