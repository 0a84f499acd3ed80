"""How people are reached and known to machines: addresses that go with their names.

Domains are those of RFC 2606 and social security numbers from 900-999, which are never issued: no
value reaches a real person.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.generators.records import fixed, phones
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Part,
    Text,
    join,
    joined,
)
from dataforge.engine.generators.records.identity import (
    FamilyCodes,
    GivenCodes,
    first_readings,
    last_readings,
)
from dataforge.engine.generators.records.national import national_id

SEPARATORS = (".", ".", "_", "")
DOMAINS = (
    *("example.com",) * 8,
    *("example.org",) * 3,
    *("example.net",) * 3,
    "mail.example.com",
    "mail.example.org",
)
NUMBERS = (*("",) * 10, "1", "7", "21", "42", "77", "99")
SHORT_NAME = 7
_TAILS = tuple((number, domain) for number in NUMBERS for domain in DOMAINS)


def _tail(draw: Draw) -> Codes:
    return draw.below("person", "tail", len(_TAILS))


@cache
def _mailbox(locale: str) -> tuple[Part, Part]:
    """Return the parts before and after the point where first and last name meet."""
    first, surname = GivenCodes.of(locale), FamilyCodes.of(locale)
    heads = [name + mark for name in first_readings(locale) for mark in SEPARATORS]
    lasts = last_readings(locale)
    tails = [f"{last}{number}@{domain}" for last in lasts for number, domain in _TAILS]
    marks = len(SEPARATORS)
    return (
        Part(
            heads,
            lambda d: first(d).astype(np.int64) * marks + d.below("person", "separator", marks),
        ),
        Part(tails, lambda d: surname(d).astype(np.int64) * len(_TAILS) + _tail(d)),
    )


def _login(locale: str) -> tuple[Part, Part]:
    numbered = [last + number for last in last_readings(locale) for number, _ in _TAILS]
    return _mailbox(locale)[0], Part(numbered, _mailbox(locale)[1].codes)


def _initial(locale: str) -> Part:
    return Part([name[0] for name in first_readings(locale)], GivenCodes.of(locale))


def _short_last(locale: str) -> Part:
    short = [name[:SHORT_NAME] for name in last_readings(locale)]
    return Part(short, FamilyCodes.of(locale))


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
    lasts, codes = last_readings(locale), FamilyCodes.of(locale)
    last = Part(lasts, codes)
    numbers = Part([f"{number}@a.test" for number in range(1000)], _thousand)
    short = Part([f"{name}@example.com" for name in lasts], codes)
    dotted = Part([f"{name}." for name in first_readings(locale)], GivenCodes.of(locale))
    return Text(
        (joined(head, tail), joined(initial, short), joined(initial, numbers)),
        unique=_unique_names(locale, [f"@{name}" for name in dict.fromkeys(DOMAINS)], ["@a.test"]),
        distinct=(
            _numbered(dotted, last, "@example.com"),
            _numbered(initial, last, "@example.com"),
            _numbered(initial, _short_last(locale), "@a.test"),
            _numbered(initial, Part(["."], lambda d: np.zeros(len(d.cells.rows), int)), "@a.test"),
        ),
    )


def _thousand(draw: Draw) -> Codes:
    return draw.below("person", "thousand", 1000)


def _unique_names(
    locale: str, ends: list[str], short_ends: list[str]
) -> tuple[tuple[pa.Array, ...], ...]:
    """Return lists whose combinations are distinct mailboxes, in two lengths."""
    firsts = pa.array(list(dict.fromkeys(first_readings(locale))))
    lasts = pa.array(list(dict.fromkeys(last_readings(locale))))
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
    last = Part(last_readings(locale), FamilyCodes.of(locale))
    number = Part([str(number) for number in range(1000)], _thousand)
    return Text(
        (joined(head, tail), joined(initial, last), joined(initial, number)),
        unique=_unique_names(locale, [""], [""]),
        distinct=(
            _numbered(head, last, ""),
            _numbered(initial, last, ""),
            _numbered(initial, _short_last(locale), ""),
        ),
    )


def ssn(locale: str) -> Text:
    """Numbers of the form 9xx-xx-xxxx; outside the United States the country's own."""
    if locale != "en_US":
        return national_id(locale)

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


FIELDS: dict[str, MakeField] = {
    "email": email,
    "username": username,
    **phones.PERSON,
    "ssn": ssn,
    "national_id": national_id,
    "password_hash": password_hash,
}
