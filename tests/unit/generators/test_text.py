from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine.cells import Limits
from dataforge.engine.generators import text
from dataforge.schema.specs import TextSpec
from dataforge.schema.types import ColumnType, StringType, TextType
from fake_cells import cells, site


def _spec(unit: str, minimum: int = 4, maximum: int = 12) -> TextSpec:
    return TextSpec.model_validate({"unit": unit, "minimum": minimum, "maximum": maximum})


def _type(room: int | None) -> ColumnType:
    return TextType() if room is None else StringType(max_length=room)


@pytest.mark.parametrize("unit", ["words", "sentence", "paragraph"])
@pytest.mark.parametrize("room", [None, 1, 3, 6, 12, 25, 60, 255])
def test_texts_fit_and_are_never_empty(unit: str, room: int | None) -> None:
    made = text.build(_spec(unit), site(_type(room))).make(cells(300))
    values = made.to_pylist()
    assert all(values)
    assert room is None or max(map(len, values)) <= room


@pytest.mark.parametrize("units", [1, 2, 3, 7, 10, 11, 25])
def test_sentences_have_the_words_asked_for(units: int) -> None:
    made = text.build(_spec("sentence", units, units), site(TextType())).make(cells(50))
    for value in made.to_pylist():
        assert len(value.split()) == units
        assert value[0].isupper()
        assert value.endswith(".")


def test_paragraphs_have_the_sentences_asked_for() -> None:
    made = text.build(_spec("paragraph", 2, 3), site(TextType())).make(cells(50)).to_pylist()
    assert {value.count(".") for value in made} == {2, 3}


def test_rows_draw_from_a_large_pool() -> None:
    made = text.build(_spec("sentence"), site(TextType())).make(cells(100_000))
    assert pa.types.is_dictionary(made.type)
    assert len(set(made.to_pylist())) > 3000


def test_a_least_length_is_kept() -> None:
    made = text.build(_spec("sentence"), site(TextType(), Limits(min_length=150))).make(cells(99))
    assert min(map(len, made.to_pylist())) >= 150


def test_columns_have_texts_of_their_own() -> None:
    first, second = (
        text.build(_spec("sentence"), site(TextType(), seed=seed)).make(cells(50)).to_pylist()
        for seed in (1, 2)
    )
    assert not set(first) & set(second)


@pytest.mark.parametrize("unit", ["words", "sentence", "paragraph"])
@pytest.mark.parametrize("room", [None, 6, 12, 25, 60])
def test_unique_texts_are_distinct_and_fit(unit: str, room: int | None) -> None:
    domain = text.domain(_spec(unit), site(_type(room)))
    assert domain is not None
    ranks = np.arange(min(domain.size, 500), dtype=np.int64) * max(1, domain.size // 500)
    values = domain.decode(ranks).to_pylist()
    assert len({value.casefold() for value in values}) == len(ranks)
    assert room is None or max(map(len, values)) <= room


def test_a_column_without_room_for_a_word_has_no_domain() -> None:
    assert text.domain(_spec("words"), site(StringType(max_length=1))) is None
