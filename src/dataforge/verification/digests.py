"""A digest of a table's rows as its database has them, in blocks, asked in the server's own SQL.

Each row's text gets a number out of MD5; a block is what the row's key is put into by the same
number, and its digest is the count and the sum of its rows' numbers. So rows may stand in any
order, and a changed cell changes one block.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from dataforge.verification.connections import DatabaseSession

Digest = Mapping[int, tuple[int, int]]
"""Rows and sum by block; blocks without rows are left out."""

_ROWS_A_BLOCK = 64
_MOST_BLOCKS = 4096


@dataclass(frozen=True, slots=True)
class _Words:
    """A dialect's SQL: a cell as text, 40 bits of a text's MD5, and whether || joins texts.

    Forty bits leave room for the sum of eight million rows in a signed 64-bit number.
    """

    text: str
    bits: str
    bars: bool = True


_WORDS = {
    "postgres": _Words("({0})::text", "('x' || substr(md5({0}), 1, 10))::bit(40)::bigint"),
    "mysql": _Words("{0}", "CAST(CONV(LEFT(MD5({0}), 10), 16, 10) AS UNSIGNED)", bars=False),
    "sqlite": _Words("quote({0})", "md5_bits({0})"),
    "duckdb": _Words("CAST({0} AS VARCHAR)", "md5_number_lower({0}) >> 24"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """The rows of one table, with its names as the database has them."""

    relation: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...]


def blocks_for(row_count: int) -> int:
    """Return how many blocks keep about ``_ROWS_A_BLOCK`` rows in each."""
    wanted = max(1, row_count // _ROWS_A_BLOCK)
    return min(_MOST_BLOCKS, 1 << (wanted - 1).bit_length())


def digest(session: DatabaseSession, content: Content, blocks: int) -> Digest:
    """Return the digest of a table; RefusedError where the database cannot compute it."""
    rows = session.native(
        f"SELECT block, count(*), sum(bits) FROM (SELECT {_block(session, content, blocks)} "
        f"AS block, {_bits(session, content.columns)} AS bits "
        f"FROM {_quoted(session, content.relation)}) AS t GROUP BY block"
    )
    return {int(str(block)): (int(str(n)), int(str(total))) for block, n, total in rows}


def rows_of(
    session: DatabaseSession, content: Content, blocks: int, wanted: Collection[int]
) -> list[tuple[object, ...]]:
    """Return the rows of some blocks, as the driver gives their cells."""
    columns = ", ".join(_name(session, name) for name in content.columns)
    listed = ", ".join(map(str, sorted(wanted)))
    return session.native(
        f"SELECT {columns} FROM {_quoted(session, content.relation)} "
        f"WHERE {_block(session, content, blocks)} IN ({listed})"
    )


def _block(session: DatabaseSession, content: Content, blocks: int) -> str:
    bits = _bits(session, content.key or content.columns)
    return f"mod({bits}, {blocks})" if session.dialect != "sqlite" else f"({bits}) % {blocks}"


def _bits(session: DatabaseSession, names: Sequence[str]) -> str:
    """Return SQL for the number of a row's text: its cells with their lengths, ``~`` for null."""
    words = _WORDS[session.dialect]
    cells = []
    for name in names:
        text = words.text.format(_name(session, name))
        sized = _joined(words, [f"length({text})", "':'", text])
        cells.append(f"coalesce({sized}, '~')")
    return words.bits.format(_joined(words, cells))


def _joined(words: _Words, parts: Sequence[str]) -> str:
    return f"({' || '.join(parts)})" if words.bars else f"concat({', '.join(parts)})"


def _quoted(session: DatabaseSession, parts: Sequence[str]) -> str:
    return ".".join(_name(session, part) for part in parts if part)


def _name(session: DatabaseSession, name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(session.dialect)
