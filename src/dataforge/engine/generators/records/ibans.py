"""International account numbers: those of the row's own account, or of a partner's abroad.

A country without IBAN (Japan, China, Korea, India) sees the numbers of its partners: a mix of
European ones. The United States keep to British ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table
from dataforge.engine import check_digits as check
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records.banks import (
    ACCOUNTS,
    account,
    account_number,
    bank_of,
    banks_of,
    codes_of,
)
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Ranked,
    Slots,
    Text,
)
from dataforge.engine.generators.records.schemes import beside, same, shaped
from dataforge.streams import IntArray, below

# Row numbers within a batch.
Rows = npt.NDArray[np.int64]

BRITISH = frozenset({"en_US"})
ABROAD = frozenset({"ja_JP", "zh_CN", "ko_KR", "hi_IN"})
# Where the partners of such a country bank, and their shares.
PARTNERS = {
    "de_DE": 24, "en_GB": 20, "fr_FR": 16, "it_IT": 12, "nl_NL": 11, "es_ES": 9, "sv_SE": 5,
    "pl_PL": 3,
}  # fmt: skip


def iban(locale: str) -> Text:
    """The international number of the account, or of one abroad where the country has none."""
    if locale in ABROAD:
        return _abroad()
    locale = "en_GB" if locale in BRITISH else locale
    width = 4 + _account_width(locale)
    made = Made(width, lambda draw: _ibans(account(draw, locale), locale))
    unique = Ranked(width, _size(locale), lambda ranks: _ranked(ranks, locale))
    return Text((made, *account_number(locale).variants), unique=(unique,))


def _ibans(numbers: ByteMatrix, locale: str) -> pa.Array:
    country = locale[-2:]
    values = beside(same(len(numbers), country), check.iban(country, numbers), numbers)
    return shaped(values, "#" * values.shape[1])


def _size(locale: str) -> int:
    return ACCOUNTS[locale].size * len(banks_of(locale))


def _ranked(ranks: IntArray, locale: str) -> pa.Array:
    rank, bank = np.divmod(ranks, len(banks_of(locale)))
    return _ibans(ACCOUNTS[locale].write(codes_of(locale)[bank], rank), locale)


def _account_width(locale: str) -> int:
    zero = np.zeros(1, dtype=np.int64)
    width: int = ACCOUNTS[locale].write(codes_of(locale)[:1], zero).shape[1]
    return width


@cache
def _partner() -> Slots:
    shares = np.array(list(PARTNERS.values()), dtype=float)
    return Slots("payment", "partner", slot_table(len(PARTNERS), shares))


def _abroad() -> Text:
    """Return numbers of several countries; a column too narrow for the longest has British ones."""
    widths = {locale: 4 + _account_width(locale) for locale in PARTNERS}
    room = len(PARTNERS) * min(map(_size, PARTNERS))

    def decode(ranks: IntArray) -> pa.Array:
        rank, partner = np.divmod(ranks, len(PARTNERS))
        return _by_partner(partner, lambda rows, locale: _ranked(rank[rows], locale))

    made = Made(max(widths.values()), _partners_ibans)
    british = iban("en_GB")
    return Text((made, *british.variants), unique=(Ranked(made.longest, room, decode),))


def _partners_ibans(draw: Draw) -> pa.Array:
    bits = draw.bits("payment", "account")

    def written(rows: Rows, locale: str) -> pa.Array:
        rank = below(bits[rows], ACCOUNTS[locale].size)
        bank = bank_of(locale)(draw)[rows]
        return _ibans(ACCOUNTS[locale].write(codes_of(locale)[bank], rank), locale)

    return _by_partner(_partner()(draw), written)


def _by_partner(partner: Codes, write: Callable[[Rows, str], pa.Array]) -> pa.Array:
    """Return what ``write`` makes of the rows of each country, in the order of the rows."""
    order = np.argsort(partner, kind="stable")
    counts = np.bincount(partner, minlength=len(PARTNERS))
    groups = np.split(order, np.cumsum(counts)[:-1])
    made = [write(rows, locale) for rows, locale in zip(groups, PARTNERS, strict=True)]
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(made).take(pa.array(back))


FIELDS: dict[str, MakeField] = {"iban": iban}
