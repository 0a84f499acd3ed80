"""Means of payment: well-formed numbers with valid check digits from test ranges."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import joint_table, slot_table
from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import (
    Draw,
    Made,
    MakeField,
    Ranked,
    Slots,
    Text,
    coded,
)
from dataforge.streams import IntArray

# Issuer numbers that payment processors publish for tests.
BRANDS = ("Visa", "Visa", "Mastercard", "Discover")
ISSUERS = np.array([424242, 400000, 555555, 601111])
SERIALS = 10**9
# "GB", then the bank code TEST that no bank has; letters count as A=10 … Z=35 (ISO 13616).
IBAN_BANK = "TEST"
IBAN_ACCOUNTS = 10**14
BANKS = ("TEST", "DEMO", "SAMP", "MOCK", "FAKE", "EXMP")
PLACES = ("US33", "GB2L", "DEFF", "FRPP", "NL2A", "CHZZ", "ITMM", "ESMM")


def _digits(purpose: str, widths: tuple[int, ...]) -> Text:
    """Return digits without a check, of the first width that fits."""

    def made(width: int) -> Made:
        def make(draw: Draw) -> pa.Array:
            numbers = draw.below("payment", purpose, 10**width)
            return fixed.text(fixed.digits(numbers, width) + np.uint8(ord("0")))

        return Made(width, make)

    four = pa.array([f"{number:04}" for number in range(10_000)])
    unique = tuple((four,) * (width // 4) for width in widths if width % 4 == 0)
    return Text(tuple(made(width) for width in widths), unique=unique)


def card_text(numbers: IntArray) -> pa.Array:
    """Append the check digit to numbers of 15 digits."""
    digits = fixed.digits(numbers, 15)
    check = fixed.luhn_digit(digits)[:, None]
    return fixed.text(np.concatenate([digits, check], axis=1) + np.uint8(ord("0")))


def card_number(_locale: str) -> Text:
    """Sixteen digits that begin with a test issuer and end in a check digit."""

    def make(draw: Draw) -> pa.Array:
        issuer = ISSUERS[draw.below("payment", "brand", len(BRANDS))]
        return card_text(issuer * SERIALS + draw.below("payment", "serial", SERIALS))

    def last_four(draw: Draw) -> pa.Array:
        return pc.utf8_slice_codeunits(make(draw), -4)

    def decode(ranks: IntArray) -> pa.Array:
        brand, serial = np.divmod(ranks, SERIALS)
        return card_text(ISSUERS[brand] * SERIALS + serial)

    unique = (Ranked(16, len(ISSUERS) * SERIALS, decode),)
    return Text((Made(16, make), Made(4, last_four)), unique=unique)


def card_brand(_locale: str) -> Text:
    """The brand that the number's issuer belongs to."""
    distinct = list(dict.fromkeys(BRANDS))
    codes = np.array([distinct.index(brand) for brand in BRANDS], dtype=np.int32)
    return coded(lambda draw: codes[draw.below("payment", "brand", len(BRANDS))], distinct)


def card_last4(_locale: str) -> Text:
    """The last four digits of the number."""
    return Text(card_number("").variants[1:])


def card_expiry(_locale: str) -> Text:
    """``MM/YY``, in the five years after the schema's present day."""

    def make(draw: Draw) -> pa.Array:
        first = np.datetime64(draw.now, "M").astype(int) + 1
        months = first + draw.below("payment", "expiry", 60)
        numbers = fixed.digits((months % 12 + 1) * 100 + (1970 + months // 12) % 100, 4)
        return fixed.text(fixed.fill(fixed.template(len(months), "00/00"), [0, 1, 3, 4], numbers))

    return Text((Made(5, make),))


def iban(_locale: str) -> Text:
    """British account numbers of a bank that does not exist, with valid check digits."""

    def make(draw: Draw) -> pa.Array:
        return iban_text(draw.below("payment", "iban", IBAN_ACCOUNTS))

    unique = (Ranked(22, IBAN_ACCOUNTS, iban_text),)
    return Text((Made(22, make), *_digits("iban", (12, 8)).variants), unique=unique)


def iban_text(accounts: IntArray) -> pa.Array:
    """Return the 22 characters for account numbers of 14 digits (check: ISO 7064 MOD 97-10)."""
    bank = int("".join(str(ord(letter) - 55) for letter in IBAN_BANK)) % 97
    rest = (bank * pow(10, 14, 97) + accounts % 97) % 97
    check = 98 - (rest * pow(10, 6, 97) + int("161100")) % 97
    matrix = fixed.template(len(accounts), f"GB00{IBAN_BANK}" + "0" * 14)
    matrix = fixed.fill(matrix, slice(2, 4), fixed.digits(check, 2))
    return fixed.text(fixed.fill(matrix, slice(8, 22), fixed.digits(accounts, 14)))


def bic(_locale: str) -> Text:
    """Eight characters with a bank code that no bank has."""
    words = [bank + place for bank in BANKS for place in PLACES]
    return coded(lambda draw: draw.below("payment", "bic", len(words)), words)


def routing_number(_locale: str) -> Text:
    """Nine digits of the unassigned range 13 to 20 with the ABA check digit."""

    def make(draw: Draw) -> pa.Array:
        digits = fixed.digits(draw.below("payment", "routing", 8 * 10**6) + 13 * 10**6, 8)
        weights = np.array([3, 7, 1, 3, 7, 1, 3, 7])
        check = (-(digits * weights).sum(axis=1) % 10).astype(np.uint8)[:, None]
        return fixed.text(np.concatenate([digits, check], axis=1) + np.uint8(ord("0")))

    return Text((Made(9, make), *_digits("routing", (8, 4)).variants))


def account_number(_locale: str) -> Text:
    """Twelve digits."""
    return _digits("account", (12, 8, 4))


def cvv(_locale: str) -> Text:
    """Three digits."""
    return _digits("cvv", (3, 1))


def _of_currency(column: str, locale: str) -> Text:
    table = joint_table("currency", locale)
    slots = slot_table(len(table), table.weights)
    codes = Slots("payment", "currency", slots)
    return coded(codes, table.columns[column], table.columns["code"])


def currency(locale: str) -> Text:
    """The name of a currency, or its code where the column is narrow."""
    return _of_currency("name", locale)


def currency_code(locale: str) -> Text:
    """Its ISO 4217 code."""
    return Text(_of_currency("code", locale).variants[1:])


FIELDS: dict[str, MakeField] = {
    "card_number": card_number,
    "card_brand": card_brand,
    "card_last4": card_last4,
    "card_expiry": card_expiry,
    "cvv": cvv,
    "iban": iban,
    "bic": bic,
    "routing_number": routing_number,
    "account_number": account_number,
    "currency": currency,
    "currency_code": currency_code,
}
