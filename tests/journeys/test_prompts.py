"""Requests in words, from the prompt to the verified data set, against what an expert expects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from prompt_figures import Figures, corpus, measured, requests

LEAST = {
    "tables": 0.95,
    "relations": 0.9,
    "columns": 0.95,
    "counts": 0.98,
    "rules": 0.9,
    "shares": 0.95,
}
LISTED = [name for name, _, _ in requests()]


@cache
def results() -> Mapping[str, Figures]:
    return measured()


@pytest.mark.parametrize("kind", LEAST)
def test_most_of_what_is_asked_for_is_there(kind: str) -> None:
    figures = results().values()
    total = sum(each.totals.get(kind, 0) for each in figures)
    hits = sum(each.hits.get(kind, 0) for each in figures)
    missing = [m for each in figures for m in each.missing if m.startswith(kind)]
    assert hits >= LEAST[kind] * total, missing


def test_everything_composed_is_generated_and_proven() -> None:
    missing = {n: f.missing for n, f in results().items() if f.hits.get("proven", 1) == 0}
    assert not missing


def test_the_corpus_is_fully_right() -> None:
    own = [name for name in LISTED if name in corpus()]
    if not own:
        pytest.skip("the requests of the corpus are not at hand")
    wrong = {name: results()[name].missing for name in own if results()[name].missing}
    assert len(wrong) <= len(own) * 0.08, wrong


def test_each_takes_less_than_a_second() -> None:
    assert sorted(each.seconds for each in results().values())[-2] < 1
