"""A prompt → what it asks for, each part with the words that say so."""

from __future__ import annotations

import re
from datetime import datetime

from dataforge.parsers.prompt.entities import Cast, cast_of
from dataforge.parsers.prompt.guard import guarded
from dataforge.parsers.prompt.language import language_of
from dataforge.parsers.prompt.lexicon import Lexicon, lexicon
from dataforge.parsers.prompt.listings import column_lists
from dataforge.parsers.prompt.mentions import mentions_in
from dataforge.parsers.prompt.numerals import numbers_in
from dataforge.parsers.prompt.places import spot_in
from dataforge.parsers.prompt.relations import relations_in
from dataforge.parsers.prompt.request import Request, Words
from dataforge.parsers.prompt.roles import with_roles
from dataforge.parsers.prompt.scene import scenes
from dataforge.parsers.prompt.shares import shares_in
from dataforge.parsers.prompt.structure import sentences_of
from dataforge.parsers.prompt.traits import traits_in
from dataforge.schema import Schema

_NOW: datetime = Schema.model_fields["now"].default


def analyze(text: str, *, now: datetime = _NOW) -> Request:
    """Return what a prompt asks for. Pure; the same text gives the same request.

    ``now`` is the day that "last year" and "June" are understood from. Nothing is raised: a text
    that nothing can be made of comes back with ``refused`` set.
    """
    language = language_of(text)
    words = lexicon(language)
    guard = guarded(text, language)
    if guard.refused is not None:
        return Request(text=text, language=language, refused=guard.refused, unmet=guard.notes)
    body = guard.text
    lists = column_lists(body, words, now)
    skip = tuple((each.start, each.end) for each in lists)
    numbers = numbers_in(body, language)
    mentions = mentions_in(body, words, skip)
    cast = cast_of(body, words, mentions, lists, numbers)
    with_roles(cast, body, words)
    sentences = sentences_of(body)
    inside = tuple((each.start, each.end) for each in lists)
    told = list(scenes(sentences, cast, numbers, words))
    shares = (s for s in shares_in(told, words) if not _in_list(s.words.start, inside))
    traits = (*shares, *traits_in(told, cast, words, now, inside))
    spot = spot_in(body, words, skip)
    request = Request(
        text=text,
        language=language,
        domain=cast.domain,
        named_domain=_cue(cast, body),
        locale=spot.locale if spot else str(words.entries.get("locale", "en_US")),
        place=spot.words if spot else None,
        rows=cast.rows,
        entities=tuple(draft.entity() for draft in cast.drafts),
        relations=relations_in(told, words),
        traits=traits,
        sentences=sentences,
        assumptions=(*_assumed(spot, words), *cast.notes),
        unmet=guard.notes,
    )
    return (
        request
        if request.entities or request.named_domain
        else _without_things(request, body, words)
    )


def _in_list(place: int, inside: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= place < end for start, end in inside)


def _cue(cast: Cast, text: str) -> Words | None:
    if cast.cue is None:
        return None
    start, end = cast.cue.start, cast.cue.stop
    return Words(text=text[start:end], start=start, end=end)


def _assumed(spot: object, words: Lexicon) -> tuple[str, ...]:
    from dataforge.parsers.prompt.places import Spot  # noqa: PLC0415

    if isinstance(spot, Spot) and spot.near:
        return (
            f"{spot.words.text!r} has no locale of its own; the nearest, {spot.locale}, is used",
        )
    return ()


def _without_things(request: Request, body: str, words: Lexicon) -> Request:
    """Refuse a request that names nothing that rows could be about."""
    if re.search(r"\w", body) and request.rows is not None:
        return request
    reason = (
        "the request names nothing that rows could be about; say what to make, for example "
        "'1,000 customers with name, email and city, and their orders'"
    )
    return request.model_copy(update={"refused": reason})
