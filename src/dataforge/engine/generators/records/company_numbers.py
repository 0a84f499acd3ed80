"""What authorities call a company: its VAT and registration number, by country.

Every number has the shape and the check digits of its country; where the two are made of each
other (a French SIREN stands in the VAT number) they agree in a row. No country but the United
States names ranges that are never issued.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dataforge.corpora.files import sections
from dataforge.engine import check_digits as check
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records.fields import Draw
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.schemes import Scheme, beside, in_base, one_of, same
from dataforge.streams import IntArray

CHINESE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHINESE_VALUE = np.array([CHINESE.find(c) for c in "0123456789" + LETTERS], dtype=np.int8)
_CHINESE_CODE = np.array([int(c, 36) for c in CHINESE], dtype=np.uint8)
_CHINESE_PLACES = tuple(
    line.partition("\t")[2] for line in sections("zh_CN", "companies.txt")["city"]
)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_INDIAN_STATES = ("27", "29", "07", "33", "24", "36", "19", "09", "06", "32")
_JAPANESE_OFFICES = ("0100", "0104", "0110", "0111", "0113", "0200", "1200", "1400", "1800", "2900")
_KOREAN_CLASSES = ("81", "86", "87", "88")
_KOREAN_COURTS = ("110111", "131111", "120111", "180111", "170111", "135111")
_KOREAN_WEIGHTS = (1, 2) * 6
_ITALIAN_OFFICES = ("MI", "RM", "TO", "NA", "BO", "FI", "VR", "PD", "BS", "GE", "BA", "MO")
_SAUDI_OFFICES = ("1010", "4030", "2050", "2051", "4650", "1131")


def _german(r: IntArray) -> ByteMatrix:
    body = digits(r + 10**7, 8)
    return beside(body, check.mod_11_10(body))


def _siren(r: IntArray) -> ByteMatrix:
    body = digits(r + 3 * 10**7, 8)
    return beside(body, check.luhn(body))


def _french(r: IntArray) -> ByteMatrix:
    siren = _siren(r)
    return beside(check.french_vat(siren), siren)


def _british(r: IntArray) -> ByteMatrix:
    body = digits(r + 10**6, 7)
    return beside(body, check.uk_vat(body))


def _spanish(r: IntArray) -> ByteMatrix:
    """Return province, number and check; the letter before them speaks of the legal form."""
    body = digits(r + 10**5, 7)
    return beside(body, check.luhn(body))


def _italian(r: IntArray) -> ByteMatrix:
    number, office = np.divmod(r, 100)
    body = beside(digits(number + 10**4, 7), digits(office + 1, 3))
    return beside(body, check.luhn(body))


def _without_ten(r: IntArray, prefix: ByteMatrix, weights: tuple[int, ...]) -> ByteMatrix:
    """Append the digit number ``r`` (0 to 8) among those after which the mod 11 check is no 10."""
    *before, last = weights
    base = check.weighted(prefix, before)
    barred = (10 - base) * pow(last, -1, 11) % 11
    return beside(prefix, (r + (r >= barred)).astype(np.uint8))


def _dutch(r: IntArray) -> ByteMatrix:
    number, last = np.divmod(r, 9)
    body = _without_ten(last, digits(number + 80 * 10**5, 7), (9, 8, 7, 6, 5, 4, 3, 2))
    return beside(body, check.dutch_company(body))


def _polish(r: IntArray) -> ByteMatrix:
    number, last = np.divmod(r, 9)
    body = _without_ten(last, digits(number + 10_100_000, 8), (6, 5, 7, 2, 3, 4, 5, 6, 7))
    return beside(body, check.polish_tax(body))


def _regon(r: IntArray) -> ByteMatrix:
    body = digits(r + 10**7, 8)
    return beside(body, check.polish_company(body))


def _swedish(r: IntArray) -> ByteMatrix:
    kind, number = np.divmod(r, 10**6)
    body = beside(one_of(("556", "559"), kind), digits(number, 6))
    return beside(body, check.luhn(body))


def _turkish(r: IntArray) -> ByteMatrix:
    body = digits(r + 10**8, 9)
    return beside(body, check.turkish_tax(body))


def _brazilian(r: IntArray) -> ByteMatrix:
    body = beside(digits(r + 10**6, 8), same(len(r), "0001"))
    return beside(body, check.brazilian_company(body))


def _indian(r: IntArray) -> ByteMatrix:
    """Return the state, a company's PAN (``ABCCD1234E``: C is its kind), 1Z and the check."""
    rest, state = np.divmod(r, len(_INDIAN_STATES))
    rest, number = np.divmod(rest, 9999)
    rows = len(r)
    letters = in_base(rest, LETTERS, 5)
    head = one_of(_INDIAN_STATES, state)
    pan = beside(letters[:, :3], same(rows, "C"), letters[:, 3], digits(number + 1, 4))
    body = beside(head, pan, letters[:, 4], same(rows, "1Z"))
    return beside(body, check.luhn(body, 36))


