"""Writing many strings of a tree at once, one column of characters after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.fixed_width import strings
from dataforge.engine.regular.tree import Chain, Charset, Choice, Node, Repeat
from dataforge.streams import BitArray, IntArray, below

DRAWN_AT_ONCE = 1 << 48  # leaves 16 bits above, so that no string is favoured by more than 2**-16

Draw = Callable[[str], BitArray]
Cursor = int | IntArray
_Part = tuple[int, IntArray, IntArray, Cursor]  # branch, places among the members, rows, cursor
Codes = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Canvas:
    """Rows of code points, shape (n, width); what lies beyond a row's length is dropped."""

    codes: Codes

    @classmethod
    def blank(cls, tree: Node, count: int) -> Canvas:
        """Return room for ``count`` strings of ``tree``."""
        ascii_only = max(tree.alphabet, default=0) < 128
        shape = (count, tree.most)
        return cls(np.zeros(shape, np.uint8) if ascii_only else np.zeros(shape, np.uint32))

    def put(self, members: IntArray | None, cursor: Cursor, symbols: Codes) -> None:
        """Write one symbol a member row at its cursor; ``members`` of None are all rows."""
        if members is None and not isinstance(cursor, int):
            members = np.arange(len(self.codes))
        self.codes[slice(None) if members is None else members, cursor] = symbols

    def finish(self, cursor: Cursor) -> pa.Array:
        """Return the strings that end at ``cursor``."""
        count, width = self.codes.shape
        lengths = None if isinstance(cursor, int) else cursor
        if self.codes.dtype == np.uint8:
            return strings(self.codes.view(np.uint8), lengths)
        if lengths is not None:
            self.codes[np.arange(width) >= lengths[:, None]] = 0
        return pa.array(self.codes.view(f"<U{width}").reshape(count), pa.string())


def write(
    node: Node, canvas: Canvas, members: IntArray | None, cursor: Cursor, ranks: IntArray
) -> Cursor:
    """Write the derivations at ``ranks`` (int64, one a member) and return the new cursor."""
    match node:
        case Charset(symbols):
            table = np.array(symbols, dtype=canvas.codes.dtype)
            canvas.put(members, cursor, table[ranks] if len(symbols) > 1 else table)
            return cursor + 1
        case Chain(parts):
            for part in parts:
                if part.count == 1:
                    cursor = write(part, canvas, members, cursor, np.zeros_like(ranks))
                    continue
                ranks, own = np.divmod(ranks, part.count)
                cursor = write(part, canvas, members, cursor, own)
            return cursor
        case Choice(branches):
            starts = np.cumsum([0, *(branch.count for branch in branches)], dtype=np.int64)
            chosen = np.searchsorted(starts, ranks, side="right") - 1

            def write_branch(part: _Part) -> Cursor:
                index, some, rows, at = part
                return write(branches[index], canvas, rows, at, ranks[some] - starts[index])

            return _branch(len(branches), chosen, members, cursor, write_branch)
        case Repeat():
            return _write_repeat(node, canvas, members, cursor, ranks)


def _write_repeat(
    node: Repeat, canvas: Canvas, members: IntArray | None, cursor: Cursor, ranks: IntArray
) -> Cursor:
    base, item = node.item.count, node.item
    times: Cursor = node.low
    if node.low < node.high:
        sizes = [base**count for count in range(node.low, node.high)]
        starts = np.cumsum([0, *sizes], dtype=np.int64)
        times = np.searchsorted(starts, ranks, side="right") - 1
        ranks, times = ranks - starts[times], times + node.low
    for turn in range(node.high):
        ranks, own = np.divmod(ranks, base) if base > 1 else (ranks, ranks)
        cursor = _once(item, canvas, members, cursor, times, turn, own)
    if item.least == item.most and not isinstance(times, int):
        return cursor - (node.high - times) * item.most
    return cursor


