"""Cards and accounts: numbers that check, belong to their country and agree in a row."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from stdnum import bic, iban, luhn
from stdnum.us import rtn

import dataforge
from dataforge.engine.generators import records
from dataforge.engine.generators.records import RECORDS
from dataforge.engine.generators.records.banks import NO_IBAN
from dataforge.locales import LOCALES
from dataforge.schema import Column, RecordSpec, Schema, StringType, Table, TextType
from fake_cells import cells, site

ROWS = 3000
BRANDS = {"Visa": "4", "Mastercard": "5|2", "American Express": "3[47]", "Discover": "6011",
          "JCB": "35", "UnionPay": "62"}  # fmt: skip


def table(locale: str, *fields: str, rows: int = ROWS) -> list[dict[str, Any]]:
    """Return rows of payments through the public API."""
    columns = tuple(
        Column(name=each, type=TextType(), spec=RecordSpec(record="payment", field=each))
        for each in fields
    )
    schema = Schema(tables=(Table(name="t", columns=columns, rows=rows),), locale=locale)
    return list(dataforge.generate(schema)["t"].to_arrow().to_pylist())


@pytest.mark.parametrize("locale", LOCALES)
def test_accounts_are_valid_and_of_their_country(locale: str) -> None:
    country = "GB" if locale in NO_IBAN else locale[-2:]
    for row in table(locale, "iban", "bic", "account_number", "routing_number"):
        iban.validate(row["iban"])
        assert row["iban"].startswith(country)
        bic.validate(row["bic"])
        assert row["bic"][4:6] == locale[-2:]
        if locale not in NO_IBAN:
            for part in ("account_number", "routing_number"):
                assert re.sub(r"[ -]", "", row[part]) in row["iban"]


def test_routing_numbers_are_valid_and_not_assigned() -> None:
    for row in table("en_US", "routing_number"):
        rtn.validate(row["routing_number"])
        assert "13" <= row["routing_number"][:2] <= "20"


def test_dutch_accounts_pass_the_eleven_test() -> None:
    for row in table("nl_NL", "account_number"):
        digits = [int(digit) for digit in row["account_number"]]
        assert sum((10 - at) * digit for at, digit in enumerate(digits)) % 11 == 0


def test_french_keys_hold() -> None:
    for row in table("fr_FR", "iban"):
        assert int(row["iban"][4:]) % 97 == 0


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP", "zh_CN"])
def test_cards_check_and_agree_with_their_brand(locale: str) -> None:
    fields = ("card_number", "card_brand", "card_last4", "card_masked", "cvv")
    for row in table(locale, *fields):
        number = row["card_number"]
        luhn.validate(number)
        amex = row["card_brand"] == "American Express"
        assert len(number) == (15 if amex else 16)
        assert len(row["cvv"]) == (4 if amex else 3)
        assert re.match(BRANDS[row["card_brand"]], number)
        assert row["card_last4"] == number[-4:]
        assert row["card_masked"] == number[:6] + "*" * (len(number) - 10) + number[-4:]


def test_currencies_are_those_of_the_row_s_country() -> None:
    rows = table("de_DE:1,en_GB:1", "iban", "currency_code", rows=500)
    found = {(row["iban"][:2], row["currency_code"]) for row in rows}
    assert found == {("DE", "EUR"), ("GB", "GBP")}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("field", RECORDS["payment"])
def test_fields_fit_their_columns_in_every_locale(locale: str, field: str) -> None:
    spec = RecordSpec(record="payment", field=field)
    for limit in (None, 12, 4, 1):
        own = site(StringType(max_length=limit)).within(locale)
        made = records.build(spec, own).make(cells(300)).to_pylist()
        assert all(made)
        assert limit is None or max(map(len, made)) <= limit
        assert records.build(spec, own).make(cells(300, 200)).to_pylist() == made[200:]
        domain = records.domain(spec, own)
        if domain is not None:
            ranks = np.unique(np.linspace(0, domain.size - 1, 1000).astype(np.int64))
            assert len(set(domain.decode(ranks).to_pylist())) == len(ranks)
