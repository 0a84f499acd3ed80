"""JSON Schemas become tables; what is generated keeps them, as the jsonschema library judges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import dataforge
from dataforge.errors import ParseError
from dataforge.parsers.json_schema import ParsedJsonSchema, parse_json_schema
from dataforge.schema import (
    ArrayType,
    BinaryType,
    BooleanType,
    CategoricalSpec,
    Column,
    ConstantSpec,
    DateType,
    DecimalType,
    EnumType,
    FixedLaw,
    FloatType,
    IntegerType,
    IntervalType,
    JsonType,
    ListSpec,
    ObjectSpec,
    PatternSpec,
    RangeLaw,
    StringType,
    TimestampType,
    TimeType,
    UuidType,
)

Json = dict[str, Any]


def parsed(document: Json, name: str = "thing") -> ParsedJsonSchema:
    return parse_json_schema(json.dumps(document), name=name, source="s.json")


def of(member: Json, *, required: bool = True, definitions: Json | None = None) -> Column:
    needed = ["x"] if required else []
    schema = {"properties": {"x": member}, "required": needed, "$defs": definitions or {}}
    return parsed(schema).schema.tables[0].column("x")


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ({"type": "integer"}, IntegerType()),
        ({"type": "integer", "format": "int32"}, IntegerType(bits=32)),
        ({"type": "number"}, FloatType()),
        ({"type": "number", "format": "float"}, FloatType(bits=32)),
        ({"type": "number", "multipleOf": 0.01}, DecimalType(precision=18, scale=2)),
        ({"type": "boolean"}, BooleanType()),
        ({"type": "string"}, StringType()),
        ({"maxLength": 9}, StringType(max_length=9)),
        ({"type": "string", "format": "date-time"}, TimestampType(zoned=True)),
        ({"type": "string", "format": "date"}, DateType()),
        ({"type": "string", "format": "time"}, TimeType()),
        ({"type": "string", "format": "duration"}, IntervalType()),
        ({"type": "string", "format": "uuid"}, UuidType()),
        ({"type": "string", "format": "byte"}, BinaryType()),
        ({"enum": ["a", "b"]}, EnumType(values=("a", "b"))),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, EnumType(values=("a", "b"))),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, FloatType()),
        ({"enum": [1, 2]}, IntegerType()),
        ({"const": True}, BooleanType()),
        ({"enum": [1, "a"]}, JsonType()),
        ({"type": "array", "items": {"type": "integer"}}, ArrayType(item=IntegerType())),
        ({"type": "object"}, JsonType()),
        ({"allOf": [{"type": "string"}, {"maxLength": 3}]}, StringType(max_length=3)),
        ({"$ref": "#/$defs/n", "maxLength": 2}, StringType(max_length=2)),
        ({"$ref": "#name"}, StringType(max_length=5)),
        ({"$ref": "urn:n"}, StringType(max_length=5)),
        ({"$ref": "#/properties/x/items/0"}, JsonType()),
    ],
)
def test_members_have_types(member: Json, kind: object) -> None:
    named = {"n": {"type": "string", "maxLength": 5, "$anchor": "name", "$id": "urn:n"}}
    assert of(member, definitions=named).type == kind


def test_what_values_may_be_is_kept() -> None:
    assert of({"enum": [1, 2.5]}).spec == CategoricalSpec(values=(1, 2.5))
    assert of({"const": "a"}).spec == ConstantSpec(value="a")
    assert of({"pattern": "^[A-Z]{2}$"}).spec == PatternSpec(pattern="[A-Z]{2}")
    assert of({"pattern": "a\\$"}).spec == PatternSpec(pattern="a\\$")
    tags = of({"type": "array", "minItems": 2, "maxItems": 4, "items": {"enum": ["a", "b"]}}).spec
    assert tags == ListSpec(item=CategoricalSpec(values=("a", "b")), minimum=2, maximum=4)
    assert of({"type": "string", "format": "email"}).semantic == "email"


@pytest.mark.parametrize(
    ("member", "conditions"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, ['"x" >= 1', '"x" <= 9']),
        ({"type": "number", "exclusiveMinimum": 0.5}, ['"x" > 0.5']),
        ({"type": "number", "minimum": 1e-3, "exclusiveMinimum": True}, ['"x" > 0.001']),
        ({"type": "integer", "multipleOf": 5}, ['"x" % 5 = 0']),
        ({"type": "string", "minLength": 3}, ['LENGTH("x") >= 3']),
        ({"allOf": [{"minimum": 1}, {"minimum": 3}], "minimum": 2}, ['"x" >= 3']),
    ],
)
def test_bounds_are_rules(member: Json, conditions: list[str]) -> None:
    (table,) = parsed({"properties": {"x": member}}).schema.tables
    assert [rule.expression for rule in table.rules] == conditions


def test_multiples_lie_within_the_bounds() -> None:
    spec = of({"type": "integer", "minimum": 7, "exclusiveMaximum": 25, "multipleOf": 5}).spec
    assert spec == CategoricalSpec(values=(10, 15, 20))
    spec = of({"type": "number", "minimum": -0.6, "maximum": 0.5, "multipleOf": 0.25}).spec
    assert spec == CategoricalSpec(values=(-0.5, -0.25, 0, 0.25, 0.5))


@pytest.mark.parametrize(
    ("member", "required", "nullable"),
    [
        ({"type": "string"}, True, False),
        ({"type": "string"}, False, True),
        ({"type": ["string", "null"]}, True, True),
        ({"type": "string", "nullable": True}, True, True),
        ({"enum": ["a", None]}, True, True),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, True, True),
        ({"oneOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}, True, True),
    ],
)
def test_what_may_be_null_or_left_out_is_nullable(
    member: Json, required: bool, nullable: bool
) -> None:
    definitions = {"n": {"type": "string"}}
    assert of(member, required=required, definitions=definitions).nullable == nullable


def test_arrays_of_objects_and_deep_objects_are_tables_that_the_parent_owns() -> None:
    lines = {"type": "array", "minItems": 1, "maxItems": 6, "items": {"$ref": "#/definitions/line"}}
    deep = {"properties": {"points": lines, "flat": {"properties": {"a": {"type": "integer"}}}}}
    schema = parsed(
        {
            "title": "An order",
            "description": "What was bought",
            "properties": {"id": {"type": "integer"}, "lines": lines, "way": deep},
            "required": ["id", "way"],
            "definitions": {"line": {"properties": {"sku": {"type": "string"}}}},
        }
    ).schema
    assert [table.name for table in schema.tables] == [
        "An_order",
        "An_order_lines",
        "An_order_way",
        "An_order_way_points",
    ]
    order, line, way, _ = schema.tables
    assert (order.primary_key, order.comment) == (("id",), "What was bought")
    (key,) = line.foreign_keys
    assert (key.parent, key.owning, key.law) == ("An_order", True, RangeLaw(minimum=1, maximum=6))
    assert way.foreign_keys[0].law == FixedLaw(count=1)
    assert way.column("flat").type == JsonType()
    assert isinstance(way.column("flat").spec, ObjectSpec)
    assert way.column("id").identity


def test_an_array_of_objects_and_a_document_of_definitions_are_tables() -> None:
    item = {"properties": {"a": {"type": "integer"}}}
    assert parsed({"type": "array", "items": item}, "rows").schema.tables[0].name == "rows"
    found = parsed({"$defs": {"cat": item, "dog": item, "n": {"type": "string"}}}).schema
    assert [table.name for table in found.tables] == ["cat", "dog"]


def test_circles_are_nullable_references() -> None:
    node = {
        "properties": {
            "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            "twin": {"$ref": "#/$defs/node"},
            "leaf": {"properties": {"home": {"$ref": "#/$defs/node"}, "n": {"type": "integer"}}},
        }
    }
    schema = parsed({"$ref": "#/$defs/node", "$defs": {"node": node}}, "tree").schema
    tree, leaf = schema.tables
    assert [(k.columns, k.parent) for k in tree.foreign_keys] == [
        (("parent_id",), "tree"),
        (("twin_id",), "tree"),
    ]
    assert [(k.columns, k.parent) for k in leaf.foreign_keys] == [
        (("home_id",), "tree"),
        (("tree_id",), "tree"),
    ]
    assert tree.column("parent_id").nullable


def test_alternatives_of_objects_have_the_members_of_all() -> None:
    one = {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]}
    two = {"properties": {"a": {"type": "integer"}, "c": {"type": "string"}}, "required": ["a"]}
    (table,) = parsed({"oneOf": [one, two]}).schema.tables
    assert {column.name: column.nullable for column in table.columns} == {
        "a": False,
        "b": True,
        "c": True,
    }


@pytest.mark.parametrize(
    ("member", "pointer", "told"),
    [
        ({"type": "strng"}, "/properties/x", "did you mean 'string'"),
        ({"$ref": "#/$defs/nam"}, "/properties/x", "leads nowhere (did you mean 'name'?"),
        ({"$ref": "other.json"}, "/properties/x", "leads out of the document"),
        ({"$ref": "#nowhere"}, "/properties/x", "there is no such anchor"),
        ({"$ref": "#/properties/x"}, "/properties/x", "in a circle"),
        ({"allOf": [{"$ref": "#/properties/x"}]}, f"/properties/x{'/allOf/0' * 2}", "of itself"),
        ({}, "/properties/x", "says nothing of its type"),
        ({"type": ["string", "integer"]}, "/properties/x", "may be one of string, integer"),
        ({"anyOf": [{"type": "string"}, {"type": "array"}]}, "/properties/x", "the first is taken"),
        ({"pattern": "(?=a)b"}, "/properties/x", "looks around"),
        ({"type": "array", "items": {"type": "array"}}, "/properties/x", "no one simple type"),
        (7, "/properties/x", "is no schema"),
    ],
)
def test_what_cannot_be_said_is_a_problem_with_its_pointer(
    member: Any, pointer: str, told: str
) -> None:
    found = parsed({"properties": {"x": member}, "$defs": {"name": {"type": "string"}}})
    assert "x" in found.schema.tables[0].columns_by_name
    problem = found.problems[0]
    assert problem.path == f"s.json#{pointer}"
    assert told in problem.message


def test_keywords_without_a_place_are_counted() -> None:
    found = parsed({"properties": {"x": {"type": "string", "not": {}, "format": "ean"}}, "if": {}})
    assert found.passed_over == {"not": 1, "if": 1, "format ean": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "an object was expected"),
        ("{", "is not JSON"),
        ("a: [", "neither JSON nor YAML"),
        ('{"type": "string"}', "describes no object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_schema_of_objects_is_told(text: str, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        parse_json_schema(text, name="x")


def test_tables_do_not_unfold_without_end() -> None:
    definitions = {
        f"d{n}": {
            "properties": {
                side: {"type": "array", "items": {"$ref": f"#/$defs/d{n + 1}"}}
                for side in ("left", "right")
            }
        }
        for n in range(40)
    }
    definitions["d40"] = {"properties": {"x": {"type": "integer"}}}
    with pytest.raises(ParseError, match="more than 500 tables"):
        parsed({"$ref": "#/$defs/d0", "$defs": definitions})


ORDER: Json = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "placed": {"type": "string", "format": "date-time"},
        "state": {"enum": ["new", "paid", "gone"]},
        "total": {"type": "number", "multipleOf": 0.5, "minimum": 1, "exclusiveMaximum": 100},
        "rating": {"type": "integer", "minimum": 2, "maximum": 10, "multipleOf": 2},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-\\d{4}$"},
        "name": {"type": "string", "minLength": 5, "maxLength": 30},
        "email": {"type": "string", "format": "email"},
        "site": {"type": "string", "format": "uri"},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1, "maxItems": 2},
        "ship to": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "floor": {"type": "integer", "minimum": 1, "maximum": 9},
                "kept": {"type": "boolean"},
            },
            "required": ["city"],
        },
        "mode": {"const": 7},
    },
    "required": ["id", "state", "total", "code"],
}


def test_what_is_generated_keeps_the_schema(tmp_path: Path) -> None:
    schema = dataforge.from_json_schema(ORDER, name="order")
    dataforge.generate(schema, tmp_path / "out", rows=300, format="jsonl")
    certificate = dataforge.verify(tmp_path / "out")
    assert certificate.passed, certificate.summary()
    validator = jsonschema.Draft202012Validator(ORDER, format_checker=jsonschema.FormatChecker())
    lines = (tmp_path / "out/data/order.jsonl").read_text().splitlines()
    assert len(lines) == 300
    for line in lines:
        document = {name: value for name, value in json.loads(line).items() if value is not None}
        validator.validate(document)


def test_files_of_either_ending_are_read(tmp_path: Path) -> None:
    (tmp_path / "order.schema.json").write_text(json.dumps(ORDER))
    (tmp_path / "order.yaml").write_text("properties: {a: {type: integer}}")
    assert dataforge.from_json_schema(tmp_path / "order.schema.json").tables[0].name == "order"
    assert dataforge.from_json_schema(tmp_path / "order.yaml").tables[0].name == "order"
    assert len(dataforge.preview(tmp_path / "order.schema.json", rows=2)["order"]) == 2
