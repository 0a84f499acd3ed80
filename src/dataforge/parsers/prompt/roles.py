"""What the words make of an entity besides a table: readings, candles, a hierarchy."""

from __future__ import annotations

import re

from dataforge.domains import known
from dataforge.parsers.prompt.columns import columns_in
from dataforge.parsers.prompt.entities import Cast, Draft
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.request import ColumnWish
from dataforge.parsers.prompt.structure import Item, split_list
from dataforge.schema import Schema

_STAFF = ("human_resources", "employees")
_NAME = r"[^\W\d][\w-]*(?:\s+[^\W\d][\w-]*)?"
_MEASURES = rf"(?P<what>(?:{_NAME}\s*(?:,|{{and_}})\s*)*{_NAME})\s+(?P<noun>{{readings}})"


def with_roles(cast: Cast, text: str, words: Lexicon) -> None:
    """Mark or add the entities whose rows follow each other in time or report to each other."""
    if re.search(words.any("hierarchy"), text, re.IGNORECASE):
        _hierarchy(cast, text, words)
    candles = re.search(words.any("ohlc"), text, re.IGNORECASE)
    if candles:
        _candles(cast, candles, words)
    elif re.search(words.any("readings", "adverbs"), text, re.IGNORECASE) and not any(
        draft.columns for draft in cast.drafts
    ):
        _readings(cast, text, words)


def _hierarchy(cast: Cast, text: str, words: Lexicon) -> None:
    people = [
        d
        for d in cast.drafts
        if d.name.casefold() in words.folded("people") or d.known_as == _STAFF
    ]
    counted = [draft for draft in cast.drafts if draft.count is not None]
    draft = next(iter((*people, *counted)), None)
    if draft is None:
        match = re.search(words.any("hierarchy"), text, re.IGNORECASE)
        start, end = match.span() if match else (0, 0)
        draft = Draft("employees", "employees", start, end, places=[(start, end)])
        cast.drafts.append(draft)
    if draft.known_as is None and _STAFF[0] in known() and draft in people:
        draft.known_as = _STAFF
        draft.name = _STAFF[1]
    draft.role = "hierarchy"


def _candles(cast: Cast, found: re.Match[str], words: Lexicon) -> None:
    parents = [d for d in cast.drafts if d.count is not None and d.count.value > 1]
    start, end = found.span()
    draft = next((d for d in cast.drafts if any(a <= start < b for a, b in d.places)), None)
    if draft is None:
        draft = Draft(found[0], "candles", start, end, places=[(start, end)])
    draft.role, draft.name = "candles", "candles"
    cast.drafts[:] = [*parents, draft]


def _readings(cast: Cast, text: str, words: Lexicon) -> None:
    """Find what is measured: temperature and vibration readings from 20 pumps."""
    pattern = re.compile(
        _MEASURES.format(and_=words.any("and"), readings=words.any("readings")), re.IGNORECASE
    )
    after = re.compile(
        rf"(?P<noun>{words.any('readings')})\s+(?:{words.any('of')})\s+(?P<what>[\w ,-]+?)"
        rf"(?=\s+(?:{words.any('from_thing')})|[.,;]|$)",
        re.IGNORECASE,
    )
    regular = re.compile(
        rf"(?:{words.any('adverbs')})\s+(?P<what>[\w ,-]+?)\s+"
        rf"(?P<noun>{words.any('from_thing')})(?=\s)",
        re.IGNORECASE,
    )
    measured = re.compile(
        rf"(?P<what>(?:{_NAME}\s*(?:,|{words.any('and')})\s*)*{_NAME})\s+"
        rf"(?P<noun>{words.any('from_thing')})(?=\s+\d)",
        re.IGNORECASE,
    )
    found = [*after.finditer(text), *pattern.finditer(text)]
    if any(draft.count is not None for draft in cast.drafts):
        found += regular.finditer(text)
        found += [
            m
            for m in measured.finditer(text)
            if re.search(words.any("adverbs"), text, re.IGNORECASE)
        ]
    for match in found:
        measures = _measures(match, cast, words)
        if measures:
            _add_readings(cast, match, measures, words)
            return


def _measures(match: re.Match[str], cast: Cast, words: Lexicon) -> tuple[ColumnWish, ...]:
    skip = (
        words.folded("ask")
        | words.folded("pale")
        | words.folded("articles")
        | words.folded("generic")
        | words.folded("each")
        | {cue.casefold() for cue in cast.cue_words}
        | words.folded("stop")
        | frozenset(words.table("units"))
    )
    items = split_list(match["what"], match.start("what"), words)
    kept: list[Item] = []
    for item in items:
        said = [word for word in item.text.split() if word.casefold() not in skip]
        if said and not item.text[:1].isdigit():
            kept.append(Item(" ".join(said[-2:]), item.start))
    now = Schema.model_fields["now"].default
    return columns_in(tuple(kept), words, now)


def _add_readings(
    cast: Cast, match: re.Match[str], measures: tuple[ColumnWish, ...], words: Lexicon
) -> None:
    start, end = match.span()
    spoken = cast.spoken_of(start, end)
    draft = spoken[-1][2] if spoken else None
    if draft is None or (draft.count is not None and draft.name != "readings"):
        noun = match["noun"]
        draft = Draft(noun, "readings", start, end, places=[match.span("noun")])
        cast.drafts.append(draft)
    draft.role, draft.name, draft.known_as = "readings", "readings", None
    if cast.cue is None:
        for other in cast.drafts:
            other.known_as = None  # devices on their own, without the rooms they hang in
    draft.columns = {wish.name: wish for wish in measures}
