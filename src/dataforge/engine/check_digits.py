"""Check digits of published schemes, for a whole column at once.

Every function takes the characters that come before the check as a matrix of values (uint8, shape
(rows, characters); a digit counts itself, in schemes with letters A counts 10 … Z 35) and returns
the value of the check character, uint8 (rows,), or of several, uint8 (rows, checks). Each name's
docstring says where the scheme is published.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dataforge.engine.fixed_width import ByteMatrix
from dataforge.streams import IntArray

Check = npt.NDArray[np.uint8]

# Weights of one scheme each; what they belong to is said by the function that uses them.
_ABA = (3, 7, 1, 3, 7, 1, 3, 7)
_BRN = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_CNPJ = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON = (8, 9, 2, 3, 4, 5, 6, 7)
_SORT_CODE = (3, 9, 7, 1, 3, 9, 7)
_USCC = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_UK_VAT = (8, 7, 6, 5, 4, 3, 2)
_VIN = (8, 7, 6, 5, 4, 3, 2, 10, 9, 8, 7, 6, 5, 4, 3, 2)
_RIB = (89, 15, 3)
# What each digit counts at each place of a Turkish tax number: (digit + place) times 2**place,
# place counted down from 9, without nines; nothing where digit and place add up to ten.
_VKN = np.array(
    [
        [0 if (digit + place) % 10 == 0 else ((digit + place) % 10 * 2**place) % 9 or 9
         for digit in range(10)]
        for place in range(9, 0, -1)
    ]
)  # fmt: skip
# What each value counts at the odd places of an Italian account number.
_CIN_ODD = np.array([1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
                     22, 25, 24, 23])  # fmt: skip
# What each letter counts in a vehicle's number (49 CFR 565.15); I, O and Q do not occur.
_VIN_VALUES = np.array([*range(10), 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4,
                        5, 6, 7, 8, 9])  # fmt: skip


def weighted(values: ByteMatrix, weights: Sequence[int]) -> IntArray:
    """Return the sum of value times weight over each row, int64 (rows,)."""
    total: IntArray = values.astype(np.int64) @ np.array(weights, dtype=np.int64)
    return total


def number_of(values: ByteMatrix) -> IntArray:
    """Return the decimal number that each row of at most 18 digits writes, int64 (rows,)."""
    return weighted(values, [10**place for place in range(values.shape[1] - 1, -1, -1)])


def _check(values: IntArray) -> Check:
    return values.astype(np.uint8)


def _side_by_side(*checks: IntArray) -> ByteMatrix:
    return np.stack([_check(each) for each in checks], axis=1)


def _two_digits(numbers: IntArray) -> ByteMatrix:
    return _side_by_side(*np.divmod(numbers, 10))


def luhn(values: ByteMatrix, base: int = 10) -> Check:
    """Return the check of ISO/IEC 7812-1 annex B, in base 36 that of Indian GSTIN numbers.

    Cards, IMEI, SIREN and SIRET, Italian and Swedish companies and LOINC codes end in it.
    """
    doubled = values[:, ::-2].astype(np.int64) * 2
    total = (doubled // base + doubled % base).sum(axis=1)
    return _check(-(total + values[:, -2::-2].sum(axis=1, dtype=np.int64)) % base)


def gtin(values: ByteMatrix) -> Check:
    """Return the check of GS1 numbers: EAN, UPC, ISBN-13 (GS1 General Specifications 7.9.1)."""
    total = values[:, ::-2].sum(axis=1, dtype=np.int64) * 3
    return _check(-(total + values[:, -2::-2].sum(axis=1, dtype=np.int64)) % 10)


def isbn10(values: ByteMatrix) -> Check:
    """Return the check of ten-digit ISBNs, 0 to 10, of which 10 is written X (ISO 2108:1992)."""
    return _check(weighted(values, range(1, 10)) % 11)


def issn(values: ByteMatrix) -> Check:
    """Return the check of ISSNs, 0 to 10, of which 10 is written X (ISO 3297)."""
    return _check(-weighted(values, range(8, 1, -1)) % 11)


def aba(values: ByteMatrix) -> Check:
    """Return the check of routing numbers (American Bankers Association, mod 10 of 3, 7, 1)."""
    return _check(-weighted(values, _ABA) % 10)


def mod_97_10(values: ByteMatrix) -> ByteMatrix:
    """Return the two check digits of ISO/IEC 7064 MOD 97-10: LEI; IBAN when rearranged."""
    rest = np.zeros(len(values), dtype=np.int64)
    for place in range(values.shape[1]):
        value = values[:, place].astype(np.int64)
        rest = (rest * np.where(value > 9, 100, 10) + value) % 97
    return _two_digits(98 - rest * 100 % 97)


def iban(country: str, account: ByteMatrix) -> ByteMatrix:
    """Return the two check digits of ISO 13616 for the account part of a country's IBANs."""
    ending = np.array([[ord(letter) - 55 for letter in country]], dtype=np.uint8)
    return mod_97_10(np.hstack([account, ending.repeat(len(account), axis=0)]))


