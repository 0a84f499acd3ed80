"""The peers doing what ``people.yaml`` asks for: the same ten columns to one CSV file.

Usage: peers.py (faker|mimesis) ROWS PATH
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path

PLANS = ("free", "basic", "plus", "team")
WEIGHTS = (60, 25, 10, 5)


def faker_row() -> Callable[[], list[object]]:
    from faker import Faker

    fake = Faker("en_US")
    Faker.seed(42)

    def row() -> list[object]:
        first, last = fake.first_name(), fake.last_name()
        return [
            fake.uuid4(),
            first,
            last,
            f"{first}.{last}{fake.random_int(0, 99)}@{fake.safe_domain_name()}".lower(),
            fake.phone_number(),
            fake.city(),
            fake.date_between("-5y", "today").isoformat(),
            fake.random_int(0, 1000),
            fake.pydecimal(min_value=0, max_value=10000, right_digits=2),
            fake.random.choices(PLANS, WEIGHTS)[0],
        ]

    return row


def mimesis_row() -> Callable[[], list[object]]:
    from mimesis import Generic
    from mimesis.locales import Locale

    generic = Generic(Locale.EN, seed=42)
    person, address, numbers = generic.person, generic.address, generic.numeric
    cryptographic, moments, random = generic.cryptographic, generic.datetime, generic.random

    def row() -> list[object]:
        first, last = person.first_name(), person.last_name()
        return [
            cryptographic.uuid(),
            first,
            last,
            f"{first}.{last}{random.randint(0, 99)}@example.com".lower(),
            person.phone_number(),
            address.city(),
            moments.date(2021, 2025).isoformat(),
            numbers.integer_number(0, 1000),
            numbers.float_number(0, 10000, 2),
            random.choices(PLANS, WEIGHTS)[0],
        ]

    return row


def main() -> None:
    peer, rows, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    row = {"faker": faker_row, "mimesis": mimesis_row}[peer]()
    start = time.perf_counter()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(row() for _ in range(rows))
    print(f"{rows / (time.perf_counter() - start):.0f}")


if __name__ == "__main__":
    main()
