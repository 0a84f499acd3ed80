"""A tree of categories: the same places in every locale, parents before children, names apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import compile_schema
from dataforge.engine.generators.records.taxonomy import ROOT, nodes, parent_rows, parents
from dataforge.locales import LOCALES
from dataforge.schema import Schema, validate
from dataforge.schema.serialize import from_document
from sample_schemas import rows_of


def tree(rows: int = 5000, locale: str = "en_US", **key: Any) -> Schema:
    fields = [
        {
            "name": name,
            "type": kind,
            "spec": {"kind": "record", "record": "taxonomy", "field": name},
        }
        for name, kind in (("name", "text"), ("path", "text"), ("level", "integer"))
    ]
    table = {
        "name": "categories",
        "rows": rows,
        "primary_key": ["id"],
        "columns": [
            {"name": "id", "type": "integer", "nullable": False},
            {"name": "above", "type": "integer"},
            *fields,
        ],
        "foreign_keys": [
            {"columns": ["above"], "parent": "categories", "parent_columns": ["id"], **key}
        ],
    }
    return from_document({"version": 1, "locale": locale, "tables": [table]}, "tree")


@pytest.mark.parametrize("locale", LOCALES)
def test_places_do_not_depend_on_the_locale(locale: str) -> None:
    found = nodes(locale)
    assert [node.parent for node in found] == parents().tolist()
    names = [node.name.casefold() for node in found]
    assert len(set(names)) == len(names)


def test_the_columns_of_a_row_agree_with_the_row_above() -> None:
    for locale in ("en_US", "fr_FR", "ja_JP"):
        rows = rows_of(compile_schema(tree(locale=locale)), "categories").to_pylist()
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            above = by_id.get(row["above"])
            if above is None:
                assert (row["level"], row["path"]) == (1, row["name"])
            else:
                assert row["level"] == above["level"] + 1
                assert row["path"] == f"{above['path']} > {row['name']}"


@given(st.integers(0, 10**12), st.integers(1, 3000))
@settings(deadline=None)
def test_a_parent_is_an_earlier_row(start: int, count: int) -> None:
    rows = np.arange(start, start + count)
    above = parent_rows(rows)
    assert ((above == ROOT) | (above < rows)).all()
    assert (above >= ROOT).all()


@given(start=st.integers(0, 5000), length=st.integers(0, 400))
@settings(max_examples=20, deadline=None)
def test_any_range_is_made_alone(start: int, length: int) -> None:
    plan = compile_schema(tree())
    whole = rows_of(plan, "categories")
    stop = min(start + length, len(whole))
    assert rows_of(plan, "categories", start, stop).equals(whole.slice(start, stop - start))


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ({"max_depth": 2}, "taxonomy is 3 steps deep"),
        ({"law": {"kind": "fixed", "count": 3}}, "says who is below whom"),
    ],
)
def test_a_tree_of_another_shape_is_refused(key: dict[str, Any], found: str) -> None:
    assert any(found in str(problem) for problem in validate(tree(**key)))
