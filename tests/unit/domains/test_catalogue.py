"""The catalogue of domains: complete, true to its schemas, found by name and by words."""

from __future__ import annotations

from pathlib import Path

import pytest

import dataforge
from dataforge.domains import LANGUAGES, cues_in, domain, known, named
from dataforge.errors import UnknownNameError
from dataforge.schema import validate
from dataforge.workflows.prepare import prepare
from dataforge.workflows.preview import preview


def test_catalogue_is_wide() -> None:
    tables = {table for name in known() for table in domain(name).words}
    assert len(known()) >= 60
    assert len(tables) >= 500


@pytest.mark.parametrize("name", known())
def test_words_are_there_in_every_language(name: str) -> None:
    found = domain(name)
    assert found.name == name
    assert all(found.titles[language] for language in LANGUAGES)
    assert all(found.cues[language] for language in LANGUAGES)
    assert set(found.words) == set(found.schema.tables_by_name)
    for table, words in found.words.items():
        assert set(words) == set(LANGUAGES), table
        assert all(word.strip() for each in words.values() for word in each), table


@pytest.mark.parametrize("name", known())
def test_schema_is_whole(name: str) -> None:
    schema = domain(name).schema
    assert not validate(schema)
    assert schema.name == name
    assert set(domain(name).core) <= set(schema.tables_by_name)
    assert len(schema.tables) >= 7
    for table in schema.tables:
        assert table.primary_key, table.name
        assert len(table.columns) >= 3, table.name
    related = {end for t in schema.tables for k in t.foreign_keys for end in (t.name, k.parent)}
    assert related == set(schema.tables_by_name), "a table stands alone"


@pytest.mark.parametrize("name", known())
def test_domain_generates_and_verifies(name: str, tmp_path: Path) -> None:
    dataforge.generate(domain(name).schema, out=tmp_path / "made", format="parquet")
    certificate = dataforge.verify(tmp_path / "made")
    assert certificate.verdict == "passed", [
        check for check in certificate.checks if check.verdict == "failed"
    ]


@pytest.mark.parametrize("name", known())
def test_domain_grows_and_speaks_other_languages(name: str) -> None:
    for scale, locale in ((0.3, "fr_FR"), (100, "ja_JP")):
        schema = prepare(domain(name).schema, scale=scale, locale=locale)
        assert set(preview(schema, rows=2)) == set(schema.tables_by_name)


def test_an_unknown_name_tells_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bookstore'"):
        domain("bookstores")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an online bookstore with 5,000 customers", ["bookstore"]),
        ("Two HOTELS and their rooms", ["hotel"]),
        ("eine Buchhandlung mit Kunden", ["bookstore"]),
        ("un hôpital avec ses patients", ["hospital"]),
        ("gestion de l\u2019hôtel et des chambres", ["hotel"]),
        ("a book; shop around", ["retail_shop"]),
        ("una librería y sus autores", ["bookstore"]),
        ("um hotel com quartos", ["hotel"]),
        ("一家网上书店有5000名客户", ["bookstore"]),
        ("nothing of the kind", []),
        ("", []),
    ],
)
def test_phrases_name_domains(text: str, expected: list[str]) -> None:
    assert list(dict.fromkeys(cue.domain for cue in cues_in(text))) == expected


def test_a_cue_tells_where_it_stands() -> None:
    text = "We run two  book-shops in Kiel"
    (cue,) = cues_in(text, "en")
    assert text[cue.start : cue.stop] == "book-shops"


def test_of_phrases_within_each_other_the_longest_counts() -> None:
    cues = cues_in("a pet shop, an animal hospital and a hospital", "en")
    assert [cue.domain for cue in cues] == ["retail_shop", "veterinary", "hospital"]


def test_long_texts_are_searched_once() -> None:
    text = "a hotel and a book shop in Kiel, " * 2000
    assert len(cues_in(text, "en")) == 4000


def test_words_call_tables() -> None:
    assert ("bookstore", "books") in named("de")["bücher"]
    assert ("hospital", "patients") in named("zh")["患者"]
    assert "" not in named("en")
