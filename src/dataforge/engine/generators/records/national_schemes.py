"""How the national numbers of people are composed, with their check digits.

Where a country keeps a range that it never issues, numbers are from it: SSN area 9xx (en_US),
prefix QQ (en_GB), département 00 (fr_FR), place codes Z9xx (it_IT), test serials 980 on (sv_SE).
NIF from 95 million (es_ES) and BSN from 900 million (nl_NL) lie beyond what was handed out. The
other countries keep no such range: their numbers are valid in form and check, and may by chance
be somebody's (de_DE, pt_BR, pl_PL, tr_TR, ja_JP, zh_CN, ko_KR, hi_IN, ar_SA).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dataforge.engine import check_digits as check
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.schemes import beside, in_base, one_of, same
from dataforge.streams import IntArray

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_MONTH_LETTERS = "ABCDEHLMPRST"
_CONSONANTS = "BCDFGLMNPRSTVZ"
# What a character counts at an odd place of a codice fiscale (DM 23 December 1976, table 1).
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_ODD_LETTERS = (*_ODD, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD_VALUES = np.array([*_ODD, *_ODD_LETTERS], dtype=np.int16)
_EVEN_VALUES = np.array([*range(10), *range(26)], dtype=np.int16)
# Districts of Beijing, Tianjin and Shanghai that kept their codes all the time.
_CHINESE_PLACES = (
    "110101",
    "110102",
    "110105",
    "110106",
    "110107",
    "110108",
    "110109",
    "120101",
    "120102",
    "120103",
)
_RIC = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RRN = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_PESEL = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_MY_NUMBER = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# The dihedral group of ten elements and the permutation of Verhoeff's scheme (1969).
_DIHEDRAL = np.array(
    [[(a + b) % 5 + 5 * (b > 4) if a < 5 else (a - b) % 5 + 5 * (b < 5) for b in range(10)]
     for a in range(10)]
)  # fmt: skip
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_INVERSE = np.array([0, 4, 3, 2, 1, 5, 6, 7, 8, 9])


class Bearer(NamedTuple):
    """Whose number it is: birthday (datetime64[D]) and 1 for men's numbers, 0 for women's."""

    born: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    man: IntArray

    @property
    def parts(self) -> tuple[IntArray, IntArray, IntArray]:
        """Year, month and day of the birthday."""
        months = self.born.astype("datetime64[M]")
        count = months.astype(np.int64)
        day = (self.born - months).astype(np.int64) + 1
        return 1970 + count // 12, count % 12 + 1, day

    def six(self, shift: int = 0) -> ByteMatrix:
        """Return YYMMDD, with ``shift`` added to the month of those born from 2000 on."""
        year, month, day = self.parts
        return digits((year % 100) * 10_000 + (month + shift * (year >= 2000)) * 100 + day, 6)


Write = Callable[[IntArray, Bearer], ByteMatrix]


def american(number: IntArray, _: Bearer) -> ByteMatrix:
    """SSN: area 9xx, never assigned (20 CFR 422.103; SSA, randomization of 2011)."""
    return digits(number + 9 * 10**8, 9)


def british(number: IntArray, _: Bearer) -> ByteMatrix:
    """National Insurance number: prefix QQ, never allocated (HMRC, NIM39110)."""
    head, suffix = np.divmod(number, 4)
    return beside(same(len(number), "QQ"), digits(head, 6), one_of(tuple("ABCD"), suffix))


def german(number: IntArray, _: Bearer) -> ByteMatrix:
    """Steuer-ID: ten digits of which one occurs twice and one not at all, then MOD 11,10."""
    rest, pair = np.divmod(number, 45)
    order = _permuted(rest)
    later = np.floor((1 + np.sqrt(8 * pair + 1)) / 2).astype(np.int64)
    earlier = pair - later * (later - 1) // 2
    rows = np.arange(len(number))
    order[rows, later] = order[rows, earlier]
    return beside(order, check.mod_11_10(order))


def _permuted(ranks: IntArray) -> ByteMatrix:
    """Return permutations of the ten digits that do not begin with 0, by rank below 9 * 9!."""
    rest, picks = ranks, []
    for size in range(1, 10):
        rest, pick = np.divmod(rest, size)
        picks.append(pick)
    picks.append(rest + 1)
    out = np.zeros((10, len(ranks)), dtype=np.uint8)
    for place in range(9, -1, -1):
        chosen = picks[9 - place].astype(np.uint8)
        out[place + 1 :] += out[place + 1 :] >= chosen
        out[place] = chosen
    return np.ascontiguousarray(out.T)


def french(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """NIR: sex, birth, département 00, commune and order, key (décret 82-103)."""
    year, month, _ = bearer.parts
    commune, order = np.divmod(number, 999)
    body = beside(
        (2 - bearer.man).astype(np.uint8), digits((year % 100) * 100 + month, 4),
        same(len(number), "00"), digits((commune + 1) * 1000 + order + 1, 6),
    )  # fmt: skip
    return beside(body, digits(97 - check.number_of(body) % 97, 2))


def spanish(number: IntArray, _: Bearer) -> ByteMatrix:
    """NIF: eight digits and the letter of their remainder by 23 (RD 1553/2005)."""
    whole = number + 95 * 10**6
    return beside(digits(whole, 8), one_of(tuple(_NIF_LETTERS), whole % 23))


def italian(letters: ByteMatrix, number: IntArray, bearer: Bearer) -> ByteMatrix:
    """Codice fiscale: six letters of the names, birth, place Z9xx, check (DM 23 December 1976)."""
    year, month, day = bearer.parts
    body = beside(
        letters, digits(year % 100, 2), one_of(tuple(_MONTH_LETTERS), month - 1),
        digits(day + 40 * (1 - bearer.man), 2), same(len(number), "Z9"), digits(number, 2),
    )  # fmt: skip
    total = np.zeros(len(number), dtype=np.int16)
    for place in range(body.shape[1]):
        total += (_EVEN_VALUES if place % 2 else _ODD_VALUES)[body[:, place]]
    return beside(body, (total % 26 + 10).astype(np.uint8))


def italian_consonants(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """Codice fiscale of nobody's name, for numbers that have to differ by rank."""
    rest, place = np.divmod(number, 100)
    return italian(in_base(rest, _CONSONANTS, 6), place, bearer)


