"""The tree of a bounded regular expression, and what can be known of its strings.

Sizes count derivations: an ambiguous expression derives some string in two ways. ``certain``
tells that it does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod


@dataclass(frozen=True)
class Charset:
    """One character out of ``symbols`` (distinct code points, ascending)."""

    symbols: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many strings there are."""
        return len(self.symbols)

    @property
    def least(self) -> int:
        """The length of the shortest string, in characters."""
        return 1

    @property
    def most(self) -> int:
        """The length of the longest string, in characters."""
        return 1

    @cached_property
    def alphabet(self) -> frozenset[int]:
        """Every code point that occurs in a string."""
        return frozenset(self.symbols)

    @property
    def firsts(self) -> frozenset[int]:
        """Every code point that begins a string."""
        return self.alphabet


@dataclass(frozen=True)
class Chain:
    """``parts`` one after the other."""

    parts: tuple[Node, ...]

    @cached_property
    def count(self) -> int:
        """How many derivations there are."""
        return prod(part.count for part in self.parts)

    @cached_property
    def least(self) -> int:
        """The length of the shortest string."""
        return sum(part.least for part in self.parts)

    @cached_property
    def most(self) -> int:
        """The length of the longest string."""
        return sum(part.most for part in self.parts)

    @cached_property
    def alphabet(self) -> frozenset[int]:
        """Every code point that occurs in a string."""
        return frozenset().union(*(part.alphabet for part in self.parts))

    @cached_property
    def firsts(self) -> frozenset[int]:
        """Every code point that begins a string."""
        found: frozenset[int] = frozenset()
        for part in self.parts:
            found |= part.firsts
            if part.least:
                break
        return found


@dataclass(frozen=True)
class Choice:
    """One of ``branches``."""

    branches: tuple[Node, ...]

    @cached_property
    def count(self) -> int:
        """How many derivations there are."""
        return sum(branch.count for branch in self.branches)

    @cached_property
    def least(self) -> int:
        """The length of the shortest string."""
        return min(branch.least for branch in self.branches)

    @cached_property
    def most(self) -> int:
        """The length of the longest string."""
        return max(branch.most for branch in self.branches)

    @cached_property
    def alphabet(self) -> frozenset[int]:
        """Every code point that occurs in a string."""
        return frozenset().union(*(branch.alphabet for branch in self.branches))

    @cached_property
    def firsts(self) -> frozenset[int]:
        """Every code point that begins a string."""
        return frozenset().union(*(branch.firsts for branch in self.branches))


