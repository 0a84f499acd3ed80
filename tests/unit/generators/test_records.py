"""Records: fields that agree in a row, fit their columns and reach nobody real."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dataforge.corpora import fold, joint_table, slug
from dataforge.engine.generators import records, vocabulary
from dataforge.engine.generators.records import RECORDS
from dataforge.errors import UnknownNameError
from dataforge.schema import (
    BinaryType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    RecordSpec,
    StringType,
    TextType,
    TimestampType,
    VocabularySpec,
)
from dataforge.schema.arrow_types import arrow_type
from fake_cells import cells, site

ROWS = 3000
FIELDS = [(record, field) for record, fields in RECORDS.items() for field in fields]
RESERVED = re.compile(r"(^|[@/.])(example\.(com|org|net)|[a-z0-9-]+\.example|a\.test)([/:]|$)")


def values(
    path: str, type_: ColumnType | None = None, group: str = "", start: int = 0, stop: int = ROWS
) -> list[object]:
    """Return the field ``record.field`` of some rows."""
    made = array(path, type_ or TextType(), group, start, stop)
    return list(made.to_pylist())


def array(path: str, type_: ColumnType, group: str, start: int, stop: int) -> pa.Array:
    record, field = path.split(".")
    spec = RecordSpec(record=record, field=field, group=group)
    return records.build(spec, site(type_)).make(cells(stop, start))


@pytest.mark.parametrize(("record", "field"), FIELDS)
@pytest.mark.parametrize("limit", [None, 60, 12, 4, 1])
def test_every_field_fits_its_column(record: str, field: str, limit: int | None) -> None:
    made = values(f"{record}.{field}", StringType(max_length=limit), stop=300)
    assert len(made) == 300
    assert all(isinstance(value, str) and value for value in made)
    assert limit is None or all(len(str(value)) <= limit for value in made)


@pytest.mark.parametrize(("record", "field"), FIELDS)
def test_slices_equal_the_whole(record: str, field: str) -> None:
    path = f"{record}.{field}"
    assert values(path, stop=200)[150:] == values(path, start=150, stop=200)


@pytest.mark.parametrize(("record", "field"), FIELDS)
def test_domains_are_distinct_under_folding(record: str, field: str) -> None:
    for limit in (None, 24, 8):
        spec = RecordSpec(record=record, field=field)
        domain = records.domain(spec, site(StringType(max_length=limit)))
        if domain is None:
            continue
        assert 1 <= domain.size <= 1 << 62
        size = min(domain.size, 4000)
        ranks = np.unique(np.linspace(0, domain.size - 1, size).astype(np.int64))
        made = domain.decode(ranks).to_pylist()
        assert len({fold(value) for value in made}) == len(ranks)
        assert limit is None or max(map(len, made)) <= limit


NUMERIC = (IntegerType(), IntegerType(bits=8), DecimalType(precision=9, scale=6), FloatType())
DAYS = (DateType(), TimestampType(zoned=True), IntegerType())
WRITTEN = [
    *((path, type_) for path in ("person.age", "address.latitude") for type_ in NUMERIC),
    *(("person.phone", type_) for type_ in (*NUMERIC, BinaryType())),
    *(("person.birth_date", type_) for type_ in DAYS),
]


@pytest.mark.parametrize(("path", "type_"), WRITTEN)
def test_fields_come_in_the_type_of_the_column(path: str, type_: ColumnType) -> None:
    assert array(path, type_, "", 0, 100).type == arrow_type(type_)


def test_mailboxes_and_full_names_are_made_of_the_names() -> None:
    names = zip(*(values(f"person.{f}") for f in ("first_name", "last_name")), strict=True)
    mails, full = values("person.email"), values("person.full_name")
    for (first, last), mail, whole in zip(names, mails, full, strict=True):
        assert whole == f"{first} {last}"
        assert str(mail).startswith(slug(str(first)))
        assert slug(str(last)) in str(mail)


def test_user_name_is_the_mailbox() -> None:
    mails = (str(mail).split("@")[0] for mail in values("person.email"))
    assert list(mails) == values("person.username")


def test_places_agree() -> None:
    table = joint_table("city").columns
    known = set(
        zip(table["city"], table["state_code"], table["postcodes"], table["area_code"], strict=True)
    )
    cities, codes, zips = (values(f"address.{f}") for f in ("city", "state_code", "postcode"))
    phones = values("person.phone")
    rows = zip(cities, codes, zips, phones, strict=True)
    assert {(c, s, str(z)[:3], str(p)[1:4]) for c, s, z, p in rows} <= known


def test_groups_are_drawn_apart() -> None:
    billing, shipping = (values("address.city", group=g) for g in ("billing", "shipping"))
    assert billing != shipping


def test_gender_goes_with_the_name() -> None:
    titles = set(zip(values("person.gender"), values("person.title"), strict=True))
    assert {("Male", "Mr."), ("Female", "Ms.")} <= titles
    assert not {("Male", "Ms."), ("Female", "Mr.")} & titles


def test_age_is_counted_from_the_birthday() -> None:
    born, ages = values("person.birth_date", DateType()), values("person.age", IntegerType())
    now = datetime(2026, 1, 1)  # noqa: DTZ001
    for day, age in zip(born, ages, strict=True):
        passed = (now.month, now.day) >= (day.month, day.day)  # type: ignore[attr-defined]
        assert age == now.year - day.year - (not passed)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["person.email", "company.email", "company.url", "internet.url", "internet.image_url"]
)
def test_hosts_are_reserved(path: str) -> None:
    hosts = (re.sub(r"^https://(cdn\.)?", "", str(value)) for value in values(path))
    assert all(RESERVED.search(host) for host in hosts)


@pytest.mark.parametrize("path", ["person.phone", "person.mobile", "company.phone"])
def test_telephone_numbers_are_fictitious(path: str) -> None:
    assert all(re.fullmatch(r"\(\d{3}\) 555-01\d\d", str(value)) for value in values(path))


def test_social_security_numbers_are_never_issued() -> None:
    assert all(re.fullmatch(r"9\d\d-\d\d-\d{4}", str(value)) for value in values("person.ssn"))


def test_addresses_of_machines_are_private() -> None:
    head = re.compile(r"(10|172\.(1[6-9]|2\d|3[01])|192\.168|198\.1[89])\.")
    assert all(head.match(str(value)) for value in values("internet.ipv4"))
    assert all(str(value).startswith("2001:db8:") for value in values("internet.ipv6"))
    assert all(str(value)[1] in "26ae" for value in values("internet.mac"))


def luhn(number: str) -> int:
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if at % 2 == 0 else sum(divmod(2 * d, 10)) for at, d in enumerate(digits)) % 10


def gtin(number: str) -> int:
    return sum(int(d) * (1, 3)[at % 2] for at, d in enumerate(reversed(number))) % 10


def iban_remainder(number: str) -> int:
    moved = number[4:] + number[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97


def test_check_digits_are_right() -> None:
    assert {luhn(str(n)) for n in values("payment.card_number")} == {0}
    assert {gtin(str(n)) for f in ("ean", "upc", "isbn") for n in values(f"product.{f}")} == {0}
    assert {iban_remainder(str(n)) for n in values("payment.iban")} == {1}


def test_company_mail_goes_to_its_domain() -> None:
    domains, mails = values("company.domain"), values("company.email")
    assert [str(mail).split("@")[1] for mail in mails] == domains


def test_product_prices_lie_above_costs_within_the_noun() -> None:
    table = joint_table("product")
    highest = dict(zip(table.columns["noun"], table.numbers("high"), strict=True))
    prices, costs = (values(f"product.{f}", FloatType()) for f in ("price", "cost"))
    names = [str(name) for name in values("product.name")]
    for name, price, cost in zip(names, prices, costs, strict=True):
        noun = next(noun for noun in sorted(highest, key=len, reverse=True) if name.endswith(noun))
        assert 0 < float(str(cost)) < float(str(price)) <= highest[noun] + 1


def test_distinct_mailboxes_keep_the_names() -> None:
    spec = RecordSpec(record="person", field="email")
    for limit in (60, 30, 20):
        generator = records.distinct(spec, site(StringType(max_length=limit)))
        assert generator is not None
        mails = generator.make(cells(ROWS)).to_pylist()
        assert len(set(mails)) == ROWS
        assert max(map(len, mails)) <= limit
        firsts = values("person.first_name")
        assert all(m[0] == slug(str(f))[0] for m, f in zip(mails, firsts, strict=True))


def test_short_lists_come_as_dictionaries() -> None:
    made = array("person.first_name", TextType(), "", 0, 100)
    assert pa.types.is_dictionary(made.type)
    assert pc.count_distinct(made.dictionary).as_py() == len(made.dictionary)


@pytest.mark.parametrize(
    ("record", "field", "nearest"),
    [("persn", "email", "person"), ("person", "frist_name", "first_name")],
)
def test_unknown_fields_name_the_nearest(record: str, field: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{nearest}'"):
        records.build(RecordSpec(record=record, field=field), site(TextType()))


def test_vocabulary_entries_follow_their_weights() -> None:
    spec = VocabularySpec(vocabulary="gender")
    made = vocabulary.build(spec, site(TextType())).make(cells(20_000)).to_pylist()
    assert 0.47 < made.count("Female") / len(made) < 0.51
    assert 0 < made.count("Other") / len(made) < 0.02


def test_vocabulary_entries_fit_their_column() -> None:
    spec = VocabularySpec(vocabulary="country")
    narrow = site(StringType(max_length=6))
    made = vocabulary.build(spec, narrow).make(cells(500)).to_pylist()
    domain = vocabulary.domain(spec, narrow)
    assert domain is not None
    entries = domain.decode(np.arange(domain.size)).to_pylist()
    assert set(made) <= set(entries)
    assert max(map(len, entries)) <= 6
