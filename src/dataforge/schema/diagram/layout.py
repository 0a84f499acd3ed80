"""Where the boxes of a drawing stand: parents on the left, children to their right.

A layered layout in the manner of Sugiyama, Tagawa and Toda (1981): a table stands one layer to
the right of its farthest parent, and within a layer boxes are sorted by the mean position of
their neighbours, a few sweeps to and fro. A link over several layers keeps a lane free in each of
those between, so that it passes between boxes. Tables without relations fill a grid below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

SWEEPS = 6
COLUMN_GAP = 72
ROW_GAP = 22
LAYER_HEIGHT = 1500
GRID_WIDTH = 1400
LANE_HEIGHT = 2


class Size(NamedTuple):
    """Width and height of a box in pixels."""

    width: int
    height: int


class Place(NamedTuple):
    """The upper left corner of a box in pixels."""

    x: int
    y: int


class Lane(NamedTuple):
    """A level stretch of a link, in pixels."""

    left: int
    right: int
    y: int


Link = tuple[str, str]
Links = Sequence[Link]


class Layout(NamedTuple):
    """The place of every box, and the lanes of long links from the parent to the child.

    ``widths`` has, for every box with links, that of the widest box above or below it.
    """

    places: dict[str, Place]
    widths: dict[str, int]
    lanes: dict[Link, tuple[Lane, ...]]


def layout(sizes: Mapping[str, Size], links: Links) -> Layout:
    """Place every box of ``sizes``; ``links`` are (child, parent) pairs. Deterministic."""
    proper = list(dict.fromkeys((c, p) for c, p in links if c != p))
    related = {name for link in proper for name in link}
    names = [name for name in sizes if name in related]
    ranks = _ranks(names, proper)
    chains = {link: _stops(link, ranks) for link in proper}
    stops = {stop: rank for chain in chains.values() for stop, rank in chain.items()}
    steps = [step for (child, parent), chain in chains.items()
             for step in pairwise([parent, *chain, child])]  # fmt: skip
    room = {**sizes, **dict.fromkeys(stops, Size(0, LANE_HEIGHT))}
    layers = _ordered({**ranks, **stops}, [(after, before) for before, after in steps])
    parts = [part for layer in layers for part in _split(layer, room)]
    found = _columns(parts, room)
    places = {name: found[name] for name in names}
    bottom = max((place.y + sizes[name].height for name, place in places.items()), default=0)
    alone = [name for name in sizes if name not in related]
    widths = {name: max(room[n].width for n in part) for part in parts for name in part}
    lanes = {link: tuple(Lane(found[stop].x, found[stop].x + widths[stop], found[stop].y)
                         for stop in chain) for link, chain in chains.items() if chain}  # fmt: skip
    below = _grid(alone, sizes, bottom + 2 * ROW_GAP if places else 0)
    return Layout(places | below, {name: widths[name] for name in names}, lanes)


def _stops(link: Link, ranks: Mapping[str, int]) -> dict[str, int]:
    """Return a stop in every layer between the two ends, with its layer."""
    child, parent = link
    between = range(ranks[parent] + 1, ranks[child])
    return {f"{child}\0{parent}\0{rank}": rank for rank in between}


def _ordered(ranks: Mapping[str, int], links: Links) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name, rank in ranks.items():
        layers[rank].append(name)
    near: dict[str, list[str]] = {name: [] for name in ranks}
    for child, parent in links:
        near[child].append(parent)
        near[parent].append(child)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            at = {name: i / len(other) for other in layers for i, name in enumerate(other)}
            layer.sort(key=lambda name, at=at: sum(at[n] for n in near[name]) / len(near[name]))  # type: ignore[misc]
    return layers


def _ranks(names: Sequence[str], links: Links) -> dict[str, int]:
    """Return each box's layer: the longest way from a root, edges that close a cycle left out."""
    parents: dict[str, list[str]] = {name: [] for name in names}
    for child, parent in links:
        parents[child].append(parent)
    ranks: dict[str, int] = {}
    for start in names:
        open_path: dict[str, None] = {}
        stack = [start]
        while stack:
            name = stack[-1]
            open_path[name] = None
            waiting = [p for p in parents[name] if p not in ranks and p not in open_path]
            if waiting:
                stack.append(waiting[0])
                continue
            stack.pop()
            open_path.pop(name)
            known = (ranks[p] + 1 for p in parents[name] if p in ranks)
            ranks.setdefault(name, max(known, default=0))
    return {name: ranks[name] for name in names}


def _split(layer: list[str], sizes: Mapping[str, Size]) -> list[list[str]]:
    """Cut a layer that is taller than ``LAYER_HEIGHT`` into columns of about equal height."""
    total = sum(sizes[name].height + ROW_GAP for name in layer)
    target = total / max(1, -(-total // LAYER_HEIGHT))
    parts: list[list[str]] = [[]]
    height = 0
    for name in layer:
        if parts[-1] and height + sizes[name].height / 2 > target * len(parts):
            parts.append([])
        parts[-1].append(name)
        height += sizes[name].height + ROW_GAP
    return parts


def _columns(parts: Sequence[Sequence[str]], sizes: Mapping[str, Size]) -> dict[str, Place]:
    """Stand the parts side by side, each centred on the tallest."""
    heights = [sum(sizes[n].height + ROW_GAP for n in part) - ROW_GAP for part in parts]
    tallest = max(heights, default=0)
    places: dict[str, Place] = {}
    x = 0
    for part, height in zip(parts, heights, strict=True):
        y = (tallest - height) // 2
        for name in part:
            places[name] = Place(x, y)
            y += sizes[name].height + ROW_GAP
        x += max(sizes[name].width for name in part) + COLUMN_GAP
    return places


def _grid(names: Sequence[str], sizes: Mapping[str, Size], top: int) -> dict[str, Place]:
    """Fill rows of ``GRID_WIDTH`` from the left."""
    places: dict[str, Place] = {}
    x, y, row_height = 0, top, 0
    for name in names:
        if x and x + sizes[name].width > GRID_WIDTH:
            x, y, row_height = 0, y + row_height + ROW_GAP, 0
        places[name] = Place(x, y)
        x += sizes[name].width + ROW_GAP
        row_height = max(row_height, sizes[name].height)
    return places
