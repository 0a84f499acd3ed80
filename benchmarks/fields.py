"""Every field of every record against the same call of the peers, on one core.

Usage: fields.py (prints a line a field: name, ours, Faker's, Mimesis' values/s)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dataforge.engine import compile_schema
from dataforge.engine.generators.records import RECORDS
from dataforge.engine.generators.records.fields import Day, Number
from dataforge.schema import (
    Column,
    ColumnType,
    DateType,
    DecimalType,
    RecordSpec,
    Schema,
    StringType,
    Table,
    VocabularySpec,
)

ROWS = 1 << 19
PEER_CALLS_S = 0.05
# What Faker and Mimesis call the same thing: "provider" and "provider.method".
PEERS: dict[str, tuple[str, str]] = {
    "person.first_name": ("first_name", "person.first_name"),
    "person.last_name": ("last_name", "person.last_name"),
    "person.full_name": ("name", "person.full_name"),
    "person.email": ("email", "person.email"),
    "person.username": ("user_name", "person.username"),
    "person.phone": ("phone_number", "person.phone_number"),
    "person.birth_date": ("date_of_birth", "person.birthdate"),
    "person.job_title": ("job", "person.occupation"),
    "person.title": ("prefix", "person.title"),
    "person.ssn": ("ssn", ""),
    "address.street_address": ("street_address", "address.address"),
    "address.street": ("street_name", "address.street_name"),
    "address.city": ("city", "address.city"),
    "address.state": ("administrative_unit", "address.state"),
    "address.postcode": ("postcode", "address.zip_code"),
    "address.full_address": ("address", ""),
    "address.country": ("country", "address.country"),
    "address.latitude": ("latitude", "address.latitude"),
    "address.time_zone": ("timezone", "datetime.timezone"),
    "company.name": ("company", "finance.company"),
    "company.catch_phrase": ("catch_phrase", ""),
    "company.domain": ("domain_name", "internet.hostname"),
    "product.ean": ("ean13", "code.ean"),
    "product.isbn": ("isbn13", "code.isbn"),
    "product.price": ("pricetag", "finance.price"),
    "payment.card_number": ("credit_card_number", "payment.credit_card_number"),
    "payment.card_expiry": ("credit_card_expire", "payment.credit_card_expiration_date"),
    "payment.iban": ("iban", ""),
    "payment.bic": ("swift", ""),
    "internet.ipv4": ("ipv4", "internet.ip_v4"),
    "internet.ipv6": ("ipv6", "internet.ip_v6"),
    "internet.mac": ("mac_address", "internet.mac_address"),
    "internet.url": ("url", "internet.url"),
    "internet.user_agent": ("user_agent", "internet.user_agent"),
    "internet.hash": ("sha256", "cryptographic.hash"),
    "internet.file_name": ("file_name", "file.file_name"),
    "currency.code": ("currency_code", "finance.currency_iso_code"),
    "country.code": ("country_code", "address.country_code"),
}


@dataclass(frozen=True)
class Rate:
    """Values a second of one field; 0 where a peer has no such call."""

    name: str
    ours: float
    faker: float
    mimesis: float


def rates() -> Iterator[Rate]:
    """Yield the rates of all fields, record by record."""
    from faker import Faker
    from mimesis import Generic
    from mimesis.locales import Locale

    fake, generic = Faker("en_US"), Generic(Locale.EN)
    for record, fields in RECORDS.items():
        for field in fields:
            name = f"{record}.{field}"
            faker_call, mimesis_call = PEERS.get(name, ("", ""))
            yield Rate(
                name,
                _own(RecordSpec(record=record, field=field), _type_of(fields[field]("en_US"))),
                _peer(getattr(fake, faker_call) if faker_call else None),
                _peer(_method(generic, mimesis_call)),
            )
    yield Rate("vocabulary", _own(VocabularySpec(vocabulary="word"), StringType()), 0, 0)


def _type_of(field: object) -> ColumnType:
    if isinstance(field, Number):
        return DecimalType(precision=18, scale=2)
    return DateType() if isinstance(field, Day) else StringType()


def _own(spec: RecordSpec | VocabularySpec, logical: ColumnType) -> float:
    column = Column(name="c", type=logical, nullable=False, spec=spec)
    plan = compile_schema(Schema(tables=(Table(name="t", rows=ROWS, columns=(column,)),)))
    for _ in plan.batches("t", 0, 1000):
        pass
    return max(_once(plan) for _ in range(2))


def _once(plan: Any) -> float:
    start = time.perf_counter()
    made = sum(batch.num_rows for batch in plan.batches("t"))
    return made / (time.perf_counter() - start)


def _method(generic: Any, path: str) -> Callable[[], object] | None:
    found = generic
    for part in path.split(".") if path else ():
        found = getattr(found, part)
    return found if path else None


def _peer(call: Callable[[], object] | None) -> float:
    if call is None:
        return 0.0
    call()
    start, calls = time.perf_counter(), 0
    while time.perf_counter() - start < PEER_CALLS_S:
        for _ in range(50):
            call()
        calls += 50
    return calls / (time.perf_counter() - start)


if __name__ == "__main__":
    for rate in rates():
        print(rate.name, *(f"{each:,.0f}" for each in (rate.ours, rate.faker, rate.mimesis)))
