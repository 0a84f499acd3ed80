"""Files that appear under their name complete or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dataforge.errors import OutputError

_REMEDIES = {
    errno.ENOSPC: "free some space or choose another disk, then run again with --resume",
    errno.EDQUOT: "free some of your quota or choose another disk, then run again with --resume",
    errno.EACCES: "choose a directory that you may write to",
    errno.EPERM: "choose a directory that you may write to",
    errno.EROFS: "choose a directory on a writable disk",
    errno.EFBIG: "raise the limit of file sizes (ulimit -f), then run again with --resume",
    errno.EEXIST: "name a directory; there is a file of that name",
    errno.ENOTDIR: "name a directory below a directory; a part of the path is a file",
    errno.ENOENT: "name a directory on a disk that can be written to",
    errno.ENAMETOOLONG: "choose a shorter output path",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
}


# Hashed and written while it is still in the processor's cache.
_CHUNK_BYTES = 1 << 18


class HashingStream:
    """A write-only binary stream that counts and hashes what passes through it."""

    def __init__(self, stream: BinaryIO) -> None:
        """Pass everything on to ``stream``."""
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        self.closed = False

    @property
    def sha256(self) -> str:
        """The digest of everything written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, data: bytes | memoryview[int]) -> int:
        """Write bytes or a buffer whole."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _CHUNK_BYTES):
            chunk = view[start : start + _CHUNK_BYTES]
            self._hash.update(chunk)
            self._stream.write(chunk)
        self.size_bytes += len(view)
        return len(view)

    def flush(self) -> None:
        """Flush the stream below."""
        self._stream.flush()

    def writable(self) -> bool:
        """Tell Arrow that it may write."""
        return True

    def readable(self) -> bool:
        """Tell Arrow that it cannot read."""
        return False

    def seekable(self) -> bool:
        """Tell Arrow that it cannot seek."""
        return False

    def close(self) -> None:
        """Leave the stream below open: who opened it puts the file in its place."""
        self.closed = True


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[HashingStream]:
    """Open a hidden file beside ``path`` that takes its name when the block ends well.

    Whatever ends the block otherwise removes the hidden file. ``durable`` waits until the disk has
    the bytes, so that not even a power cut leaves a name without its content. An OSError becomes
    an OutputError that names the path, the reason and the remedy.
    """
    partial = partial_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _removed_on_failure(partial), partial.open("wb") as file:
            yield HashingStream(file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            partial.replace(path)
    except OSError as error:
        raise output_error(path, error) from error


def partial_path(path: Path) -> Path:
    """Return the hidden file that ``replacing`` fills before it takes the name ``path``."""
    return path.with_name(f".{path.name}.partial")


@contextmanager
def _removed_on_failure(partial: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a small file in one step; OutputError when it cannot be."""
    with replacing(path) as stream:
        stream.write(content)


def output_error(path: Path, error: OSError) -> OutputError:
    """Say which file could not be written, why, and what to do about it."""
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "")
    return OutputError(f"cannot write {path}: {reason}" + (f" → {remedy}" if remedy else ""))
