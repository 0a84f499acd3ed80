from __future__ import annotations

import json

import pytest

from dataforge import __version__
from dataforge.cli.main import COMMANDS, main


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_help_names_every_command_and_gives_examples(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "--help")
    assert code == 0
    assert not err
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert "dataforge generate --ddl shop.sql" in out


@pytest.mark.parametrize(
    "name", [*COMMANDS, "schema show", "schema export", "schema diff", "templates use"]
)
def test_every_command_has_help_with_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = ran(capsys, *name.split(), "--help")
    assert code == 0
    assert "Example" in out or name == "schema"


def test_the_table_of_commands_says_what_each_command_says() -> None:
    for name in COMMANDS:
        module, attribute = COMMANDS[name][0].split(":")
        assert attribute == name
        assert module.endswith(name)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "--version") == (0, f"dataforge {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["generate", "--nonsense"], "No such option"),
        (["generate", "--ddl", "missing.sql"], "missing.sql"),
        (["generate", "--rows", "many", "--ddl", __file__], "'many' is not N or table=N"),
        (["generate", "--resume", "--overwrite", "--ddl", __file__], "give one"),
        (["generate", "--rows", "1", "--rows", "2", "--ddl", __file__], "given twice"),
        (["load", "missing-directory", "sqlite:///x.db"], "missing-directory"),
    ],
)
def test_misuse_exits_with_2_and_says_what_is_wrong(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, *arguments)
    assert code == 2
    assert not out
    assert said in err


def test_misuse_is_one_json_object_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "generate", "--json", "--rows", "many")
    assert code == 2
    assert not out
    assert json.loads(err)["error"]["code"] == "misused"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "completion", shell)
    assert code == 0
    assert "_DATAFORGE_COMPLETE" in out
