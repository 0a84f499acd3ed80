"""Companies of sixteen countries: names, hosts and numbers that agree and check."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from stdnum.br import cnpj
from stdnum.cn import uscc
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren
from stdnum.gb import vat as uk_vat
from stdnum.in_ import gstin
from stdnum.jp import cn as japanese
from stdnum.kr import brn
from stdnum.pl import regon
from stdnum.se import orgnr
from stdnum.tr import vkn

import dataforge
from dataforge.corpora import fold, joint_table
from dataforge.engine.generators import records
from dataforge.engine.generators.records import RECORDS
from dataforge.engine.generators.records.company_names import names
from dataforge.locales import LOCALES
from dataforge.schema import (
    Column,
    RecordSpec,
    Schema,
    StringType,
    Table,
    TextType,
    UniqueKey,
)
from fake_cells import cells, site

ROWS = 3000
VALID: dict[str, Callable[[str], Any]] = {
    "en_GB": uk_vat.validate,
    "pt_BR": cnpj.validate,
    "tr_TR": vkn.validate,
    "ja_JP": lambda number: japanese.validate(number.removeprefix("T")),
    "zh_CN": uscc.validate,
    "ko_KR": brn.validate,
    "hi_IN": gstin.validate,
}
REGISTERED: dict[str, Callable[[str], Any]] = {
    "fr_FR": siren.validate,
    "pl_PL": regon.validate,
    "sv_SE": orgnr.validate,
    "ja_JP": japanese.validate,
    "zh_CN": uscc.validate,
}
EUROPEAN = ("de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "sv_SE")


def table(locale: str, *fields: str, rows: int = ROWS) -> list[dict[str, Any]]:
    """Return rows of companies through the public API."""
    columns = tuple(
        Column(name=each, type=TextType(), spec=RecordSpec(record="company", field=each))
        for each in fields
    )
    schema = Schema(tables=(Table(name="t", columns=columns, rows=rows),), locale=locale)
    return list(dataforge.generate(schema)["t"].to_arrow().to_pylist())


@pytest.mark.parametrize("locale", [name for name in LOCALES if name not in {"en_US", "ar_SA"}])
def test_tax_numbers_are_valid(locale: str) -> None:
    validate = eu_vat.validate if locale in EUROPEAN else VALID[locale]
    for row in table(locale, "vat_id"):
        validate(row["vat_id"])


@pytest.mark.parametrize("locale", REGISTERED)
def test_registration_numbers_are_valid(locale: str) -> None:
    for row in table(locale, "registration_number"):
        REGISTERED[locale](row["registration_number"])


@pytest.mark.parametrize(
    ("locale", "within"),
    [("fr_FR", r"FR\d\d(\d{9})"), ("sv_SE", r"SE(\d{10})01"), ("ja_JP", r"T(\d{13})")],
)
def test_tax_and_registration_numbers_agree(locale: str, within: str) -> None:
    for row in table(locale, "vat_id", "registration_number", rows=300):
        plain = re.sub(r"[ -]", "", row["registration_number"])
        found = re.fullmatch(within, row["vat_id"])
        assert found is not None
        assert found[1] == plain


@pytest.mark.parametrize("locale", LOCALES)
def test_what_speaks_of_a_company_agrees(locale: str) -> None:
    trades = joint_table("company_field", locale).columns
    industries = dict(zip(trades["word"], trades["industry"], strict=True))
    stems = names(locale).stems
    for row in table(locale, "name", "legal_form", "industry", "domain", "email", "url", rows=500):
        assert row["legal_form"] in row["name"]
        around = "" if locale in {"ja_JP", "zh_CN", "ko_KR"} else " "
        inside = f" {row['name']} "
        named = [word for word in industries if f"{around}{word}{around}" in inside]
        assert not named or row["industry"] in {industries[word] for word in named}
        assert row["email"].endswith(f"@{row['domain']}")
        assert row["url"].startswith(f"https://www.{row['domain']}")
        assert re.fullmatch(r"[a-z0-9]+(-?[a-z0-9]+)*\.example", row["domain"])
        host = row["domain"].removesuffix(".example")
        assert any(stem in row["name"] and host.startswith(stems[stem]) for stem in stems)


FORMS = [("es_ES", "S.A.", "ESA"), ("es_ES", "S.L.", "ESB"), ("de_DE", "KG", "HRA"),
         ("de_DE", "AG", "HRB")]  # fmt: skip


@pytest.mark.parametrize(("locale", "form", "start"), FORMS)
def test_numbers_go_with_the_legal_form(locale: str, form: str, start: str) -> None:
    field = "vat_id" if locale == "es_ES" else "registration_number"
    rows = [
        row for row in table(locale, "legal_form", field, rows=500) if row["legal_form"] == form
    ]
    assert rows
    assert all(row[field].startswith(start) for row in rows)


def test_chinese_numbers_name_the_district_of_the_city() -> None:
    shanghai = [row for row in table("zh_CN", "name", "vat_id") if "上海" in row["name"]]
    assert shanghai
    assert all(row["vat_id"].startswith("91310115") for row in shanghai)


def test_sizes_agree() -> None:
    rows = table("de_DE", "employees", "revenue", "founded_year")
    staff = np.array([int(row["employees"]) for row in rows])
    turnover = np.array([int(row["revenue"]) for row in rows])
    assert staff.min() >= 1
    assert np.corrcoef(np.log(staff), np.log(turnover))[0, 1] > 0.85
    assert 50_000 < np.median(turnover / staff) < 400_000
    assert all(1870 < int(row["founded_year"]) < 2026 for row in rows)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("field", RECORDS["company"])
def test_fields_fit_their_columns_in_every_locale(locale: str, field: str) -> None:
    spec = RecordSpec(record="company", field=field)
    for limit in (None, 24, 6):
        own = site(StringType(max_length=limit)).within(locale)
        made = records.build(spec, own).make(cells(300)).to_pylist()
        assert all(made)
        assert limit is None or max(map(len, made)) <= limit
        assert records.build(spec, own).make(cells(300, 200)).to_pylist() == made[200:]
        domain = records.domain(spec, own)
        if domain is not None:
            ranks = np.unique(np.linspace(0, domain.size - 1, 1000).astype(np.int64))
            assert len({fold(value) for value in domain.decode(ranks).to_pylist()}) == len(ranks)


@pytest.mark.parametrize("locale", LOCALES)
def test_unique_names_keep_their_trade_and_form(locale: str) -> None:
    columns = tuple(
        Column(
            name=each,
            type=TextType(),
            spec=RecordSpec(record="company", field=each),
            nullable=each != "name",
        )
        for each in ("name", "legal_form", "industry", "domain")
    )
    keyed = Table(name="t", columns=columns, rows=2000, unique_keys=(UniqueKey(columns=("name",)),))
    schema = Schema(tables=(keyed,), locale=locale)
    rows = dataforge.generate(schema)["t"].to_arrow().to_pylist()
    assert len({fold(row["name"]) for row in rows}) == len(rows)
    trades = joint_table("company_field", locale).columns
    for row in rows:
        assert row["legal_form"] in row["name"]
        pairs = zip(trades["word"], trades["industry"], strict=True)
        assert any(w in row["name"] and i == row["industry"] for w, i in pairs)
