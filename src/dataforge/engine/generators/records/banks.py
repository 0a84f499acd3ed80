"""Bank accounts of sixteen countries: bank, code, account number and IBAN speak of one account.

The banks are invented and their codes are of the right shape; national checks inside an account
(a French clé, a Spanish control pair, an Italian CIN, the Dutch eleven test) hold as the IBAN's do.
The United States, Japan, China, Korea and India have no IBAN but an account behind the number of a
bank or its office, which is all that their accounts say; see ``ibans`` for columns of that name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from dataforge.corpora import JointTable, joint_table, slot_table
from dataforge.engine import check_digits as check
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records.fields import (
    Draw,
    Made,
    MakeField,
    Ranked,
    Slots,
    Text,
    coded,
)
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.schemes import beside, same, shaped
from dataforge.streams import IntArray

# Makes what follows the check digits of an IBAN from a bank's code and a rank below ``size``.
Write = Callable[[ByteMatrix, IntArray], ByteMatrix]
ELEVEN = (10, 9, 8, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of a country: how they are written, and where in that bank and account stand."""

    write: Write
    size: int
    bank: slice
    bank_shape: str
    account: slice
    account_shape: str


def _plain(width: int) -> Write:
    """Write the bank's code and ``width`` digits."""
    return lambda bank, r: beside(bank, digits(r, width))


def _french(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**9)
    parts = bank, digits(branch + 100, 5), digits(account, 11)
    return beside(*parts, check.french_account(*parts))


def _spanish(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**10)
    office, number = beside(bank, digits(branch + 1, 4)), digits(account, 10)
    return beside(office, check.spanish_account(office, number), number)


def _italian(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**7)
    body = beside(bank, digits(branch + 10**3, 5), digits(account, 12))
    return beside(check.italian_account(body) + np.uint8(10), body)


