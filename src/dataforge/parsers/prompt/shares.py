"""Shares in words: 5 % of orders are cancelled, every twentieth, a third of them, most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dataforge.parsers.prompt.attributes import is_attribute
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.numerals import numbers_in
from dataforge.parsers.prompt.request import Trait
from dataforge.parsers.prompt.scene import COUNT, THING, Scene

_PREDICATE = r"(?P<said>[^.;。⟨()（）\n!?,，、]{2,80})"
_LONGEST = 6


def shares_in(all_scenes: Sequence[Scene], words: Lexicon) -> Iterator[Trait]:
    """Yield a trait for every share of which it is said what holds in it."""
    for number, scene in enumerate(all_scenes):
        before = [
            draft.name for each in all_scenes[max(0, number - 1) : number] for draft in each.things
        ]
        for match, share in _stated(scene, words):
            trait = _trait(scene, match, share, before, words)
            if trait is not None:
                yield trait


def _stated(scene: Scene, words: Lexicon) -> Iterator[tuple[re.Match[str], float]]:
    percent = re.compile(
        rf"{COUNT.format('n')}\s*(?:{words.any('percent')})\s*{_PREDICATE}", re.IGNORECASE
    )
    taken: list[tuple[int, int]] = []
    for match in percent.finditer(scene.marked):
        value = scene.number(match["n"]).value / 100
        if 0 <= value <= 1:
            taken.append(match.span())
            yield match, value
    for match, share in _in_words(scene, words):
        if not any(a <= match.start() < b for a, b in taken):
            taken.append(match.span())
            yield match, share


def _in_words(scene: Scene, words: Lexicon) -> Iterator[tuple[re.Match[str], float]]:
    """Yield fractions and every so manieth, found in the bare text and read in the marked."""
    text = scene.words.text
    fraction = re.compile(words.any("fractions"), re.IGNORECASE)
    nth = re.compile(words.entries.get("every_nth", "(?!)"), re.IGNORECASE)
    found = [
        (m, float(words.table("fractions")[" ".join(m[0].casefold().split())]))
        for m in fraction.finditer(text)
    ]
    found += [(m, 1 / count) for m in nth.finditer(text) if (count := _nth(m, words))]
    rest = re.compile(rf"\s*{_PREDICATE}", re.IGNORECASE)
    for match, share in found:
        said = rest.match(scene.marked, scene.marked_at(scene.words.start + match.end()))
        if said is not None:
            yield said, share


def _nth(match: re.Match[str], words: Lexicon) -> float | None:
    found = match.groupdict()
    for key in ("nth", "nth2", "per"):
        word = found.get(key)
        if not word:
            continue
        low = word.casefold()
        ending = "?" if key == "per" else ""
        digits = re.match(rf"^(\d+)(?:st|nd|rd|th|\.|e|ème|º|ª){ending}$", low)
        if digits:
            return float(digits[1])
        for table in ("ordinals", "numbers"):
            if low in words.table(table):
                value = float(words.table(table)[low])
                return value if value > 1 else None
        numbers = () if low[0].isdigit() else numbers_in(low, words.language)
        if numbers and numbers[0].value > 1:
            return numbers[0].value
    return None


def _trait(
    scene: Scene, match: re.Match[str], share: float, before: list[str], words: Lexicon
) -> Trait | None:
    said = match["said"]
    things = [(m.start(), scene.thing(m["t"]).name) for m in re.finditer(THING.format("t"), said)]
    earlier = [
        scene.thing(m["t"]).name
        for m in re.finditer(THING.format("t"), scene.marked[: match.start()])
    ]
    state = _predicate(said, words)
    if not state or not any(char.isalpha() for char in state):
        return None
    candidates = [*(name for _, name in things), *reversed(earlier), *reversed(before)]
    if not candidates:
        candidates = [draft.name for draft in scene.things]
    having = re.match(
        rf"(?:{words.any('has')})\s+(?:{words.any('articles')}\s+)?(?P<what>[\w-]+)$",
        state,
        re.IGNORECASE,
    )
    if having and not is_attribute(having["what"], words):
        having = None
    lacking = re.match(rf"(?:{words.any('missing')})\s+(?P<what>.+)$", state, re.IGNORECASE)
    return Trait(
        kind="share",
        words=scene.place(match.start(), match.end()),
        candidates=tuple(dict.fromkeys(candidates)),
        entity=things[0][1] if things else earlier[0] if len(set(earlier)) == 1 else None,
        state=state,
        states=canonical(state, words),
        columns=(lacking["what"],) if lacking else (having["what"],) if having else (),
        share=1 - share if having and not lacking else share,
    )


def _predicate(said: str, words: Lexicon) -> str:
    """Return what holds, without the thing it holds of and the verb."""
    text = re.sub(THING.format("t"), " ", said)
    ends = re.split(
        rf"\s+(?:{words.any('and_then')})\s+|\s[-–—]\s", text, maxsplit=1, flags=re.IGNORECASE
    )
    text = ends[0].strip(" .,:;'\"’“”")
    lead = re.compile(rf"^(?:{words.any('of', 'articles', 'be', 'approximate')})\s*", re.IGNORECASE)
    while (shorter := lead.sub("", text)) != text and shorter:
        text = shorter.strip()
    trail = re.compile(rf"\s*(?:{words.any('be', 'and', 'percent')})$", re.IGNORECASE)
    while (shorter := trail.sub("", text)) != text and shorter:
        text = shorter.strip()
    return " ".join(text.split()[:_LONGEST])


def canonical(state: str, words: Lexicon) -> tuple[str, ...]:
    """Return the English words for a state, those of the longest known phrase first."""
    found = []
    for name in words.table("states"):
        for phrase in words.table("states")[name]:
            spaced = words.spaced
            pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)" if spaced else re.escape(phrase)
            if re.search(pattern, state, re.IGNORECASE):
                found.append((len(phrase), name))
    found.sort(key=lambda each: -each[0])
    return tuple(dict.fromkeys(name for _, name in found))
