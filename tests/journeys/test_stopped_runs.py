"""A run that is killed, interrupted or disturbed leaves nothing half-written and can go on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from command_line import PATIENCE_S, command, end_group, hashes, ran, started, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

PART_ROWS = 6_000
SCHEMA = """
version: 1
tables:
- name: people
  rows: 300000
  primary_key: [id]
  columns:
  - {name: id, type: uuid, nullable: false}
  - {name: email, type: string(90), spec: {kind: record, record: person, field: email}}
  - {name: note, type: string(200), spec: {kind: text, unit: sentence}}
  - {name: balance, type: 'decimal(12,2)', spec: {kind: number, minimum: 0, maximum: 10000}}
- name: orders
  rows: 20000
  primary_key: [id]
  columns:
  - {name: id, type: integer, nullable: false}
  - {name: person_id, type: uuid, nullable: false}
  foreign_keys:
  - {columns: [person_id], parent: people, parent_columns: [id]}
"""
Generate = Callable[..., list[str | Path]]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "people.yaml"
    path.write_text(SCHEMA)
    return path


@pytest.fixture(scope="module")
def clean(schema: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The hashes of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("clean") / "data"
    code, _, err = ran(*words(schema, out), part_rows=PART_ROWS)
    assert code == 0, err
    return hashes(out)


def words(schema: Path, out: Path, *more: str) -> list[str | Path]:
    return ["generate", "--schema", schema, "--out", out, "--workers", "2", *more]


def parts(out: Path) -> list[Path]:
    return sorted(out.glob("data/**/*.csv"))


def under_way(schema: Path, out: Path) -> subprocess.Popen[str]:
    """Start a run and return when it has finished its first parts."""
    run = started(*words(schema, out), part_rows=PART_ROWS)
    until(lambda: len([part for part in parts(out) if part.name[0] != "."]) >= 3, run)
    return run


@pytest.fixture(scope="module")
def killed(schema: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("killed") / "data"
    code, _, _ = end_group(under_way(schema, out), signal.SIGKILL)
    assert code == -signal.SIGKILL
    return out


@pytest.fixture
def stopped(killed: Path, tmp_path: Path) -> Path:
    """A copy of what the killed run left."""
    return Path(shutil.copytree(killed, tmp_path / "data"))


def holds_only_whole_files(out: Path, clean: dict[str, str]) -> bool:
    found = hashes(out, parts(out))
    return 0 < len(found) < len(clean) and found.items() <= clean.items()


def hidden(out: Path) -> list[str]:
    return [path.name for path in out.rglob("*.partial")]


def test_a_killed_run_leaves_no_half_file_under_a_final_name(
    killed: Path, clean: dict[str, str]
) -> None:
    assert holds_only_whole_files(killed, clean)
    assert not (killed / "manifest.json").exists()


def test_a_killed_run_is_taken_up_and_every_byte_is_the_clean_runs(
    stopped: Path, schema: Path, clean: dict[str, str]
) -> None:
    ledger = (stopped / ".dataforge-ledger.jsonl").read_text().splitlines()
    finished = [stopped / json.loads(line)["unit"] for line in ledger[1:]]
    before = {path: path.stat().st_mtime_ns for path in finished}
    assert before
    code, _, err = ran(*words(schema, stopped, "--resume"), part_rows=PART_ROWS)
    assert code == 0, err
    assert hashes(stopped) == clean
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())


def test_a_finished_part_that_was_damaged_is_made_again(
    stopped: Path, schema: Path, clean: dict[str, str]
) -> None:
    damaged = parts(stopped)[0]
    damaged.write_bytes(b"\0" * damaged.stat().st_size)
    code, _, err = ran(*words(schema, stopped, "--resume"), part_rows=PART_ROWS)
    assert code == 0, err
    assert hashes(stopped) == clean


def test_a_ledger_torn_in_the_middle_of_a_line_is_used_up_to_there(
    stopped: Path, schema: Path, clean: dict[str, str]
) -> None:
    ledger = stopped / ".dataforge-ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-20] + b"\xff\xfe")
    code, _, err = ran(*words(schema, stopped, "--resume"), part_rows=PART_ROWS)
    assert code == 0, err
    assert hashes(stopped) == clean


@pytest.mark.parametrize(
    "other", [["--seed", "7"], ["--format", "parquet"], ["--rows", "orders=9"]], ids=" ".join
)
def test_another_request_does_not_take_the_run_up(
    other: list[str], stopped: Path, schema: Path
) -> None:
    before = hashes(stopped, parts(stopped))
    code, out, err = ran(*words(schema, stopped, "--resume", *other), part_rows=PART_ROWS)
    assert (code, out) == (1, "")
    assert "no unfinished run of this schema, seed and format" in err
    assert hashes(stopped, parts(stopped)) == before


def test_another_run_replaces_what_a_killed_one_left(stopped: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.sql"
    small.write_text("CREATE TABLE t (id int PRIMARY KEY);")
    (stopped / "data" / "mine.txt").write_text("mine")
    code, _, err = ran("generate", "--ddl", small, "--out", stopped, "--overwrite")
    assert code == 0, err
    names = {path.relative_to(stopped).as_posix() for path in stopped.rglob("*")}
    made = {"data", "data/t.csv", "ddl.sql", "manifest.json", "schema.yaml"}
    assert names == made | {"data/mine.txt"}


@pytest.mark.parametrize("use", [["verify"], ["load"]], ids=str)
def test_a_killed_run_is_no_data_set(use: list[str], stopped: Path, tmp_path: Path) -> None:
    url = [f"sqlite:///{tmp_path / 'x.db'}"] if use == ["load"] else []
    code, out, err = ran(*use, stopped, *url)
    assert (code, out) == (2, "")
    assert "unfinished run → finish it by the same command with --resume" in err


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "")],
    ids=["ctrl-c", "terminate"],
)
def test_an_interrupted_run_tidies_up_and_can_go_on(
    how: signal.Signals,
    code: int,
    said: str,
    schema: Path,
    tmp_path: Path,
    clean: dict[str, str],
) -> None:
    out = tmp_path / "data"
    found, shown, err = end_group(under_way(schema, out), how)
    assert (found, shown) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert ("--resume" in err) == bool(said)
    assert not hidden(out)
    assert not (out / ".dataforge-lock").exists()
    assert holds_only_whole_files(out, clean)
    code, _, err = ran(*words(schema, out, "--resume"), part_rows=PART_ROWS)
    assert code == 0, err
    assert hashes(out) == clean


def test_resume_in_an_empty_directory_makes_everything(tmp_path: Path) -> None:
    (tmp_path / "t.sql").write_text("CREATE TABLE t (id int PRIMARY KEY);")
    out = tmp_path / "data"
    assert ran("generate", "--ddl", tmp_path / "t.sql", "--out", out, "--resume")[0] == 0
    assert ran("verify", out)[0] == 0


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


needs_proc = pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs Linux's /proc"
)


@needs_proc
def test_a_worker_that_is_killed_ends_the_run_with_a_clear_message(
    schema: Path, tmp_path: Path, clean: dict[str, str]
) -> None:
    out = tmp_path / "data"
    run = under_way(schema, out)
    os.kill(children(run.pid)[0], signal.SIGKILL)
    shown, err = run.communicate(timeout=PATIENCE_S)
    assert (run.returncode, shown) == (1, "")
    assert "a worker process died" in err
    assert "--resume" in err
    assert "Traceback" not in err
    assert not hidden(out)
    assert holds_only_whole_files(out, clean)
    code, _, err = ran(*words(schema, out, "--resume"), part_rows=PART_ROWS)
    assert code == 0, err
    assert hashes(out) == clean


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@needs_proc
def test_workers_do_not_outlive_the_run_that_started_them(schema: Path, tmp_path: Path) -> None:
    run = under_way(schema, tmp_path / "data")
    workers = children(run.pid)
    assert len(workers) == 2
    run.kill()
    run.communicate(timeout=PATIENCE_S)
    give_up_at = time.monotonic() + PATIENCE_S
    while any(map(is_running, workers)):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


@pytest.fixture
def halted(schema: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run that is stopped in the middle but alive."""
    run = under_way(schema, tmp_path / "data")
    os.killpg(run.pid, signal.SIGSTOP)
    yield run, tmp_path / "data"
    if run.poll() is None:
        end_group(run, signal.SIGKILL)


