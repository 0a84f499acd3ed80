"""Whole commands, timed from outside: wall time and peak memory of the process tree's largest."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

REPEATS = 3
# Compiled modules are kept, as they are wherever the tool is installed.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Run:
    """One finished command."""

    wall_s: float
    peak_mb: float


@dataclass(frozen=True)
class Sample:
    """Several runs of one command."""

    name: str
    runs: tuple[Run, ...]

    @property
    def wall_s(self) -> float:
        return statistics.median(run.wall_s for run in self.runs)

    @property
    def peak_mb(self) -> float:
        return statistics.median(run.peak_mb for run in self.runs)


def peak_of_tree(command: Sequence[str | Path]) -> Run:
    """Run a command; its peak is the memory of it and all its processes together.

    Sampled every 20 ms; pages that forked processes share count once (proportional set size).
    """
    start = time.perf_counter()
    process = psutil.Popen(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
    )
    peak = 0
    while process.poll() is None:
        family = [process, *process.children(recursive=True)]
        with contextlib.suppress(psutil.Error):
            peak = max(peak, sum(each.memory_full_info().pss for each in family))
        time.sleep(0.02)
    if process.returncode:
        message = f"{command[0]} ended with status {process.returncode}"
        raise RuntimeError(message)
    return Run(time.perf_counter() - start, peak / 2**20)


def run_command(command: Sequence[str | Path]) -> Run:
    """Run a command to its end; raise with its output if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=ENVIRONMENT,
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    if status != 0:
        sys.stderr.write(output.decode(errors="replace"))
        message = f"{command[0]} ended with status {status}"
        raise RuntimeError(message)
    return Run(wall_s, usage.ru_maxrss / 1024)


def interleaved(
    contenders: dict[str, Callable[[], Run]], repeats: int = REPEATS
) -> dict[str, Sample]:
    """Run the contenders in turn, A B A B …, so that a drifting machine treats them alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, contender in contenders.items():
            runs[name].append(contender())
    return {name: Sample(name, tuple(found)) for name, found in runs.items()}


def dataforge(*arguments: str | Path) -> list[str | Path]:
    """Return the command line of the CLI in this environment."""
    return [Path(sys.executable).with_name("dataforge"), *arguments]


def emptied(directory: Path) -> Path:
    """Return a directory that does not exist."""
    shutil.rmtree(directory, ignore_errors=True)
    return directory
