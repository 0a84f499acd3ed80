"""One run at a time in a directory: a lock file that a dead process cannot leave locked."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dataforge.errors import OutputError
from dataforge.sinks.atomic import output_error

LOCK_NAME = ".dataforge-lock"

_PATIENCE_S = 1.0
_UNSUPPORTED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold ``directory`` for this run; OutputError names the process that holds it already.

    The system ties the lock to the open file, so it ends with the processes of the run however
    they end, and the file that a killed run leaves behind stops nobody. Waits a second before it
    refuses: the workers of a killed run need a moment to notice. File systems that have no locks
    are used without.
    """
    path = directory / LOCK_NAME
    try:
        file = _acquired(path)
    except OSError as error:
        raise output_error(path, error) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        file.close()


def _acquired(path: Path) -> IO[str]:
    refusal_at = time.monotonic() + _PATIENCE_S
    while True:
        file = path.open("a+", encoding="ascii", errors="replace")
        if _take(file) and _is_at(file, path):
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            return file
        file.seek(0)
        holder = file.readline().strip()
        file.close()
        if time.monotonic() >= refusal_at:
            msg = (
                f"another run{f' (process {holder})' if holder else ''} is writing to "
                f"{path.parent} → wait until it has finished, or name another directory"
            )
            raise OutputError(msg)
        time.sleep(0.02)


def _is_at(file: IO[str], path: Path) -> bool:
    """Tell whether the file is still the one at ``path``: its last holder may have removed it."""
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False


def _take(file: IO[str]) -> bool:
    try:
        _lock(file.fileno())
    except OSError as error:
        return error.errno in _UNSUPPORTED
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond the text, which stays readable
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