def _dutch(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    """Write an account that passes the eleven test: the last digit is the check, none is ten."""
    number, last = np.divmod(r, 9)
    prefix = beside(same(len(r), "0"), digits(number, 7))
    # The tenth digit must be minus the sum of the nine before it; minus one cannot be a digit.
    barred = (1 - check.weighted(prefix, ELEVEN[:8])) * pow(ELEVEN[8], -1, 11) % 11
    body = beside(prefix, (last + (last >= barred)).astype(np.uint8))
    return beside(bank, body, (-check.weighted(body, ELEVEN) % 11).astype(np.uint8))


def _polish(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**12)
    office = beside(bank, digits(branch + 100, 3))
    number = beside(same(len(r), "0000"), digits(account, 12))
    return beside(office, check.polish_bank(office), number)


def _turkish(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    return beside(bank, same(len(r), "000"), digits(r, 14))


def _brazilian(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**8)
    return beside(bank, digits(branch + 1, 5), digits(account, 10), same(len(r), "C1"))


def _japanese(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    branch, account = np.divmod(r, 10**7)
    return beside(bank, digits(branch + 101, 3), digits(account, 7))


def _chinese(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    """Write the bank, its office, and a card of nineteen digits that accounts are known by."""
    office, account = np.divmod(r, 10**9)
    body = beside(same(len(r), "622"), bank, digits(office, 3), digits(account, 9))
    return beside(bank, digits(office + 29 * 10**7, 9), body, check.luhn(body))


def _korean(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    office, account = np.divmod(r, 10**9)
    return beside(bank, digits(office + 101, 3), digits(account, 9))


def _indian(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    office, account = np.divmod(r, 10**10)
    branch = digits(office + 101, 6)
    return beside(bank, same(len(r), "0"), branch, branch[:, 3:], digits(account, 11))


def _american(bank: ByteMatrix, r: IntArray) -> ByteMatrix:
    """Write a routing number of the unassigned range 13 to 20, and an account."""
    office, account = np.divmod(r, 10**9)
    body = beside(bank, digits(office, 5))
    return beside(body, check.aba(body), digits(account + 10**9, 10))


ACCOUNTS: dict[str, Accounts] = {
    "en_US": Accounts(_american, 10**14, slice(9), "#" * 9, slice(9, 19), "#" * 10),
    "en_GB": Accounts(_plain(8), 10**8, slice(4, 10), "##-##-##", slice(10, 18), "#" * 8),
    "de_DE": Accounts(_plain(10), 10**10, slice(8), "#" * 8, slice(8, 18), "#" * 10),
    "fr_FR": Accounts(_french, 8000 * 10**9, slice(10), "##### #####", slice(10, 21), "#" * 11),
    "es_ES": Accounts(_spanish, 9000 * 10**10, slice(8), "#### ####", slice(10, 20), "#" * 10),
    "it_IT": Accounts(
        _italian, 90_000 * 10**7, slice(1, 11), "##### #####", slice(11, 23), "#" * 12
    ),
    "pt_BR": Accounts(_brazilian, 9000 * 10**8, slice(8, 13), "#####", slice(15, 23), "#######-#"),
    "nl_NL": Accounts(_dutch, 9 * 10**7, slice(4), "####", slice(4, 14), "#" * 10),
    "pl_PL": Accounts(_polish, 800 * 10**12, slice(8), "#" * 8, slice(8, 24), "#" * 16),
    "sv_SE": Accounts(_plain(17), 10**11, slice(3), "###", slice(9, 20), "####-#######"),
    "tr_TR": Accounts(_turkish, 10**10, slice(5), "#####", slice(8, 22), "#" * 14),
    "ja_JP": Accounts(_japanese, 800 * 10**7, slice(7), "####-###", slice(7, 14), "#" * 7),
    "zh_CN": Accounts(_chinese, 900 * 10**9, slice(12), "#" * 12, slice(12, 31), "#" * 19),
    "ko_KR": Accounts(_korean, 800 * 10**9, slice(3), "###", slice(3, 15), "###-###-######"),
    "hi_IN": Accounts(_indian, 800 * 10**10, slice(11), "#" * 11, slice(11, 25), "#" * 14),
    "ar_SA": Accounts(_plain(18), 10**12, slice(2), "##", slice(8, 20), "#" * 12),
}


@cache
def banks_of(locale: str) -> JointTable:
    """Return the banks of a country."""
    return joint_table("bank", locale)


@cache
def bank_of(locale: str) -> Slots:
    """Return what draws the bank of a row."""
    return Slots("payment", "bank", slot_table(len(banks_of(locale)), banks_of(locale).weights))


@cache
def codes_of(locale: str) -> ByteMatrix:
    """Return the code of each bank, values of digits and letters."""
    rows = [[int(letter, 36) for letter in code] for code in banks_of(locale).columns["code"]]
    return np.array(rows, dtype=np.uint8)


def account(draw: Draw, locale: str) -> ByteMatrix:
    """Return the whole account, values of digits and letters, one row each."""
    accounts = ACCOUNTS[locale]
    rank = draw.below("payment", "account", accounts.size)
    return accounts.write(codes_of(locale)[bank_of(locale)(draw)], rank)


def _part(locale: str, places: slice, shape: str) -> Made:
    return Made(len(shape), lambda draw: shaped(account(draw, locale)[:, places], shape))


def _last_digits(locale: str) -> tuple[Made, ...]:
    """Return the account's last digits, for columns narrower than the account."""
    end = ACCOUNTS[locale].account.stop
    widths = (w for w in (10, 8, 5, 4, 2, 1) if w < end - ACCOUNTS[locale].account.start)
    return tuple(_part(locale, slice(end - width, end), "#" * width) for width in widths)


def account_number(locale: str) -> Text:
    """The number of the account at its bank."""
    accounts = ACCOUNTS[locale]
    plain = accounts.account_shape.replace("-", "")

    def decode(ranks: IntArray) -> pa.Array:
        bank = codes_of(locale)[np.zeros(len(ranks), dtype=np.int64)]
        return shaped(accounts.write(bank, ranks)[:, accounts.account], plain)

    room = min(accounts.size, 10 ** (len(plain) - 3))
    made = _part(locale, accounts.account, accounts.account_shape)
    unique = (Ranked(len(plain), room, decode), *_short_numbers())
    return Text((made, *_last_digits(locale)), unique=unique)


def _short_numbers() -> tuple[Ranked, ...]:
    def decoder(width: int) -> Callable[[IntArray], pa.Array]:
        return lambda ranks: shaped(digits(ranks, width), "#" * width)

    return tuple(Ranked(width, 10**width, decoder(width)) for width in (8, 4))


def routing_number(locale: str) -> Text:
    """What the country calls a bank or its office by: ABA number, sort code, Bankleitzahl, IFSC."""
    accounts = ACCOUNTS[locale]
    start, width = accounts.bank.start or 0, accounts.bank_shape.count("#")
    shorter = (w for w in (8, 4, 2, 1) if w < width)
    return Text(
        (
            _part(locale, accounts.bank, accounts.bank_shape),
            *(_part(locale, slice(start, start + w), "#" * w) for w in shorter),
        )
    )


def bank_name(locale: str) -> Text:
    """An invented bank of the country."""
    return coded(bank_of(locale), banks_of(locale).columns["name"])


def bic(locale: str) -> Text:
    """The bank's code after ISO 9362, with its country in it."""
    return coded(bank_of(locale), banks_of(locale).columns["bic"])


FIELDS: dict[str, MakeField] = {
    "bic": bic,
    "bank_name": bank_name,
    "routing_number": routing_number,
    "account_number": account_number,
}
