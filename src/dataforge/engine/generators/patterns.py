"""Strings that match a pattern, drawn freely or addressed by rank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.regular.syntax import parse
from dataforge.engine.regular.tree import (
    Chain,
    Choice,
    Node,
    Repeat,
    bounded,
    certain,
    mapped,
    pinned,
    widest,
)
from dataforge.engine.regular.writing import Canvas, Cursor, draw, write
from dataforge.errors import ParseError, Problem, SchemaError
from dataforge.schema.specs import PatternSpec
from dataforge.schema.types import StringType
from dataforge.streams import IntArray, below, bits, derive_key

_LARGEST = 1 << 62
_LISTED = 1 << 16


@dataclass(frozen=True, slots=True)
class PatternGenerator:
    """Draws matches; every branch and every number of repetitions is equally likely."""

    tree: Node
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return strings that match, shape (n,)."""
        canvas = Canvas.blank(self.tree, len(cells.rows))
        return canvas.finish(draw(self.tree, canvas, None, 0, cells.bits))


@dataclass(frozen=True)
class ListedDomain:
    """The distinct matches of a small ambiguous pattern, listed once."""

    values: pa.StringArray

    @property
    def size(self) -> int:
        """How many matches there are."""
        return len(self.values)

    @cached_property
    def fold_safe(self) -> bool:
        """Whether the matches stay distinct when upper and lower case are not told apart."""
        return len(_folded_first(self.values)) == len(self.values)

    def folded(self) -> ListedDomain:
        """Return the matches that stay distinct when case is not told apart."""
        return ListedDomain(self.values.take(_folded_first(self.values)))

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the matches at ``ranks``."""
        return self.values.take(pa.array(ranks))


@dataclass(frozen=True)
class PatternDomain:
    """Distinct matches by rank.

    Patterns with more than 2**62 matches number a part of each string by the rank and fill in
    the rest from a hash of it.
    """

    tree: Chain
    carriers: frozenset[int]
    key: int

    @cached_property
    def size(self) -> int:
        """How many matches can be addressed; a pattern that is ambiguous keeps a part of them."""
        return prod(self.tree.parts[index].count for index in self.carriers)

    @cached_property
    def fold_safe(self) -> bool:
        """Whether the matches stay distinct when upper and lower case are not told apart."""
        folded = mapped(self.tree, _folded)
        return folded.count == self.tree.count and certain(folded)

    def folded(self) -> PatternDomain:
        """Return the matches that stay distinct when case is not told apart."""
        one_case = mapped(self.tree, _one_case)
        return _numbered(pinned(one_case, lambda node: mapped(node, _folded)), self.key)

    def decode(self, ranks: IntArray) -> pa.Array:
        """Return the matches at ``ranks``."""
        canvas = Canvas.blank(self.tree, len(ranks))
        rest = ranks
        cursor: Cursor = 0
        for index, part in enumerate(self.tree.parts):
            if index in self.carriers:
                rest, own = np.divmod(rest, part.count)
            else:
                own = below(bits(self.key, ranks, index), part.count)
            cursor = write(part, canvas, None, cursor, own)
        return canvas.finish(cursor)


def build(spec: PatternSpec, site: Site) -> Generator:
    """Return the generator; ``SchemaError`` when the pattern is not read or does not fit."""
    return PatternGenerator(_tree(spec, site))


def domain(spec: PatternSpec, site: Site) -> Domain | None:
    """Return the distinct matches by rank; errors as for ``build``."""
    key = derive_key(site.schema.seed, site.table.name, site.column.name, "pattern")
    return _ranked(_tree(spec, site), key)


def _tree(spec: PatternSpec, site: Site) -> Node:
    path = f"tables.{site.table.name}.columns.{site.column.name}"
    try:
        tree = parse(spec.pattern)
    except ParseError as error:
        raise SchemaError.of([Problem(path, error.message)]) from error
    room = _room(site)
    if room is None:
        return tree
    if tree.least <= room:
        fitting = bounded(tree, room)
        # Databases pad short strings of fixed length with blanks, which the pattern may not allow.
        padded = isinstance(site.column.type, StringType) and site.column.type.fixed
        return widest(fitting) if padded and fitting.most == room else fitting
    message = f"the shortest match of {spec.pattern!r} has {tree.least} characters, not {room}"
    raise SchemaError.of([Problem(path, message, "lengthen the column or shorten the pattern")])


def _room(site: Site) -> int | None:
    declared = site.column.type.max_length if isinstance(site.column.type, StringType) else None
    bounds = [length for length in (declared, site.limits.max_length) if length is not None]
    return min(bounds, default=None)


def _ranked(tree: Node, key: int) -> ListedDomain | PatternDomain:
    if tree.count <= _LISTED and not certain(tree):
        canvas = Canvas.blank(tree, tree.count)
        ranks = np.arange(tree.count, dtype=np.int64)
        return ListedDomain(canvas.finish(write(tree, canvas, None, 0, ranks)).unique())
    return _numbered(pinned(tree), key)


def _numbered(sure: Node, key: int) -> PatternDomain:
    """Choose the parts of a certain tree that carry the rank: the largest that fit 2**62."""
    parts = (sure,) if sure.count <= _LARGEST else tuple(_expanded(sure))
    room, carriers = _LARGEST, set()
    for index in sorted(range(len(parts)), key=lambda place: (-parts[place].count, -place)):
        if parts[index].count <= room:
            room //= parts[index].count
            carriers.add(index)
    return PatternDomain(Chain(parts), frozenset(carriers), key)


def _expanded(node: Node) -> list[Node]:
    """Return a chain of countable parts whose matches are all matches of ``node``."""
    if node.count <= _LARGEST:
        return [node]
    match node:
        case Chain(parts):
            return [piece for part in parts for piece in _expanded(part)]
        case Choice(branches):
            return _expanded(max(branches, key=lambda branch: branch.count))
        case Repeat(item, _, high):
            return _expanded(item) * high
        case _:
            return [node]


def _folded_first(values: pa.StringArray) -> pa.Array:
    """Return the place of the first value of each group that differs in case alone."""
    folded = pa.table({"folded": pc.utf8_lower(values), "place": np.arange(len(values))})
    return folded.group_by("folded").aggregate([("place", "min")])["place_min"].sort()


def _folded(symbols: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({ord(chr(symbol).lower()[0]) for symbol in symbols}))


def _one_case(symbols: tuple[int, ...]) -> tuple[int, ...]:
    """Keep of each letter the first case in the class: a capital where there are both."""
    first = {chr(symbol).lower(): symbol for symbol in reversed(symbols)}
    return tuple(sorted(first.values()))
