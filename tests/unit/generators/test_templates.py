from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from dataforge.engine.generators import templates
from dataforge.errors import SchemaError
from dataforge.schema.specs import TemplateSpec
from dataforge.schema.types import StringType, TextType
from fake_cells import cells, site

FORMATS = [
    ("{a}", "Ünï  Côde!", "Ünï  Côde!"),
    ("{a:slug}", "Ünï  Côde!", "uni-code"),
    ("{a:lower}", "ÄbC", "äbc"),
    ("{a:upper}", "äbC", "ÄBC"),
    ("{{{a}}}", "x", "{x}"),
    ("n{a}", 7, "n7"),
    ("{a}", Decimal("1.50"), "1.50"),
    ("{a}", date(2024, 2, 29), "2024-02-29"),
    ("{a}", datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC), "2024-02-29 01:02:03Z"),
]


@pytest.mark.parametrize(("template", "value", "text"), FORMATS)
def test_formats(template: str, value: object, text: str) -> None:
    generator = templates.build(TemplateSpec(template=template), site(TextType(), others=("a",)))
    assert generator.needs == ("a",)
    assert generator.make(cells(1, a=pa.array([value]))).to_pylist() == [text]


def test_dictionaries_and_nulls() -> None:
    spec = TemplateSpec(template="{a:upper}-{b}")
    generator = templates.build(spec, site(TextType(), others=("a", "b")))
    a = pa.array(["x", None, "x"]).dictionary_encode()
    assert generator.make(cells(3, a=a, b=pa.array([1, 2, None]))).to_pylist() == [
        "X-1",
        None,
        None,
    ]


def test_text_is_cut_to_the_column() -> None:
    generator = templates.build(
        TemplateSpec(template="{a}{a}"), site(StringType(max_length=5), others=("a",))
    )
    assert generator.make(cells(1, a=pa.array(["äbc"]))).to_pylist() == ["äbcäb"]


def test_a_template_without_placeholders_is_a_constant() -> None:
    generator = templates.build(TemplateSpec(template="a{{b"), site(TextType()))
    assert generator.make(cells(2)).to_pylist() == ["a{b", "a{b"]


def test_every_wrong_placeholder_is_named() -> None:
    spec = TemplateSpec(template="{nmae} {name:title} {c}")
    with pytest.raises(SchemaError) as caught:
        templates.build(spec, site(TextType(), others=("name",)))
    messages = [problem.message for problem in caught.value.problems]
    assert len(messages) == 3
    assert "did you mean 'name'" in messages[0]


def test_an_open_brace_is_refused() -> None:
    with pytest.raises(SchemaError, match="template"):
        templates.build(TemplateSpec(template="{a"), site(TextType(), others=("a",)))
