"""How many different values a column of the catalogue can have, where its spec tells."""

from __future__ import annotations

import re

from dataforge.parsers.prompt.ledger import Ledger
from dataforge.schema import CategoricalSpec, Column, NumberSpec, PatternSpec, Schema, Table

_CLASSES = {"d": 10, "w": 63, "s": 1}
_REPEATED = re.compile(r"\{(\d+)(?:,(\d+))?\}|[?*+]")
_RANGE = re.compile(r"\\?(.)-\\?(.)|\\?(.)", re.DOTALL)
_MOST = 10**12


def roomy(schema: Schema, ledger: Ledger) -> Schema:
    """Let go of unique keys that cannot hold as many rows as are asked for."""
    return schema.model_copy(update={"tables": tuple(_roomy(t, ledger) for t in schema.tables)})


def _roomy(table: Table, ledger: Ledger) -> Table:
    if table.rows is None:
        return table
    kept = []
    for key in table.unique_keys:
        rooms = [
            capacity(table.columns_by_name[n]) for n in key.columns if n in table.columns_by_name
        ]
        foreign = {name for each in table.foreign_keys for name in each.columns}
        if foreign & set(key.columns) or None in rooms or _product(rooms) >= table.rows:
            kept.append(key)
            continue
        ledger.assume(
            f"{', '.join(key.columns)} of {table.name} may repeat: there are fewer of them than "
            f"{table.rows:,} rows"
        )
    return table.model_copy(update={"unique_keys": tuple(kept)})


def _product(rooms: list[int | None]) -> int:
    total = 1
    for room in rooms:
        total = min(total * (room or 1), _MOST)
    return total


def capacity(column: Column) -> int | None:
    """Return how many values a column's spec can make; None where that is open."""
    match column.spec:
        case CategoricalSpec(values=values):
            return len(set(values))
        case PatternSpec(pattern=pattern):
            return _alternatives(pattern, 0)[0]
        case NumberSpec(minimum=int(low), maximum=int(high)):
            return high - low + 1
        case _:
            return None


def _alternatives(text: str, at: int) -> tuple[int, int]:
    """Count what the alternatives from ``at`` on match, and say where they end."""
    total, product = 0, 1
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            total, product, at = total + product, 1, at + 1
            continue
        count, at = _atom(text, at)
        count, at = _repeated(text, at, count)
        product = min(product * count, _MOST)
    return min(total + product, _MOST), at


def _atom(text: str, at: int) -> tuple[int, int]:
    char = text[at]
    if char == "(":
        start = at + 3 if text.startswith("(?:", at) else at + 1
        count, end = _alternatives(text, start)
        return count, end + 1
    if char == "[":
        end = text.index("]", at + 2)
        return _members(text[at + 1 : end]), end + 1
    if char == "\\":
        return _CLASSES.get(text[at + 1], 1), at + 2
    return (90 if char == "." else 1), at + 1


def _members(body: str) -> int:
    count = 0
    for low, high, single in _RANGE.findall(body.replace("\\d", "0-9")):
        count += 1 if single else ord(high) - ord(low) + 1
    return max(count, 1)


def _repeated(text: str, at: int, count: int) -> tuple[int, int]:
    match = _REPEATED.match(text, at)
    if match is None:
        return count, at
    if match[1] is None:
        return (count + 1 if match[0] == "?" else count**3), match.end()
    low, high = int(match[1]), int(match[2] or match[1])
    return min(sum(count**n for n in range(low, high + 1)), _MOST), match.end()
