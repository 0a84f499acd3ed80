"""Check digits against python-stdnum, over thousands of numbers of each scheme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from stdnum import ean, iban, imei, isbn, issn, lei, luhn
from stdnum.br import cnpj
from stdnum.cn import uscc
from stdnum.de import vat as german_vat
from stdnum.es import ccc
from stdnum.fr import siren, tva
from stdnum.gb import vat as uk_vat
from stdnum.iso7064 import mod_97_10
from stdnum.it import iva
from stdnum.jp import cn as japanese
from stdnum.nl import bsn
from stdnum.pl import nip, regon
from stdnum.se import orgnr
from stdnum.tr import vkn
from stdnum.us import rtn

from dataforge.engine import check_digits

ROWS = 5000
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHINESE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
Valid = Callable[[str], Any]


def drawn(width: int, top: int = 10, seed: int = 1) -> Any:
    """Return values below ``top``; none begins with zero."""
    values = np.random.default_rng(seed).integers(0, top, (ROWS, width), dtype=np.uint8)
    values[:, 0] = np.maximum(values[:, 0], 1)
    return values


def written(*parts: Any, alphabet: str = ALPHABET) -> list[str]:
    """Return rows of values as text."""
    matrix = np.hstack([part if part.ndim == 2 else part[:, None] for part in parts])
    letters = np.array(list(alphabet))
    return ["".join(row) for row in letters[matrix]]


def at_end(check: Callable[[Any], Any], width: int, top: int = 10) -> list[str]:
    values = drawn(width, top)
    return written(values, check(values))


def existing(check: Callable[[Any], Any], width: int) -> list[str]:
    """Leave out numbers whose check would be 10: they do not exist."""
    values = drawn(width)
    found = check(values)
    return written(values[found < 10], found[found < 10])


def isbn10s() -> list[str]:
    return [n[:-1] + n[-1].replace("A", "X") for n in at_end(check_digits.isbn10, 9)]


def issns() -> list[str]:
    return [n[:-1] + n[-1].replace("A", "X") for n in at_end(check_digits.issn, 7)]


def italian() -> list[str]:
    values = drawn(10)
    values[:, 7:9], values[:, 9] = 0, 1
    return written(values, check_digits.luhn(values))


def french_vat() -> list[str]:
    body = drawn(8)
    number = np.hstack([body, check_digits.luhn(body)[:, None]])
    return written(check_digits.french_vat(number), number)


def spanish_accounts() -> list[str]:
    bank, account = drawn(8), drawn(10, seed=2)
    return written(bank, check_digits.spanish_account(bank, account), account)


def japanese_numbers() -> list[str]:
    values = drawn(12)
    return written(check_digits.japanese_company(values), values)


def ibans() -> list[str]:
    values = drawn(18)
    checks = written(check_digits.iban("DE", values))
    return [f"DE{check}{rest}" for check, rest in zip(checks, written(values), strict=True)]


def leis() -> list[str]:
    return at_end(check_digits.mod_97_10, 18, 36)


def chinese() -> list[str]:
    values = drawn(17, 31)
    values[:, :8] %= 10
    return written(values, check_digits.chinese_company(values), alphabet=CHINESE)


SCHEMES: list[tuple[str, Callable[[], list[str]], Valid]] = [
    ("luhn", lambda: at_end(check_digits.luhn, 15), luhn.validate),
    ("imei", lambda: at_end(check_digits.luhn, 14), imei.validate),
    ("siren", lambda: at_end(check_digits.luhn, 8), siren.validate),
    ("swedish", lambda: at_end(check_digits.luhn, 9), orgnr.validate),
    ("ean 13", lambda: at_end(check_digits.gtin, 12), ean.validate),
    ("upc", lambda: at_end(check_digits.gtin, 11), ean.validate),
    ("isbn 10", isbn10s, isbn.validate),
    ("issn", issns, issn.validate),
    ("aba", lambda: at_end(check_digits.aba, 8), rtn.validate),
    ("lei", leis, lei.validate),
    ("mod 97-10", lambda: at_end(check_digits.mod_97_10, 12), mod_97_10.validate),
    ("iban", ibans, iban.validate),
    ("german vat", lambda: at_end(check_digits.mod_11_10, 8), german_vat.validate),
    ("french vat", french_vat, tva.validate),
    ("spanish account", spanish_accounts, ccc.validate),
    ("italian vat", italian, iva.validate),
    ("uk vat", lambda: at_end(check_digits.uk_vat, 7), uk_vat.validate),
    ("dutch", lambda: existing(check_digits.dutch_company, 8), bsn.validate),
    ("polish tax", lambda: existing(check_digits.polish_tax, 9), nip.validate),
    ("polish company", lambda: at_end(check_digits.polish_company, 8), regon.validate),
    ("turkish", lambda: at_end(check_digits.turkish_tax, 9), vkn.validate),
    ("brazilian", lambda: at_end(check_digits.brazilian_company, 12), cnpj.validate),
    ("chinese", chinese, uscc.validate),
    ("japanese", japanese_numbers, japanese.validate),
]


@pytest.mark.parametrize(
    ("made", "valid"), [each[1:] for each in SCHEMES], ids=[s[0] for s in SCHEMES]
)
def test_numbers_are_valid(made: Callable[[], list[str]], valid: Valid) -> None:
    numbers = made()
    assert len(numbers) > ROWS * 0.8
    for number in numbers:
        valid(number)


def test_gstin_numbers_are_luhn_in_base_36() -> None:
    values = drawn(14, 36)
    for number in written(values, check_digits.luhn(values, 36)):
        luhn.validate(number, ALPHABET)


def digits(text: str) -> Any:
    return np.array([[ALPHABET.index(letter) for letter in text]], dtype=np.uint8)


def test_vehicle_numbers_of_the_regulation() -> None:
    number = "1M8GDM9AXKP042788"
    assert check_digits.vin(digits(number[:8] + number[9:])).tolist() == [10]
    assert check_digits.vin(digits("1" * 16)).tolist() == [1]


def test_accounts_whose_national_checks_are_published() -> None:
    # FR14 20041 01005 0500013M026 06, whose letter counts 4.
    french = [digits(part) for part in ("20041", "01005", "05000134026")]
    assert check_digits.french_account(*french).tolist() == [[0, 6]]
    assert check_digits.italian_account(digits("0542811101000000123456")).tolist() == [23]
    assert check_digits.polish_bank(digits("1090101")).tolist() == [4]
    assert check_digits.korean_company(digits("124810099")).tolist() == [8]
