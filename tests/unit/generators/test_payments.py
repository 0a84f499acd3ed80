"""Cards and accounts: numbers that check, belong to their country and agree in a row."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from stdnum import bic, iban, luhn
from stdnum.us import rtn

import dataforge
from dataforge.engine.generators import records
from dataforge.engine.generators.records import RECORDS
from dataforge.engine.generators.records.ibans import ABROAD, BRITISH, PARTNERS
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
    foreign = locale in ABROAD | BRITISH
    for row in table(locale, "iban", "bic", "account_number", "routing_number"):
        iban.validate(row["iban"])
        assert foreign or row["iban"].startswith(locale[-2:])
        bic.validate(row["bic"])
        assert row["bic"][4:6] == locale[-2:]
        if not foreign:
            for part in ("account_number", "routing_number"):
                assert re.sub(r"[ -]", "", row[part]) in row["iban"]


@pytest.mark.parametrize("locale", sorted(ABROAD))
def test_countries_without_iban_see_those_of_their_partners(locale: str) -> None:
    found = Counter(row["iban"][:2] for row in table(locale, "iban", rows=4000))
    assert found.keys() == {partner[-2:] for partner in PARTNERS}
    assert 0.2 < found["DE"] / 4000 < 0.28


def test_the_united_states_keep_british_numbers() -> None:
    assert {row["iban"][:2] for row in table("en_US", "iban")} == {"GB"}


def test_unique_numbers_of_partners_are_distinct() -> None:
    spec = RecordSpec(record="payment", field="iban")
    column = Column(name="iban", type=StringType(max_length=34), spec=spec, nullable=False)
    keyed = Table(name="t", columns=(column,), rows=5000, primary_key=("iban",))
    rows = dataforge.generate(Schema(tables=(keyed,), locale="ja_JP"))["t"].to_arrow().to_pylist()
    assert len({row["iban"] for row in rows}) == 5000
    assert all(iban.is_valid(row["iban"]) for row in rows)


ACCOUNTS = {
    "en_US": (r"\d{9}", r"\d{10}"), "ja_JP": (r"\d{4}-\d{3}", r"\d{7}"),
    "zh_CN": (r"\d{12}", r"622\d{16}"), "ko_KR": (r"\d{3}", r"\d{3}-\d{3}-\d{6}"),
    "hi_IN": (r"[A-Z]{4}0\d{6}", r"\d{14}"),
}  # fmt: skip


@pytest.mark.parametrize("locale", ACCOUNTS)
def test_accounts_without_iban_look_as_in_their_country(locale: str) -> None:
    routing, account = ACCOUNTS[locale]
    for row in table(locale, "routing_number", "account_number"):
        assert re.fullmatch(routing, row["routing_number"])
        assert re.fullmatch(account, row["account_number"])


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
