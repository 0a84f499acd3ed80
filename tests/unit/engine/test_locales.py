"""Locales: how they are written, how a mix is drawn, where words come from that a locale lacks."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dataforge
from dataforge.corpora import vocabulary
from dataforge.corpora.fallbacks import BORROWED, HOME, TECHNICAL, fallback
from dataforge.corpora.files import own_lines, short_lists
from dataforge.engine import compile_schema
from dataforge.engine.generators.records import RECORDS
from dataforge.errors import SchemaError, UnknownNameError, UsageError
from dataforge.locales import LOCALES, LocaleMix, locale_mix
from dataforge.schema import Schema, from_yaml, to_yaml
from sample_schemas import rows_of

MIX = "en_US:2,de_DE:3,ja_JP:1"
MIXED = ("de_DE", "ja_JP", "ar_SA")


def people(schema_locale: Any, *fields: str, **facts: Any) -> Schema:
    columns = [
        {
            "name": field.replace(".", "_"),
            "type": {"kind": "text"},
            "spec": {
                "kind": "record",
                "record": field.split(".")[0],
                "field": field.split(".")[1],
                **facts,
            },
        }
        for field in fields
    ]
    table = {"name": "t", "columns": columns, "rows": 4000}
    return Schema.model_validate({"tables": [table], "locale": schema_locale})


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("de_DE", "de_DE"),
        ("de-de", "de_DE"),
        ("de_DE:3", "de_DE"),
        (" de_DE : 3 , FR_fr ", "de_DE:3,fr_FR:1"),
        ({"de_DE": 3, "fr_FR": 0.5}, "de_DE:3,fr_FR:0.5"),
    ],
)
def test_every_written_form_reads_as_one(written: Any, canonical: str) -> None:
    schema = Schema(locale=written)
    assert schema.locale == canonical
    assert str(locale_mix(canonical)) == canonical
    assert from_yaml(to_yaml(schema)).locale == canonical


def test_the_main_locale_is_the_heaviest() -> None:
    assert locale_mix("en_US:1,de_DE:3,fr_FR:3").main == "de_DE"
    assert locale_mix("en_GB") == LocaleMix(("en_GB",), (1.0,))


def test_doors_refuse_unknown_locales_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sv_SE'"):
        dataforge.preview(people("en_US", "person.email"), locale="sv_SV")
    with pytest.raises(UsageError, match="weight of de_DE is '-1'"):
        dataforge.preview(people("en_US", "person.email"), locale="de_DE:-1")
    with pytest.raises(SchemaError, match="did you mean 'tr_TR'"):
        dataforge.preview(people("tr_TT", "person.email"))


@given(st.lists(st.sampled_from(LOCALES), min_size=1, unique=True), st.data())
@settings(max_examples=20, deadline=None)
def test_a_mix_keeps_the_cell_law(names: list[str], data: st.DataObject) -> None:
    plan = compile_schema(people(",".join(names), "person.full_name", "person.email"))
    whole = rows_of(plan, "t")
    start = data.draw(st.integers(0, 4000))
    stop = data.draw(st.integers(start, 4000))
    assert rows_of(plan, "t", start, stop).equals(whole.slice(start, stop - start))
    assert rows_of(plan, "t", batch_rows=577).equals(whole)


def test_rows_of_a_mix_are_those_of_its_locales() -> None:
    """Each row of a mix is the row that a schema of one of its locales has, in every column."""
    fields = ("person.first_name", "person.email", "address.city", "address.country_code")
    mixed = rows_of(compile_schema(people(MIX, *fields)), "t").to_pylist()
    pure = {
        name: rows_of(compile_schema(people(name, *fields)), "t").to_pylist()
        for name in locale_mix(MIX).names
    }
    assert all(any(row == rows[at] for rows in pure.values()) for at, row in enumerate(mixed))


def test_a_spec_may_speak_another_language() -> None:
    plan = compile_schema(people("de_DE", "person.first_name", locale="en_US"))
    english = compile_schema(people("en_US", "person.first_name"))
    assert rows_of(plan, "t").equals(rows_of(english, "t"))


def test_unique_addresses_of_a_mix_stay_distinct() -> None:
    schema = people(MIX, "person.email")
    table = schema.tables[0].model_copy(update={"primary_key": ("person_email",)})
    rows = rows_of(compile_schema(schema.model_copy(update={"tables": (table,)})), "t")
    assert pc.count_distinct(rows["person_email"]).as_py() == 4000


def test_rules_of_a_mix_move_the_whole_group() -> None:
    schema = people(MIX, "address.country_code", "person.full_name")
    rule = {"expression": "address_country_code = 'US'"}
    table = {**schema.tables[0].model_dump(), "rules": [rule]}
    ruled = Schema.model_validate({**schema.model_dump(), "tables": [table]})
    rows = rows_of(compile_schema(ruled), "t")
    assert pc.unique(rows["address_country_code"]).to_pylist() == ["US"]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_has_words_in_every_locale(locale: str) -> None:
    for record in RECORDS.values():
        for make in record.values():
            make(locale)


def test_fallbacks_are_named() -> None:
    assert fallback("en_GB", "anything") == "en_US"
    assert fallback("de_DE", "http_method") == "en_US"
    with pytest.raises(UnknownNameError, match="locale 'de_DE' has no 'nothing'"):
        fallback("de_DE", "nothing")


def test_only_what_somebody_lacks_is_borrowed() -> None:
    own = {locale: set(short_lists(locale)) for locale in LOCALES}
    for name in TECHNICAL | BORROWED:
        files = (f"{name}.txt", f"{name}.tsv")
        lacking = [
            locale
            for locale in LOCALES
            if name not in own[locale] and all(own_lines(locale, f) is None for f in files)
        ]
        assert HOME not in lacking, name
        assert set(lacking) - {"en_GB"}, f"{name}: every locale has it; drop it from the fallbacks"


def test_documents_and_lists_speak_the_language_of_their_row() -> None:
    """Members and items draw what they are, but not their own locale."""
    weekday = {"kind": "vocabulary", "vocabulary": "weekday"}
    document = {"kind": "object", "fields": [{"name": "day", "spec": weekday}]}
    listed = {"kind": "list", "item": weekday, "minimum": 2, "maximum": 4}
    columns = [
        {"name": "day", "type": {"kind": "text"}, "spec": weekday},
        {"name": "document", "type": {"kind": "json"}, "spec": document},
        {"name": "listed", "type": {"kind": "json"}, "spec": listed},
    ]
    table = {"name": "t", "columns": columns, "rows": 300}
    schema = Schema.model_validate({"locale": "de_DE,ja_JP,ar_SA", "tables": [table]})
    languages = [set(vocabulary("weekday", name).values.to_pylist()) for name in MIXED]
    for row in rows_of(compile_schema(schema), "t").to_pylist():
        days = {row["day"], json.loads(row["document"])["day"], *json.loads(row["listed"])}
        assert any(days <= language for language in languages)