def _chinese(r: IntArray) -> ByteMatrix:
    """Return 91 (company, commerce), the district, nine characters of the company, the check."""
    number, place = np.divmod(r, len(_CHINESE_PLACES))
    own = beside(same(len(r), "MA"), in_base(number, CHINESE, 6))
    rest = check.weighted(own, _ORGANISATION) % 11
    last = np.where(rest == 0, 0, 11 - rest)
    organisation = np.where(last == 10, int("X", 36), last).astype(np.uint8)
    body = beside(same(len(r), "91"), one_of(_CHINESE_PLACES, place), own, organisation)
    values = _CHINESE_VALUE[body].astype(np.uint8)
    return beside(body, _CHINESE_CODE[check.chinese_company(values)])


def _korean(r: IntArray) -> ByteMatrix:
    rest, kind = np.divmod(r, len(_KOREAN_CLASSES))
    office, number = np.divmod(rest, 9999)
    kinds = one_of(_KOREAN_CLASSES, kind)
    body = beside(digits(office + 101, 3), kinds, digits(number + 1, 4))
    return beside(body, check.korean_company(body))


def _korean_registration(r: IntArray) -> ByteMatrix:
    number, court = np.divmod(r, len(_KOREAN_COURTS))
    body = beside(one_of(_KOREAN_COURTS, court), digits(number, 6))
    return beside(body, (-check.weighted(body, _KOREAN_WEIGHTS) % 10).astype(np.uint8))


def _japanese(r: IntArray) -> ByteMatrix:
    number, office = np.divmod(r, len(_JAPANESE_OFFICES))
    rows = len(r)
    body = beside(one_of(_JAPANESE_OFFICES, office), same(rows, "01"), digits(number, 6))
    return beside(check.japanese_company(body), body)


def _saudi(r: IntArray) -> ByteMatrix:
    body = beside(same(len(r), "3"), digits(r, 8))
    return beside(body, check.luhn(body), same(len(r), "00003"))


def _office_and_number(offices: tuple[str, ...], width: int) -> Callable[[IntArray], ByteMatrix]:
    """Return a writer of an office and a number of ``width`` digits that has no leading zero."""

    def write(r: IntArray) -> ByteMatrix:
        number, office = np.divmod(r, len(offices))
        return beside(one_of(offices, office), digits(number + 10 ** (width - 1), width))

    return write


def _numbers(least: int, width: int) -> Callable[[IntArray], ByteMatrix]:
    return lambda r: digits(r + least, width)


def _company(
    write: Callable[[IntArray], ByteMatrix], size: int, *shapes: str, purpose: str = "number"
) -> Scheme:
    return Scheme("company", purpose, size, write, shapes)


