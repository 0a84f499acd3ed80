"""Two records of one kind in a row: what one role says agrees, the roles differ."""

from __future__ import annotations

import pytest

import dataforge

PAIRS = (
    ("billing_city", "shipping_city"),
    ("from_city", "to_city"),
    ("departure_city", "arrival_city"),
    ("home_city", "work_city"),
    ("permanent_city", "previous_city"),
    ("billing_name", "shipping_name"),
    ("sender_name", "receiver_name"),
    ("debtor_name", "creditor_name"),
    ("bride_name", "groom_name"),
    ("home_coach", "away_coach"),
    ("from_iban", "to_iban"),
    ("payer_iban", "payee_iban"),
    ("sender_email", "recipient_email"),
)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_roles_differ(one: str, other: str) -> None:
    columns = f"{one} VARCHAR(60) NOT NULL, {other} VARCHAR(60) NOT NULL"
    ddl = f"CREATE TABLE deals (id INT PRIMARY KEY, {columns});"
    rows = dataforge.preview(dataforge.from_ddl(ddl), 200)["deals"].to_arrow().to_pylist()
    assert sum(row[one] == row[other] for row in rows) < 20


def test_what_one_role_says_agrees() -> None:
    ddl = """CREATE TABLE parcels (id INT PRIMARY KEY, receiver_name VARCHAR(60) NOT NULL,
        receiver_email VARCHAR(80) NOT NULL, sender_email VARCHAR(80) NOT NULL);"""
    rows = dataforge.preview(dataforge.from_ddl(ddl), 50)["parcels"].to_arrow().to_pylist()
    for row in rows:
        assert row["receiver_name"].split()[-1].lower()[:4] in row["receiver_email"]
        assert row["sender_email"] != row["receiver_email"]