def test_a_second_run_into_the_same_directory_is_refused(
    halted: tuple[subprocess.Popen[str], Path], schema: Path, clean: dict[str, str]
) -> None:
    run, out = halted
    for option in ([], ["--resume"], ["--overwrite"]):
        code, shown, err = ran(*words(schema, out, *option), part_rows=PART_ROWS)
        assert (code, shown) == (1, "")
        assert f"another run (process {run.pid}) is writing to {out}" in err
    os.killpg(run.pid, signal.SIGCONT)
    _, err = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, err
    assert hashes(out) == clean


def test_the_lock_of_a_dead_process_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "t.sql").write_text("CREATE TABLE t (id int PRIMARY KEY);")
    out = tmp_path / "data"
    out.mkdir()
    (out / ".dataforge-lock").write_text(f"{os.getpid()}\n")
    code, _, err = ran("generate", "--ddl", tmp_path / "t.sql", "--out", out)
    assert code == 0, err
    assert not (out / ".dataforge-lock").exists()


@pytest.mark.parametrize(
    "rows", [["--preview", "2000"], ["--rows", "100", "--out", "made"]], ids=str
)
def test_a_reader_that_goes_away_is_no_crash(rows: list[str], tmp_path: Path) -> None:
    (tmp_path / "t.sql").write_text("CREATE TABLE t (id int PRIMARY KEY, email varchar(90));")
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        command("generate", "--ddl", "t.sql", *rows),
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    os.close(writer)
    assert "Traceback" not in run.stderr
    assert "Exception" not in run.stderr
    assert run.returncode == 1