def _once(
    item: Node,
    canvas: Canvas,
    members: IntArray | None,
    cursor: Cursor,
    times: Cursor,
    turn: int,
    ranks: IntArray,
) -> Cursor:
    """Write one turn of a repetition.

    Items of one length are written even past the last turn; the cursor later steps back over
    them.
    """
    if isinstance(times, int) or item.least == item.most:
        return write(item, canvas, members, cursor, ranks)
    rows = np.arange(len(canvas.codes)) if members is None else members
    active = np.flatnonzero(times > turn)
    at = _spread(cursor, len(rows))
    at[active] = write(item, canvas, rows[active], at[active], ranks[active])
    return at


def draw(
    node: Node,
    canvas: Canvas,
    members: IntArray | None,
    cursor: Cursor,
    bits: Draw,
    path: str = "",
) -> Cursor:
    """Write a random derivation a member: branches and repetition counts equally likely.

    ``bits`` gives 64 random bits for every row of the canvas and each path.
    """
    if _plain(node) and node.count <= DRAWN_AT_ONCE:
        return write(node, canvas, members, cursor, _drawn(bits, path, members, node.count))
    match node:
        case Chain(parts):
            for index, part in enumerate(_gathered(parts)):
                cursor = draw(part, canvas, members, cursor, bits, f"{path}.{index}")
            return cursor
        case Choice(branches):
            chosen = _drawn(bits, f"{path}|", members, len(branches))

            def draw_branch(part: _Part) -> Cursor:
                index, _, rows, at = part
                return draw(branches[index], canvas, rows, at, bits, f"{path}|{index}")

            return _branch(len(branches), chosen, members, cursor, draw_branch)
        case Repeat():
            return _draw_repeat(node, canvas, members, cursor, bits, path)
        case _:
            return write(node, canvas, members, cursor, _drawn(bits, path, members, node.count))


def _draw_repeat(
    node: Repeat, canvas: Canvas, members: IntArray | None, cursor: Cursor, bits: Draw, path: str
) -> Cursor:
    count = len(canvas.codes) if members is None else len(members)
    begin = cursor
    spread = node.high - node.low + 1
    times = node.low + _drawn(bits, f"{path}#", members, spread) if spread > 1 else None
    if times is None or node.item.least == node.item.most:
        parts = _gathered((node.item,) * node.high)
        cursor = draw(Chain(parts), canvas, members, cursor, bits, f"{path}*")
        return cursor if times is None else begin + times * node.item.most
    rows = np.arange(len(canvas.codes)) if members is None else members
    at = _spread(cursor, count)
    for turn in range(node.high):
        active = np.flatnonzero(times > turn)
        there = draw(node.item, canvas, rows[active], at[active], bits, f"{path}*{turn}")
        at[active] = there
    return at


def _branch(
    branches: int,
    chosen: IntArray,
    members: IntArray | None,
    cursor: Cursor,
    make: Callable[[_Part], Cursor],
) -> Cursor:
    """Let each branch write its own rows, and gather their cursors."""
    at = _spread(cursor, len(chosen))
    for index in range(branches):
        some = np.flatnonzero(chosen == index)
        if len(some):
            rows = some if members is None else members[some]
            there = cursor if isinstance(cursor, int) else cursor[some]
            at[some] = make((index, some, rows, there))
    return at


def _spread(cursor: Cursor, count: int) -> IntArray:
    return np.full(count, cursor) if isinstance(cursor, int) else cursor.copy()


def _drawn(bits: Draw, path: str, members: IntArray | None, size: int) -> IntArray:
    words = bits(path)
    return below(words if members is None else words[members], size)


def _plain(node: Node) -> bool:
    """Tell whether a node has neither branches nor open repetitions."""
    match node:
        case Chain(parts):
            return all(map(_plain, parts))
        case Repeat(item, low, high):
            return low == high and _plain(item)
        case _:
            return isinstance(node, Charset)


def _gathered(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """Join neighbouring plain parts into chains that one draw decides."""
    joined: list[Node] = []
    for part in parts:
        before = joined[-1] if joined else None
        together = before is not None and _plain(part) and _plain(before)
        if before and together and part.count * before.count <= DRAWN_AT_ONCE:
            joined[-1] = Chain((before, part))
        else:
            joined.append(part)
    return tuple(joined)
