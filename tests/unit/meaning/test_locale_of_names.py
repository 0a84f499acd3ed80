"""Names in a language are filled as rows of its country are: statuses, taxes, addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import dataforge

BESTELLUNGEN = """
CREATE TABLE bestellungen (bestell_id int PRIMARY KEY, bestelldatum date NOT NULL,
  lieferdatum date, status varchar(20) NOT NULL, zahlungsart varchar(30) NOT NULL,
  lieferadresse varchar(200) NOT NULL, nettobetrag numeric(10, 2) NOT NULL,
  mehrwertsteuer numeric(10, 2) NOT NULL);
"""
CHUMON = """
CREATE TABLE 注文 (注文番号 int PRIMARY KEY, 注文日 date NOT NULL, 送料 numeric(8, 0) NOT NULL,
  支払方法 varchar(30) NOT NULL);
"""


def rows(ddl: str, table: str) -> list[dict[str, Any]]:
    made = dataforge.generate(dataforge.from_ddl(ddl), rows=400)
    found: list[dict[str, Any]] = made[table].to_arrow().to_pylist()
    return found


def test_german_orders_speak_german_and_tell_one_story() -> None:
    there = {"geliefert", "abgeschlossen", "zurückgesandt"}
    found = rows(BESTELLUNGEN, "bestellungen")
    assert {"geliefert", "versandt", "storniert"} <= {row["status"] for row in found}
    assert "Überweisung" in {row["zahlungsart"] for row in found}
    for row in found:
        assert (row["lieferdatum"] is not None) == (row["status"] in there)


def test_the_tax_is_the_usual_rate_of_the_goods_and_a_lone_address_names_its_town() -> None:
    for row in rows(BESTELLUNGEN, "bestellungen"):
        assert abs(row["mehrwertsteuer"] - row["nettobetrag"] * Decimal("0.19")) <= Decimal("0.01")
        assert ", " in row["lieferadresse"]


def test_amounts_in_yen_are_whole_and_as_great_as_prices_there() -> None:
    found = rows(CHUMON, "注文")
    fees = sorted(row["送料"] for row in found)
    assert 300 < fees[len(fees) // 2] < 3_000
    assert "クレジットカード" in {row["支払方法"] for row in found}
