"""People: names that go with a gender, and addresses of the internet that go with the names.

Domains are those of RFC 2606, telephone numbers from 555-01xx (NANP fiction range) and social
security numbers from 900-999, which are never issued: no value reaches a real person.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import joint_table, slot_table, slug, vocabulary
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.address import city_codes
from dataforge.engine.generators.records.fields import (
    Codes,
    Day,
    Draw,
    Made,
    Number,
    Part,
    Slots,
    Text,
    coded,
    join,
    joined,
)
from dataforge.streams import FloatArray

GENDERS = ("Female", "Male", "Non-binary")
GENDER_SHARES = (0.5, 0.49, 0.01)
TITLES = {"Female": ("Ms.", "Ms.", "Mrs.", "Dr."), "Male": ("Mr.", "Mr.", "Mr.", "Dr.")}
SEPARATORS = (".", ".", "_", "")
DOMAINS = ("example.com",) * 8 + ("example.org",) * 3 + ("example.net",) * 3
DOMAINS += ("mail.example.com", "mail.example.org")
NUMBERS = ("",) * 10 + ("1", "7", "21", "42", "77", "99")
AGE_QUANTILES = (18, 22, 26, 31, 35, 40, 45, 51, 58, 67, 90)
LINE_COUNT = 100
_TAILS = tuple((number, domain) for number in NUMBERS for domain in DOMAINS)


@cache
def _people(locale: str) -> tuple[tuple[str, ...], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the first names, and the name and gender at each slot."""
    female, male = (vocabulary(f"first_name_{sex}", locale) for sex in ("female", "male"))
    sources = ((female, 0), (male, 1), (female, 2), (male, 2))
    shares = (GENDER_SHARES[0], GENDER_SHARES[1], GENDER_SHARES[2] / 2, GENDER_SHARES[2] / 2)
    names, genders, weights = [], [], []
    for (source, gender), share in zip(sources, shares, strict=True):
        names += source.values.to_pylist()
        genders += [gender] * len(source)
        weights.append(np.diff(source.cumulative, prepend=0) * share)
    distinct = {name: at for at, name in enumerate(dict.fromkeys(names))}
    slots = slot_table(len(names), np.concatenate(weights))
    codes = np.array([distinct[name] for name in names], dtype=np.int32)
    return tuple(distinct), codes[slots], np.array(genders, dtype=np.int32)[slots]


def _names(locale: str) -> list[str]:
    return list(_people(locale)[0])


def _last_names(locale: str) -> list[str]:
    return list(vocabulary("last_name", locale).values.to_pylist())


def _first(locale: str, purpose: str = "first") -> Slots:
    return Slots("person", purpose, _people(locale)[1])


def _last(locale: str) -> Slots:
    return Slots("person", "last", vocabulary("last_name", locale).slots)


def _tail(draw: Draw) -> Codes:
    return draw.below("person", "tail", len(_TAILS))


def first_name(locale: str) -> Text:
    """Given names by frequency."""
    return coded(_first(locale), _names(locale))


def last_name(locale: str) -> Text:
    """Family names by frequency."""
    return coded(_last(locale), _last_names(locale))


def middle_name(locale: str) -> Text:
    """Given names again, from another draw; an initial where the column is narrow."""
    names = _names(locale)
    return coded(_first(locale, "middle"), names, [f"{n[0]}." for n in names], [n[0] for n in names])


def middle_initial(locale: str) -> Text:
    """The first letter of the middle name."""
    return coded(_first(locale, "middle"), [name[0] for name in _names(locale)])


def initials(locale: str) -> Text:
    """First letters of first and last name."""
    firsts, lasts = ([name[0] for name in names] for names in (_names(locale), _last_names(locale)))
    return Text((joined(Part(firsts, _first(locale)), Part(lasts, _last(locale))),))


