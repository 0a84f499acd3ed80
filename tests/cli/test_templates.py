from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataforge.cli.main import main
from dataforge.domains import domain, known
from dataforge.schema import from_json, from_yaml, read_schema


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["templates", *arguments])
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_list_names_every_template_below_its_group(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "list")
    assert code == 0
    lines = out.splitlines()
    assert "health" in lines
    assert lines.index("health") < lines.index("  hospital: Hospital")
    assert all(any(line.startswith(f"  {name}: ") for line in lines) for name in known())
    assert max(map(len, lines)) <= 80


def test_list_one_group_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ran(capsys, "list", "--group", "health", "--json")
    found = {each["name"]: each for each in json.loads(out)}
    assert {each["group"] for each in found.values()} == {"health"}
    assert found["hospital"]["titles"]["de"] == "Krankenhaus"
    assert "admissions" in found["hospital"]["tables"]


def test_an_unknown_group_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capsys, "list", "--group", "helth")
    assert code == 2
    assert "did you mean 'health'?" in err


def test_show_draws_tables_and_relations(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "show", "bookstore", "--format", "mermaid", "--table", "reviews")
    assert code == 0
    assert 'books ||--o{ reviews : "book_id"' in out


def test_show_an_unknown_template_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capsys, "show", "bookshop")
    assert code == 2
    assert "did you mean 'bookstore'?" in err


def test_use_writes_the_schema(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    expected = domain("hotel").schema
    _, out, _ = ran(capsys, "use", "hotel")
    assert from_yaml(out) == expected
    _, out, _ = ran(capsys, "use", "hotel", "--json")
    assert from_json(out) == expected
    place = tmp_path / "hotel.yaml"
    code, out, err = ran(capsys, "use", "hotel", "--out", str(place))
    assert (code, out) == (0, "")
    assert str(place) in err
    assert read_schema(place) == expected
