"""Circles in directed graphs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def components(edges: Mapping[N, Iterable[N]]) -> list[list[N]]:
    """Return the strongly connected components (Tarjan 1972, iterative), in order of discovery."""
    order: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    standing: set[N] = set()
    found: list[list[N]] = []
    for root in edges:
        if root in order:
            continue
        work = [(root, iter(list(edges.get(root, ()))))]
        order[root] = low[root] = len(order)
        stack.append(root)
        standing.add(root)
        while work:
            node, pending = work[-1]
            following = next(pending, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    found.append(_popped(stack, standing, node))
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                standing.add(following)
                work.append((following, iter(list(edges.get(following, ())))))
            elif following in standing:
                low[node] = min(low[node], order[following])
    return found


def _popped(stack: list[N], standing: set[N], node: N) -> list[N]:
    members: list[N] = []
    while True:
        member = stack.pop()
        standing.discard(member)
        members.append(member)
        if member == node:
            return members[::-1]


def circles(edges: Mapping[N, Iterable[N]]) -> list[list[N]]:
    """Return one shortest circle per component that has any, first node repeated at the end."""
    found = []
    for members in components(edges):
        start = members[0]
        circle = _route(edges, start, set(members))
        if circle:
            found.append(circle)
    return found


def _route(edges: Mapping[N, Iterable[N]], start: N, members: set[N]) -> list[N]:
    """Return the shortest way from ``start`` back to itself within ``members``."""
    reached: dict[N, list[N]] = {}
    pending = [[start]]
    while pending:
        way = pending.pop(0)
        for following in edges.get(way[-1], ()):
            if following == start:
                return [*way, start]
            if following in members and following not in reached:
                reached[following] = [*way, following]
                pending.append(reached[following])
    return []