def full_name(locale: str) -> Text:
    """First and last name; the first as an initial, or not at all, where the column is narrow."""
    names, lasts = _names(locale), _last_names(locale)
    last = Part(lasts, _last(locale))
    spaced = Part([f"{name} " for name in names], _first(locale))
    initial = Part([f"{name[0]}. " for name in names], _first(locale))
    letters = pa.array(["", *(f"{chr(65 + at)}. " for at in range(26))])
    unique = (pa.array([f"{name} " for name in names]), letters, pa.array(lasts))
    return Text((joined(spaced, last), joined(initial, last), joined(last)), unique=(unique,))


def name_last_first(locale: str) -> Text:
    """``Last, First``."""
    last = Part([f"{name}, " for name in _last_names(locale)], _last(locale))
    first = Part(_names(locale), _first(locale))
    letters = pa.array(["", *(f" {chr(65 + at)}." for at in range(26))])
    unique = ((last.values, first.values, letters),)
    return Text((joined(last, first), *last_name(locale).variants), unique=unique)


def gender(locale: str) -> Text:
    """The gender that goes with the first name; one letter where the column is narrow."""
    codes = Slots("person", "first", _people(locale)[2])
    return coded(codes, GENDERS, ("F", "M", "X"))


def title(locale: str) -> Text:
    """A form of address that goes with the gender."""
    words = [word for name in GENDERS for word in TITLES.get(name, ("Mx.", "Mx.", "Mx.", "Dr."))]
    distinct = list(dict.fromkeys(words))
    table = np.array([distinct.index(word) for word in words])
    genders = _people(locale)[2]

    def codes(draw: Draw) -> Codes:
        choice = draw.below("person", "title", 4)
        return table[genders[draw.top("person", "first")] * 4 + choice]

    return coded(codes, distinct, [word.strip(".") for word in distinct])


@cache
def _mailbox(locale: str) -> tuple[Part, Part]:
    """Return the parts before and after the point where first and last name meet."""
    first, surname = _first(locale), _last(locale)
    heads = [name + mark for name in map(slug, _names(locale)) for mark in SEPARATORS]
    lasts = [slug(name) for name in _last_names(locale)]
    tails = [f"{last}{number}@{domain}" for last in lasts for number, domain in _TAILS]
    marks = len(SEPARATORS)
    return (
        Part(heads, lambda d: first(d) * marks + d.below("person", "separator", marks)),
        Part(tails, lambda d: surname(d).astype(np.int64) * len(_TAILS) + _tail(d)),
    )


def _login(locale: str) -> tuple[Part, Part]:
    lasts = [slug(name) for name in _last_names(locale)]
    numbered = [last + number for last in lasts for number, _ in _TAILS]
    return _mailbox(locale)[0], Part(numbered, _mailbox(locale)[1].codes)


def _initial(locale: str) -> Part:
    return Part([slug(name)[0] for name in _names(locale)], _first(locale))


def _rows(draw: Draw) -> pa.Array:
    return pc.cast(pa.array(draw.cells.rows + 1), pa.string())


def _numbered(head: Part, last: Part, end: str) -> Made:
    """Return the variant that is distinct because it ends in the row number."""

    def make(draw: Draw) -> pa.Array:
        return join(head.make(draw), last.make(draw), _rows(draw), pa.scalar(end))

    return Made(head.longest + last.longest + 10 + len(end), make)


def email(locale: str) -> Text:
    """An address made from the names; shorter ones use the initial and a shorter domain."""
    head, tail = _mailbox(locale)
    initial = _initial(locale)
    lasts = [slug(name) for name in _last_names(locale)]
    last = Part(lasts, _last(locale))
    numbers = Part([f"{number}@a.test" for number in range(1000)], _thousand)
    short = Part([f"{name}@example.com" for name in lasts], _last(locale))
    dotted = Part([f"{slug(name)}." for name in _names(locale)], _first(locale))
    return Text(
        (joined(head, tail), joined(initial, short), joined(initial, numbers)),
        unique=_unique_names(locale, [f"@{name}" for name in dict.fromkeys(DOMAINS)], ["@a.test"]),
        distinct=(
            _numbered(dotted, last, "@example.com"),
            _numbered(initial, last, "@example.com"),
            _numbered(initial, Part(["."], lambda d: np.zeros(len(d.cells.rows), int)), "@a.test"),
        ),
    )


