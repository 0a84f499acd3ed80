"""References by recency: the newest parents are drawn the most, and older ones fade as asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import compile_schema
from dataforge.schema import ForeignKey, Schema, Table, validate
from sample_schemas import key_column, rows_of


def news(law: dict[str, Any], articles: int = 1000, **key: Any) -> Schema:
    """Return articles and 40,000 views of them."""
    reference = ForeignKey.model_validate(
        {
            "columns": ["article_id"],
            "parent": "articles",
            "parent_columns": ["id"],
            "law": {"kind": "recency", **law},
            **key,
        }
    )
    return Schema(
        tables=(
            Table(name="articles", rows=articles, columns=(key_column(),), primary_key=("id",)),
            Table(
                name="views",
                rows=40_000,
                columns=(key_column(), key_column("article_id")),
                primary_key=("id",),
                foreign_keys=(reference,),
            ),
        )
    )


def ages(schema: Schema) -> Any:
    rows = rows_of(compile_schema(schema), "views")["article_id"].to_numpy()
    return schema.table("articles").rows - rows


@pytest.mark.parametrize("half_life", [0.02, 0.1, 0.5, 50.0])
def test_popularity_halves_every_half_life(half_life: float) -> None:
    found = ages(news({"half_life": half_life})) / 1000
    share = np.array([0.01, 0.1, 0.3, 1.0])
    wanted = (1 - 2 ** (-share / half_life)) / (1 - 2 ** (-1 / half_life))
    assert [float((found < each).mean()) for each in share] == pytest.approx(wanted, abs=0.015)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.6])
def test_popularity_falls_as_a_power_of_the_age(exponent: float) -> None:
    counts = np.bincount(ages(news({"exponent": exponent})), minlength=1001)[0:1000]
    assert counts[:10].sum() > counts[10:20].sum() > counts[400:410].sum()
    old, young = counts[500:1000].sum() / 500, counts[50:100].sum() / 50
    assert young / old == pytest.approx((750 / 75) ** exponent, rel=0.25)


def test_few_parents_are_all_in_range() -> None:
    for count in (1, 2):
        assert set(ages(news({}, articles=count))) <= set(range(count))


@given(start=st.integers(0, 40_000), length=st.integers(0, 300))
@settings(max_examples=15, deadline=None)
def test_any_range_is_made_alone(start: int, length: int) -> None:
    plan = compile_schema(news({"half_life": 0.05}))
    whole = rows_of(plan, "views", 0, min(start + length, 40_000))
    assert rows_of(plan, "views", start, start + length).equals(whole.slice(start))


def test_rows_that_lie_by_parent_refuse_it() -> None:
    problems = [str(problem) for problem in validate(news({}, owning=True))]
    assert any("laid out parent by parent" in text for text in problems)