def mod_11_10(values: ByteMatrix) -> Check:
    """Return the check of ISO/IEC 7064 MOD 11,10: German VAT numbers."""
    product = np.full(len(values), 10, dtype=np.int64)
    for place in range(values.shape[1]):
        total = (product + values[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return _check((11 - product) % 10)


def french_vat(siren: ByteMatrix) -> ByteMatrix:
    """Return the two digits before a SIREN of nine digits (CGI, annexe 4, article 121 Z)."""
    return _two_digits((number_of(siren) * 100 + 12) % 97)


def french_account(bank: ByteMatrix, branch: ByteMatrix, account: ByteMatrix) -> ByteMatrix:
    """Return the clé RIB of an account of digits (Comité français d'organisation bancaires)."""
    parts = (number_of(part) % 97 for part in (bank, branch, account))
    total: IntArray = np.sum([weight * n for weight, n in zip(_RIB, parts, strict=True)], axis=0)
    return _two_digits(97 - total % 97)


def italian_account(values: ByteMatrix) -> Check:
    """Return the CIN, 0 for A to 25 for Z, of ABI, CAB and account (ABI, coordinate bancarie)."""
    letters = np.where(values > 9, values - 10, values).astype(np.int64)
    total = _CIN_ODD[letters[:, ::2]].sum(axis=1) + letters[:, 1::2].sum(axis=1)
    return _check(total % 26)


def spanish_account(bank_and_branch: ByteMatrix, account: ByteMatrix) -> ByteMatrix:
    """Return the two control digits of a CCC (Consejo Superior Bancario, folleto 15)."""

    def control(values: ByteMatrix, skipped: int) -> IntArray:
        powers = [2 ** (place + skipped) for place in range(values.shape[1])]
        rest = weighted(values, powers) % 11
        return np.where(rest < 2, rest, 11 - rest)

    return _side_by_side(control(bank_and_branch, 2), control(account, 0))


def uk_vat(values: ByteMatrix) -> ByteMatrix:
    """Return the two check digits of VAT numbers (HMRC, VATREC, the older mod 97)."""
    return _two_digits(97 - weighted(values, _UK_VAT) % 97)


def dutch_company(values: ByteMatrix) -> Check:
    """Return the check of RSIN and BSN ("elfproef"); 10 means that there is no such number."""
    return _check(weighted(values, range(9, 1, -1)) % 11)


def polish_tax(values: ByteMatrix) -> Check:
    """Return the check of a NIP; 10 means that there is no such number (Ordynacja, art. 1)."""
    return _check(weighted(values, _NIP) % 11)


def polish_company(values: ByteMatrix) -> Check:
    """Return the check of a REGON of nine digits (Główny Urząd Statystyczny)."""
    return _check(weighted(values, _REGON) % 11 % 10)


def polish_bank(values: ByteMatrix) -> Check:
    """Return the last digit of a bank's sort code (Narodowy Bank Polski)."""
    return _check(-weighted(values, _SORT_CODE) % 10)


def turkish_tax(values: ByteMatrix) -> Check:
    """Return the check of a VKN of nine digits (Gelir İdaresi)."""
    total = _VKN[np.arange(9), values].sum(axis=1)
    return _check(-total % 10)


def brazilian_company(values: ByteMatrix) -> ByteMatrix:
    """Return the two check digits of a CNPJ of twelve digits (Receita Federal)."""
    first = (11 - weighted(values, _CNPJ[1:])) % 11 % 10
    both = np.hstack([values, _check(first)[:, None]])
    return _side_by_side(first, (11 - weighted(both, _CNPJ)) % 11 % 10)


def chinese_company(values: ByteMatrix) -> Check:
    """Return the check, 0 to 30, of a USCC whose characters count 0 to 30 (GB 32100-2015)."""
    return _check(-weighted(values, _USCC) % 31)


def korean_company(values: ByteMatrix) -> Check:
    """Return the check of a business registration number of nine digits (국세청)."""
    tens = values[:, 8].astype(np.int64) * 5 // 10
    return _check(-(weighted(values, _BRN) + tens) % 10)


def japanese_company(values: ByteMatrix) -> Check:
    """Return the digit before a company number of twelve digits (財務省令第七十号)."""
    return _check(9 - weighted(values, (2, 1) * 6) % 9)


def vin(values: ByteMatrix) -> Check:
    """Return the ninth character, 10 for X, for the other sixteen of a vehicle's number.

    Letters count as in 49 CFR 565.15 (c), table III; the check is that of table IV.
    """
    return _check(weighted(_VIN_VALUES[values].astype(np.uint8), _VIN) % 11)
