"""Vehicles, jobs, health, learning, books, files, colours and requests: what agrees in a row."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import pytest
from stdnum import isbn, luhn

import dataforge
from dataforge.corpora import joint_table
from dataforge.engine.generators import records
from dataforge.engine.generators.records import RECORDS
from dataforge.locales import LOCALES
from dataforge.schema import (
    Column,
    ColumnType,
    FloatType,
    IntegerType,
    RecordSpec,
    Schema,
    Table,
    TextType,
    UniqueKey,
)
from fake_cells import cells, site

ROWS = 3000
TYPES: dict[str, ColumnType] = {
    "year": IntegerType(), "mileage": IntegerType(), "level": IntegerType(),
    "salary": IntegerType(), "salary_min": IntegerType(), "salary_max": IntegerType(),
    "lab_value": FloatType(), "lab_low": FloatType(), "lab_high": FloatType(),
    "size_bytes": IntegerType(), "red": IntegerType(), "http_status": IntegerType(),
}  # fmt: skip
NEW = ("vehicle", "job", "health", "education", "book", "file", "color", "unit", "element",
       "internet", "product")  # fmt: skip
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def table(record: str, *fields: str, locale: str = "en_US", rows: int = ROWS) -> list[Any]:
    """Return rows of a record through the public API; levels of education are words."""
    types = {**TYPES, "level": IntegerType() if record == "job" else TextType()}
    columns = tuple(
        Column(name=f, type=types.get(f, TextType()), spec=RecordSpec(record=record, field=f))
        for f in fields
    )
    schema = Schema(tables=(Table(name="t", columns=columns, rows=rows),), locale=locale)
    return list(dataforge.generate(schema)["t"].to_arrow().to_pylist())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("record", NEW)
def test_every_field_is_made_in_every_locale(record: str, locale: str) -> None:
    for field in RECORDS[record]:
        spec = RecordSpec(record=record, field=field)
        made = records.build(spec, site(TextType()).within(locale)).make(cells(60)).to_pylist()
        assert all(made), field


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP", "hi_IN", "zh_CN", "pt_BR"])
def test_vehicles_agree(locale: str) -> None:
    models = joint_table("vehicle", locale).columns
    known = set(zip(models["make"], models["model"], models["type"], models["maker"], strict=True))
    built = {
        (make, model, maker): (int(since), int(until) or 2026)
        for make, model, maker, since, until in zip(
            *(models[name] for name in ("make", "model", "maker", "since", "until")), strict=True
        )
    }
    letters = "ABCDEFGHJKLMNPRSTVWXY123456789"
    for row in table("vehicle", "make", "model", "type", "year", "vin", locale=locale):
        vin = row["vin"]
        assert (row["make"], row["model"], row["type"], vin[:3]) in known
        since, until = built[row["make"], row["model"], vin[:3]]
        assert since <= row["year"] <= until
        assert vin[9] == letters[(row["year"] - 2010) % 30]
        assert not set(vin) & set("IOQ")
        total = sum(
            weight * int(VIN_VALUES.get(letter, letter))
            for weight, letter in zip(VIN_WEIGHTS, vin[:8] + "0" + vin[9:], strict=True)
        )
        assert vin[8] == "0123456789X"[total % 11]


def test_unique_vehicle_numbers_keep_maker_and_year() -> None:
    columns = tuple(
        Column(name=f, type=t, nullable=False, spec=RecordSpec(record="vehicle", field=f))
        for f, t in (("vin", TextType()), ("make", TextType()), ("year", IntegerType()))
    )
    keyed = Table(name="t", columns=columns, rows=3000, unique_keys=(UniqueKey(columns=("vin",)),))
    rows = dataforge.generate(Schema(tables=(keyed,)))["t"].to_arrow().to_pylist()
    models = joint_table("vehicle").columns
    makers = set(zip(models["make"], models["maker"], strict=True))
    assert len({row["vin"] for row in rows}) == len(rows)
    assert {(row["make"], row["vin"][:3]) for row in rows} <= makers


def test_british_plates_tell_the_year() -> None:
    for row in table("vehicle", "license_plate", "year", locale="en_GB"):
        # The scheme began in September 2001.
        assert row["year"] <= 2001 or int(row["license_plate"][2:4]) % 50 == row["year"] % 100


@pytest.mark.parametrize("locale", LOCALES)
def test_pay_fits_the_level(locale: str) -> None:
    fields = ("title", "department", "seniority", "level", "salary", "salary_min", "salary_max")
    rows = table("job", *fields, locale=locale)
    for row in rows:
        assert row["salary_min"] <= row["salary"] <= row["salary_max"]
        if row["seniority"] in {"Senior", "Lead"} and locale.startswith("en"):
            assert row["title"].startswith(row["seniority"])
        managers = {"Manager", "Director", "Vice President"}
        if row["seniority"] in managers and locale.startswith("en"):
            assert row["department"] in row["title"]
    means = [
        sum(r["salary"] for r in rows if r["level"] == level)
        / sum(r["level"] == level for r in rows)
        for level in (1, 2, 3, 5, 6)
    ]
    assert means == sorted(means)


def test_laboratory_results_agree() -> None:
    fields = ("lab_code", "lab_value", "lab_low", "lab_high", "lab_flag")
    for row in table("health", *fields):
        luhn.validate(row["lab_code"].replace("-", ""))
        low, high = row["lab_low"], row["lab_high"]
        flag = "L" if row["lab_value"] < low else "H" if row["lab_value"] > high else "N"
        assert row["lab_flag"] == flag


def test_diagnoses_and_medicines_are_rows_of_their_tables() -> None:
    diagnoses = joint_table("diagnosis").columns
    known = set(zip(diagnoses["code"], diagnoses["name"], strict=True))
    fields = ("diagnosis_code", "diagnosis", "medication", "strength", "dosage_form")
    for row in table("health", *fields, "medication_full"):
        assert (row["diagnosis_code"], row["diagnosis"]) in known
        parts = (row["medication"], row["strength"], row["dosage_form"])
        assert row["medication_full"] == " ".join(parts)


def test_provider_numbers_check() -> None:
    for row in table("health", "provider_number"):
        luhn.validate("80840" + row["provider_number"])


def test_anaphylaxis_is_severe() -> None:
    for row in table("health", "allergy_reaction", "allergy_severity"):
        assert row["allergy_reaction"] != "anaphylaxis" or row["allergy_severity"] == "severe"


def test_degrees_are_given_in_their_fields() -> None:
    studies = joint_table("field_of_study").columns
    given = dict(zip(studies["field"], studies["degrees"], strict=True))
    for row in table("education", "degree", "field", "level"):
        assert row["degree"] in given[row["field"]]
        assert row["level"] == "Doctorate" or row["degree"].startswith(row["level"])


@pytest.mark.parametrize("locale", LOCALES)
def test_books_have_valid_numbers_of_their_country(locale: str) -> None:
    for row in table("book", "isbn", "isbn10", locale=locale, rows=500):
        isbn.validate(row["isbn"])
        isbn.validate(row["isbn10"])
        assert isbn.to_isbn13(row["isbn10"]) == row["isbn"]


def test_files_agree() -> None:
    types = joint_table("file_type").columns
    mime = dict(zip(types["extension"], types["mime_type"], strict=True))
    for row in table("file", "name", "extension", "mime_type", "path", "size_bytes"):
        assert row["name"].endswith(f".{row['extension']}")
        assert mime[row["extension"]] == row["mime_type"]
        assert row["path"].endswith(f"/{row['name']}")
        assert row["size_bytes"] > 0


def test_notations_of_a_colour_agree() -> None:
    for row in table("color", "hex", "rgb", "red"):
        channels = tuple(bytes.fromhex(row["hex"][1:]))
        assert row["rgb"] == f"rgb{channels}"
        assert row["red"] == channels[0]


def test_browsers_are_what_they_say() -> None:
    fields = ("user_agent", "browser", "browser_version", "operating_system", "device_type")
    words = {"Windows": "Windows NT", "macOS": "Macintosh", "iOS": "iPhone", "iPadOS": "iPad",
             "Android": "Android", "Linux": "Linux x86_64"}  # fmt: skip
    for row in table("internet", *fields):
        agent = row["user_agent"]
        assert words[row["operating_system"]] in agent
        assert row["browser_version"].removesuffix(".0") in agent
        assert (row["device_type"] == "mobile") == ("Mobile" in agent and "iPad" not in agent)


def test_addresses_are_of_the_networks_that_they_say() -> None:
    documents = [
        ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    ]
    for row in table("internet", "ipv4_private", "ipv4_public", "cidr", "hostname"):
        private, public = (
            ipaddress.ip_address(row[f"ipv4_{kind}"]) for kind in ("private", "public")
        )
        assert private.is_private
        assert any(public in network for network in documents)
        assert ipaddress.ip_network(row["cidr"]).is_private
        assert row["hostname"].endswith(".example.net")


def test_statuses_have_their_phrases_and_hashes_their_lengths() -> None:
    fields = ("http_status", "http_status_text", "md5", "sha1", "sha256", "sha512")
    statuses = joint_table("http_status").columns
    phrases = dict(zip(map(int, statuses["code"]), statuses["phrase"], strict=True))
    for row in table("internet", *fields, rows=500):
        assert phrases[row["http_status"]] == row["http_status_text"]
        for field, width in (("md5", 32), ("sha1", 40), ("sha256", 64), ("sha512", 128)):
            assert re.fullmatch(f"[0-9a-f]{{{width}}}", row[field])