def _thousand(draw: Draw) -> Codes:
    return draw.below("person", "thousand", 1000)


def _unique_names(
    locale: str, ends: list[str], short_ends: list[str]
) -> tuple[tuple[pa.Array, ...], ...]:
    """Return lists whose combinations are distinct mailboxes, in two lengths."""
    firsts = pa.array(list(dict.fromkeys(slug(name) for name in _names(locale))))
    lasts = pa.array(list(dict.fromkeys(slug(name) for name in _last_names(locale))))
    infixes = pa.array([".", "_", *(f".{chr(97 + at)}." for at in range(26))])
    numbers = pa.array(["", *NUMBERS[10:], "3", "12", "33", "88"])
    letters = pa.array([chr(97 + at) for at in range(26)])
    thousand = pa.array([f"{number:03}" for number in range(1000)])
    return (
        (firsts, infixes, lasts, numbers, pa.array(ends)),
        (letters, letters, thousand, thousand, pa.array(short_ends)),
        (letters, thousand, pa.array(short_ends)),
    )


def username(locale: str) -> Text:
    """The part of the e-mail address before the @."""
    head, tail = _login(locale)
    initial = _initial(locale)
    last = Part([slug(name) for name in _last_names(locale)], _last(locale))
    number = Part([str(number) for number in range(1000)], _thousand)
    return Text(
        (joined(head, tail), joined(initial, last), joined(initial, number)),
        unique=_unique_names(locale, [""], [""]),
        distinct=(_numbered(head, last, ""), _numbered(initial, last, "")),
    )


@cache
def _phone(purpose: str) -> Text:
    """Return numbers of the city's area code, one hundred lines each."""
    areas = joint_table("city").columns["area_code"]
    distinct = list(dict.fromkeys(areas))
    area_at = np.array([distinct.index(area) for area in areas])
    pairs = [(area, f"01{line:02}") for area in distinct for line in range(LINE_COUNT)]
    shapes = ("({}) 555-{}", "{}-555-{}", "{}555{}")
    lists = [[shape.format(*pair) for pair in pairs] for shape in shapes]
    lists.append([f"555-{line}" for _, line in pairs])
    lists.append([f"555{line}" for _, line in pairs])

    def codes(draw: Draw) -> Codes:
        return area_at[city_codes(draw)] * LINE_COUNT + draw.below("person", purpose, LINE_COUNT)

    return Text(coded(codes, *lists).variants, unique=_unique_phones(distinct))


def _unique_phones(areas: list[str]) -> tuple[tuple[pa.Array, ...], ...]:
    lines = pa.array([f"{line:02}" for line in range(LINE_COUNT)])
    extensions = pa.array([f" x{number:05}" for number in range(100_000)])
    plain = pa.array([f"{number:05}" for number in range(100_000)])
    return (
        (pa.array([f"({area}) 555-01" for area in areas]), lines, extensions),
        (pa.array([f"{area}55501" for area in areas]), lines, plain),
        (pa.array([f"{area}-555-01" for area in areas]), lines),
        (pa.array([f"{area}55501" for area in areas]), lines),
    )


def phone(_locale: str) -> Text:
    """A landline in the city of the address of the same group."""
    return _phone("phone")


def mobile(_locale: str) -> Text:
    """Another number of the same area."""
    return _phone("mobile")


def fax(_locale: str) -> Text:
    """Another number of the same area."""
    return _phone("fax")


def _days_old(draw: Draw) -> npt.NDArray[np.int64]:
    years: FloatArray = np.interp(
        draw.unit("person", "age"), np.linspace(0, 1, len(AGE_QUANTILES)), AGE_QUANTILES
    )
    return (years * 365.2425).astype(np.int64)