@dataclass(frozen=True)
class Repeat:
    """``item`` from ``low`` to ``high`` times."""

    item: Node
    low: int
    high: int

    @cached_property
    def count(self) -> int:
        """How many derivations there are."""
        base = self.item.count
        if base == 1:
            return self.high - self.low + 1
        return int((base ** (self.high + 1) - base**self.low) // (base - 1))

    @property
    def least(self) -> int:
        """The length of the shortest string."""
        return self.item.least * self.low

    @property
    def most(self) -> int:
        """The length of the longest string."""
        return self.item.most * self.high

    @property
    def alphabet(self) -> frozenset[int]:
        """Every code point that occurs in a string."""
        return self.item.alphabet if self.high else frozenset()

    @property
    def firsts(self) -> frozenset[int]:
        """Every code point that begins a string."""
        return self.item.firsts if self.high else frozenset()


Node = Charset | Chain | Choice | Repeat
View = Callable[[Node], Node]


def _as_is(node: Node) -> Node:
    return node


def bounded(node: Node, limit: int) -> Node:
    """Return the part of ``node`` whose strings have at most ``limit`` ≥ ``least`` characters."""
    if node.most <= limit:
        return node
    match node:
        case Chain(parts):
            slack, spans = limit - node.least, [part.most - part.least for part in parts]
            shares = [slack * span // sum(spans) for span in spans]
            pairs = zip(parts, shares, strict=True)
            return Chain(tuple(bounded(part, part.least + share) for part, share in pairs))
        case Choice(branches):
            fitting = (branch for branch in branches if branch.least <= limit)
            return Choice(tuple(bounded(branch, limit) for branch in fitting))
        case Repeat(item, low, high):
            inner = bounded(item, max(item.least, limit // max(low, 1)))
            return Repeat(inner, low, min(high, limit // inner.most))
        case _:
            return node


def certain(node: Node) -> bool:
    """Tell whether different derivations surely give different strings."""
    match node:
        case Chain(parts):
            return all(map(certain, parts)) and _splits_once(parts)
        case Choice(branches):
            pairs = itertools.combinations(branches, 2)
            return all(map(certain, branches)) and all(disjoint(a, b) for a, b in pairs)
        case Repeat(item, low, high):
            countable = item.least == item.most > 0 or low == high == 1
            return high == 0 or (certain(item) and countable)
        case _:
            return True


def _splits_once(parts: tuple[Node, ...]) -> bool:
    """Tell whether a string can be cut into the parts in one way only.

    Each part of variable length but the last must end where a character begins the rest that
    it cannot hold itself; the last one ends where the fixed lengths after it begin.
    """
    loose = [index for index, part in enumerate(parts) if part.least < part.most]
    for index in loose[:-1]:
        rest = Chain(parts[index + 1 :])
        if not rest.least or parts[index].alphabet & rest.firsts:
            return False
    return True


def disjoint(a: Node, b: Node) -> bool:
    """Tell whether no string is surely in both, by their lengths or their characters."""
    if a.most < b.least or b.most < a.least:
        return True
    if a.least and b.least and not a.firsts & b.firsts:
        return True
    if a.least < a.most or b.least < b.most:
        return False
    columns = zip(_columns(a), _columns(b), strict=True)
    return any(not left & right for left, right in columns)


def _columns(node: Node) -> list[frozenset[int]]:
    """Return the code points at each position of a node of fixed length."""
    match node:
        case Chain(parts):
            return [column for part in parts for column in _columns(part)]
        case Choice(branches):
            stacked = zip(*(_columns(branch) for branch in branches), strict=True)
            return [frozenset().union(*column) for column in stacked]
        case Repeat(item, _, high):
            return _columns(item) * high
        case _:
            return [node.alphabet]


def pinned(node: Node, view: View = _as_is) -> Node:
    """Return a part of ``node``, as large as simply found, that is certain.

    With a ``view`` its strings stay distinct when looked at so, for instance in lower case.
    """
    if certain(view(node)):
        return node
    match node:
        case Chain(parts):
            return _pinned_chain(tuple(pinned(part, view) for part in parts), view)
        case Choice(branches):
            kept: list[Node] = []
            for branch in sorted(branches, key=lambda each: -each.count):
                sure = pinned(branch, view)
                if all(disjoint(view(sure), view(other)) for other in kept):
                    kept.append(sure)
            return Choice(tuple(kept))
        case Repeat(item, low, high):
            inner = widest(pinned(item, view))
            return Repeat(inner, low, high) if inner.most else Repeat(inner, low, low)
        case _:
            return node


def _pinned_chain(parts: tuple[Node, ...], view: View) -> Chain:
    """Fix the length of one loose part after the other until the chain splits in one way."""
    done = list(parts)
    for index in range(len(done)):
        if _splits_once(tuple(map(view, done))):
            break
        done[index] = widest(done[index])
    return Chain(tuple(done))


def widest(node: Node) -> Node:
    """Return a part of a certain ``node`` whose strings all have the same length."""
    match node:
        case Chain(parts):
            return Chain(tuple(map(widest, parts)))
        case Choice(branches):
            return _largest_width([widest(branch) for branch in branches])
        case Repeat(item, _, high):
            return Repeat(widest(item), high, high)
        case _:
            return node


def _largest_width(branches: list[Node]) -> Node:
    by_width: dict[int, list[Node]] = {}
    for branch in branches:
        by_width.setdefault(branch.most, []).append(branch)
    return max((Choice(tuple(group)) for group in by_width.values()), key=lambda node: node.count)


def mapped(node: Node, change: Callable[[tuple[int, ...]], tuple[int, ...]]) -> Node:
    """Return the tree with the symbols of every charset changed."""
    match node:
        case Chain(parts):
            return Chain(tuple(mapped(part, change) for part in parts))
        case Choice(branches):
            return Choice(tuple(mapped(branch, change) for branch in branches))
        case Repeat(item, low, high):
            return Repeat(mapped(item, change), low, high)
        case _:
            return Charset(change(node.symbols))