def brazilian(number: IntArray, _: Bearer) -> ByteMatrix:
    """CPF: nine digits and two checks (Receita Federal)."""
    body = digits(number + 10**8, 9)
    first = (11 - check.weighted(body, range(10, 1, -1))) % 11 % 10
    both = beside(body, first.astype(np.uint8))
    return beside(both, ((11 - check.weighted(both, range(11, 1, -1))) % 11 % 10).astype(np.uint8))


def dutch(number: IntArray, _: Bearer) -> ByteMatrix:
    """BSN: nine digits from 900 million on that pass the "elfproef" (Wabb)."""
    head, last = np.divmod(number, 9)
    prefix = digits(head + 90 * 10**5, 7)
    # The last digit weighs 2: one of ten leaves the check that no number has, and is passed over.
    barred = (10 - check.weighted(prefix, range(9, 2, -1))) * pow(2, -1, 11) % 11
    body = beside(prefix, (last + (last >= barred)).astype(np.uint8))
    return beside(body, check.dutch_company(body))


def polish(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """PESEL: birth, serial whose last digit is odd for men, check (ustawa z 24.9.2010)."""
    serial, sexed = np.divmod(number, 5)
    sex = (sexed * 2 + bearer.man).astype(np.uint8)
    body = beside(bearer.six(shift=20), digits(serial, 3), sex)
    return beside(body, (-check.weighted(body, _PESEL) % 10).astype(np.uint8))


def swedish(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """Personnummer: birth, a serial of the test range 980 to 999, odd for men, Luhn."""
    body = beside(bearer.six(), digits(980 + number * 2 + bearer.man, 3))
    return beside(body, check.luhn(body))


def turkish(number: IntArray, _: Bearer) -> ByteMatrix:
    """T.C. kimlik no: nine digits and two checks (law 5490)."""
    body = digits(number + 10**8, 9)
    odd, even = (body[:, start::2].sum(axis=1, dtype=np.int64) for start in (0, 1))
    tenth = (odd * 7 - even) % 10
    return beside(body, tenth.astype(np.uint8), ((odd + even + tenth) % 10).astype(np.uint8))


def japanese(number: IntArray, _: Bearer) -> ByteMatrix:
    """個人番号: eleven digits and the check (総務省令第八十五号, 平成二十六年)."""
    body = digits(number + 10**10, 11)
    rest = check.weighted(body, _MY_NUMBER) % 11
    return beside(body, np.where(rest < 2, 0, 11 - rest).astype(np.uint8))


def chinese(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """公民身份号码: district, birth, serial odd for men, ISO/IEC 7064 MOD 11-2 (GB 11643-1999)."""
    rest, place = np.divmod(number, len(_CHINESE_PLACES))
    year, month, day = bearer.parts
    body = beside(
        one_of(_CHINESE_PLACES, place), digits(year * 10_000 + month * 100 + day, 8),
        digits(rest * 2 + bearer.man, 3),
    )  # fmt: skip
    last = (12 - check.weighted(body, _RIC)) % 11
    return beside(body, np.where(last == 10, int("X", 36), last).astype(np.uint8))


def korean(number: IntArray, bearer: Bearer) -> ByteMatrix:
    """주민등록번호: birth, sex and century, region below 96, serial, check."""
    year, _, _ = bearer.parts
    sex = (2 - bearer.man + 2 * (year >= 2000)).astype(np.uint8)
    body = beside(bearer.six(), sex, digits(number, 5))
    return beside(body, ((11 - check.weighted(body, _RRN) % 11) % 10).astype(np.uint8))


def indian(number: IntArray, _: Bearer) -> ByteMatrix:
    """Aadhaar: eleven digits from 2 on and Verhoeff's check; no palindrome (UIDAI)."""
    rest, first = np.divmod(number, 8)
    rest, even = np.divmod(rest, 5)
    middle, odd = np.divmod(rest, 5)
    body = beside(
        (first + 2).astype(np.uint8), (even * 2).astype(np.uint8), digits(middle, 8),
        (odd * 2 + 1).astype(np.uint8),
    )  # fmt: skip
    return beside(body, verhoeff(body))


def verhoeff(body: ByteMatrix) -> check.Check:
    """Return the check digit of Verhoeff (Error Detecting Decimal Codes, 1969)."""
    state = np.zeros(len(body), dtype=np.int64)
    turned = np.arange(10)
    for place in range(body.shape[1] - 1, -1, -1):
        turned = np.array(_TURN)[turned]
        state = _DIHEDRAL[state, turned[body[:, place]]]
    return _INVERSE[state].astype(np.uint8)


def saudi(number: IntArray, _: Bearer) -> ByteMatrix:
    """National identity number: 1 for citizens, eight digits, Luhn."""
    body = beside(same(len(number), "1"), digits(number, 8))
    return beside(body, check.luhn(body))
