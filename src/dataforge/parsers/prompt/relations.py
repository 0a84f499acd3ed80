"""Relations in words: each customer has 3 to 5 orders, three each, every flight has one airport."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dataforge.parsers.prompt.columns import columns_in
from dataforge.parsers.prompt.entities import Draft
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.request import ColumnWish, Relation
from dataforge.parsers.prompt.scene import COUNT, THING, Scene
from dataforge.parsers.prompt.structure import Item
from dataforge.schema import Schema

_FILL = r"[^.;。⟦⟨]"
_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class _Found:
    relation: Relation
    rank: int


def relations_in(all_scenes: Sequence[Scene], words: Lexicon) -> tuple[Relation, ...]:
    """Return the relations that are stated, those with counts before others of the same pair."""
    found: list[_Found] = []
    for rank, finder in enumerate((_each_has, _per_each, _so_many_each, _belongs)):
        for scene in all_scenes:
            found += (_Found(relation, rank) for relation in finder(scene, words))
    kept: dict[frozenset[str], Relation] = {}
    for each in sorted(found, key=_by_weight):
        pair = frozenset((each.relation.parent, each.relation.child))
        if len(pair) == 2:
            kept.setdefault(pair, each.relation)
    return tuple(kept.values())


def _by_weight(found: _Found) -> tuple[bool, int]:
    """Put relations that state a number before those that do not."""
    bare = found.relation.minimum is None and found.relation.mean is None
    return bare and found.relation.maximum is None, found.rank


def _amount(words: Lexicon) -> str:
    bound = (
        rf"(?:(?P<least>{words.any('at_least')})|(?P<most>{words.any('at_most')})"
        rf"|(?P<mean>{words.any('average')})|(?:{words.any('approximate', 'between')}))?"
    )
    upper = rf"(?:\s*(?:{words.any('to', 'and')})\s*{COUNT.format('n2')})?"
    more = rf"(?:\s*(?P<more>{words.any('or_more')}))?"
    single = rf"(?:(?P<single>{words.any('one')})\s+(?:{words.any('to')})\s*)?"
    return rf"{bound}\s*{single}{COUNT.format('n1')}{upper}{more}"


def _bounds(match: re.Match[str], scene: Scene) -> dict[str, int | float | None]:
    low = scene.number(match["n1"]).value
    high = scene.number(match["n2"]).value if match["n2"] else low
    low = 1 if match["single"] else low
    if match["mean"]:
        return {"mean": low}
    if match["least"] or match["more"]:
        return {"minimum": int(low), "maximum": None}
    if match["most"]:
        return {"minimum": 0, "maximum": int(low)}
    return {"minimum": int(min(low, high)), "maximum": int(max(low, high))}


def _each_has(scene: Scene, words: Lexicon) -> Iterator[Relation]:
    """Each customer has 3 to 5 orders; every flight has one airport and one company."""
    filler = r"(?:\s*[\w'’-]+){0,2}?\s*"
    pattern = re.compile(
        rf"(?:{words.any('each')})\s*{THING.format('a')}(?P<verb>{_FILL}{{0,50}}?)\s*{_amount(words)}"
        rf"{filler}{THING.format('b')}",
        re.IGNORECASE,
    )
    again = re.compile(
        rf"\s*(?:,|{words.any('and')})+\s*{_amount(words)}{filler}{THING.format('b')}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        parent = scene.thing(match["a"])
        verb = match["verb"].strip()
        yield from _either_way(scene, match, parent, scene.thing(match["b"]), verb, words)
        following = again.match(scene.marked, match.end())
        while following:
            yield from _either_way(
                scene, following, parent, scene.thing(following["b"]), verb, words
            )
            following = again.match(scene.marked, following.end())


def _said_of_each(scene: Scene, words: Lexicon) -> tuple[ColumnWish, ...]:
    """Return what each pair gets: a grade from A to F in each."""
    pattern = re.compile(
        rf"(?:{words.any('gets')})\s+(?:{words.any('articles', 'one')})?\s*"
        rf"(?P<what>[^.;⟦⟨]+?)\s+(?:{words.any('in_each')})",
        re.IGNORECASE,
    )
    text = scene.words.text
    match = pattern.search(text)
    if match is None:
        return ()
    item = Item(match["what"], scene.words.start + match.start("what"))
    return columns_in((item,), words, Schema.model_fields["now"].default)


def _either_way(
    scene: Scene, match: re.Match[str], one: Draft, other: Draft, verb: str, words: Lexicon
) -> Iterator[Relation]:
    bounds = _bounds(match, scene)
    place = scene.place(match.start(), match.end())
    belongs = re.search(words.any("belongs"), verb, re.IGNORECASE) is not None
    single = bounds.get("minimum") == bounds.get("maximum") == 1
    if belongs or single:
        yield Relation(parent=other.name, child=one.name, words=place)
        return
    said = _said_of_each(scene, words)
    yield Relation.model_validate(
        {"parent": one.name, "child": other.name, "words": place, "columns": said, **bounds}
    )


def _per_each(scene: Scene, words: Lexicon) -> Iterator[Relation]:
    """Three orders per customer."""
    pattern = re.compile(
        rf"{_amount(words)}(?:\s*[\w'’-]+){{0,2}}?\s*{THING.format('b')}\s*(?:{words.any('per')})\s*"
        rf"(?:[\w'’-]+\s+)?{THING.format('a')}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        bounds = _bounds(match, scene)
        place = scene.place(match.start(), match.end())
        names = {"parent": scene.thing(match["a"]).name, "child": scene.thing(match["b"]).name}
        yield Relation.model_validate({"words": place, **names, **bounds})


def _so_many_each(scene: Scene, words: Lexicon) -> Iterator[Relation]:
    """10 customers with three orders each; customers and orders, three each; jeweils drei."""
    each = words.any("every_one")
    after = re.compile(
        rf"{THING.format('a')}{_FILL}{{0,30}}?{_amount(words)}(?:\s*[\w'’-]+){{0,2}}?\s*"
        rf"{THING.format('b')}\s*(?:{each})",
        re.IGNORECASE,
    )
    before = re.compile(
        rf"{THING.format('a')}{_FILL}{{0,30}}?(?:{each}){_FILL}{{0,12}}?{_amount(words)}(?:\s*[\w'’-]+){{0,2}}?\s*"
        rf"{THING.format('b')}",
        re.IGNORECASE,
    )
    bare = re.compile(
        rf"{THING.format('a')}{_FILL}{{0,30}}?{THING.format('b')}{_FILL}{{0,12}}?{_amount(words)}\s*(?:{each})",
        re.IGNORECASE,
    )
    for pattern in (after, before, bare):
        for match in pattern.finditer(scene.marked):
            bounds = _bounds(match, scene)
            place = scene.place(match.start(), match.end())
            names = {"parent": scene.thing(match["a"]).name, "child": scene.thing(match["b"]).name}
            yield Relation.model_validate({"words": place, **names, **bounds})


def _belongs(scene: Scene, words: Lexicon) -> Iterator[Relation]:
    """Orders belong to a customer; transactions that are linked to customers and products."""
    pattern = re.compile(
        rf"{THING.format('a')}(?P<between>{_FILL}{{0,30}}?)(?:{words.any('belongs')})\s*(?:[\w'’-]+\s+){{0,2}}?"
        rf"{THING.format('b')}",
        re.IGNORECASE,
    )
    again = re.compile(
        rf"(?:{_FILL}{{0,12}}?)(?:,|{words.any('and')})\s*(?:[\w'’-]+\s+){{0,2}}?{THING.format('b')}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        child = scene.thing(match["a"])
        lacking = re.search(words.any("may_lack"), match[0], re.IGNORECASE) is not None
        place = scene.place(match.start(), match.end())
        yield Relation(
            parent=scene.thing(match["b"]).name, child=child.name, required=not lacking, words=place
        )
        following = again.match(scene.marked, match.end())
        while following:
            parent = scene.thing(following["b"])
            yield Relation(parent=parent.name, child=child.name, required=not lacking, words=place)
            following = again.match(scene.marked, following.end())
