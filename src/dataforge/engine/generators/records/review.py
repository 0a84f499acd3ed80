"""Reviews: stars, and a title and a text that say the same."""

from __future__ import annotations

from functools import cache

import numpy as np

from dataforge.corpora import slot_table
from dataforge.corpora.files import sections
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Joined,
    MakeField,
    Number,
    Part,
    Slots,
    Text,
)
from dataforge.engine.generators.text_frames import lexicon

STAR_SHARES = (0.06, 0.07, 0.13, 0.29, 0.45)
PURPOSES = ("first", "second", "third", "title")
MOODS = ("blame", "blame", "mixed", "praise", "praise")


@cache
def _stars() -> Slots:
    return Slots("review", "stars", slot_table(len(STAR_SHARES), np.array(STAR_SHARES)))


def rating(_locale: str) -> Number:
    """One to five stars, mostly four and five."""
    return Number(lambda draw: _stars()(draw).astype(np.int64) + 1)


def _part(section: str, purpose: str, locale: str, end: str = "", every: int = 1) -> Part:
    """Return each ``every``-th line of the mood that goes with the stars, from another first."""
    prose = sections(locale, "reviews.txt")
    start = PURPOSES.index(purpose) % every
    lists = [prose[f"{mood}{section}"][start::every] for mood in MOODS]
    starts = np.cumsum([0, *(len(entries) for entries in lists)])[:-1]
    sizes = np.array([len(entries) for entries in lists])

    def codes(draw: Draw) -> Codes:
        stars = _stars()(draw)
        chosen: Codes = starts[stars] + draw.below("review", purpose, 1 << 20) % sizes[stars]
        return chosen

    return Part([f"{entry}{end}" for entries in lists for entry in entries], codes)


def title(locale: str) -> Text:
    """A few words."""
    return Text((Joined((_part("_title", "title", locale),)),))


def body(locale: str) -> Text:
    """Two or three sentences; one where the column is narrow."""
    space = lexicon(locale).space
    first, second, third = (
        _part("", purpose, locale, end, 3)
        for purpose, end in (("first", space), ("second", ""), ("third", space))
    )
    alone = _part("", "first", locale)
    return Text((Joined((third, first, second)), Joined((first, second)), Joined((alone,))))


FIELDS: dict[str, MakeField] = {"rating": rating, "title": title, "body": body}
