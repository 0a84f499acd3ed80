"""Example documents become a schema, and keep to the JSON Schema that is inferred from them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import dataforge
from dataforge.errors import ParseError, UsageError
from dataforge.parsers.examples import infer, parse_examples

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
ORDERS = [
    {
        "id": number,
        "placed": f"2025-0{number % 9 + 1}-11T10:00:00Z",
        "state": ("open", "paid", "sent")[number % 3],
        "customer": {"name": f"Person {number}", "mail": f"p{number}@example.com"},
        "lines": [{"sku": f"A{item}", "price": 1.5 * item} for item in range(number % 4)],
        "note": None if number % 2 else "by hand",
        **({"coupon": "SAVE"} if number % 5 == 0 else {}),
    }
    for number in range(1, 41)
]


def written(tmp_path: Path, name: str, value: Any) -> Path:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_documents_become_tables_with_keys_and_rows(tmp_path: Path) -> None:
    schema = dataforge.from_examples(written(tmp_path, "orders.json", ORDERS))
    orders, lines = schema.tables
    assert (orders.name, orders.rows, orders.primary_key) == ("orders", 40, ("id",))
    assert lines.foreign_keys[0].parent == "orders"
    assert lines.foreign_keys[0].owning
    assert orders.column("placed").type.kind == "timestamp"
    assert orders.column("state").type.values == ("open", "paid", "sent")  # type: ignore[union-attr] # an enum has values
    assert orders.column("coupon").null_share == pytest.approx(0.8)
    assert orders.column("note").null_share == pytest.approx(0.5)


def test_values_of_the_examples_stay_where_they_are(tmp_path: Path) -> None:
    found = parse_examples([written(tmp_path, "orders.json", ORDERS)])
    text = found.schema.model_dump_json() + json.dumps(found.json_schema)
    assert "Person 7" not in text
    assert "p7@example.com" not in text


def test_every_example_satisfies_what_was_inferred_from_all() -> None:
    schema = infer(ORDERS)
    for order in ORDERS:
        jsonschema.validate(order, schema, jsonschema.Draft202012Validator)
    assert schema["properties"]["customer"]["properties"]["mail"]["format"] == "email"
    assert schema["properties"]["lines"]["maxItems"] == 3
    assert "coupon" not in schema["required"]


def test_an_object_of_arrays_is_a_set_of_tables(tmp_path: Path) -> None:
    shop = {
        "artists": [{"artist_id": n, "name": f"A{n}"} for n in range(1, 9)],
        "albums": [{"album_id": n, "artist_id": n % 8 + 1, "title": "T"} for n in range(1, 21)],
    }
    schema = dataforge.from_examples(written(tmp_path, "shop.json", shop))
    assert [(t.name, t.rows) for t in schema.tables] == [("artists", 8), ("albums", 20)]
    assert [key.parent for key in schema.table("albums").foreign_keys] == ["artists"]
    assert len(dataforge.generate(schema)["albums"].to_arrow()) == 20


def test_lines_and_delimited_text_are_read(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(each) for each in ORDERS)
    assert parse_examples([written(tmp_path, "o.jsonl", lines)]).schema.tables[0].rows == 40
    table = tmp_path / "people.csv"
    with table.open("w", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["person_id", "born", "height", "member"])
        rows.writerows([n, f"19{60 + n}-05-06", 1.5 + n / 100, n % 2 == 0] for n in range(1, 31))
    people = parse_examples([table]).schema.tables[0]
    kinds = [column.type.kind for column in people.columns]
    assert (people.rows, people.primary_key) == (30, ("person_id",))
    assert kinds == ["integer", "date", "float", "boolean"]


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("x.json", '{"a": [1, 2', ParseError, r"x\.json:1:\d+: this is not readable JSON"),
        ("x.json", "[1, 2, 3]", ParseError, "no objects were found"),
        ("x.json", "[" * 100_000, ParseError, "nested too deeply"),
        ("x.jsonl", '{"a": 1}\n{"a": }\n', ParseError, r"x\.jsonl:2:\d+"),
        ("x.json", "", ParseError, "not readable JSON"),
    ],
)
def test_what_is_no_example_is_told(
    tmp_path: Path, name: str, content: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        parse_examples([written(tmp_path, name, content)])


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        parse_examples([tmp_path / "none.json"])
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(ParseError, match="not UTF-8"):
        parse_examples([tmp_path / "bytes.json"])


@pytest.mark.parametrize(
    "path",
    sorted([*CORPUS.glob("json/*.json"), *CORPUS.glob("tables/*.csv*")]) or [None],
    ids=lambda path: "none" if path is None else path.name,
)
def test_real_documents_become_data_of_their_shape(path: Path | None) -> None:
    if path is None:
        pytest.skip("the corpus of real inputs is not beside the checkout")
    found = parse_examples([path])
    if path.suffix == ".json":
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        whole = found.json_schema
        many = document if isinstance(document, list) else [document]
        for each in many[:200] if "$defs" not in whole else []:
            jsonschema.validate(each, whole, jsonschema.Draft202012Validator)
    made = dataforge.preview(found.schema, 20)
    assert all(len(made[table.name].to_arrow()) > 0 for table in found.schema.tables[:1])
