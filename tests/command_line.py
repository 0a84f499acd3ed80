"""The command as a process of its own, for tests of what happens to a process."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE_S = 120.0

_PROGRAM = """
import time
from dataforge.sinks import atomic, layout

layout.PART_ROWS = {part_rows}
write = atomic.HashingStream.write

def slow_write(stream, data):
    time.sleep({pause_s})
    return write(stream, data)

if {pause_s}:
    atomic.HashingStream.write = slow_write

from dataforge.cli.main import main
main()
"""


def command(*arguments: str | Path, part_rows: int = 1 << 19, pause_s: float = 0.0) -> list[str]:
    """The words that start the command, with parts of a size that a test can wait for.

    ``pause_s`` goes by before each write to a file, so that a signal finds files half-written.
    """
    program = _PROGRAM.format(part_rows=part_rows, pause_s=pause_s)
    return [sys.executable, "-c", program, *map(str, arguments)]


def ran(*arguments: str | Path, part_rows: int = 1 << 19) -> tuple[int, str, str]:
    """Run the command to its end; return exit code, stdout and stderr."""
    run = subprocess.run(
        command(*arguments, part_rows=part_rows),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    return run.returncode, run.stdout, run.stderr


def started(*arguments: str | Path, part_rows: int) -> subprocess.Popen[str]:
    """Start the command, writing slowly, as the leader of a process group."""
    return subprocess.Popen(
        command(*arguments, part_rows=part_rows, pause_s=0.05),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def until(happened: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Wait until something is so, while ``run`` runs."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not happened():
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < give_up_at
        time.sleep(0.002)


def end_group(run: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str, str]:
    """Send a signal to every process of the run; return exit code, stdout and stderr."""
    os.killpg(run.pid, how)
    out, err = run.communicate(timeout=PATIENCE_S)
    return run.returncode, out, err


def hashes(directory: Path, files: Sequence[Path] = ()) -> dict[str, str]:
    """Digests of every file below a directory, hidden ones too."""
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (files or directory.rglob("*"))
        if path.is_file()
    }
