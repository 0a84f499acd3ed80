"""OpenAPI documents become tables: named objects once, references as foreign keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dataforge
from dataforge.errors import ParseError
from dataforge.parsers.openapi import ParsedJsonSchema, parse_openapi
from dataforge.schema import CategoricalSpec, EnumType, RangeLaw, StringType, Table

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def of(*members: tuple[str, Json], required: tuple[str, ...] = ()) -> Json:
    return {"type": "object", "properties": dict(members), "required": list(required)}


def parsed(schemas: Json, paths: Json | None = None) -> ParsedJsonSchema:
    document = {
        "openapi": "3.0.0",
        "info": {"title": "A shop", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas},
    }
    return parse_openapi(json.dumps(document), name="x", source="api.json")


def keys(table: Table) -> list[tuple[str, str, bool]]:
    return [(key.columns[0], key.parent, key.owning) for key in table.foreign_keys]


def test_named_objects_are_tables_once_and_references_foreign_keys() -> None:
    schema = parsed(
        {
            "Order": of(
                ("id", NUMBER),
                ("buyer", ref("Person")),
                ("seller", ref("Person")),
                ("status", {"type": "string", "enum": ["no", "yes"]}),
                required=("buyer",),
            ),
            "Person": of(("id", TEXT), ("name", TEXT), ("mentor", ref("Person"))),
        }
    ).schema
    order, person = schema.tables
    assert (schema.name, order.name, person.name) == ("A_shop", "Order", "Person")
    assert (order.primary_key, person.primary_key) == (("id",), ("id",))
    assert keys(order) == [("buyer_id", "Person", False), ("seller_id", "Person", False)]
    assert [order.column(name).nullable for name in ("buyer_id", "seller_id")] == [False, True]
    assert order.column("buyer_id").type == StringType()
    assert order.column("status").type == EnumType(values=("no", "yes"))
    assert keys(person) == [("mentor_id", "Person", False)]


def test_lists_are_children_of_the_one_that_lists_them_or_relate_both() -> None:
    line = of(("sku", TEXT), required=("sku",))
    tags = {"type": "array", "items": ref("Tag")}
    lines = {"type": "array", "minItems": 1, "maxItems": 4, "items": ref("Line")}
    schema = parsed(
        {
            "Order": of(("id", NUMBER), ("lines", lines), ("tags", tags)),
            "Line": line,
            "Tag": of(("id", NUMBER), ("children", tags)),
            "Person": of(("id", NUMBER), ("tags", tags)),
        }
    ).schema
    tables = schema.tables_by_name
    assert keys(tables["Line"]) == [("Order_id", "Order", True)]
    assert tables["Line"].foreign_keys[0].law == RangeLaw(minimum=1, maximum=4)
    assert keys(tables["Order_tags"]) == [("Order_id", "Order", True), ("Tag_id", "Tag", False)]
    assert keys(tables["Tag"]) == [("parent_id", "Tag", False)]
    assert "Person_tags" in tables


def test_members_named_after_a_table_refer_to_it() -> None:
    schema = parsed(
        {"Pet": of(("id", NUMBER)), "Order": of(("petId", NUMBER), ("clientId", NUMBER))}
    ).schema
    assert keys(schema.tables_by_name["Order"]) == [("petId", "Pet", False)]


def test_objects_that_need_each_other_still_generate() -> None:
    schema = parsed(
        {
            "A": of(("id", NUMBER), ("b", ref("B")), required=("b",)),
            "B": of(("id", NUMBER), ("a", ref("A")), required=("a",)),
            "C": of(("ds", {"type": "array", "items": ref("D")})),
            "D": of(("cs", {"type": "array", "items": ref("C")})),
        }
    ).schema
    assert dataforge.generate(schema, rows=5)["A"].to_arrow().num_rows == 5


def test_parts_and_alternatives_are_merged() -> None:
    schema = parsed(
        {
            "Base": of(("id", NUMBER)),
            "Cat": {"allOf": [ref("Base"), of(("claws", NUMBER))]},
            "Pet": {"oneOf": [ref("Cat"), ref("Base")], "discriminator": {"propertyName": "id"}},
        }
    ).schema
    cat, pet = schema.tables[1:]
    assert [column.name for column in cat.columns] == ["claws", "id"]
    assert {column.name for column in pet.columns} == {"id", "claws"}


def test_bodies_are_read_where_no_object_is_named() -> None:
    body = {"application/json": {"schema": {"type": "array", "items": of(("id", NUMBER))}}}
    answers = {"200": {"content": body}, "404": {"description": "none"}}
    paths = {"/pets": {"get": {"operationId": "listPets", "responses": answers}}}
    assert [table.name for table in parsed({}, paths).schema.tables] == ["listPets"]


def test_version_2_is_read_from_yaml() -> None:
    text = """
swagger: '2.0'
info: {title: Pets, version: '1'}
paths:
  /pets:
    post:
      parameters: [{in: body, name: b, schema: {$ref: '#/definitions/Pet'}}]
      responses: {200: {description: ok}}
definitions:
  Pet: {properties: {id: {type: integer}, country: {enum: [NO, SE]}, born: {enum: [2020-01-01]}}}
