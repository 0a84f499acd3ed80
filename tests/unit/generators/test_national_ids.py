"""National numbers: python-stdnum accepts them, and they agree with their bearers."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from stdnum import luhn
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import nif
from stdnum.fr import nir
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.jp import in_ as my_number
from stdnum.kr import rrn
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.tr import tckimlik

import dataforge
from dataforge.corpora.files import short_list
from dataforge.engine.generators.records.national import NATIONAL, name_letters, national_id
from dataforge.locales import LOCALES
from dataforge.schema import Schema

ROWS = 4000
MODULES: dict[str, ModuleType] = {
    "ar_SA": luhn,
    "de_DE": idnr,
    "es_ES": nif,
    "fr_FR": nir,
    "hi_IN": aadhaar,
    "it_IT": codicefiscale,
    "ja_JP": my_number,
    "ko_KR": rrn,
    "nl_NL": bsn,
    "pl_PL": pesel,
    "pt_BR": cpf,
    "sv_SE": personnummer,
    "tr_TR": tckimlik,
    "zh_CN": ric,
}


def bearers(locale: str) -> dict[str, list[Any]]:
    kinds = {"birth_date": "date"}
    columns = [
        {
            "name": field,
            "type": {"kind": kinds.get(field, "text")},
            "spec": {"kind": "record", "record": "person", "field": field},
        }
        for field in ("national_id", "ssn", "birth_date", "gender", "first_name", "last_name")
    ]
    table = {"name": "t", "columns": columns, "rows": ROWS}
    schema = Schema.model_validate({"locale": locale, "tables": [table]})
    found: dict[str, list[Any]] = dataforge.generate(schema)["t"].to_arrow().to_pydict()
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_check_digits_are_right_and_shapes_usual(locale: str) -> None:
    rows = bearers(locale)
    assert rows["national_id"] == rows["ssn"]
    module = MODULES.get(locale)
    for number in rows["national_id"]:
        assert len(number) == len(NATIONAL[locale].shapes[0])
        bare = number.replace(" ", "")
        assert module is None or module.is_valid(bare)
    assert len(set(rows["national_id"])) > ROWS * 0.99


@pytest.mark.parametrize("locale", LOCALES)
def test_ranked_numbers_are_distinct_and_valid(locale: str) -> None:
    for ranked in national_id(locale).unique:
        assert not isinstance(ranked, tuple)
        ranks = np.linspace(0, ranked.size - 1, 2000).astype(np.int64)
        neighbours = np.arange(2000, dtype=np.int64)
        for some in (np.unique(ranks), neighbours):
            made = ranked.decode(some).to_pylist()
            assert len(set(made)) == len(some)
            assert {len(value) for value in made} == {ranked.longest}
            module = MODULES.get(locale)
            assert module is None or all(module.is_valid(value) for value in made)


@pytest.mark.parametrize(
    ("locale", "start", "sex_at"),
    [("pl_PL", 0, 9), ("sv_SE", 0, 9), ("ko_KR", 0, 7), ("zh_CN", 8, 16)],
)
def test_numbers_tell_birthday_and_sex(locale: str, start: int, sex_at: int) -> None:
    rows = bearers(locale)
    woman = short_list(locale, "gender")[0].split("\t")[0]
    for number, born, gender in zip(
        rows["national_id"], rows["birth_date"], rows["gender"], strict=True
    ):
        month = born.month + (20 if locale == "pl_PL" and born.year >= 2000 else 0)
        assert number[start : start + 6] == f"{born.year % 100:02}{month:02}{born.day:02}"
        if gender in {line.split("\t")[0] for line in short_list(locale, "gender")[:2]}:
            assert (int(number[sex_at]) % 2 == 0) == (gender == woman)


def test_french_and_italian_numbers_agree_with_their_bearers() -> None:
    rows = bearers("fr_FR")
    for number, born, gender in zip(
        rows["national_id"], rows["birth_date"], rows["gender"], strict=True
    ):
        assert number[:10] == f"{2 if gender == 'Femme' else 1} {born:%y %m} 00"
    rows = bearers("it_IT")
    for number, born, gender, first, last in zip(
        *(rows[n] for n in ("national_id", "birth_date", "gender", "first_name", "last_name")),
        strict=True,
    ):
        assert codicefiscale.get_birth_date(number, minyear=born.year) == born
        assert codicefiscale.get_gender(number) == ("F" if gender == "Femmina" else "M")
        assert number[11:13] == "Z9"
        assert number[6:8] == f"{born:%y}"
        assert set(number[:3].lower()) <= set(last.lower().replace("à", "a") + "x'")
        assert number[3].lower() in first.lower() or not first.isascii()


@pytest.mark.parametrize(
    ("name", "given", "letters"),
    [("rossi", False, "RSS"), ("fo", False, "FOX"), ("mario", True, "MRA"),
     ("gianfranco", True, "GFR"), ("luca", True, "LCU")],
)  # fmt: skip
def test_italian_letters_follow_the_decree(name: str, given: bool, letters: str) -> None:
    assert name_letters(name, given=given) == letters