_JAPANESE_COUNT = len(_JAPANESE_OFFICES) * 10**6
_FRENCH_COUNT = 6 * 10**7
_SWEDISH_COUNT = 2 * 10**6
_TURKISH_COUNT = 9 * 10**8
_BRAZILIAN_COUNT = 99 * 10**6
_CHINESE_COUNT = len(_CHINESE_PLACES) * len(CHINESE) ** 6

# What the legal form decides stands before the number: see ``company.LETTERS``.
VAT: dict[str, Scheme] = {
    "en_GB": _company(_british, 9 * 10**6, "GB#########", "#########"),
    "de_DE": _company(_german, 9 * 10**7, "DE#########", "#########"),
    "fr_FR": _company(_french, _FRENCH_COUNT, "FR###########", "###########"),
    "es_ES": _company(_spanish, 52 * 10**5, "########"),
    "it_IT": _company(_italian, 129 * 10**6, "IT###########", "###########"),
    "pt_BR": _company(_brazilian, _BRAZILIAN_COUNT, "##.###.###/####-##", "##############"),
    "nl_NL": _company(_dutch, 9 * 7 * 10**5, "NL#########B01", "#########"),
    "pl_PL": _company(_polish, 9 * 89 * 10**6, "PL##########", "##########"),
    "sv_SE": _company(_swedish, _SWEDISH_COUNT, "SE##########01", "##########"),
    "tr_TR": _company(_turkish, _TURKISH_COUNT, "##########"),
    "ja_JP": _company(_japanese, _JAPANESE_COUNT, "T#############", "#############"),
    "zh_CN": _company(_chinese, _CHINESE_COUNT, "##################"),
    "ko_KR": _company(_korean, 899 * 4 * 9999, "###-##-#####", "##########"),
    "hi_IN": _company(_indian, len(_INDIAN_STATES) * 26**5 * 9999, "###############"),
    "ar_SA": _company(_saudi, 10**8, "###############"),
}
REGISTRATION: dict[str, Scheme] = {
    "en_US": _company(_numbers(3 * 10**6, 7), 49 * 10**5, "#######"),
    "en_GB": _company(_numbers(10**6, 8), 15 * 10**6, "########"),
    "de_DE": _company(_numbers(10**5, 6), 2 * 10**5, "######", purpose="registry"),
    "fr_FR": _company(_siren, _FRENCH_COUNT, "### ### ###", "#########"),
    "es_ES": _company(
        _office_and_number(tuple("MBVSAZ"), 6),
        54 * 10**5,
        "#-######",
        "#######",
        purpose="registry",
    ),
    "it_IT": _company(
        _office_and_number(_ITALIAN_OFFICES, 7), 108 * 10**6, "##-#######", purpose="registry"
    ),
    "pt_BR": _company(_numbers(35 * 10**9, 11), 9 * 10**8, "###########", purpose="registry"),
    "nl_NL": _company(_numbers(2 * 10**7, 8), 69 * 10**6, "########", purpose="registry"),
    "pl_PL": _company(_regon, 5 * 10**7, "#########", purpose="registry"),
    "sv_SE": _company(_swedish, _SWEDISH_COUNT, "######-####", "##########"),
    "tr_TR": _company(_turkish, _TURKISH_COUNT, "0##########00001", "##########"),
    "ja_JP": _company(_japanese, _JAPANESE_COUNT, "#############"),
    "zh_CN": _company(_chinese, _CHINESE_COUNT, "##################"),
    "ko_KR": _company(
        _korean_registration, 6 * 10**6, "######-#######", "#############", purpose="registry"
    ),
    "hi_IN": _company(_numbers(10**5, 6), 9 * 10**5, "######", purpose="registry"),
    "ar_SA": _company(
        _office_and_number(_SAUDI_OFFICES, 6), 54 * 10**5, "##########", purpose="registry"
    ),
}


def city_codes(draw: Draw) -> IntArray:
    """Return the Chinese city whose district the row's number names."""
    return draw.below("company", "number", _CHINESE_COUNT) % len(_CHINESE_PLACES)
