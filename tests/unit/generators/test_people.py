"""People of every locale: what a row says of one person agrees, whatever column says it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

import dataforge
from dataforge.corpora import fold, given_names, slug
from dataforge.corpora.files import lines, sections, short_list
from dataforge.engine.generators import records
from dataforge.locales import LOCALES
from dataforge.schema import RecordSpec, Schema
from dataforge.schema.types import BinaryType, StringType
from fake_cells import cells, site

ROWS = 20_000
READ_ALOUD = ("ar_SA", "hi_IN", "ja_JP", "ko_KR", "zh_CN")
RESERVED = re.compile(r"@([a-z]+\.)?example\.(com|org|net)$|@[a-z.]+\.(test|example)$")
FIELDS = (
    "first_name", "last_name", "full_name", "name_last_first", "initials", "middle_name",
    "gender", "title", "marital_status", "birth_date", "birth_year", "age", "email", "username",
)  # fmt: skip
TYPES = {"birth_date": "date", "birth_year": "integer", "age": "integer"}


def people(locale: str, rows: int = ROWS) -> dict[str, list[Any]]:
    columns = [
        {
            "name": field,
            "type": {"kind": TYPES.get(field, "text")},
            "spec": {"kind": "record", "record": "person", "field": field},
        }
        for field in FIELDS
    ]
    table = {"name": "people", "columns": columns, "rows": rows}
    schema = Schema.model_validate({"locale": locale, "seed": 11, "tables": [table]})
    found: dict[str, list[Any]] = dataforge.generate(schema)["people"].to_arrow().to_pydict()
    return found


@pytest.fixture(scope="module", params=LOCALES)
def found(request: pytest.FixtureRequest) -> tuple[str, dict[str, list[Any]]]:
    return request.param, people(request.param)


def plain(name: str, locale: str) -> str:
    """Fold a name as its bearers write it in Latin letters, with no help of the generators."""
    text = name.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("ı", "i")  # noqa: RUF001 - Turkish
    if locale == "de_DE":
        text = text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.sub("[^a-z]", "", fold(text))


def test_addresses_contain_the_names(found: tuple[str, dict[str, list[Any]]]) -> None:
    locale, rows = found
    given = {sex: given_names(locale, sex) for sex in ("female", "male")}
    readings = {
        name: {
            each.readings[each.names.index(name)] for each in given.values() if name in each.names
        }
        for name in set(rows["first_name"])
    }
    for first, last, email, user in zip(
        *(rows[name] for name in ("first_name", "last_name", "email", "username")), strict=True
    ):
        assert RESERVED.search(email)
        assert email.split("@")[0] == user
        assert user.isascii()
        assert any(user.startswith(reading) for reading in readings[first])
        if locale not in READ_ALOUD:
            own = last.split(" ")[-1] if locale == "pt_BR" else last
            own = own.split(" ")[0] if locale == "es_ES" else own
            assert user.startswith(plain(first, locale))
            assert plain(own, locale) in user


def test_names_are_written_in_the_order_of_the_country(
    found: tuple[str, dict[str, list[Any]]],
) -> None:
    locale, rows = found
    gaps = {"ja_JP": " ", "ko_KR": "", "zh_CN": ""}
    for first, last, full, listed in zip(
        *(rows[n] for n in ("first_name", "last_name", "full_name", "name_last_first")), strict=True
    ):
        if locale in gaps:
            assert full == listed == last + gaps[locale] + first
            continue
        assert full == f"{first} {last}"
        comma = "، " if locale == "ar_SA" else ", "
        head, _, tail = listed.partition(comma)
        assert sorted((head + " " + tail).split(" ")) == sorted(full.split(" "))
        assert locale == "nl_NL" or listed == f"{last}{comma}{first}"


def test_names_titles_and_words_go_with_the_sex(found: tuple[str, dict[str, list[Any]]]) -> None:
    locale, rows = found
    words = list(dict.fromkeys(rows["gender"]))
    assert len(words) == (3 if locale in {"en_US", "en_GB", "de_DE", "nl_NL", "sv_SE"} else 2)
    forms = sections(locale, "forms.txt")
    lists = [
        {line.split("\t")[0] for line in forms.get(f"title_{sex}", forms["title_male"])}
        for sex in ("female", "male", "other")
    ]
    order = [line.split("\t")[0] for line in short_list(locale, "gender")]
    names = [set(given_names(locale, sex).names) for sex in ("female", "male")]
    for first, middle, gender, title in zip(
        *(rows[n] for n in ("first_name", "middle_name", "gender", "title")), strict=True
    ):
        at = order.index(gender)
        assert title in lists[at]
        either = names if at == 2 else [names[at]]
        assert any(first in sex and middle in sex for sex in either)
    assert 0.45 < rows["gender"].count(order[0]) / ROWS < 0.55


def test_ages_go_with_birthdays_and_statuses(found: tuple[str, dict[str, list[Any]]]) -> None:
    locale, rows = found
    today = date(2026, 1, 1)
    for born, year, age in zip(rows["birth_date"], rows["birth_year"], rows["age"], strict=True):
        assert born.year == year
        before = (today.month, today.day) < (born.month, born.day)
        assert today.year - born.year - before == age
        assert 17 < age < 91
    young = [s for s, age in zip(rows["marital_status"], rows["age"], strict=True) if age < 24]
    old = [s for s, age in zip(rows["marital_status"], rows["age"], strict=True) if age > 80]
    words = [short_list(locale, "marital_status")]
    words.append(sections(locale, "forms.txt").get("marital_status_female", words[0]))
    single = {lines[0].split("\t")[0] for lines in words}
    assert sum(status in single for status in young) / len(young) > 0.8
    assert sum(status in single for status in old) / len(old) < 0.2


def test_generations_bear_other_names(found: tuple[str, dict[str, list[Any]]]) -> None:
    locale, rows = found
    pairs = list(zip(rows["first_name"], rows["birth_year"], strict=True))
    old = [name for name, year in pairs if year < 1950]
    young = [name for name, year in pairs if year > 1995]
    fashionable = sorted(set(old), key=old.count)[-12:]
    share = sum(young.count(name) for name in fashionable) / len(young)
    assert sum(old.count(name) for name in fashionable) / len(old) > 1.5 * share, locale


def test_a_mix_keeps_people_whole() -> None:
    mixed = people("de_DE:1,pl_PL:1,ja_JP:1", 3000)
    pure = [people(locale, 3000) for locale in ("de_DE", "pl_PL", "ja_JP")]
    rows = list(zip(*mixed.values(), strict=True))
    whole = [list(zip(*each.values(), strict=True)) for each in pure]
    counts = [0, 0, 0]
    for at, row in enumerate(rows):
        made = [each for each in range(3) if whole[each][at] == row]
        assert made
        counts[made[0]] += 1
    assert min(counts) > 850


@pytest.mark.parametrize("locale", LOCALES)
def test_readings_are_mailboxes(locale: str) -> None:
    for sex in ("female", "male"):
        names = given_names(locale, sex)
        assert all(re.fullmatch("[a-z]+", reading) for reading in names.readings)
        assert (names.shares.sum(axis=1) > 990_000).all()


def test_slugs_keep_letters_that_have_no_accent() -> None:
    assert slug("Łukasz Ørsted") == "lukaszorsted"


@pytest.mark.parametrize("locale", LOCALES)
def test_occupations_have_a_form_for_each_sex(locale: str) -> None:
    rows = [line.split("\t") for line in lines(locale, "job_title.txt")]
    men, women = {row[0] for row in rows}, {row[-1] if len(row) > 2 else row[0] for row in rows}
    columns = [
        {
            "name": field,
            "type": {"kind": "text"},
            "spec": {"kind": "record", "record": "person", "field": field},
        }
        for field in ("job_title", "gender")
    ]
    schema = Schema.model_validate(
        {"locale": locale, "tables": [{"name": "t", "columns": columns, "rows": 2000}]}
    )
    found = dataforge.generate(schema)["t"].to_arrow().to_pydict()
    order = [line.split("\t")[0] for line in short_list(locale, "gender")]
    for job, gender in zip(found["job_title"], found["gender"], strict=True):
        assert job in (women, men, women | men)[order.index(gender)]


@pytest.mark.parametrize("locale", LOCALES)
def test_names_fit_columns_of_letters_and_of_bytes(locale: str) -> None:
    for field in ("full_name", "name_last_first", "email", "title", "nationality"):
        for limit in (3, 9, 20):
            spec = RecordSpec(record="person", field=field)
            for type_ in (StringType(max_length=limit), BinaryType(max_length=limit)):
                made = records.build(spec, site(type_).within(locale)).make(cells(200)).to_pylist()
                assert all(len(value) <= limit for value in made)
