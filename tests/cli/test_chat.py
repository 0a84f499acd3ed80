from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dataforge.cli.main import main

SHOP = "an online bookstore with 40 customers, their orders and reviews"


def chat(lines: str, monkeypatch: pytest.MonkeyPatch, place: Path, *arguments: str) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    monkeypatch.delenv("DATAFORGE_MODEL", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    with pytest.raises(SystemExit) as end:
        main(["chat", *arguments])
    assert not end.value.code


def test_the_schema_is_drawn_after_each_turn_and_the_diff_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = f"{SHOP}\nadd a coupon table\n/versions\n/save shop.yaml\n/generate data\n/quit\n"
    chat(lines, monkeypatch, tmp_path)
    out, err = capsys.readouterr()
    assert out.count("customers") > 2
    assert "change: + tables.coupons" in err
    assert "2  add a coupon table" in out
    assert "PASSED" in out
    assert (tmp_path / "shop.yaml").exists()
    assert (tmp_path / "data/certificate.json").exists()


def test_a_conversation_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(f"{SHOP}\n", monkeypatch, tmp_path, "--session", "a", "--review")
    assert "keep this?" in capsys.readouterr().err
    chat("drop reviews\nyes\n/diff\n", monkeypatch, tmp_path, "--session", "a", "--review")
    err = capsys.readouterr().err
    assert "going on with 'a'" in err
    assert "version 1" in err


def test_mistakes_do_not_end_a_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "/nonsense\n/show\n/attach nowhere.txt\ndrop all tables now\n/help\n"
    chat(lines, monkeypatch, tmp_path)
    out, err = capsys.readouterr()
    assert err.count("error:") >= 3
    assert "/versions" in out


def test_a_killed_process_resumes_from_its_checkpoint(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    program = "from dataforge.cli.main import main; main()"
    command = [sys.executable, "-c", program, "chat", "--session", "killed"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as first:
        assert first.stdin is not None
        assert first.stderr is not None
        first.stdin.write(f"{SHOP}\n")
        first.stdin.flush()
        for line in first.stderr:
            if line.startswith("version 1"):
                break
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    again = subprocess.run(
        command,
        input="drop reviews\n/versions\n",
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert "going on with 'killed': version 1" in again.stderr
    assert f"1  {SHOP}\n2  drop reviews\n" in again.stdout
