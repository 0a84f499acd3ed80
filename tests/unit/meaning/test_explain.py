"""Why a column means what it does, how surely, and how to overrule it."""

from __future__ import annotations

import pytest

import dataforge
from dataforge.errors import SchemaError
from dataforge.parsers.meaning import languages_of
from dataforge.parsers.meaning.concepts import concepts
from dataforge.schema import Column, DateType, Schema, StringType, Table, TextType

TEXT = StringType(max_length=80)


def table(name: str, *columns: str) -> Schema:
    return Schema(
        tables=(Table(name=name, columns=tuple(Column(name=c, type=TEXT) for c in columns)),)
    )


def concept_of(schema: Schema) -> dict[str, str]:
    return {finding.column: finding.concept for finding in dataforge.explain(schema)}


def test_there_are_at_least_400_concepts() -> None:
    assert len({concept.name for concept in concepts()}) == len(concepts()) >= 400


def test_a_name_of_its_own_is_surer_than_one_with_words_left_over() -> None:
    found = {f.column: f for f in dataforge.explain(table("t", "email", "quux_email", "name"))}
    assert 0 < found["quux_email"].score < found["email"].score <= 1
    assert found["name"].score < found["email"].score
    assert found["email"].reason == 'the name reads "email"'
    assert 'ends with "email"' in found["quux_email"].reason


def test_a_comment_explains_a_name_that_says_nothing() -> None:
    column = Column(name="x17", type=TEXT, comment="date of birth")
    (found,) = dataforge.explain(Schema(tables=(Table(name="t", columns=(column,)),)))
    assert found.concept == "birth_date"
    assert found.reason.startswith("the comment reads")


def test_the_schema_overrules_a_name() -> None:
    columns = (
        Column(name="email", type=TEXT, semantic="full_name"),
        Column(name="x", type=TextType(), semantic="iban"),
    )
    schema = Schema(tables=(Table(name="t", rows=20, columns=columns),))
    assert concept_of(schema) == {"email": "full_name", "x": "iban"}
    rows = dataforge.preview(schema, 5)["t"].to_arrow().to_pylist()
    assert all("@" not in row["email"] and " " in row["email"] for row in rows)
    assert [f.score for f in dataforge.explain(schema)] == [1.0, 1.0]


def test_concepts_that_do_not_exist_or_do_not_fit_are_named_at_once() -> None:
    columns = (
        Column(name="a", type=TEXT, semantic="full_nam"),
        Column(name="b", type=DateType(), semantic="email"),
    )
    with pytest.raises(SchemaError) as caught:
        dataforge.explain(Schema(tables=(Table(name="t", columns=columns),)))
    text = str(caught.value)
    assert "tables.t.columns.a.semantic: unknown concept 'full_nam' (did you mean 'full_name'?" in (
        text
    )
    assert "tables.t.columns.b.semantic: email cannot be made in date" in text


@pytest.mark.parametrize(
    ("name", "columns", "language"),
    [
        ("kunden", ("vorname", "nachname", "straße"), "de"),
        ("clients", ("prenom", "nom", "ville"), "fr"),
        ("客户", ("姓名", "性别", "城市"), "zh"),
        ("customers", ("first_name", "last_name", "city"), None),
        ("data", ("data", "nome_x", "code_review"), None),
    ],
)
def test_the_language_of_the_names_is_found(
    name: str, columns: tuple[str, ...], language: str | None
) -> None:
    assert next(iter(languages_of(table(name, *columns))), None) == language


def test_a_name_beside_a_last_name_is_the_first() -> None:
    rows = dataforge.preview(table("customers", "name", "last_name"), 3)
    assert all(" " not in row["name"] for row in rows["customers"].to_arrow().to_pylist())


def test_ddl_with_german_names_makes_german_data() -> None:
    schema = dataforge.from_ddl(
        "CREATE TABLE kunden (vorname varchar(40), nachname varchar(40), ort varchar(40));\n"
    )
    assert schema.locale == "de_DE"
