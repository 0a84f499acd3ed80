"""Prose of every locale: its own words, in its script, within the column."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from dataforge.corpora import vocabulary, vocabulary_names
from dataforge.corpora.files import sections
from dataforge.engine.generators import records, text
from dataforge.engine.generators.text_frames import lexicon, phrases, sentences
from dataforge.locales import LOCALES
from dataforge.schema.specs import RecordSpec, TextSpec
from dataforge.schema.types import BinaryType, StringType, TextType
from fake_cells import cells, site

SCRIPTS = {
    "ar_SA": "ARABIC", "hi_IN": "DEVANAGARI", "ja_JP": "CJK", "ko_KR": "HANGUL", "zh_CN": "CJK",
}  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("unit", ["words", "sentence", "paragraph"])
def test_texts_are_of_the_locale(locale: str, unit: str) -> None:
    where = site(TextType()).within(locale)
    spec = TextSpec.model_validate({"unit": unit, "minimum": 1, "maximum": 20})
    found = text.build(spec, where).make(cells(300)).to_pylist()
    assert len(set(found)) > 100
    assert all(value == value.strip() and "  " not in value and "_" not in value for value in found)
    if unit != "words":
        assert all(value.endswith(lexicon(locale).stop) for value in found)
    script = SCRIPTS.get(locale, "LATIN")
    letters = [letter for value in found for letter in value if letter.isalpha()]
    assert sum(script in unicodedata.name(each) for each in letters) > len(letters) * 0.5


@pytest.mark.parametrize("locale", LOCALES)
def test_every_layout_has_words(locale: str) -> None:
    words = lexicon(locale)
    for units in range(1, 31):
        for layout in (*sentences(units, locale), *phrases(units, locale)):
            assert words.frame(layout, stop=True).size
            assert not [name for name in layout if name.isupper() and name not in words.classes]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("limit", [3, 12, 40])
def test_texts_fit_their_columns(locale: str, limit: int) -> None:
    string = text.build(TextSpec(), site(StringType(max_length=limit)).within(locale))
    assert all(0 < len(value) <= limit for value in string.make(cells(200)).to_pylist())
    binary = text.build(TextSpec(), site(BinaryType(max_length=limit)).within(locale))
    assert all(0 < len(value) <= limit for value in binary.make(cells(200)).to_pylist())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("unit", ["words", "sentence", "paragraph"])
def test_there_are_many_distinct_texts(locale: str, unit: str) -> None:
    least, most = (4, 12) if unit == "sentence" else (3, 5)
    spec = TextSpec.model_validate({"unit": unit, "minimum": least, "maximum": most})
    domain = text.domain(spec, site(StringType(max_length=200)).within(locale))
    assert domain is not None
    assert domain.size > 10**5
    made = domain.decode(np.arange(0, domain.size, domain.size // 999)).to_pylist()
    assert len({value.casefold() for value in made}) == len(made)


@pytest.mark.parametrize("locale", LOCALES)
def test_weeks_and_years_are_whole(locale: str) -> None:
    assert len(vocabulary("weekday", locale)) == 7
    assert len(vocabulary("month", locale)) == 12
    for name in ("word", "noun", "verb", "adjective", "adverb"):
        assert len(vocabulary(name, locale)) > 4


@pytest.mark.parametrize("locale", [name for name in LOCALES if not name.startswith("en")])
def test_reviews_and_works_are_of_the_locale(locale: str) -> None:
    own = {section: words for file in ("reviews.txt", "works.txt") for section, words
           in sections(locale, file).items()}  # fmt: skip
    english = sections("en_US", "reviews.txt") | sections("en_US", "works.txt")
    for moods in ("praise", "mixed", "blame", "praise_title", "mixed_title", "blame_title"):
        assert not set(own[moods]) & set(english[moods])
        assert len(own[moods]) > 3
    for record, field in (
        ("review", "body"), ("review", "title"), ("work", "title"), ("work", "headline"),
        ("work", "course"),
    ):  # fmt: skip
        spec = RecordSpec(record=record, field=field)
        made = records.build(spec, site(TextType()).within(locale)).make(cells(300)).to_pylist()
        assert len(set(made)) > 12
        assert not any("AREA" in value or "  " in value for value in made)
        domain = records.domain(spec, site(TextType()).within(locale))
        assert record == "review" or (domain is not None and domain.size > 10_000)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_vocabulary_is_clean_in_every_locale(locale: str) -> None:
    for name in vocabulary_names():
        words = vocabulary(name, locale)
        values = words.values.to_pylist()
        assert len(set(values)) == len(values) > 0, name
        assert all(value == value.strip() for value in values), name
        assert words.cumulative[-1] == pytest.approx(1), name
