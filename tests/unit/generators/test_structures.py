from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine.cells import Generator, Site
from dataforge.engine.generators import patterns, structures, templates, temporal, text, uuids
from dataforge.schema.specs import (
    DatetimeSpec,
    ListSpec,
    ObjectField,
    ObjectSpec,
    PatternSpec,
    Spec,
    TemplateSpec,
    TextSpec,
    UuidSpec,
)
from dataforge.schema.types import ArrayType, JsonType, StringType, TextType, UuidType
from fake_cells import cells, site

BUILDERS: dict[str, Any] = {
    "datetime": temporal.build,
    "pattern": patterns.build,
    "template": templates.build,
    "text": text.build,
    "uuid": uuids.build,
}
AWKWARD = PatternSpec(pattern=r'["\\\n\tä/]{0,4}')


def _build_item(spec: Spec, where: Site) -> Generator:
    generator: Generator = BUILDERS[spec.kind](spec, where)
    return generator


def test_lists_have_the_lengths_asked_for() -> None:
    spec = ListSpec(item=TextSpec(unit="words"), minimum=1, maximum=4)
    made = structures.build(spec, site(ArrayType(item=TextType())), _build_item).make(cells(500))
    assert made.type == pa.list_(pa.string())
    assert {len(value) for value in made.to_pylist()} == {1, 2, 3, 4}


def test_items_of_all_lists_are_drawn_apart() -> None:
    spec = ListSpec(item=UuidSpec(), minimum=3, maximum=3)
    made = structures.build(spec, site(ArrayType(item=UuidType())), _build_item).make(cells(1000))
    assert len(made.flatten().unique()) == 3000


def test_lists_may_all_be_empty() -> None:
    spec = ListSpec(item=UuidSpec(), minimum=0, maximum=0)
    made = structures.build(spec, site(ArrayType(item=UuidType())), _build_item).make(cells(3))
    assert made.to_pylist() == [[], [], []]


def test_a_list_in_a_text_column_is_a_json_array() -> None:
    spec = ListSpec(item=AWKWARD, minimum=0, maximum=5)
    made = structures.build(spec, site(JsonType()), _build_item).make(cells(300)).to_pylist()
    assert {len(json.loads(value)) for value in made} == set(range(6))


def test_objects_are_json_with_their_members() -> None:
    fields = (
        ObjectField(name='a "quoted" name', spec=AWKWARD),
        ObjectField(name="at", type="integer", spec=DatetimeSpec()),
        ObjectField(name="from", spec=TemplateSpec(template="{other}!")),
    )
    where = site(JsonType(), others=("other",))
    generator = structures.build_object(ObjectSpec(fields=fields), where, _build_item)
    assert generator.needs == ("other",)
    rows = cells(300, other=pa.array(["x", None] * 150))
    documents = [json.loads(value) for value in generator.make(rows).to_pylist()]
    assert documents[0]["from"] == "x!"
    assert documents[1]["from"] is None
    assert all(isinstance(document["at"], int) for document in documents)
    assert {len(document['a "quoted" name']) for document in documents} == {0, 1, 2, 3, 4}


def test_members_with_the_same_spec_differ() -> None:
    fields = tuple(ObjectField(name=name, spec=PatternSpec(pattern=r"\d{9}")) for name in "ab")
    generator = structures.build_object(ObjectSpec(fields=fields), site(JsonType()), _build_item)
    documents = [json.loads(value) for value in generator.make(cells(50)).to_pylist()]
    assert all(document["a"] != document["b"] for document in documents)


def test_documents_too_long_for_the_column_become_empty() -> None:
    fields = (ObjectField(name="a", spec=PatternSpec(pattern="x{1,9}")),)
    where = site(StringType(max_length=12))
    made = structures.build_object(ObjectSpec(fields=fields), where, _build_item).make(cells(200))
    assert {"{}", '{"a": "xxx"}'} <= set(made.to_pylist())
    assert max(map(len, made.to_pylist())) <= 12


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([True, None]), ["true", "null"]),
        (pa.array([1.5, np.nan, np.inf, None]), ["1.5", "null", "null", "null"]),
        (pa.array(['a\x01\x1f"\\', None]), ['"a\\u0001\\u001f\\"\\\\"', "null"]),
        (pa.array(["é", None]).dictionary_encode(), ['"é"', "null"]),
    ],
)
def test_json_values(values: pa.Array, texts: list[str]) -> None:
    assert structures.json_values(values).to_pylist() == texts
