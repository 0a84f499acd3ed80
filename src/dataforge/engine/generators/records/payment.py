"""Means of payment: a card, a bank account and the currency of the row's country."""

from __future__ import annotations

import numpy as np

from dataforge.corpora import joint_table
from dataforge.engine.generators.records import banks, cards, ibans
from dataforge.engine.generators.records.fields import Codes, Draw, MakeField, Text, coded

CURRENCIES = {
    "en_US": "USD", "en_GB": "GBP", "pt_BR": "BRL", "pl_PL": "PLN", "sv_SE": "SEK", "tr_TR": "TRY",
    "ja_JP": "JPY", "zh_CN": "CNY", "ko_KR": "KRW", "hi_IN": "INR", "ar_SA": "SAR",
}  # fmt: skip
EURO = "EUR"


def _only(draw: Draw) -> Codes:
    return np.zeros(len(draw.cells.rows), dtype=np.int32)


def currency_code(locale: str) -> Text:
    """The ISO 4217 code of the country's currency."""
    return coded(_only, [CURRENCIES.get(locale, EURO)])


def currency(locale: str) -> Text:
    """The name of the country's currency, or its code where the column is narrow."""
    table, code = joint_table("currency", locale).columns, CURRENCIES.get(locale, EURO)
    return coded(_only, [table["name"][table["code"].index(code)]], [code])


FIELDS: dict[str, MakeField] = {
    **cards.FIELDS,
    **ibans.FIELDS,
    **banks.FIELDS,
    "currency": currency,
    "currency_code": currency_code,
}
