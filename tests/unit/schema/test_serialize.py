from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataforge.errors import OutputError, ParseError, SchemaError
from dataforge.schema import (
    CategoricalSpec,
    Column,
    EnumType,
    IntegerType,
    Rule,
    Schema,
    SequenceSpec,
    StringType,
    Table,
    from_json,
    from_yaml,
    json_schema,
    read_schema,
    schema_hash,
    serialize,
    to_json,
    to_yaml,
    write_schema,
)

SHOP = Schema(
    name="shop",
    tables=(
        Table(
            name="orders",
            columns=(
                Column(name="id", type=IntegerType(), spec=SequenceSpec()),
                Column(
                    name="status",
                    type=EnumType(values=("new", "no")),
                    spec=CategoricalSpec(values=("yes", 1, True, None, 1.0, "2026-01-01", "1e3")),
                    comment="first line\nsecond line",
                ),
            ),
            primary_key=("id",),
            rules=(Rule(expression="id > 0"),),
        ),
    ),
)
SHOP_YAML = """\
version: 1
name: shop
tables:
- name: orders
  columns:
  - name: id
    type: integer
    spec: {kind: sequence}
  - name: status
    type: enum(new, no)
    spec:
      kind: categorical
      values: ['yes', 1, true, null, 1.0, '2026-01-01', '1e3']
    comment: |-
      first line
      second line
  primary_key: [id]
  rules:
  - expression: id > 0
"""


def test_yaml_is_as_a_person_would_write_it() -> None:
    assert to_yaml(SHOP) == SHOP_YAML


def test_both_forms_read_back_with_the_types_of_values() -> None:
    for back in (from_yaml(to_yaml(SHOP)), from_json(to_json(SHOP))):
        assert back == SHOP
        spec = back.table("orders").column("status").spec
        assert isinstance(spec, CategoricalSpec)
        assert [type(value) for value in spec.values[:5]] == [str, int, bool, type(None), float]


def test_words_that_older_yaml_takes_for_booleans_are_strings() -> None:
    text = "tables: [{name: t, columns: [{name: no, type: 'string(3)', comment: off}]}]"
    column = from_yaml(text).tables[0].columns[0]
    assert (column.name, column.comment) == ("no", "off")


