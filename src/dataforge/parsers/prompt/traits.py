"""Rules and bounds in words: periods, steps, orders, chains of states, no overlaps, levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from dataforge.parsers.prompt.attributes import is_attribute
from dataforge.parsers.prompt.entities import Cast
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.prompt.periods import durations_in, periods_in
from dataforge.parsers.prompt.request import Trait, Words
from dataforge.parsers.prompt.scene import COUNT, THING, Scene
from dataforge.parsers.prompt.shares import canonical

_QUOTED = r"[\"'“‘«„]\s*(?P<{0}>[^\"'”’»“\n]{{1,40}}?)\s*[\"'”’»“]"
_BARE = r"(?P<{0}>[^\W\d][\w -]{{1,30}}?)"
_PHRASE_WORDS = 3


def traits_in(
    all_scenes: Sequence[Scene],
    cast: Cast,
    words: Lexicon,
    now: datetime,
    skip: Sequence[tuple[int, int]],
) -> tuple[Trait, ...]:
    """Return what is said of the entities besides columns, relations and shares."""
    found: list[Trait] = []
    for scene in all_scenes:
        for reader in _READERS:
            found += reader(scene, words)
        found += _periods(scene, words, now, skip)
    return tuple(found)


def _last_thing(scene: Scene, place: int) -> str | None:
    """Return the entity named last before a place of the prompt, else the first of the sentence."""
    mark = [
        scene.thing(m["t"]).name
        for m in re.finditer(THING.format("t"), scene.marked)
        if scene.place(m.start(), m.end()).start <= place
    ]
    return mark[-1] if mark else next((draft.name for draft in scene.things), None)


def _periods(
    scene: Scene, words: Lexicon, now: datetime, skip: Sequence[tuple[int, int]]
) -> Iterator[Trait]:
    text, start = scene.words.text, scene.words.start
    business = re.search(words.any("business_days"), text, re.IGNORECASE) is not None
    for period in periods_in(text, words, now):
        first, last = start + period.first, start + period.last
        if any(a <= first < b for a, b in skip):
            continue
        place = Words(text=text[period.first : period.last], start=first, end=last)
        calendar = "business_days" if business else ""
        yield Trait(
            kind="period",
            words=place,
            entity=_last_thing(scene, first),
            start=period.start,
            end=period.end,
            calendar=calendar,
        )


def _steps(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    """One reading per minute, every 5 minutes, hourly."""
    text = scene.words.text
    units = words.table("units")
    unit = "|".join(re.escape(word) for word in sorted(units, key=len, reverse=True))
    boundary = r"(?!\w)" if words.spaced else ""
    pattern = rf"(?:{words.any('interval')})\s*(?:(?P<n>\d+)\s*)?(?P<unit>{unit}){boundary}"
    about = re.search(words.any("readings", "rows"), text, re.IGNORECASE)
    adverbs = words.table("adverbs")
    for match in re.finditer(words.any("adverbs"), text, re.IGNORECASE):
        start = scene.words.start + match.start()
        place = Words(text=match[0], start=start, end=start + len(match[0]))
        unit_said = str(adverbs[match[0].casefold()])
        yield Trait(
            kind="step", words=place, entity=_last_thing(scene, start), number=1, unit=unit_said
        )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        place = Words(
            text=match[0],
            start=scene.words.start + match.start(),
            end=scene.words.start + match.end(),
        )
        name = str(units[" ".join(match["unit"].casefold().split())])
        if about is not None:
            yield Trait(
                kind="step",
                words=place,
                entity=_last_thing(scene, place.start),
                number=int(match["n"] or 1),
                unit=name,
            )


def _durations(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    """For a week; reservations of one hour."""
    text, start = scene.words.text, scene.words.start
    for each in durations_in(text, words):
        lead = text[: each.first]
        if not re.search(rf"(?:{words.any('for_time')})\s*$", lead, re.IGNORECASE):
            continue
        place = Words(
            text=text[each.first : each.last], start=start + each.first, end=start + each.last
        )
        yield Trait(
            kind="lasting",
            words=place,
            entity=_last_thing(scene, place.start),
            number=each.count,
            unit=each.unit,
        )


def _drifting(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    pattern = re.compile(
        rf"{COUNT.format('n')}\s*(?:{words.any('of')})?\s*(?:{words.any('articles')})?\s*{THING.format('a')}"
        rf"[^.;]{{0,40}}?(?:{words.any('drift', 'fail')})",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        fails = re.search(words.any("fail"), scene.words.text, re.IGNORECASE) is not None
        yield Trait(
            kind="drifting",
            words=scene.place(match.start(), match.end()),
            entity=scene.thing(match["a"]).name,
            number=int(scene.number(match["n"]).value),
            state="failed" if fails else "",
        )


def _orders(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    """End date after start date."""
    for key in ("after", "before"):
        pattern = re.compile(
            rf"(?P<one>[\w' -]{{2,40}}?)\s*[(（]?\s*(?:{words.any(key)})\s*"
            r"(?P<two>[\w' -]{2,40})",
            re.IGNORECASE,
        )
        for match in pattern.finditer(scene.words.text):
            one, two = _end_of(match["one"], words), _start_of(match["two"], words)
            if one and two and one != two:
                start = scene.words.start + match.start()
                place = Words(text=match[0], start=start, end=start + len(match[0]))
                pair = (one, two) if key == "after" else (two, one)
                yield Trait(
                    kind="after", words=place, entity=_last_thing(scene, start), columns=pair
                )


def _end_of(text: str, words: Lexicon) -> str | None:
    tokens = _without(words, text)
    for size in range(min(_PHRASE_WORDS, len(tokens)), 0, -1):
        if is_attribute(" ".join(tokens[-size:]), words):
            return snake(" ".join(tokens[-size:]))
    return None


def _start_of(text: str, words: Lexicon) -> str | None:
    tokens = _without(words, text)
    for size in range(min(_PHRASE_WORDS, len(tokens)), 0, -1):
        if is_attribute(" ".join(tokens[:size]), words):
            return snake(" ".join(tokens[:size]))
    return None


def _without(words: Lexicon, text: str) -> list[str]:
    skip = words.folded("articles") | words.folded("be") | {"must", "always"}
    return [token for token in text.split() if token.casefold() not in skip]


def _no_overlaps(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    match = re.search(words.any("no_overlap"), scene.words.text, re.IGNORECASE)
    denied = re.search(words.any("not"), scene.words.text, re.IGNORECASE)
    if match is None or denied is None or not scene.things:
        return
    same = re.search(rf"(?:{words.any('same')})\s*{THING.format('b')}", scene.marked, re.IGNORECASE)
    other = scene.thing(same["b"]).name if same else None
    near = [
        m for m in re.finditer(THING.format("a"), scene.marked) if scene.thing(m["a"]).name != other
    ]
    not_at = re.search(words.any("not"), scene.marked, re.IGNORECASE)
    after = [m for m in near if not_at and m.start() > not_at.start()]
    chosen = (after or near)[:1] if after else near[-1:]
    if chosen:
        place = scene.place(0, len(scene.marked))
        yield Trait(
            kind="no_overlap", words=place, entity=scene.thing(chosen[0]["a"]).name, other=other
        )


def _within(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    pattern = re.compile(
        rf"{THING.format('a')}[^.;]{{0,60}}?(?:{words.any('within')})[^.;⟦]{{0,40}}?{THING.format('b')}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        one, other = scene.thing(match["a"]).name, scene.thing(match["b"]).name
        if one != other:
            yield Trait(
                kind="within",
                words=scene.place(match.start(), match.end()),
                entity=one,
                other=other,
            )


def _chains(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    """Every parcel starts with 'label created', ends with 'delivered' (except 4 % lost ones)."""
    text = scene.words.text
    bare = rf"{_BARE.format('b')}(?=[,.;()]|\s(?:{words.any('and', 'except')})|$)"
    ends = rf"(?:{_QUOTED.format('q')}|{bare})"
    first = re.search(rf"(?:{words.any('starts_with')})\s*{ends}", text, re.IGNORECASE)
    last = re.search(rf"(?:{words.any('ends_with')})\s*{ends}", text, re.IGNORECASE)
    if first is None or last is None:
        return
    states = tuple((m["q"] or m["b"]).strip() for m in (first, last))
    odd = re.search(
        rf"(?:{words.any('except')})[^%\d]{{0,20}}(?P<n>\d+(?:[.,]\d+)?)\s*"
        rf"(?:{words.any('percent')})\s*(?P<state>[\w -]{{2,30}})",
        text,
        re.IGNORECASE,
    )
    share = float(odd["n"].replace(",", ".")) / 100 if odd else None
    if odd:
        found = canonical(odd["state"], words)
        states = (*states, found[0] if found else odd["state"].strip())
    begin = scene.words.start + first.start()
    place = Words(
        text=text[first.start() : last.end()], start=begin, end=scene.words.start + last.end()
    )
    yield Trait(
        kind="chain", words=place, entity=_last_thing(scene, begin), states=states, share=share
    )


def _depths(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    pattern = re.compile(
        rf"(?:{words.any('at_most')}|{words.any('depth_of')})?\s*{COUNT.format('n')}\s*(?:{words.any('levels')})"
        rf"|(?:{words.any('levels')})\s*(?:{words.any('of', 'at_most')}|[:=])?\s*"
        rf"{COUNT.format('m')}",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        number = int(scene.number(match["n"] or match["m"]).value)
        yield Trait(
            kind="depth",
            words=scene.place(match.start(), match.end()),
            entity=_last_thing(scene, scene.words.start),
            number=number,
        )


def _rising(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    """Salaries go up with level."""
    pattern = re.compile(
        rf"(?P<one>[\w-]{{3,30}})\s*(?:{words.any('ascending')})\s*(?:{words.any('along')})\s*(?:{words.any('articles')})?\s*(?P<two>[\w-]{{3,30}})",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.words.text):
        start = scene.words.start + match.start()
        place = Words(text=match[0], start=start, end=start + len(match[0]))
        yield Trait(
            kind="rising",
            words=place,
            entity=_last_thing(scene, start),
            columns=(snake(match["one"]), snake(match["two"])),
        )


def _uniques(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    text = scene.words.text
    before = re.compile(rf"(?:{words.any('unique')})\s+(?P<what>[\w -]{{2,30}})", re.IGNORECASE)
    after = re.compile(
        rf"(?P<what>[\w -]{{2,30}}?)\s+(?:{words.any('be')})\s+(?:{words.any('unique')})",
        re.IGNORECASE,
    )
    for pattern, read in ((before, _start_of), (after, _end_of)):
        for match in pattern.finditer(text):
            name = read(match["what"], words)
            if name:
                start = scene.words.start + match.start()
                place = Words(text=match[0], start=start, end=start + len(match[0]))
                yield Trait(
                    kind="unique", words=place, entity=_last_thing(scene, start), columns=(name,)
                )


def _rows_each(scene: Scene, words: Lexicon) -> Iterator[Trait]:
    pattern = re.compile(
        rf"{COUNT.format('n')}\s*(?:[\w'’-]+\s+)?(?:{words.any('rows')})\s*(?:(?:{words.any('per')})\s*(?:{words.any('table_words')})|(?:{words.any('every_one')}))",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scene.marked):
        yield Trait(
            kind="rows_each",
            words=scene.place(match.start(), match.end()),
            number=int(scene.number(match["n"]).value),
        )


_READERS: tuple[Callable[[Scene, Lexicon], Iterator[Trait]], ...] = (
    _steps,
    _durations,
    _drifting,
    _orders,
    _no_overlaps,
    _within,
    _chains,
    _depths,
    _rising,
    _uniques,
    _rows_each,
)
