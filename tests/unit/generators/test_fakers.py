"""Faker's providers as columns: the same values in any process and on any day."""

from __future__ import annotations

import importlib
import os
import random
import subprocess
import sys
from datetime import date, datetime
from typing import Any

import pytest

import dataforge
from dataforge.engine import compile_schema
from dataforge.engine.generators import faker_library
from dataforge.errors import SchemaError
from dataforge.schema import Schema, from_yaml

HASHES = """
import hashlib
from dataforge.engine.generators.faker_library import Source, known, made
from dataforge.engine.generators.faker_values import written
slow = {"image", "zip", "tar", "binary", "json", "csv", "tsv", "psv", "dsv", "fixed_width", "xml"}
for locale in ("en_US", "sv_SE", "el_GR"):
    for provider in sorted(known(locale) - slow):
        values = [written(value) for value in made(Source(locale, provider, "{}", 5, 7))]
        print(locale, provider, hashlib.md5("|".join(values).encode()).hexdigest())
"""


def schema(column: str, more: str = "", rows: int = 500) -> Schema:
    text = f"version: 1\ntables:\n- name: t\n  rows: {rows}\n{more}  columns:\n  - {column}\n"
    return from_yaml(text)


def made(column: str, **changes: Any) -> list[Any]:
    found = schema(column).model_copy(update=changes)
    return list(dataforge.generate(found)["t"].to_arrow().column("c").to_pylist())


def problems(column: str) -> list[str]:
    with pytest.raises(SchemaError) as refused:
        compile_schema(schema(column))
    return [str(problem) for problem in refused.value.problems]


def test_any_provider_and_locale() -> None:
    names = made(
        "{name: c, type: string, spec: {kind: faker, provider: first_name, locale: fi_FI}}"
    )
    assert len(names) == 500
    assert len(set(names)) > 50
    amounts = made(
        "{name: c, type: integer, spec: {kind: faker, provider: pyint, "
        "arguments: {min_value: 7, max_value: 9}, pool: 50}}"
    )
    assert set(amounts) == {7, 8, 9}


def test_values_come_in_the_type_of_the_column() -> None:
    spec = "spec: {kind: faker, provider: %s, pool: 50}"
    now = datetime(2020, 5, 1)  # noqa: DTZ001 - the schema's present day is wall-clock time
    born = made("{name: c, type: date, " + spec % "date_of_birth" + "}", now=now)
    assert all(isinstance(day, date) and day <= date(2020, 5, 1) for day in born)
    assert set(made("{name: c, type: boolean, " + spec % "pybool" + "}")) == {True, False}
    short = made("{name: c, type: string(5), " + spec % "first_name" + "}")
    assert max(map(len, short)) <= 5
    assert all(
        value.startswith('{"') for value in made("{name: c, type: json, " + spec % "profile" + "}")
    )


def test_the_pool_repeats_and_any_range_is_the_same_alone() -> None:
    column = "{name: c, type: string, spec: {kind: faker, provider: uuid4, pool: 20}}"
    rows = dataforge.generate(schema(column))["t"]
    whole = rows.to_arrow().column("c").to_pylist()
    assert len(set(whole)) == 20
    assert rows.to_arrow(100, 130).column("c").to_pylist() == whole[100:130]


def test_a_unique_column_has_room_for_the_distinct_values_of_its_pool() -> None:
    column = (
        "{name: c, type: string, nullable: false, spec: {kind: faker, provider: uuid4, pool: 60}}"
    )
    keyed = schema(column, "  unique_keys: [{columns: [c]}]\n", rows=60)
    assert len(set(dataforge.generate(keyed)["t"].to_arrow().column("c").to_pylist())) == 60


def test_processes_agree() -> None:
    """Whatever their hash seed and time zone: a pool is made in each worker anew."""

    def hashes(**environment: str) -> str:
        command = [sys.executable, "-c", HASHES]
        run = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
        )
        return run.stdout

    assert hashes(PYTHONHASHSEED="1", TZ="UTC") == hashes(PYTHONHASHSEED="2", TZ="Asia/Tokyo")


def test_the_library_is_left_as_it_was() -> None:
    module: Any = importlib.import_module("faker.providers.date_time")

    before, clock = random.getstate(), module.datetime
    faker_library.made(faker_library.Source("en_US", "date_of_birth", "{}", 3, 1))
    assert random.getstate() == before
    assert module.datetime is clock


UNKNOWN = [
    ("faker, provider: frist_name", "provider: Faker has no provider 'frist_name'", "first_name"),
    ("faker, provider: name, locale: fi_FJ", "locale: Faker has no locale 'fi_FJ'", "fi_FI"),
    ("record, record: persn, field: email", "record: unknown record 'persn'", "person"),
    ("record, record: person, field: emial", "field: unknown field of record person", "email"),
    ("vocabulary, vocabulary: job_titel", "vocabulary: unknown vocabulary", "job_title"),
]


@pytest.mark.parametrize(("spec", "said", "nearest"), UNKNOWN)
def test_what_does_not_exist_is_named_with_the_nearest(spec: str, said: str, nearest: str) -> None:
    (problem,) = problems(f"{{name: c, type: string, spec: {{kind: {spec}}}}}")
    assert problem.startswith(f"tables.t.columns.c.spec.{said}")
    assert f"(did you mean {nearest!r}?" in problem


def test_refused_arguments() -> None:
    column = "{name: c, type: string, spec: {kind: faker, provider: name, arguments: {lenght: 4}}}"
    (problem,) = problems(column)
    assert problem.startswith("tables.t.columns.c.spec.arguments: name refuses them: ")


def test_the_schema_s_locales() -> None:
    column = "{name: c, type: string, spec: {kind: faker, provider: first_name}}"
    mixed = made(column, locale="de_DE:1,ja_JP:1")
    assert 150 < sum(name.isascii() for name in mixed) < 350
    with pytest.raises(SchemaError) as refused:
        compile_schema(schema(column).model_copy(update={"locale": "de_DX"}))
    assert [problem.path for problem in refused.value.problems] == ["locale"]


def test_no_value_fits() -> None:
    (problem,) = problems("{name: c, type: integer, spec: {kind: faker, provider: color_name}}")
    assert "none of the pool's 10000 values of color_name fits this integer column" in problem


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faker.config", None)
    faker_library._locales.cache_clear()
    (problem,) = problems("{name: c, type: string, spec: {kind: faker, provider: name}}")
    assert "pip install 'dataforge-studio[faker]'" in problem
    faker_library._locales.cache_clear()