def test_json_is_complete_text_with_the_version_first() -> None:
    assert next(iter(json.loads(to_json(SHOP)))) == "version"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", r"shop.yaml:2:1: this is not readable YAML"),
        ("a: 1\na: 2", r"shop.yaml:2:1: .*stands twice"),
        ("version: 2", "reads up to 1; upgrade"),
        ("version: 0", "unknown format version 0; known: 1"),
        ("version: x", "a whole number is expected"),
        ("[1]", "found list"),
        ("", "found nothing"),
    ],
)
def test_unreadable_yaml_is_placed(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        from_yaml(text, "shop.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,}', r"shop.json:1:\d+: this is not readable JSON"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[]", "found list"),
    ],
)
def test_unreadable_json_is_placed(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        from_json(text, "shop.json")


COLUMN = "tables: [{{name: orders, columns: [{{name: total, type: integer, {}}}]}}]"


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ("spec: {kind: sequnce}", "spec.kind", "unknown spec 'sequnce' (did you mean 'sequence'?"),
        ("spec: {minimum: 3}", "spec", "the spec has no kind"),
        ("spec: {kind: number, minimum: [1]}", "spec.minimum", "found [1]"),
        ("spec: {kind: number, minimun: 1}", "spec.minimun", "did you mean 'minimum'?"),
        ("spec: {kind: vocabulary}", "spec.vocabulary", "'vocabulary' is missing"),
        (
            "spec: {kind: number, distribution: {kind: norml}}",
            "spec.distribution.kind",
            "unknown distribution 'norml' (did you mean 'normal'?",
        ),
        (
            "spec: {kind: number, distribution: {kind: normal, std: -1}}",
            "spec.distribution.std",
            "found -1",
        ),
        ("nulable: true", "nulable", "did you mean 'nullable'?"),
        ("null_share: 2", "null_share", "found 2"),
    ],
)
def test_faults_are_told_by_name_of_table_and_column(fields: str, path: str, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        from_yaml(COLUMN.format(fields))
    (problem,) = caught.value.problems
    assert problem.path == f"tables.orders.columns.total.{path}"
    assert message in problem.message


def test_every_fault_is_told_at_once() -> None:
    text = """
    tables:
    - name: orders
      columns: [{name: id, type: integr}, {name: n, type: {kind: strng}}, {type: date}]
      foreign_keys: [{columns: [n], parent: p, parent_columns: [n], law: {kind: rnge}}]
    """
    with pytest.raises(SchemaError) as caught:
        from_yaml(text)
    assert [problem.path for problem in caught.value.problems] == [
        "tables.orders.columns.id.type",
        "tables.orders.columns.n.type.kind",
        "tables.orders.columns.2.name",
        "tables.orders.foreign_keys.0.law.kind",
    ]


def test_files_are_read_by_extension_and_content(tmp_path: Path) -> None:
    for name in ("s.yaml", "s.json"):
        write_schema(SHOP, tmp_path / name)
        assert read_schema(tmp_path / name) == SHOP
    (tmp_path / "s.txt").write_text("\ufeff" + to_json(SHOP), encoding="utf-8")
    assert read_schema(tmp_path / "s.txt") == SHOP


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"missing\.yaml: No such file"):
        read_schema(tmp_path / "missing.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(ParseError, match="byte 9 is not UTF-8"):
        read_schema(tmp_path / "latin.yaml")
    with pytest.raises(OutputError, match=r"no/s\.yaml"):
        write_schema(SHOP, tmp_path / "no" / "s.yaml")


def test_the_hash_follows_the_content_only() -> None:
    assert schema_hash(SHOP) == schema_hash(from_yaml(to_yaml(SHOP)))
    assert len(schema_hash(SHOP)) == 64
    assert schema_hash(SHOP.model_copy(update={"seed": 1})) != schema_hash(SHOP)


def test_past_versions_are_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_zero(document: dict[str, object]) -> dict[str, object]:
        return {"name": document["title"]}

    monkeypatch.setattr(serialize, "MIGRATIONS", {0: from_zero})
    assert from_yaml("{version: 0, title: old}").name == "old"


def test_the_published_schema_accepts_both_forms_of_types() -> None:
    published = json_schema()
    assert published["$schema"].endswith("2020-12/schema")
    assert published["$id"]
    short, long = published["$defs"]["Column"]["properties"]["type"]["anyOf"]
    assert short["type"] == "string"
    assert long["discriminator"]["propertyName"] == "kind"


def test_written_schemas_satisfy_the_published_one() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    assert list(validator.iter_errors(json.loads(to_json(SHOP)))) == []
    wrong = {"version": 1, "tables": [{"name": "t", "columns": [{"name": "x", "type": 3}]}]}
    assert list(validator.iter_errors(wrong)) != []


def test_the_documented_schema_is_the_published_one() -> None:
    path = Path(__file__).parents[3] / "docs" / "schema.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written == json_schema(), "dataforge schema export --format json-schema"


def test_copies_do_not_keep_what_was_derived_from_other_fields() -> None:
    table = SHOP.table("orders")
    assert list(table.columns_by_name) == ["id", "status"]
    shorter = table.model_copy(update={"columns": table.columns[:1]})
    assert list(shorter.columns_by_name) == ["id"]


def test_string_types_are_kept_long_where_short_would_lose(tmp_path: Path) -> None:
    column = Column(name="m", type=EnumType(values=("a",), name="mood"))
    schema = Schema(tables=(Table(name="t", columns=(column,)),))
    assert "kind: enum" in to_yaml(schema)
    assert from_yaml(to_yaml(schema)) == schema
    wide = Column(name="s", type=StringType(max_length=3))
    assert "type: string(3)" in to_yaml(Schema(tables=(Table(name="t", columns=(wide,)),)))
