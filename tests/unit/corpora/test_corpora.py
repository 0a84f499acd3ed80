"""Vocabularies and joint tables: complete, distinct, weighted as the files say."""

from __future__ import annotations

import numpy as np
import pytest

from dataforge.corpora import (
    SLOT_COUNT,
    fold,
    joint_table,
    slot_table,
    slug,
    vocabulary,
    vocabulary_names,
)
from dataforge.corpora.tables import TABLES
from dataforge.errors import UnknownNameError
from dataforge.locales import LOCALES


@pytest.mark.parametrize("name", vocabulary_names())
def test_entries_are_distinct_and_clean(name: str) -> None:
    words = vocabulary(name)
    values = words.values.to_pylist()
    assert len({fold(value) for value in values}) == len(values) > 0
    assert all(value == value.strip() and value.isascii() for value in values)
    assert words.cumulative[-1] == pytest.approx(1)
    assert set(words.slots.tolist()) == set(range(len(values)))


@pytest.mark.parametrize("name", TABLES)
def test_joint_tables_have_no_gaps(name: str) -> None:
    table = joint_table(name)
    assert all(value for column in table.columns.values() for value in column)
    assert {len(column) for column in table.columns.values()} == {len(table)}
    assert table.weights is None or (table.weights > 0).all()


def test_cities_lie_in_the_states_they_name() -> None:
    cities, states = joint_table("city"), joint_table("state")
    names = dict(zip(states.columns["code"], states.columns["name"], strict=True))
    pairs = zip(cities.columns["state_code"], cities.columns["state"], strict=True)
    assert all(names[code] == name for code, name in pairs)
    assert len(cities) >= 200
    assert set(cities.columns["state_code"]) == set(names)
    assert ((cities.numbers("latitude") > 18) & (cities.numbers("latitude") < 72)).all()
    assert ((cities.numbers("longitude") > -170) & (cities.numbers("longitude") < -66)).all()


@pytest.mark.parametrize("column", ["postcodes", "area_code"])
def test_codes_of_cities_have_three_digits(column: str) -> None:
    assert all(len(v) == 3 and v.isdigit() for v in joint_table("city").columns[column])


@pytest.mark.parametrize("column", ["code", "code3", "numeric", "name"])
def test_country_codes_are_unique(column: str) -> None:
    for locale in LOCALES:
        values = joint_table("country", locale).columns[column]
        assert len(set(values)) == len(values) > 240


def test_countries_pay_in_known_currencies() -> None:
    assert set(joint_table("country").columns["currency"]) <= set(
        joint_table("currency").columns["code"]
    )


def test_common_names_are_common() -> None:
    names = vocabulary("last_name")
    counts = np.bincount(names.slots, minlength=len(names))
    assert names.values[int(counts.argmax())].as_py() == "Smith"
    assert counts.sum() == SLOT_COUNT


def test_slots_follow_weights() -> None:
    counts = np.bincount(slot_table(3, np.array([1.0, 2.0, 1.0])))
    assert counts.tolist() == [16384, 32768, 16384]
    assert np.bincount(slot_table(2, np.array([1.0, 1e-12]))).min() == 1


@pytest.mark.parametrize(("name", "nearest"), [("contry", "country"), ("frist_name", "first_name")])
def test_unknown_vocabulary_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{nearest}'"):
        vocabulary(name)


def test_unknown_locale_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="locale 'xx_XX'"):
        vocabulary("first_name", "xx_XX")


@pytest.mark.parametrize(
    ("text", "expected"), [("Hewlett & Packard", "hewlettpackard"), ("Zoë O'Neil", "zoeoneil")]
)
def test_slugs_are_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_folding_ignores_case_accents_and_trailing_blanks() -> None:
    assert fold("ÀÉ ") == fold("ae")
