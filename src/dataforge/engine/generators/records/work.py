"""Titles of works: films, books and songs, articles, courses."""

from __future__ import annotations

import pyarrow as pa

from dataforge.corpora import vocabulary
from dataforge.corpora.files import sections
from dataforge.engine.generators.records.fields import MakeField, Part, Text, joined
from dataforge.engine.generators.text_frames import lexicon

_NUMBERS = 10_000


def _uniform(values: list[str], purpose: str) -> Part:
    return Part(values, lambda draw: draw.below("work", purpose, len(values)))


def title(locale: str) -> Text:
    """``The Silent Harbor``, ``Crimson Letter of the North``; one noun where it is narrow."""
    works = sections(locale, "works.txt")
    if "beginnings" in works:
        return _in_two(works, lexicon(locale).space)
    adjectives, nouns, scenes = (
        vocabulary(f"work_{kind}", locale).values.to_pylist()
        for kind in ("adjective", "noun", "scene")
    )
    heads = [f"{article}{word} " for article in ("", "The ") for word in adjectives]
    placed = [f"{noun} of {scene}" for noun in nouns for scene in scenes]
    tails = nouns * (len(scenes) // 2) + placed
    numbers = pa.array(["", *(f" {number}" for number in range(2, _NUMBERS))])
    lists = (pa.array(heads), pa.array(nouns + placed), numbers)
    head, tail, noun = _uniform(heads, "head"), _uniform(tails, "tail"), _uniform(nouns, "noun")
    return Text(
        (joined(head, tail), joined(_uniform([f"{w} " for w in adjectives], "head"), noun),
         joined(noun)),
        unique=(lists, (pa.array(heads), pa.array(nouns), numbers), (pa.array(nouns), numbers)),
    )  # fmt: skip


def _in_two(works: dict[str, tuple[str, ...]], space: str) -> Text:
    """Return titles in two parts, ``Der letzte Brief`` and ``am Meer``; one where it is narrow."""
    begin = _uniform([f"{beginning}{space}" for beginning in works["beginnings"]], "head")
    end = _uniform(list(works["ends"]), "tail")
    alone = list(works.get("alone", works["beginnings"]))
    numbers = pa.array(["", *(f" {number}" for number in range(2, _NUMBERS))])
    return Text(
        (joined(begin, end), joined(_uniform(alone, "head"))),
        unique=((begin.values, end.values, numbers), (pa.array(alone), numbers)),
    )


def headline(locale: str) -> Text:
    """``Five lessons from a year of logistics``."""
    return _about("headlines", locale, capital=False)


def course(locale: str) -> Text:
    """``Introduction to Chemistry``."""
    return _about("courses", locale, capital=True)


def _about(section: str, locale: str, *, capital: bool) -> Text:
    works = sections(locale, "works.txt")
    topics = [t.title() if capital else t for t in works["areas"]]
    made = [line.replace("AREA", topic) for line in works[section] for topic in topics]
    texts = [text[0].upper() + text[1:] for text in made]
    numbers = pa.array(["", *(f" ({number})" for number in range(2, _NUMBERS))])
    short = _uniform([topic.title() for topic in topics], "topic")
    return Text(
        (joined(_uniform(texts, section)), joined(short)),
        unique=((pa.array(texts), numbers), (short.values, numbers)),
    )


FIELDS: dict[str, MakeField] = {"title": title, "headline": headline, "course": course}
