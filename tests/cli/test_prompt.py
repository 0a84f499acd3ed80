from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import dataforge
from dataforge.cli.main import main
from dataforge.errors import UsageError
from dataforge.schema import to_json

SHOP = "an online bookstore with 40 customers, their orders and reviews"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DATAFORGE_MODEL", raising=False)


def test_words_become_a_verified_data_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", SHOP) == 0
    out, err = capsys.readouterr()
    assert "PASSED" in out
    assert "understood as" in err
    assert "customers (40)" in err
    assert "assumed:" in err
    assert Path("bookstore-data/certificate.json").exists()


def test_as_json_it_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", SHOP, "--json", "--out", "here") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verified"] is True
    assert found["understood"]["trace"]
    assert found["directory"] == "here"


def test_words_change_the_schema_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    schema = dataforge.from_prompt(SHOP)
    Path("shop.json").write_text(to_json(schema))
    assert run("generate", "add a coupon table", "--schema", "shop.json", "--preview", "2") == 0
    assert "coupons" in capsys.readouterr().out


def test_review_takes_changes_in_words_until_it_is_approved(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("drop reviews\nyes\n"))
    assert run("generate", SHOP, "--review") == 0
    assert "- tables.reviews" in capsys.readouterr().err
    assert not Path("bookstore-data/reviews").exists()


def test_review_that_is_declined_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert run("generate", SHOP, "--review") == 130
    assert not Path("bookstore-data").exists()


@pytest.mark.parametrize("prompt", ["", "   ", "drop all tables"])
def test_a_request_of_nothing_is_misuse(prompt: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", prompt) == 2
    assert "error:" in capsys.readouterr().err


def test_options_of_a_prompt_need_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", "--model", "offline") == 2
    assert "give a PROMPT" in capsys.readouterr().err


def test_python_asks_in_the_same_words() -> None:
    schema = dataforge.from_prompt(SHOP)
    assert schema.table("customers").rows == 40
    smaller = dataforge.from_prompt("drop reviews", schema=schema)
    assert "reviews" not in smaller.tables_by_name
    with pytest.raises(UsageError):
        dataforge.from_prompt("  ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["generate", SHOP, "--preview", "1"], "understood as"), (["chat"], "studio[agents]")],
)
def test_without_the_extra_words_are_read_and_conversations_say_what_they_lack(
    arguments: list[str], said: str
) -> None:
    program = (
        "import sys\n"
        "for name in ('langchain', 'langchain_core', 'langgraph', 'langsmith'):\n"
        "    sys.modules[name] = None\n"
        "from dataforge.cli.main import main\nmain()"
    )
    command = [sys.executable, "-c", program, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said in run.stderr
    assert "Traceback" not in run.stderr
