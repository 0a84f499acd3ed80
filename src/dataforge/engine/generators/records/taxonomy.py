"""A tree of product categories: departments, their categories, types of product, lines of brands.

Row numbers say where a node stands: departments come first, then the categories in turns from each,
then the types of product, then the lines; after the last the tree begins again. So a prefix of the
rows is a tree, and a self-reference of the table finds the parent of any row from its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

import numpy as np

from dataforge.corpora import joint_table, slug
from dataforge.corpora.terms import in_words
from dataforge.engine.generators.records import product
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Joined,
    MakeField,
    Number,
    Part,
    Text,
)
from dataforge.streams import IntArray

ROOT = -1
LINES = 24
SEPARATOR = " > "
# The categories of products, by their profile, below each department.
DEPARTMENTS = {
    "Home & Living": ("Furniture", "Home", "Kitchen", "Garden", "Tools"),
    "Fashion": ("Clothing", "Footwear"),
    "Sports & Leisure": ("Sports", "Toys", "Travel"),
    "Technology & Office": ("Electronics", "Office"),
    "Food & Beauty": ("Food", "Beauty"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A category: its name, the place of the node above it (``ROOT`` for none), and its level."""

    name: str
    parent: int
    level: int


@cache
def nodes(locale: str) -> tuple[Node, ...]:
    """Return the tree in a locale's words; the places are the same in every locale."""
    columns = joint_table("product", locale).columns
    facts = list(zip(columns["profile"], columns["category"], columns["noun"], strict=True))
    names = {profile: category for profile, category, _ in facts}
    made = [Node(name, ROOT, 1) for name in in_words(locale, "taxonomy.department", DEPARTMENTS)]
    at = {}
    for root, profile in _in_turns([list(each) for each in DEPARTMENTS.values()]):
        at[profile] = len(made)
        made.append(Node(names[profile], root, 2))
    nouns = [[noun for other, _, noun in facts if other == profile] for profile in at]
    places = list(at.values())
    types = [Node(noun, places[which], 3) for which, noun in _in_turns(nouns)]
    first = len(made)
    made += types
    for brand in product.brands(locale)[:: len(product.brands(locale)) // LINES][:LINES]:
        made += [Node(f"{brand} {each.name}", first + n, 4) for n, each in enumerate(types)]
    return tuple(_told_apart(made))


def _in_turns(groups: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the number of a group and one of its words, a word of each group at a time."""
    for turn in zip_longest(*groups):
        yield from ((number, word) for number, word in enumerate(turn) if word is not None)


def _told_apart(found: Sequence[Node]) -> Iterator[Node]:
    """Yield the nodes, one that is called as another with a word behind it."""
    seen: set[str] = set()
    for node in found:
        name = node.name
        endings = iter(product.LINES)
        while name.casefold() in seen:
            name = f"{node.name} {next(endings)}"
        seen.add(name.casefold())
        yield Node(name, node.parent, node.level)


@cache
def parents() -> IntArray:
    """Return the place of the node above each, int64, ``ROOT`` at the top."""
    return np.array([node.parent for node in nodes("en_US")], dtype=np.int64)


def parent_rows(rows: IntArray) -> IntArray:
    """Return the row of the node above each row's, ``ROOT`` at the top."""
    above = parents()
    tree, place = np.divmod(rows, above.size)
    parent = above[place]
    return np.where(parent == ROOT, ROOT, parent + tree * above.size)


def _paths(locale: str) -> list[str]:
    made: list[str] = []
    for node in nodes(locale):
        made.append(node.name if node.parent == ROOT else _below(made[node.parent], node.name))
    return made


def _below(path: str, name: str) -> str:
    return f"{path}{SEPARATOR}{name}"


def _text(values: list[str]) -> Text:
    def codes(draw: Draw) -> Codes:
        return draw.cells.rows % len(values)

    listed = Joined((Part(values, codes),))
    return Text((listed,), distinct=(listed,), room=len(values))


def _slugs(locale: str) -> list[str]:
    own, english = (
        ["-".join(filter(None, map(slug, node.name.split()))) for node in nodes(spoken)]
        for spoken in (locale, "en_US")
    )
    return own if all(own) and len(set(own)) == len(own) else english


def _level(locale: str) -> Number:
    levels = np.array([node.level for node in nodes(locale)], dtype=np.int64)
    return Number(lambda draw: levels[draw.cells.rows % levels.size])


FIELDS: dict[str, MakeField] = {
    "name": lambda locale: _text([node.name for node in nodes(locale)]),
    "path": lambda locale: _text(_paths(locale)),
    "slug": lambda locale: _text(_slugs(locale)),
    "level": _level,
}
