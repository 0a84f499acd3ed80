"""Where a schema may come from, for every command that takes one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import dataforge
from dataforge.cli.main import main

DDL = """
CREATE TABLE maker (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE car (id INTEGER PRIMARY KEY, maker INTEGER NOT NULL REFERENCES maker (id));
INSERT INTO maker VALUES (1, 'top secret'), (2, 'b'), (3, 'c');
"""


@pytest.fixture
def live(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "cars.db")) as connection:
        connection.executescript(DDL)
    return f"sqlite:///{tmp_path / 'cars.db'}"


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def test_a_live_database_is_a_source(
    live: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ("--database", live, "--rows-like-source", "--scale", "2", "--json")
    code, out, err = ran(capsys, "generate", *asked)
    assert code == 0, err
    found = json.loads(out)
    assert found["directory"] == "cars-data"
    assert {table["name"]: table["rows"] for table in found["tables"]} == {"maker": 6, "car": 0}
    assert "top secret" not in "".join(p.read_text() for p in Path("cars-data").rglob("*.*"))
    code, out, _ = ran(capsys, "schema", "export", "--database", live)
    assert code == 0
    assert "name: maker" in out
    assert ran(capsys, "verify", live, "--database", live)[0] == 0


def test_the_api_reflects_too(live: str) -> None:
    schema = dataforge.from_database(live, rows_like_source=True)
    assert [(table.name, table.rows) for table in schema.tables] == [("maker", 3), ("car", 0)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no input: give --ddl"),
        (("--database", "sqlite:///x.db", "--ddl", "examples/shop.sql"), "--ddl and --database"),
        (("--database", "sqlite:////nowhere/x.db"), "there is no SQLite file"),
        (("--database", "orcale://x/y"), "unknown kind of database URL"),
        (("--ddl", "examples/shop.sql", "--rows-like-source"), "--rows-like-source counts the"),
    ],
)
def test_what_cannot_be_read_is_told(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, "schema", "export", *arguments)
    assert code in {1, 2}
    assert out == ""
    assert said in err


def test_an_openapi_document_is_a_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pets.yml").write_text(
        "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {Pet: {$ref: 'pet.yml'}}}\n"
    )
    (tmp_path / "pet.yml").write_text("properties: {id: {type: integer}, name: {type: string}}\n")
    asked = ("--openapi", str(tmp_path / "pets.yml"))
    code, out, _ = ran(capsys, "schema", "export", *asked)
    assert code == 0
    assert "name: Pet" in out
    folder = str(tmp_path / "out")
    code, _, err = ran(capsys, "generate", *asked, "--rows", "5", "--out", folder, "--json")
    assert code == 0, err
    assert ran(capsys, "verify", folder)[0] == 0
    assert len(dataforge.from_openapi(tmp_path / "pets.yml").tables) == 1
