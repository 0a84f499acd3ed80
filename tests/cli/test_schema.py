from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from dataforge.cli.main import main
from dataforge.schema import read_schema

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.sql")


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["schema", *arguments])
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("terminal", "11 tables, 15 relations"),
        ("text", "11 tables, 15 relations"),
        ("mermaid", 'customers ||--o{ orders : "customer_id"'),
        ("dot", '"orders":c1 -> "customers":c0'),
        ("svg", "<title>orders.customer_id → customers: many to one</title>"),
    ],
)
def test_show(form: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "show", "--ddl", SHOP, "--format", form)
    assert code == 0
    assert said in out


def test_show_one_table_and_what_it_touches(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "show", "--ddl", SHOP, "--table", "payments", "--json")
    assert [table["name"] for table in json.loads(out)["tables"]] == ["orders", "payments"]


def test_show_an_unknown_table_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capsys, "show", "--ddl", SHOP, "--table", "payment")
    assert code == 2
    assert "did you mean 'payments'?" in err


def test_show_as_json_has_relations(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "show", "--ddl", SHOP, "--json")
    shown = json.loads(out)
    assert shown["dialect"] == "postgres"
    assert {
        "child": "categories",
        "columns": ["parent_id"],
        "parent": "categories",
        "parent_columns": ["category_id"],
        "meaning": "many to zero or one",
        "owning": False,
        "inferred": False,
    } in shown["relations"]


def test_validate_a_sound_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "validate", "--ddl", SHOP)
    assert (code, out) == (0, "11 tables: 0 errors, 0 warnings\n")


BROKEN = """
version: 1
tables:
- name: orders
  columns:
  - name: id
    type: integer
  - name: customer_id
    type: integer
  primary_key: [idd]
  foreign_keys:
  - columns: [customer_id]
    parent: customers
    parent_columns: [id]
"""


def test_validate_lists_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)
    code, out, _ = ran(capsys, "validate", "--schema", str(file))
    assert code == 2
    assert "'idd'" in out
    assert "customers" in out
    code, out, _ = ran(capsys, "validate", "--schema", str(file), "--json")
    found = json.loads(out)
    assert code == 2
    assert not found["valid"]
    assert len(found["findings"]) >= 2


def test_diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.sql"
    other.write_text(Path(SHOP).read_text().replace("title       varchar(120)", "title text"))
    code, out, _ = ran(capsys, "diff", SHOP, SHOP)
    assert (code, out) == (0, "no difference\n")
    code, out, _ = ran(capsys, "diff", SHOP, str(other), "--json")
    found = json.loads(out)
    assert code == 1
    assert any("reviews.columns.title" in change["path"] for change in found["changes"])
    code, out, _ = ran(capsys, "diff", SHOP, str(other))
    assert code == 1
    assert "reviews.columns.title" in out


def test_export_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("yaml", "json"):
        file = tmp_path / f"shop.{form}"
        code, out, _ = ran(capsys, "export", "--ddl", SHOP, "--format", form, "--out", str(file))
        assert (code, out) == (0, "")
        code, again, _ = ran(capsys, "export", "--schema", str(file), "--format", form)
        assert again == file.read_text()
        assert len(read_schema(file).tables) == 11


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("postgres", 'CREATE TYPE "order_status" AS ENUM'),
        ("mysql", "`status` enum("),
        ("sqlite", 'CREATE TABLE "orders"'),
    ],
)
def test_export_ddl(dialect: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "export", "--ddl", SHOP, "--format", "ddl", "--to", dialect)
    assert code == 0
    assert said in out or said.replace('"', "") in out


def test_the_json_schema_accepts_what_export_writes(capsys: pytest.CaptureFixture[str]) -> None:
    _, published, _ = ran(capsys, "export", "--format", "json-schema")
    _, exported, _ = ran(capsys, "export", "--ddl", SHOP, "--json")
    jsonschema.validate(json.loads(exported), json.loads(published))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no input: give --ddl FILE (SQL), --schema FILE"),
        (["--ddl", SHOP, "--schema", SHOP], "give one of them"),
        (["--ddl", SHOP, "--dialect", "postgrez"], "did you mean 'postgres'?"),
    ],
)
def test_the_input_must_be_one(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = ran(capsys, "show", *arguments)
    assert code == 2
    assert said in err


def test_what_is_passed_over_is_counted_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "old.sql"
    file.write_text(
        "CREATE TABLE a (id int PRIMARY KEY);\nCREATE VIEW v AS SELECT 1;\nGRANT ALL ON a TO b;\n"
    )
    _, out, err = ran(capsys, "show", "--ddl", str(file))
    assert "passed over" in err
    assert "passed over" not in out


UNREADABLE = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE (id int);\n"


def test_an_unreadable_statement_takes_no_other_table_down_unless_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.sql"
    file.write_text(UNREADABLE)
    code, out, err = ran(capsys, "show", "--ddl", str(file), "--json")
    assert code == 0
    assert "a" in [table["name"] for table in json.loads(out)["tables"]]
    assert json.loads(out)["problems"][0]["path"] == "bad.sql:2"
    code, _, err = ran(capsys, "show", "--ddl", str(file), "--strict")
    assert code == 2
    assert "bad.sql:2" in err
