"""A file's rows in blocks of whole ones, in bounded memory.

Where a statement ends and the next begins is marked with a byte that UTF-8 never has, so that what
takes a block apart sees rows alone. Only a text that holds the very same bytes as those between two
statements of its own table would be mistaken for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from dataforge.verification.statements.layout import Layout
from dataforge.verification.statements.malformed import MalformedError
from dataforge.verification.statements.scan import QUOTE

BLOCK_BYTES = 1 << 20
MAX_ROW_BYTES = 1 << 25
STATEMENT_END = 0xFE
DELETED = 0xFF
_MARK = bytes([STATEMENT_END])
_ROW_END = b"),\n("
_MARKED_END = b")" + _MARK + b"\n("


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows; ``line`` is the first one's in the file, ``last`` says that no more follow."""

    data: bytes
    line: int
    last: bool
    head_lines: int

    def line_at(self, offset: int) -> int:
        """Return the line in the file of a byte of the block."""
        return self.line + _lines(self.data[:offset], self.head_lines)

    @property
    def lines(self) -> int:
        """How many lines of the file the block has."""
        return _lines(self.data, self.head_lines)


def _lines(data: bytes, head_lines: int) -> int:
    heads = data.count(_MARK) * head_lines if head_lines else 0
    return data.count(b"\n") + heads


def blocks_of(path: Path, layout: Layout, *, counting: bool) -> Iterator[Block]:
    """Yield the rows of a part, gzip or zstd told by the ending.

    Lines are numbered where ``counting``; it costs a pass that only a fault needs.
    Raises MalformedError for what cannot be unpacked and for text around the rows that is not the
    layout's, after the rows before it.
    """
    line = 1
    raw = _raw(path, counting=counting)
    held = b""
    while len(held) < len(layout.opening) and (block := next(raw, b"")):
        held += block
    if held in layout.without_rows:
        return
    if not held.startswith(layout.opening):
        raise MalformedError(1, f"does not begin with {_shown(layout.opening)}")
    line += layout.opening.count(b"\n")
    held = held[len(layout.opening) :]
    for block in chain([b""], raw):
        held = _marked(held + block, layout)
        cut = _copied_cut(held) if layout.copied else _inserted_cut(held)
        if cut:
            made = Block(held[:cut], line, last=False, head_lines=layout.head_lines)
            yield made
            line += made.lines if counting else 0
            held = held[cut:]
        elif len(held) > MAX_ROW_BYTES:
            yield Block(held, line, last=False, head_lines=layout.head_lines)
            raise MalformedError(line, f"no end of a row in {MAX_ROW_BYTES >> 20} MB")
    whole = held.endswith(layout.closing)
    rows = held.removesuffix(layout.closing)
    yield Block(rows, line, last=True, head_lines=layout.head_lines)
    if not whole:
        line += _lines(held, layout.head_lines)
        raise MalformedError(line, f"ends without {_shown(layout.closing)}")


def _raw(path: Path, *, counting: bool) -> Iterator[bytes]:
    """Yield a file's bytes; MalformedError where they cannot be UTF-8 or not be unpacked."""
    line = 1
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            while block := stream.read(BLOCK_BYTES):
                for byte in (STATEMENT_END, DELETED):
                    if (place := block.find(byte)) >= 0:
                        raise MalformedError(line + block.count(b"\n", 0, place), "no UTF-8")
                yield block
                line += block.count(b"\n") if counting else 0
    except (OSError, pa.ArrowException) as error:
        told = " ".join(str(error).split())
        raise MalformedError(line, f"cannot be read on: {told}") from None


def _marked(held: bytes, layout: Layout) -> bytes:
    return held.replace(layout.between, _MARK + b"\n") if layout.between else held


def _copied_cut(held: bytes) -> int:
    """Return the end of the last line but one: the last may be what closes the block."""
    last = held.rfind(b"\n")
    return held.rfind(b"\n", 0, last) + 1 if last >= 0 else 0


def _inserted_cut(held: bytes) -> int:
    """Return the end of the last row that another follows, 0 where there is none.

    A row ends where as many quotes have opened as closed.
    """
    end = len(held)
    quotes = np.count_nonzero(np.frombuffer(held, np.uint8) == QUOTE)  # faster than bytes.count
    while True:
        found = max(held.rfind(_ROW_END, 0, end), held.rfind(_MARKED_END, 0, end))
        if found < 0:
            return 0
        quotes -= held.count(b"'", found, end)
        if quotes % 2 == 0:
            return found + len(_ROW_END) - 1
        end = found


def _shown(text: bytes) -> str:
    return repr(text.decode()[:120])