"""
    (table,) = dataforge.from_openapi(text).tables
    assert table.column("country").type == EnumType(values=("NO", "SE"))
    assert table.column("born").type == EnumType(values=("2020-01-01",))


def test_flawed_keywords_are_told_and_left_out() -> None:
    found = parsed({"Pet": of(("id", {"type": "integer", "required": True, "enum": 3}))})
    assert [problem.message for problem in found.problems] == [
        "required is no list: it is left out",
        "enum is no list: it is left out",
    ]


def test_files_below_the_folder_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "api"
    (folder / "models").mkdir(parents=True)
    (tmp_path / "secret.yml").write_text("properties: {password: {type: string}}")
    (folder / "paths.yml").write_text(
        "pets: {get: {responses: {200: {schema: {$ref: models/pet.yml}}}}}"
    )
    (folder / "models" / "pet.yml").write_text(
        "properties: {id: {type: integer}, owner: {$ref: 'people.yml#/Owner'},"
        " friend: {$ref: '#'}}\n"
    )
    (folder / "models" / "people.yml").write_text(
        "Owner: {properties: {id: {type: integer}, pets: {type: array, items: {$ref: pet.yml}}}}"
    )
    (folder / "link.yml").symlink_to(tmp_path / "secret.yml")
    (folder / "api.yml").write_text(
        "swagger: '2.0'\npaths: {/pets: {$ref: 'paths.yml#/pets'}}\n"
        "definitions: {A: {properties: {x: {$ref: ../secret.yml}, y: {$ref: link.yml},"
        " z: {$ref: 'http://localhost/z.yml'}, w: {$ref: gone.yml}}}}\n"
    )
    text = (folder / "api.yml").read_text()
    found = parse_openapi(text, name="api", source="api.yml", folder=folder)
    tables = found.schema.tables_by_name
    assert keys(tables["pet"]) == [("owner_id", "Owner", False), ("friend_id", "pet", False)]
    assert keys(tables["Owner_pets"]) == [("Owner_id", "Owner", True), ("pet_id", "pet", False)]
    assert "password" not in repr(found.schema)
    told = [str(problem) for problem in found.problems if problem.path == "api.yml"]
    assert sum("not below its folder" in text for text in told) == 3
    assert "api.yml: refers to gone.yml, which is missing" in told


def test_a_document_of_missing_files_gives_one_error_that_lists_them(tmp_path: Path) -> None:
    (tmp_path / "api.yml").write_text(
        "openapi: 3.0.0\npaths: {/a: {$ref: a.yml}, /b: {$ref: 'b/c.yml#/x'}}\n"
    )
    with pytest.raises(ParseError, match=r"the 2 files .* missing: a\.yml, b/c\.yml#/x"):
        dataforge.from_openapi(tmp_path / "api.yml")


DEEP = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "openapi: 4.0.0",
        "openapi: 3.0.0",
        "swagger: '2.0'\ndefinitions: 7\npaths: [1]",
        '{"openapi": "3.0.0", "paths": ' + "[" * DEEP,
        "openapi: 3.0.0\npaths: " + "[" * DEEP,
        "openapi: 3.0.0\npaths:\n  - " + "- " * DEEP,
        "openapi: 3.0.0\nx: &a [*a]",
        "openapi: 3.0.0\nx: !!python/object:os.system {}",
        f"openapi: 3.0.0\nx: {'9' * 9000}",
        "openapi: 3.0.0\na0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
        + "\n".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)),
        '{"swagger": "2.0", "definitions": {"A": {"$ref": "#/definitions/A"}}}',
        '{"swagger": "2.0", "definitions": {"A": {"allOf": [{"$ref": "#/definitions/A"}]}}}',
    ],
)
def test_hostile_input_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_openapi(text, name="x")


def test_long_chains_of_parts_are_refused_or_read() -> None:
    chain: Json = {f"A{n}": {"allOf": [ref(f"A{n + 1}")]} for n in range(3000)}
    with pytest.raises(ParseError, match="nested too deeply"):
        parsed(chain | {"A3000": of(("id", NUMBER))})


def test_a_large_document_that_leads_in_circles_is_read() -> None:
    count = 300
    schemas = {
        f"T{n}": of(
            ("id", NUMBER),
            *((f"field_{k}", TEXT) for k in range(20)),
            *((f"ref_{k}", ref(f"T{(n * 7 + k * 31) % count}")) for k in range(4)),
            required=("id", "ref_0"),
        )
        for n in range(count)
    }
    assert len(parsed(schemas).schema.tables) == count


def test_what_is_read_generates_and_verifies(tmp_path: Path) -> None:
    sizes = {"type": "integer", "enum": [1, 2]}
    lines = {"type": "array", "items": of(("size", sizes), ("sku", TEXT), required=("size",))}
    schema = parsed(
        {
            "Order": of(("id", {"type": "string", "format": "uuid"}), ("lines", lines)),
            "Bill": of(("orderId", {"type": "string", "format": "uuid"}), ("total", NUMBER)),
        }
    ).schema
    assert schema.tables_by_name["Order_lines"].column("size").spec == CategoricalSpec(
        values=(1, 2)
    )
    dataforge.generate(schema, str(tmp_path / "out"), rows=20)
    assert dataforge.verify(str(tmp_path / "out")).passed