def _birthdays(draw: Draw) -> npt.NDArray[np.datetime64]:
    return np.datetime64(draw.now, "D") - _days_old(draw)


def birth_date(_locale: str) -> Day:
    """Birthdays of people from 18 to 90 on the schema's present day."""
    return Day(_birthdays)


def age(_locale: str) -> Number:
    """Whole years since the birthday."""

    def make(draw: Draw) -> npt.NDArray[np.int64]:
        today, born = np.datetime64(draw.now, "D"), _birthdays(draw)
        months = (today.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
        return (months - (_day_of_month(born) > _day_of_month(today))) // 12

    return Number(make)


def _day_of_month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    return (days - days.astype("datetime64[M]")).astype(np.int64)


def birth_year(_locale: str) -> Number:
    """The calendar year of the birthday."""

    def make(draw: Draw) -> npt.NDArray[np.int64]:
        return _birthdays(draw).astype("datetime64[Y]").astype(np.int64) + 1970

    return Number(make)


def ssn(_locale: str) -> Text:
    """Numbers of the form 9xx-xx-xxxx."""

    def plain(draw: Draw) -> fixed.ByteMatrix:
        return fixed.digits(draw.below("person", "ssn", 10**8) + 9 * 10**8, 9)

    def dashed(draw: Draw) -> pa.Array:
        numbers = plain(draw)
        matrix = fixed.template(len(numbers), "000-00-0000")
        return fixed.text(fixed.fill(matrix, [0, 1, 2, 4, 5, 7, 8, 9, 10], numbers))

    hundred, ten = (pa.array([f"{n:0{w}}" for n in range(10**w)]) for w in (2, 4))
    area = pa.array([str(900 + n) for n in range(100)])
    dash = pa.array(["-"])
    return Text(
        (Made(11, dashed), Made(9, lambda d: fixed.text(plain(d) + np.uint8(48)))),
        unique=((area, dash, hundred, dash, ten), (area, hundred, ten)),
    )


def password_hash(_locale: str) -> Text:
    """Text in the shape of bcrypt, or of as many hexadecimal digits as fit."""
    alphabet = np.frombuffer(
        b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", dtype=np.uint8
    )

    def words(draw: Draw, count: int) -> list[npt.NDArray[np.uint64]]:
        return [draw.bits("person", f"password{at}") for at in range(count)]

    def bcrypt(draw: Draw) -> pa.Array:
        octets = np.stack(words(draw, 7), axis=1).view(np.uint8)[:, :53] & 63
        matrix = fixed.template(len(octets), "$2b$12$" + "." * 53)
        matrix[:, 7:] = alphabet[octets]
        return fixed.text(matrix)

    def shorter(width: int) -> Made:
        return Made(width, lambda d: fixed.hex_text(words(d, -(-width // 16)), width))

    return Text((Made(60, bcrypt), *(shorter(width) for width in (40, 32, 16, 8))))


def constant_of(name: str, purpose: str) -> Text:
    """A vocabulary entry of the person."""
    words = vocabulary(name)
    return coded(Slots("person", purpose, words.slots), words.values)


FIELDS = {
    "first_name": first_name,
    "last_name": last_name,
    "middle_name": middle_name,
    "middle_initial": middle_initial,
    "initials": initials,
    "full_name": full_name,
    "name_last_first": name_last_first,
    "gender": gender,
    "title": title,
    "suffix": lambda _locale: constant_of("name_suffix", "suffix"),
    "email": email,
    "username": username,
    "phone": phone,
    "mobile": mobile,
    "fax": fax,
    "birth_date": birth_date,
    "birth_year": birth_year,
    "age": age,
    "ssn": ssn,
    "password_hash": password_hash,
    "job_title": lambda _locale: constant_of("job_title", "job"),
    "nationality": lambda _locale: constant_of("nationality", "nationality"),
    "marital_status": lambda _locale: constant_of("marital_status", "marital"),
}
