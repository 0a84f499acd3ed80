"""Products: what is said of one fits its noun, in every language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from stdnum import ean, isbn

import dataforge
from dataforge.corpora import fold, joint_table
from dataforge.engine.generators import records
from dataforge.engine.generators.records import RECORDS
from dataforge.locales import LOCALES
from dataforge.schema import (
    Column,
    ColumnType,
    DecimalType,
    IntegerType,
    RecordSpec,
    Schema,
    StringType,
    Table,
    TextType,
    UniqueKey,
)
from fake_cells import cells, site

ROWS = 2000
TYPES: dict[str, ColumnType] = {
    "price": DecimalType(precision=12), "cost": DecimalType(precision=12),
    "weight_g": IntegerType(), "weight_kg": DecimalType(precision=9, scale=3),
    "length_cm": DecimalType(precision=9, scale=1), "width_cm": DecimalType(precision=9, scale=1),
    "rating": DecimalType(precision=2, scale=1), "review_count": IntegerType(),
}  # fmt: skip


def table(*fields: str, locale: str = "en_US", unique: str | None = None) -> list[dict[str, Any]]:
    """Return rows of products through the public API."""
    columns = tuple(
        Column(
            name=f,
            type=TYPES.get(f, TextType()),
            spec=RecordSpec(record="product", field=f),
            nullable=f != unique,
        )
        for f in fields
    )
    keys = () if unique is None else (UniqueKey(columns=(unique,)),)
    schema = Schema(
        tables=(Table(name="t", columns=columns, rows=ROWS, unique_keys=keys),), locale=locale
    )
    return list(dataforge.generate(schema)["t"].to_arrow().to_pylist())


def noun_in(name: str, nouns: list[str]) -> str:
    """Return the longest noun that the name contains."""
    return max((noun for noun in nouns if noun in name), key=len)


@pytest.mark.parametrize("locale", LOCALES)
def test_category_and_material_go_with_the_noun(locale: str) -> None:
    products = joint_table("product", locale).columns
    nouns = list(products["noun"])
    for row in table("name", "category", "material", "brand", locale=locale):
        at = nouns.index(noun_in(row["name"], nouns))
        assert products["category"][at] == row["category"]
        assert row["material"] in products["materials"][at].split("|")
        if locale not in {"en_US", "en_GB", "hi_IN"}:
            assert row["brand"] in row["name"]


def test_english_names_tell_the_material_where_it_matters() -> None:
    profiles = joint_table("product_profile").columns
    named = dict(zip(profiles["profile"], profiles["named"], strict=True))
    for row in table("name", "category", "material"):
        assert (row["material"] in row["name"]) == (named[row["category"]] == "1")


@pytest.mark.parametrize(
    ("locale", "endings"),
    [("ja_JP", {"80", "00", "50"}), ("ko_KR", {"900", "000", "500"}), ("sv_SE", {"9", "5", "0"})],
)
def test_prices_end_as_the_country_s_do(locale: str, endings: set[str]) -> None:
    rows = table("price", "cost", locale=locale)
    assert {str(int(row["price"]))[-len(next(iter(endings))) :] for row in rows} <= endings
    assert all(0 < row["cost"] < row["price"] for row in rows)


def test_a_unique_name_keeps_its_product() -> None:
    nouns = list(joint_table("product").columns["noun"])
    categories = dict(zip(nouns, joint_table("product").columns["category"], strict=True))
    rows = table("name", "category", unique="name")
    assert len({fold(row["name"]) for row in rows}) == ROWS
    assert all(categories[noun_in(row["name"], nouns)] == row["category"] for row in rows)


def test_sizes_and_weights_agree() -> None:
    fields = ("weight_g", "weight_kg", "length_cm", "width_cm", "dimensions", "rating")
    for row in table(*fields, "review_count"):
        assert row["weight_kg"] * 1000 == row["weight_g"]
        assert row["length_cm"] >= row["width_cm"]
        assert row["dimensions"].startswith(f"{int(np.ceil(row['length_cm']))} x ")
        assert 1 <= row["rating"] <= 5
        assert row["review_count"] >= 1


def test_codes_are_valid() -> None:
    for row in table("ean", "upc", "isbn"):
        ean.validate(row["ean"])
        ean.validate(row["upc"])
        isbn.validate(row["isbn"])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("field", RECORDS["product"])
def test_fields_fit_their_columns_in_every_locale(locale: str, field: str) -> None:
    spec = RecordSpec(record="product", field=field)
    for limit in (None, 20, 6):
        own = site(StringType(max_length=limit)).within(locale)
        made = records.build(spec, own).make(cells(200)).to_pylist()
        assert all(made)
        assert limit is None or max(map(len, made)) <= limit
        assert records.build(spec, own).make(cells(200, 150)).to_pylist() == made[150:]
        domain = records.domain(spec, own)
        if domain is not None:
            ranks = np.unique(np.linspace(0, domain.size - 1, 800).astype(np.int64))
            assert len({fold(value) for value in domain.decode(ranks).to_pylist()}) == len(ranks)
