"""What cannot be done is told in one message with its place and what to do; nothing is written."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from unicodedata import category

import pytest

from dataforge.cli.main import main

JUNK = random.Random(7).randbytes(100_000)  # noqa: S311 - any bytes will do
ID = "  - {name: id, type: integer, nullable: false}\n"
Ran = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ran(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def yaml(columns: str, more: str = "") -> str:
    return f"version: 1\ntables:\n- name: t\n  primary_key: [id]\n  columns:\n{ID}{columns}{more}"


def table(name: str, columns: str, keys: str) -> str:
    return f"- name: {name}\n  primary_key: [id]\n  columns:\n{ID}{columns}  foreign_keys:\n{keys}"


VALUE_CIRCLE = yaml(
    "  - {name: x, type: integer, spec: {kind: expression, expression: y + 1}}\n"
    "  - {name: y, type: integer, spec: {kind: expression, expression: x + 1}}\n"
)
KEY_CIRCLE = (
    "version: 1\ntables:\n"
    + table("a", "", "  - {columns: [id], parent: b, parent_columns: [id]}\n")
    + table("b", "", "  - {columns: [id], parent: a, parent_columns: [id]}\n")
)
NO_SUCH_PARENT = yaml(
    "", "  foreign_keys:\n  - {columns: [id], parent: parnt, parent_columns: [id]}\n"
)
FEW_VALUES = "CREATE TABLE t (id int PRIMARY KEY, e char(1) UNIQUE CHECK (e IN ('a', 'b')));"
TOO_MANY = yaml(
    "  - {name: e, type: string(1), nullable: false, spec: {kind: categorical, values: [a, b]}}\n",
    "  unique_keys:\n  - {columns: [e]}\n  rows: 3\n",
)
CONTRADICTION = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL CHECK (a > 10), CHECK (a < 5));"
NO_SUCH_ROW = """CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL,
    CHECK (a * a + b * b = -7));"""
GOOD = "CREATE TABLE t (id int PRIMARY KEY, a int);"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("a.sql", "CREATE TABLE t (id int,,\n a int", ["a.sql:1", "never closed", "correct it"]),
        ("a.sql", "SELECT 1;", ["a.sql", "no CREATE TABLE"]),
        ("a.sql", "", ["a.sql", "no CREATE TABLE"]),
        ("a.sql", JUNK, ["a.sql", "holds zero bytes", "give the SQL text"]),
        ("a.sql", b"\0" * 50_000, ["a.sql", "holds zero bytes"]),
        ("a.sql", "x" * 2_000_000, ["a.sql has no table that can be read"]),
        ("a.yaml", "", ["a.yaml", "found nothing"]),
        ("a.yaml", "- a\n- b", ["a.yaml", "'version' and 'tables'", "found list"]),
        ("a.yaml", "version: 1\ntables:\n- name: [x\n  y: }", ["a.yaml:4:4", "not readable YAML"]),
        ("a.yaml", "a" * 1_000_000, ["a.yaml", "found str"]),
        ("a.yaml", JUNK, ["a.yaml", "UTF-8"]),
        ("a.yaml", "version: 99\ntables: []", ["version 99", "upgrade"]),
        ("a.json", '{"version": 1, "tables": [}', ["a.json:1:27", "not readable JSON"]),
        ("a.json", JUNK, ["a.json", "UTF-8"]),
        (
            "a.yaml",
            yaml("  - {name: a, type: integer, spec: {kind: sequense}}\n"),
            ["tables.t.columns.a.spec.kind", "did you mean 'sequence'?"],
        ),
        (
            "a.yaml",
            yaml("  - {name: a, type: integer, spec: {kind: number, minimun: 3}}\n"),
            ["tables.t.columns.a.spec.minimun", "did you mean 'minimum'?"],
        ),
        (
            "a.yaml",
            yaml("  - {name: a, type: intger}\n"),
            ["tables.t.columns.a.type", "did you mean 'integer'?"],
        ),
        (
            "a.yaml",
            NO_SUCH_PARENT,
            ["tables.t.foreign_keys.fk_t_id.parent", "no table 'parnt'", "add the table"],
        ),
        ("a.yaml", VALUE_CIRCLE, ["tables.t.columns.x", "t.x → t.y → t.x", "a spec of its own"]),
        ("a.yaml", KEY_CIRCLE, ["no nullable edge", "a.id → b.id → a.id", "make a.id nullable"]),
        ("a.yaml", TOO_MANY, ["tables.t.rows", "3 rows", "2 different values", "at most 2"]),
        ("a.sql", CONTRADICTION, ["tables.t.columns.a", "a > 10", "a < 5", "loosen"]),
        ("a.sql", NO_SUCH_ROW, ["tables.t", "a * a + b * b = -7", "drop a rule"]),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 10 else "",
)
def test_an_input_that_cannot_be_used(
    file: str, content: str | bytes, said: list[str], tmp_path: Path, ran: Ran
) -> None:
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    option = "--ddl" if file.endswith("sql") else "--schema"
    code, out, err = ran("generate", option, file, "--out", "made")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert not {letter for letter in err if category(letter) == "Cc"} - {"\n"}
    assert all(words in err for words in said), err
    assert not list((tmp_path / "made").rglob("*"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--ddl", "missing.sql"], 2, ["missing.sql", "does not exist"]),
        (["--schema", "missing.yaml"], 2, ["missing.yaml", "does not exist"]),
        (["--ddl", "."], 2, ["is a directory"]),
        (["--schema", "."], 2, ["is a directory"]),
        ([], 2, ["--ddl FILE", "--schema FILE"]),
        (["--ddl", "good.sql", "--schema", "good.sql"], 2, ["give one"]),
        (["--ddl", "good.sql", "--rows", "tt=5"], 2, ["unknown table 'tt'", "did you mean 't'?"]),
        (["--ddl", "good.sql", "--rows", "-5"], 2, ["'-5'", "as in 1000"]),
        (["--ddl", "good.sql", "--rows", "t=-5"], 2, ["'t=-5'", "orders=5000"]),
        (["--ddl", "good.sql", "--rows", "9" * 20], 2, ["rows", "2**40", "smaller"]),
        (["--ddl", "good.sql", "--scale", "0"], 2, ["--scale", "x>0"]),
        (["--ddl", "good.sql", "--workers", "0"], 2, ["--workers", "x>=1"]),
        (["--ddl", "good.sql", "--format", "parqet"], 2, ["'parqet'", "'parquet'"]),
        (["--ddl", "good.sql", "--dialect", "postgers"], 2, ["did you mean 'postgres'?"]),
        (["--ddl", "good.sql", "--locale", "en_UX"], 2, ["did you mean 'en_US'?"]),
        (["--ddl", "good.sql", "--out", ""], 2, ["--out is empty"]),
        (
            ["--ddl", "good.sql", "--format", "sql", "--sql-dialect", "mysqll"],
            2,
            ["did you mean 'mysql'?"],
        ),
        (["--ddl", "few.sql", "--rows", "t=90"], 2, ["tables.t.rows", "different values"]),
        (["--ddl", "broken.sql", "--strict"], 2, ["broken.sql:2", "CREATE TABLE u"]),
        (["--ddl", "good.sql", "--out", "good.sql"], 1, ["cannot write", "there is a file"]),
        (["--ddl", "good.sql", "--out", "good.sql/in"], 1, ["cannot write", "path is a file"]),
        (["--ddl", "good.sql", "--out", "a" * 300], 1, ["too long", "shorter"]),
        (["--ddl", "good.sql", "--out", "full"], 1, ["not empty", "--overwrite", "--resume"]),
        (["--ddl", "good.sql", "--out", "full", "--resume"], 1, ["no unfinished run"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_request_that_cannot_be_carried_out(
    arguments: list[str], code: int, said: list[str], tmp_path: Path, ran: Ran
) -> None:
    (tmp_path / "good.sql").write_text(GOOD)
    (tmp_path / "few.sql").write_text(FEW_VALUES)
    (tmp_path / "broken.sql").write_text(GOOD + "\nCREATE TABLE u (id int,,;")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    found, out, err = ran("generate", *arguments)
    assert (found, out) == (code, ""), err
    assert all(words in err for words in said), err
    assert sorted(tmp_path.rglob("*")) == before


def test_tables_that_require_each_other_are_made_with_a_warning(tmp_path: Path, ran: Ran) -> None:
    (tmp_path / "circle.sql").write_text(
        "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);\n"
        "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a (id));\n"
        "ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id);\n"
    )
    code, _, err = ran("generate", "--ddl", "circle.sql", "--rows", "50", "--out", "made")
    assert code == 0
    assert "no nullable edge: a → b → a" in err
    assert "make a.b_id nullable" in err
    assert ran("verify", "made")[0] == 0


def test_one_broken_statement_does_not_take_the_others_down(tmp_path: Path, ran: Ran) -> None:
    (tmp_path / "partly.sql").write_text(
        GOOD + "\nCREATE TABLE u (id int PRIMARY KEY, b int,, c foo bar baz( );\n"
        "CREATE TABLE v (id int PRIMARY KEY, u int REFERENCES nowhere (id));\n"
    )
    code, out, err = ran("generate", "--ddl", "partly.sql", "--out", "made")
    assert code == 0
    assert "2 tables" in out
    assert "warning: partly.sql:2" in err
    assert "parent table 'nowhere' is not in this file" in err


def test_one_very_long_line_is_read(tmp_path: Path, ran: Ran) -> None:
    columns = ", ".join(f"c{number} int" for number in range(400))
    (tmp_path / "wide.sql").write_text(f"CREATE TABLE t (id int PRIMARY KEY, {columns});")
    assert ran("generate", "--ddl", "wide.sql", "--rows", "2", "--out", "made")[0] == 0
    head = (tmp_path / "made" / "data" / "t.csv").read_text().partition("\n")[0]
    assert head.count(",") == 400


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgresql://me:s3cret@127.0.0.1:1/x", 1, "127.0.0.1:1/x"),
        ("postgresql://127.0.0.1:1/x?password=s3cret", 1, "127.0.0.1:1/x"),
        ("mysql://me:s3cret@127.0.0.1:1/x", 1, "127.0.0.1:1/x"),
        ("postgresql://me:s3cret@nowhere.invalid/x", 1, "nowhere.invalid"),
        ("postgresql://me:s3cret/9@127.0.0.1:1/x", 2, "percent-encode"),
        ("postgresql://me:s3cret@127.0.0.1:port/x", 2, "a number"),
        ("oracel://me:s3cret@h/x", 2, "known: duckdb, mariadb, mysql, postgres"),
        ("sqlite:///no/such/folder/x.db", 1, "no/such/folder/x.db"),
        ("sqlite:///good.sql", 1, "not a database"),
    ],
)
@pytest.mark.parametrize("words", [["generate", "--out"], ["verify"]], ids=["generate", "verify"])
def test_a_database_that_cannot_be_reached(
    words: list[str], url: str, code: int, said: str, tmp_path: Path, ran: Ran
) -> None:
    (tmp_path / "good.sql").write_text(GOOD * 300)
    (tmp_path / "t.sql").write_text(GOOD)
    found, out, err = ran(*words, url, "--ddl", "t.sql")
    assert (found, out) == (code, ""), err
    assert said in err
    assert "s3cret" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.sql", "t.sql"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "nowhere"], "manifest.json does not exist"),
        (["verify", "."], "name a directory that `dataforge generate` finished"),
        (["verify", "good.sql"], "good.sql"),
        (["load", "nowhere", "sqlite:///x.db"], "nowhere"),
        (["load", ".", "sqlite:///x.db"], "name a directory that `dataforge generate` finished"),
    ],
)
def test_what_is_no_data_set(arguments: list[str], said: str, tmp_path: Path, ran: Ran) -> None:
    (tmp_path / "good.sql").write_text(GOOD)
    code, out, err = ran(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert [path.name for path in tmp_path.iterdir()] == ["good.sql"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", JUNK.hex()])
def test_a_manifest_that_is_none(content: str, tmp_path: Path, ran: Ran) -> None:
    (tmp_path / "manifest.json").write_text(content)
    code, out, err = ran("verify", ".")
    assert (code, out) == (2, "")
    assert "manifest.json is not a manifest" in err


def test_a_manifest_that_leads_out_of_the_data_set_removes_nothing(
    tmp_path: Path, ran: Ran
) -> None:
    (tmp_path / "good.sql").write_text(GOOD)
    assert ran("generate", "--ddl", "good.sql", "--out", "made")[0] == 0
    manifest = tmp_path / "made" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("data/t.csv", "../good.sql"))
    code, _, err = ran("generate", "--ddl", "good.sql", "--out", "made", "--overwrite")
    assert code == 2
    assert "leads out of the data set" in err
    assert (tmp_path / "good.sql").read_text() == GOOD
