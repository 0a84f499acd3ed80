"""A disk that is full, a file that may not grow, a folder that may not be written to."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import command, ran
from dataforge.errors import OutputError
from dataforge.schema import Schema, Table
from dataforge.sinks.atomic import HashingStream, write_bytes
from dataforge.sinks.formats import FORMATS
from dataforge.sinks.forms import Form
from dataforge.workflows.generate import generate
from sample_schemas import COLUMNS, column, key_column

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")

DDL = "CREATE TABLE t (id int PRIMARY KEY, email varchar(200), note varchar(500));"
SMALL_DISK = 3_000_000


def generating(tmp_path: Path, out: Path, *more: str) -> list[str | Path]:
    ddl = tmp_path / "t.sql"
    ddl.write_text(DDL)
    return ["generate", "--ddl", ddl, "--rows", "120k", "--out", out, "--workers", "2", *more]


def half_written(out: Path) -> list[str]:
    kept = {".dataforge-ledger.jsonl"}
    return [path.name for path in out.rglob(".*") if path.name not in kept]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={SMALL_DISK}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True, capture_output=True)


def test_a_full_disk_is_told_and_the_run_can_go_on_when_there_is_space(
    small_disk: Path, tmp_path: Path
) -> None:
    out = small_disk / "made"
    code, shown, err = ran(*generating(tmp_path, out), part_rows=10_000)
    assert (code, shown) == (1, "")
    assert f"cannot write {out}" in err
    assert "No space left on device → free some space" in err
    assert "--resume" in err
    assert "Traceback" not in err
    assert not half_written(out)
    assert list(out.glob("data/t/*.csv"))
    grown = ["mount", "-o", "remount,size=200m", str(small_disk)]
    subprocess.run(grown, check=True, capture_output=True)
    code, _, err = ran(*generating(tmp_path, out, "--resume"), part_rows=10_000)
    assert code == 0, err
    assert ran("verify", out)[0] == 0


def test_what_lies_on_a_read_only_disk_is_verified_all_the_same(
    small_disk: Path, tmp_path: Path
) -> None:
    out = small_disk / "made"
    assert ran(*generating(tmp_path, out), "--rows", "t=50")[0] == 0
    closed = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(closed, check=True, capture_output=True)
    code, shown, err = ran("verify", out)
    assert code == 0, err
    assert "PASSED" in shown
    assert "Certificate:" not in shown
    assert "note: the certificate is not kept" in err
    code, _, err = ran(*generating(tmp_path, out, "--overwrite"))
    assert code == 1
    assert "Read-only file system → choose a directory on a writable disk" in err
    code, _, err = ran(*generating(tmp_path, small_disk / "other"))
    assert code == 1
    assert "Read-only file system" in err


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_that_may_not_grow_is_told(form: str, tmp_path: Path) -> None:
    import resource

    out = tmp_path / "made"
    run = subprocess.run(
        command(*generating(tmp_path, out, "--format", form), part_rows=1 << 19),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert f"cannot write {out / 'data' / f't.{form}'}: File too large → raise the" in run.stderr
    assert not list(out.rglob("*"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_a_full_disk_as_what_it_is(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: HashingStream, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(HashingStream, "write", full)
    columns = tuple(column(f"c{number}", facts) for number, facts in enumerate(COLUMNS))
    table = Table(name="t", rows=50, columns=(key_column(), *columns), primary_key=("id",))
    with pytest.raises(
        OutputError, match=r"(t|database)\.\w+: No space left on device → free some space"
    ):
        generate(Schema(tables=(table,)), tmp_path / "made", form=Form(form))
    assert not list((tmp_path / "made").rglob("*"))


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.EACCES, "choose a directory that you may write to"),
        (errno.EPERM, "choose a directory that you may write to"),
        (errno.EROFS, "writable disk"),
        (errno.EDQUOT, "free some of your quota"),
        (errno.EMFILE, "ulimit -n"),
    ],
)
def test_what_the_system_refuses_comes_with_a_remedy(
    number: int, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    place = tmp_path / "file"
    with pytest.raises(OutputError, match=f"cannot write {place}: .* → .*{remedy}"):
        write_bytes(place, b"content")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    code, out, err = ran(*generating(tmp_path, tmp_path / "closed" / "made"))
    assert (code, out) == (1, "")
    assert "Permission denied → choose a directory that you may write to" in err


@pytest.mark.parametrize("place", ["/proc/made", "/dev/null/made"])
@pytest.mark.skipif(sys.platform != "linux", reason="paths are those of Linux")
def test_a_place_that_nobody_may_write_to_is_told(place: str, tmp_path: Path) -> None:
    code, out, err = ran(*generating(tmp_path, Path(place)))
    assert (code, out) == (1, "")
    assert f"cannot write {place}" in err
    assert " → " in err
