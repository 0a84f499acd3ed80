from __future__ import annotations

import json

import click
import pytest

from dataforge import errors
from dataforge.app.secrets import masked
from dataforge.app.settings import Settings
from dataforge.cli.failures import INTERRUPTED, MOST_PROBLEMS, report_failure
from dataforge.errors import OUTCOMES, DatabaseError, Problem, SchemaError, UsageError

PROBLEM = Problem("tables.orders.columns.total", "is negative", "use a minimum of 0")


def test_a_failure_is_told_with_its_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_failure(SchemaError.of([PROBLEM]), as_json=False) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert captured.err == (
        "error: the schema has 1 problem:\n"
        "  tables.orders.columns.total: is negative → use a minimum of 0\n"
    )


def test_a_failure_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_failure(SchemaError.of([PROBLEM]), as_json=True) == 2
    found = json.loads(capsys.readouterr().err)["error"]
    assert found["code"] == "schema_invalid"
    assert found["problems"][0]["remedy"] == "use a minimum of 0"


def test_many_problems_are_counted_and_all_are_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    failure = SchemaError.of([PROBLEM] * (MOST_PROBLEMS + 7))
    report_failure(failure, as_json=False)
    assert "and 7 more" in capsys.readouterr().err
    report_failure(failure, as_json=True)
    assert len(json.loads(capsys.readouterr().err)["error"]["problems"]) == MOST_PROBLEMS + 7


def every_error() -> list[type[errors.DataForgeError]]:
    found, waiting = [], [errors.DataForgeError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_error())
def test_every_error_has_an_outcome(kind: type[errors.DataForgeError]) -> None:
    assert OUTCOMES[kind.code].exit_code in {1, 2}
    assert report_failure(kind("no"), as_json=False) == OUTCOMES[kind.code].exit_code


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_exits_with_130(interruption: BaseException) -> None:
    assert report_failure(interruption, as_json=False) == INTERRUPTED


def test_a_bug_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        report_failure(ZeroDivisionError(), as_json=False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:s3cret@db/shop", "postgresql://me:***@db/shop"),
        (
            "no route to mysql://root:p%40ss@h:3306/x?a=1!",
            "no route to mysql://root:***@h:3306/x?a=1!",
        ),
        ("host=db password=s3cret user=me", "host=db password=*** user=me"),
        ("postgresql://h/x?password=s3cret&a=1", "postgresql://h/x?password=***&a=1"),
        ("postgresql://db:5432/shop", "postgresql://db:5432/shop"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("see https://example.org/a@b", "see https://example.org/a@b"),
    ],
)
def test_passwords_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_no_password_in_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    report_failure(DatabaseError("cannot reach postgresql://me:s3cret@db/x"), as_json=False)
    assert "s3cret" not in capsys.readouterr().err


def test_settings_come_from_the_environment() -> None:
    assert Settings.read({}) == Settings(workers=None)
    assert Settings.read({"DATAFORGE_WORKERS": "3"}) == Settings(workers=3)
    for wrong in ("0", "-1", "many"):
        with pytest.raises(UsageError, match="DATAFORGE_WORKERS"):
            Settings.read({"DATAFORGE_WORKERS": wrong})
