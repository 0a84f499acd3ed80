"""Words of every locale: all there, distinct, its own rather than English, and in its script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import dataforge.parsers.meaning
from dataforge.api import generate
from dataforge.corpora import fold, joint_table, vocabulary
from dataforge.corpora.fallbacks import HOME, RELATIVES, TRANSLATED
from dataforge.corpora.files import own_lines, own_sections, short_lists
from dataforge.corpora.tables import TABLES
from dataforge.corpora.terms import FILE, in_english, in_words, terms
from dataforge.engine.generators.records import book, education, health, job, taxonomy, vehicle
from dataforge.locales import LOCALES
from dataforge.parsers.meaning.forms import CHOICES
from dataforge.schema.serialize import from_document

OWN = tuple(name for name in LOCALES if name != HOME and name not in RELATIVES)
SCRIPTS = {
    "ja_JP": r"[\u3040-\u30ff\u4e00-\u9fff]", "zh_CN": r"[\u4e00-\u9fff]",
    "ko_KR": r"[\uac00-\ud7a3]", "hi_IN": r"[\u0900-\u097f]", "ar_SA": r"[\u0600-\u06ff]",
}  # fmt: skip
# Several English words are one elsewhere: a licence is the degree of science and of arts alike.
MERGED = {"choice", "education.short", "field_of_study.degrees"}
# Words that records bring along, and what they are called in ``terms.txt``.
BROUGHT = {
    "book.format": book.FORMATS,
    "education.level": education.LEVELS,
    "health.frequency": health.FREQUENCIES,
    "health.severity": health.SEVERITIES,
    "book.genre": tuple(head.partition("\t")[0] for head in own_sections(HOME, "books.txt")),
    "job.level": job.LEVELS,
    "job.of": job.CHIEFS,
    "job.title": (job.TRAINEE, *(shape for shape in job.TITLES if shape != "{title}")),
    "taxonomy.department": taxonomy.DEPARTMENTS,
    "vehicle.color": vehicle.COLORS,
    "vehicle.transmission": vehicle.GEARS,
}
# Some words of a language with Latin letters read as in English (sedan, jazz).
MOST_ALIKE, MANY = 0.35, 20
LEAST_CHOICES = 40
INTERNATIONAL = {"field_of_study.degrees", "medication.name", "unit.name"}
MEANING = Path(dataforge.parsers.meaning.__file__).parent / "data"
SAMPLES = Path(__file__).parents[2] / "golden" / "words"
SAMPLED = (
    "book.genre", "book.title", "category.name", "product.name",
    "book.format", "color.name", "education.degree", "education.faculty", "education.field",
    "health.allergen", "health.allergy_reaction", "health.diagnosis", "health.drug_class",
    "health.frequency", "health.lab_test", "health.medication_full", "job.department",
    "job.seniority", "job.title", "unit.name", "unit.quantity", "vehicle.color", "vehicle.fuel",
    "vehicle.transmission", "vehicle.type",
)  # fmt: skip


def choices() -> list[list[str]]:
    """Return the values of every choice that the meaning of names offers."""
    lines = (
        line for file in MEANING.glob("*.txt") for line in file.read_text("utf-8").splitlines()
    )
    found = (re.match(r".*: (?:english )?choice (.*)", line) for line in lines)
    return [[re.sub(r":[\d.]+$", "", word) for word in one[1].split("|")] for one in found if one]


def english(name: str) -> set[str]:
    """Return the English words that a section of ``terms.txt`` speaks of."""
    table, _, column = name.partition(".")
    if name == CHOICES:
        return {word for words in choices() for word in words}
    if name in BROUGHT:
        return set(BROUGHT[name])
    if name == "education.short":
        return set(education.SHORT_DEGREES)
    if column:
        cells = joint_table(table).columns[column]
        return {part.partition(":")[0] for cell in cells for part in cell.split("|")}
    return set(vocabulary(name).values.to_pylist())


def alike(own: Iterable[tuple[str, str]]) -> float:
    pairs = [(a.casefold(), b.casefold()) for a, b in own]
    return sum(a == b for a, b in pairs) / len(pairs)


@pytest.mark.parametrize("locale", OWN)
def test_terms_translate_what_there_is_into_distinct_words(locale: str) -> None:
    for name, lines in own_sections(locale, FILE).items():
        words = terms(locale, name)
        assert len(words) == len(lines), name
        assert words.keys() <= english(name), name
        assert all(word == word.strip() and word for word in words.values()), name
        if name not in MERGED:
            assert len({fold(word) for word in words.values()}) == len(words), name


@pytest.mark.parametrize("locale", OWN)
@pytest.mark.parametrize("name", BROUGHT)
def test_every_word_that_records_bring_along_is_translated(locale: str, name: str) -> None:
    assert terms(locale, name).keys() == set(BROUGHT[name])


@pytest.mark.parametrize("locale", OWN)
def test_words_are_of_the_language_and_its_script(locale: str) -> None:
    names = tuple(own_sections(locale, FILE))
    assert alike(pair for name in names for pair in terms(locale, name).items()) < MOST_ALIKE
    for name in names:
        words = terms(locale, name)
        small = len(words) < MANY or name in INTERNATIONAL
        assert small or alike(words.items()) <= MOST_ALIKE, name
        if locale in SCRIPTS:
            foreign = [w for w in words.values() if not re.search(SCRIPTS[locale], w)]
            assert len(foreign) <= 0.3 * len(words), (name, foreign)


@pytest.mark.parametrize("locale", OWN)
def test_what_is_called_translated_is(locale: str) -> None:
    tables = {file.partition(".")[0]: key for key, file in TABLES.items()}
    for name in TRANSLATED:
        files = (f"{name}.txt", f"{name}.tsv")
        own = name in short_lists(locale) or any(own_lines(locale, file) for file in files)
        sections = own_sections(locale, FILE)
        head = f"{tables.get(name, name)}."
        assert own or name in sections or any(key.startswith(head) for key in sections), name


@pytest.mark.parametrize("locale", OWN)
@pytest.mark.parametrize("name", TABLES)
def test_joint_tables_have_no_gaps_in_any_locale(locale: str, name: str) -> None:
    table = joint_table(name, locale)
    assert {len(column) for column in table.columns.values()} == {len(table)}
    assert table.weights is None or (table.weights > 0).all()
    for column in table.columns:
        if terms(locale, f"{name}.{column}"):
            assert all(table.columns[column]), (name, column)


@pytest.mark.parametrize("locale", OWN)
def test_short_lists_are_complete_and_distinct(locale: str) -> None:
    for name in short_lists(HOME):
        values = vocabulary(name, locale).values.to_pylist()
        assert len({fold(value) for value in values}) == len(values) > 0, name
        if terms(locale, name):
            assert len(values) == len(vocabulary(name)), name


def test_diagnoses_are_the_same_in_every_language() -> None:
    tables = [joint_table("diagnosis", locale) for locale in OWN]
    assert len({table.columns["code"] for table in tables}) == 1
    weights = {tuple(table.weights) for table in tables if table.weights is not None}
    assert len(weights) == 1
    codes = tables[0].columns["code"]
    assert len(set(codes)) == len(codes) > 80
    assert all(re.fullmatch(r"[A-Z]\d\d(\.\d)?", code) for code in codes)
    chapters = {len(set(table.columns["chapter"])) for table in tables}
    assert len(chapters) == 1


@pytest.mark.parametrize("locale", OWN)
def test_a_choice_is_of_one_language_and_distinct(locale: str) -> None:
    words = terms(locale, CHOICES)
    for values in choices():
        known = [value for value in values if value in words]
        assert len({words[value] for value in known}) == len(known), values
    assert sum(all(value in words for value in values) for values in choices()) > LEAST_CHOICES


@pytest.mark.parametrize("locale", OWN)
def test_books_of_each_genre_have_titles_of_their_own(locale: str) -> None:
    genres = own_sections(locale, "books.txt")
    titles = [title for titles in genres.values() for title in titles]
    assert len(set(titles)) == len(titles) >= 120
    assert [head.partition("\t")[0] for head in genres] == list(
        terms(locale, "book.genre").values()
    )
    assert not set(titles) & {t for each in own_sections(HOME, "books.txt").values() for t in each}
    if locale in SCRIPTS:
        assert all(re.search(SCRIPTS[locale], title) for title in titles)


def test_no_word_mixes_two_scripts() -> None:
    for locale in ("hi_IN", "ar_SA"):
        text = "\n".join(own_lines(locale, FILE) or ()) + "\n".join(
            own_lines(locale, "books.txt") or ()
        )
        assert not re.search(f"[A-Za-z]{SCRIPTS[locale]}|{SCRIPTS[locale]}[A-Za-z]", text)


def test_british_words_differ_where_they_do() -> None:
    assert "Grey" in in_words("en_GB", "vehicle.color", vehicle.COLORS)
    fuels = "|".join(joint_table("vehicle", "en_GB").columns["fuels"])
    assert "Petrol:8" in fuels
    assert "Gasoline" not in fuels
    assert len(joint_table("vehicle", "en_GB")) == len(joint_table("vehicle"))


def test_words_go_to_a_language_and_back() -> None:
    words = ["Automatic", "Manual", "Else"]
    own = in_words("de_DE", "vehicle.transmission", words)
    assert own == ["Automatik", "Schaltgetriebe", "Else"]
    assert in_english("de_DE", "vehicle.transmission", own) == words
    assert in_words(HOME, "vehicle.transmission", words) == words


def samples(locale: str) -> str:
    """Return three rows of each sampled field, a line each."""
    columns = [
        {
            "name": field.replace(".", "_"),
            "type": "text",
            "nullable": False,
            "spec": {"kind": "record", "record": field.split(".")[0], "field": field.split(".")[1]},
        }
        for field in SAMPLED
    ]
    table = {"name": "words", "rows": 3, "columns": columns}
    document = {"version": 1, "locale": locale, "tables": [table]}
    rows = generate(from_document(document, "words"))["words"].to_arrow().to_pydict()
    return "".join(f"{field}: {' / '.join(rows[field.replace('.', '_')])}\n" for field in SAMPLED)


@pytest.mark.parametrize("locale", LOCALES)
def test_rows_read_as_they_did(locale: str) -> None:
    assert samples(locale) == (SAMPLES / f"{locale}.txt").read_text(encoding="utf-8")
