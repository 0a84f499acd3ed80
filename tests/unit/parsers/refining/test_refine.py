from __future__ import annotations

import pytest

from dataforge.parsers.prompt import analyze, compose
from dataforge.parsers.refining import refine
from dataforge.schema import Schema, diff
from dataforge.workflows.prepare import prepare
from dataforge.workflows.rows import open_rows

SHOP = compose(
    analyze(
        "an online bookstore with 200 customers, their orders and reviews; "
        "about 5% of orders are cancelled"
    )
).schema_


def changes(text: str) -> list[str]:
    return [str(change).partition(": ")[0] for change in diff(SHOP, refine(SHOP, text).schema)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("remove the phone column of customers", ["- tables.customers.columns.phone"]),
        ("drop reviews", ["- tables.reviews"]),
        ("Entferne die Bewertungen", ["- tables.reviews"]),
        ("supprime les avis", ["- tables.reviews"]),
        ("elimina las reseñas", ["- tables.reviews"]),
        ("remova as avaliações", ["- tables.reviews"]),
        ("1,000 customers", ["~ tables.customers.rows"]),
        ("1000 Kunden", ["~ tables.customers.rows"]),
        ("add a coupon table", ["+ tables.coupons"]),
        ("Füge eine Tabelle Lieferanten hinzu", ["+ tables.suppliers"]),
        ("add loyalty_points to customers", ["+ tables.customers.columns.loyalty_points"]),
        ("emails must be unique", []),
        (
            "make email optional",
            [
                "~ tables.customers.columns.email.nullable",
                "+ tables.customers.columns.email.null_share",
            ],
        ),
        (
            "rename city to town",
            ["+ tables.customers.columns.town", "- tables.customers.columns.city"],
        ),
    ],
)
def test_a_follow_up_changes_what_it_speaks_of(text: str, expected: list[str]) -> None:
    assert changes(text) == expected
    assert not refine(SHOP, text).unmet


def test_a_share_moves_the_weights_and_is_proven() -> None:
    schema = refine(SHOP, "8% of orders are cancelled").schema
    assert [each.share for each in schema.table("orders").expectations] == [0.08]


def test_clauses_are_applied_one_after_another() -> None:
    found = refine(SHOP, "add a coupon table and make email optional, 300 customers")
    assert len(found.changes) == 3
    assert not found.unmet
    assert found.schema.table("customers").rows == 300


@pytest.mark.parametrize("text", ["paint it blue", "drop nonsense", "make it nicer"])
def test_what_is_not_understood_changes_nothing_and_is_told(text: str) -> None:
    found = refine(SHOP, text)
    assert found.schema == SHOP
    assert found.unmet


def test_removing_a_parent_takes_its_keys_along() -> None:
    schema = refine(SHOP, "remove customers").schema
    assert "customers" not in schema.tables_by_name
    assert not [k for t in schema.tables for k in t.foreign_keys if k.parent == "customers"]


def test_cells_of_untouched_columns_stay_the_same() -> None:
    text = "make email optional, add a coupon table, add loyalty_points to customers"
    before, after = cells(SHOP), cells(refine(SHOP, text).schema)
    for name, table in before.items():
        touched = {"email"} if name == "customers" else set()
        for column in set(table) - touched:
            assert after[name][column] == table[column], f"{name}.{column}"
    assert "coupons" in after


def cells(schema: Schema) -> dict[str, dict[str, list[object]]]:
    found: dict[str, dict[str, list[object]]] = {}
    for name, rows in open_rows(prepare(schema)).items():
        batches = list(rows.batches(0, rows.row_count))
        found[name] = {
            field: [value for batch in batches for value in batch[field].to_pylist()]
            for field in rows.arrow_schema.names
        }
    return found
